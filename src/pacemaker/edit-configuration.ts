/**
 * Changes of a configuration as administrators' tools make them: options, node attributes, parameters and meta-attributes of resources,
 * constraints by `move` and `ban`. Each gives a new configuration and leaves the old one as it is. Source: spec E-10.
 */
import type {
  Configuration,
  LocationConfig,
  NvPair,
  NvSet,
  PrimitiveConfig,
  ResourceConfig,
} from '../cib/configuration.ts'

const PLACE = { line: 0, column: 0 } as const

/** Sets a cluster property; undefined deletes it. */
export function withProperty(configuration: Configuration, name: string, value: string | undefined): Configuration {
  const sets = withPair(configuration.properties, 'cib-bootstrap-options', name, value)
  return { ...configuration, properties: sets }
}

/** Sets a permanent attribute of a node; undefined deletes it. */
export function withNodeAttribute(
  configuration: Configuration,
  node: { readonly id: string; readonly name: string },
  name: string,
  value: string | undefined,
): Configuration {
  const known = configuration.nodes.some(({ id }) => id === node.id)
  const empty = { id: node.id, uname: node.name, type: undefined, score: undefined, attributes: [], utilization: [] }
  const nodes = known ? configuration.nodes : [...configuration.nodes, { ...empty, ...PLACE }]
  return {
    ...configuration,
    nodes: nodes.map((entry) =>
      entry.id === node.id
        ? { ...entry, attributes: withPair(entry.attributes, `nodes-${node.id}`, name, value) }
        : entry,
    ),
  }
}

/** Sets a meta-attribute or a parameter of a resource, whatever its kind; undefined deletes it. */
export function withResourceValue(
  configuration: Configuration,
  id: string,
  kind: 'instance' | 'meta',
  name: string,
  value: string | undefined,
): Configuration {
  const setId = `${id}-${kind === 'meta' ? 'meta' : 'instance'}_attributes`
  const change = <R extends ResourceConfig>(resource: R): R =>
    resource.id === id ? { ...resource, [kind]: withPair(resource[kind], setId, name, value) } : resource
  return { ...configuration, resources: configuration.resources.map((resource) => mapResource(resource, change)) }
}

type Change = <R extends ResourceConfig>(resource: R) => R

function mapResource(resource: ResourceConfig, change: Change): ResourceConfig {
  const changed = change(resource)
  switch (changed.kind) {
    case 'primitive':
      return changed
    case 'group':
      return { ...changed, members: changed.members.map((member) => change(member)) }
    case 'clone': {
      if (changed.child === undefined) return changed
      // A clone holds a primitive or a group, and stays what it is.
      return { ...changed, child: mapResource(changed.child, change) as typeof changed.child }
    }
    case 'bundle':
      return changed.child === undefined ? changed : { ...changed, child: change(changed.child) }
  }
}

/** Adds a location constraint of the tools' own kind, or replaces the one of its id. */
export function withLocation(
  configuration: Configuration,
  location: {
    readonly id: string
    readonly rsc: string
    readonly node: string
    readonly score: string
    readonly role: string
  },
): Configuration {
  const entry: LocationConfig = {
    kind: 'location',
    ...location,
    rscPattern: undefined,
    resourceDiscovery: undefined,
    rules: [],
    lifetime: undefined,
    sets: [],
    ...PLACE,
  }
  const others = configuration.constraints.filter(({ id }) => id !== location.id)
  return { ...configuration, constraints: [...others, entry] }
}

/** Takes away what `move` and `ban` left for a resource. */
export function withoutCliConstraints(configuration: Configuration, resource: string, node?: string): Configuration {
  const constraints = configuration.constraints.filter(
    (entry) =>
      entry.kind !== 'location' ||
      !/^cli-(prefer|ban|standby)-/.test(entry.id) ||
      entry.rsc !== resource ||
      (node !== undefined && entry.node !== node),
  )
  return { ...configuration, constraints }
}

/** The primitives of a resource of any kind, or of all resources. */
export function primitivesUnder(configuration: Configuration, id: string | undefined): readonly PrimitiveConfig[] {
  return configuration.resources.flatMap((resource) => below(resource, id === undefined || resource.id === id, id))
}

function below(resource: ResourceConfig, isWanted: boolean, id: string | undefined): readonly PrimitiveConfig[] {
  const wanted = isWanted || resource.id === id
  switch (resource.kind) {
    case 'primitive':
      return wanted ? [resource] : []
    case 'group':
      return resource.members.filter((member) => wanted || member.id === id)
    case 'clone':
    case 'bundle':
      return resource.child === undefined ? [] : below(resource.child, wanted, id)
  }
}

/** Where a name stands already it gets the new value there; else it comes into the first set. */
function withPair(sets: readonly NvSet[], setId: string, name: string, value: string | undefined): readonly NvSet[] {
  const holds = ({ pairs }: NvSet): boolean => pairs.some((pair) => pair.name === name)
  const at = sets.findIndex(holds)
  if (value === undefined) return sets.map((set) => ({ ...set, pairs: set.pairs.filter((pair) => pair.name !== name) }))
  if (0 <= at) {
    const change = (pair: NvPair): NvPair => (pair.name === name ? { ...pair, value } : pair)
    return sets.map((set, index) => (index === at ? { ...set, pairs: set.pairs.map(change) } : set))
  }
  const [first, ...rest] = sets
  const target = first ?? { id: setId, score: undefined, rules: [], pairs: [], ...PLACE }
  const pair = { id: `${target.id}-${name}`, name, value, ...PLACE }
  return [{ ...target, pairs: [...target.pairs, pair] }, ...rest]
}
