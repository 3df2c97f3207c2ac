/**
 * Reads the `resources` section: primitives with their templates merged in, groups, clones, bundles, and the connections that
 * guests (`remote-node`) bring along, which stand at the end.
 *
 * Source: spec.
 */
import type {
  BundleConfig,
  BundleContainer,
  CloneConfig,
  Configuration,
  ConnectionConfig,
  GroupConfig,
  OpConfig,
  PrimitiveConfig,
  ResourceConfig,
  ResourceConfigBase,
} from './configuration.ts'
import { readSets } from './read-sets.ts'
import { toRole } from './role.ts'
import { intervalMs, isSameText } from './values.ts'
import { appendChild, childrenNamed, copyElement, findChild, toElement, type XmlElement, type XmlIndex } from './xml.ts'

/** All resources, guests' connections at the end (spec A-11.2), what brings nodes along, and the ids of all templates. */
export function readResources(
  section: XmlElement | undefined,
  index: XmlIndex,
): Pick<Configuration, 'resources' | 'connections' | 'templates'> {
  if (section === undefined) return { resources: [], connections: [], templates: [] }
  const elements = [...section.children, ...guestConnections(section)]
  const templates = childrenNamed(section, 'template').flatMap((template) => template.attributes.get('id') ?? [])
  const resources = elements.flatMap((element) => readResource(element, index) ?? [])
  return { resources, connections: elements.flatMap(readConnection), templates }
}

function readConnection({ attributes, line, column }: XmlElement): readonly ConnectionConfig[] {
  const [id, ...agent] = ['id', 'class', 'provider', 'type'].map((name) => attributes.get(name))
  return id && isRemoteAgent(agent[0], agent[1], agent[2]) ? [{ id, line, column }] : []
}

function readResource(element: XmlElement, index: XmlIndex): ResourceConfig | undefined {
  if (!element.attributes.get('id')) return undefined
  switch (element.name.toLowerCase()) {
    case 'primitive':
      return readPrimitive(element, index)
    case 'group':
      return readGroup(element, index)
    case 'clone':
    case 'master':
      return readClone(element, index)
    case 'bundle':
      return readBundle(element, index)
    default:
      return undefined
  }
}

function readBase(element: XmlElement, index: XmlIndex): ResourceConfigBase {
  const { attributes, line, column } = element
  const holder = findChild(element, 'operations')
  const ref = holder?.attributes.get('id-ref')
  const operations = ref === undefined ? holder : index.byId('operations', ref)
  return {
    id: attributes.get('id') ?? '',
    attributes: [...attributes],
    meta: readSets(element, 'meta_attributes', index),
    instance: readSets(element, 'instance_attributes', index),
    utilization: readSets(element, 'utilization', index),
    ops: childrenNamed(operations, 'op').map((op) => readOp(op, index)),
    line,
    column,
  }
}

function readOp(op: XmlElement, index: XmlIndex): OpConfig {
  const { attributes, line, column } = op
  const interval = attributes.get('interval')
  return {
    id: attributes.get('id'),
    name: attributes.get('name') ?? '',
    interval,
    intervalMs: intervalMs(interval),
    attributes: [...attributes],
    meta: readSets(op, 'meta_attributes', index),
    instance: readSets(op, 'instance_attributes', index),
    line,
    column,
  }
}

function readPrimitive(element: XmlElement, index: XmlIndex): PrimitiveConfig | undefined {
  const template = element.attributes.get('template')
  const effective = template === undefined ? element : expandTemplate(element, template, index)
  if (effective === undefined || !effective.attributes.get('id')) return undefined
  const { attributes: read } = effective
  const { id, attributes, meta, instance, utilization, ops, line, column } = readBase(effective, index)
  // Written out: spreads of this size took a fifth of all reading.
  return {
    kind: 'primitive',
    id,
    attributes,
    meta,
    instance,
    utilization,
    ops,
    class: read.get('class'),
    provider: read.get('provider'),
    type: read.get('type'),
    template,
    line,
    column,
  }
}

/** The template with the primitive's children after its own. Source: spec. */
function expandTemplate(element: XmlElement, id: string, index: XmlIndex): XmlElement | undefined {
  const template = index.byId('template', id)
  if (template === undefined || id === element.attributes.get('id')) return undefined
  const merged = copyElement(template)
  merged.name = element.name
  merged.attributes.set('id', element.attributes.get('id') ?? '')
  const effective: XmlElement = { ...merged, line: element.line, column: element.column, children: [] }
  const inherited = findChild(merged, 'operations')
  const own = findChild(element, 'operations')
  for (const child of merged.children) if (child !== inherited || own === undefined) appendChild(effective, child)
  for (const child of element.children) {
    const copy = appendChild(effective, copyElement(child))
    if (child !== own || inherited === undefined) continue
    const keys = new Set(childrenNamed(own, 'op').map(opKey))
    for (const op of childrenNamed(inherited, 'op')) if (!keys.has(opKey(op))) appendChild(copy, copyElement(op))
  }
  return effective
}

function opKey(op: XmlElement): string {
  const role = toRole(op.attributes.get('role') ?? '')
  return `${op.attributes.get('name')}-${role === 1 || role === 4 ? role : 0}`
}

function readGroup(element: XmlElement, index: XmlIndex): GroupConfig {
  const members = childrenNamed(element, 'primitive').flatMap((member) => readPrimitive(member, index) ?? [])
  return { ...readBase(element, index), kind: 'group', members }
}

function readClone(element: XmlElement, index: XmlIndex): CloneConfig {
  const child = element.children.find(({ name }) => name === 'primitive' || name === 'group')
  return {
    ...readBase(element, index),
    kind: 'clone',
    element: element.name.toLowerCase() === 'master' ? 'master' : 'clone',
    child:
      child === undefined ? undefined : child.name === 'group' ? readGroup(child, index) : readPrimitive(child, index),
  }
}

/** A bundle; undefined where the primitive in it is of a template that is not there (probed). */
function readBundle(element: XmlElement, index: XmlIndex): BundleConfig | undefined {
  const inner = findChild(element, 'primitive')
  const child = inner === undefined ? undefined : readPrimitive(inner, index)
  if (inner !== undefined && child === undefined) return undefined
  const network = findChild(element, 'network')
  const networkOf = (name: string): string | undefined => network?.attributes.get(name)
  return {
    ...readBase(element, index),
    kind: 'bundle',
    container: readContainer(element),
    network:
      network === undefined
        ? undefined
        : {
            ipRangeStart: networkOf('ip-range-start'),
            hostNetmask: networkOf('host-netmask'),
            hostInterface: networkOf('host-interface'),
            controlPort: networkOf('control-port'),
            addHost: networkOf('add-host'),
            line: network.line,
            column: network.column,
          },
    ports: childrenNamed(network, 'port-mapping').map(({ attributes, line, column }) => ({
      port: attributes.get('port'),
      internalPort: attributes.get('internal-port'),
      range: attributes.get('range'),
      line,
      column,
    })),
    mounts: childrenNamed(findChild(element, 'storage'), 'storage-mapping').map(({ attributes, line, column }) => ({
      sourceDir: attributes.get('source-dir'),
      sourceDirRoot: attributes.get('source-dir-root'),
      targetDir: attributes.get('target-dir'),
      options: attributes.get('options'),
      line,
      column,
    })),
    child,
  }
}

function readContainer(element: XmlElement): BundleContainer | undefined {
  for (const technology of ['docker', 'rkt', 'podman'] as const) {
    const found = findChild(element, technology)
    if (found === undefined) continue
    const { attributes, line, column } = found
    return {
      technology,
      image: attributes.get('image'),
      replicas: attributes.get('replicas'),
      replicasPerHost: attributes.get('replicas-per-host'),
      promotedMax: attributes.get('promoted-max') ?? attributes.get('masters'),
      network: attributes.get('network'),
      options: attributes.get('options'),
      runCommand: attributes.get('run-command'),
      line,
      column,
    }
  }
  return undefined
}

/**
 * `ocf:pacemaker:remote` primitives for resources that name a `remote-node`, also where another has that id already (probed).
 * They are not in the tree: only what `-I` saves shows them. What is a remote node itself at the top brings no guest (probed).
 */
export function guestConnections(section: XmlElement): readonly XmlElement[] {
  const hosts = section.children.flatMap((child) => {
    if (readConnection(child).length > 0) return []
    if (child.name === 'primitive') return [child]
    return child.name === 'group' ? childrenNamed(child, 'primitive') : []
  })
  return hosts.flatMap((host) => {
    const options = guestOptions(host)
    const name = options.get('remote-node')
    if (!name || name === host.attributes.get('id')) return []
    return [guestConnection(host.attributes.get('id') ?? '', name, options)]
  })
}

function guestOptions(host: XmlElement): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  for (const set of childrenNamed(host, 'meta_attributes')) {
    for (const { attributes } of childrenNamed(set, 'nvpair')) {
      const name = attributes.get('name')
      const value = attributes.get('value')
      if (name !== undefined && value !== undefined) options.set(name.toLowerCase(), value)
    }
  }
  return options
}

function guestConnection(container: string, name: string, options: ReadonlyMap<string, string>): XmlElement {
  const agent = [
    ['id', name],
    ['class', 'ocf'],
    ['provider', 'pacemaker'],
    ['type', 'remote'],
  ] as const
  const remote = toElement('primitive', agent)
  const addSet = (tag: string, pairs: readonly (readonly [string, string | undefined])[]): void => {
    const set = appendChild(remote, toElement(tag, [['id', `${name}-${tag}`]]))
    for (const [option, value] of pairs) {
      if (value === undefined) continue
      const id = `${name}-${tag}-${option}`
      appendChild(
        set,
        toElement('nvpair', [
          ['id', id],
          ['name', option],
          ['value', value],
        ]),
      )
    }
  }
  addSet('meta_attributes', [
    ['internal_rsc', 'true'],
    ['container', container],
    ['allow-migrate', options.get('remote-allow-migrate')],
    ['is-managed', options.get('is-managed')],
  ])
  if (options.has('remote-addr') || options.has('remote-port')) {
    addSet('instance_attributes', [
      ['addr', options.get('remote-addr')],
      ['port', options.get('remote-port')],
    ])
  }
  const operations = appendChild(remote, toElement('operations'))
  const addOp = (op: string, interval: string, timeout: string): void => {
    const id = `${name}-${op}-${interval}`
    appendChild(
      operations,
      toElement('op', [
        ['id', id],
        ['interval', interval],
        ['name', op],
        ['timeout', timeout],
      ]),
    )
  }
  addOp('monitor', '30s', '30s')
  addOp('start', '0', options.get('remote-connect-timeout') ?? '60s')
  return remote
}

/** True for `ocf:pacemaker:remote` in any letter case. */
export function isRemoteAgent(
  cls: string | undefined,
  provider: string | undefined,
  type: string | undefined,
): boolean {
  return isSameText(cls, 'ocf') && isSameText(provider, 'pacemaker') && isSameText(type, 'remote')
}
