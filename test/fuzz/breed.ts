/**
 * Makes one CIB of two: parts of one are set into the other, so that features meet that nobody had thought of together.
 *
 * The second's resources, constraints, options, defaults and histories come in under their own ids or under those of what they
 * replace; its nodes are given the names of the first's. Then some elements are doubled, moved or lost, values flipped, and now and
 * then references turned to another id. The result need not be valid: the reference refuses what it does not take.
 */
import type { Draw } from './draw.ts'
import { NOW } from './results.ts'
import { el, type Tree, walk, withChildren } from './tree.ts'

/** A cross of `mother` and `father`. */
export function bred(draw: Draw, mother: Tree, father: Tree): Tree {
  const guest = renamedNodes(draw, mother, father)
  const steps = draw.some(GRAFTS, 1, 5)
  const grafted = steps.reduce((tree, graft) => graft(draw, tree, guest), mother)
  const turned = draw.chance(60) ? withTurnedReferences(draw, grafted) : grafted
  const base = draw.chance(70) ? withAttribute(turned, 'validate-with', 'none') : turned
  // A fixed instant, so that both programs look at the same time.
  return withoutTwins(base.attributes.has('execution-date') ? base : withAttribute(base, 'execution-date', `${NOW}`))
}

type Graft = (draw: Draw, tree: Tree, guest: Tree) => Tree

const GRAFTS: readonly Graft[] = [
  graftResources,
  graftResources,
  graftMembers,
  graftConstraints,
  graftConstraints,
  graftOptions,
  graftSets,
  graftOperations,
  graftStatus,
  graftStatus,
  graftNodeAttributes,
  graftDefaults,
  wrapResource,
]

function withAttribute(tree: Tree, name: string, value: string): Tree {
  return { ...tree, attributes: new Map(tree.attributes).set(name, value) }
}

function all(tree: Tree, isWanted: (tree: Tree) => boolean): readonly Tree[] {
  const found: Tree[] = []
  walk(tree, (element) => {
    if (isWanted(element)) found.push(element)
  })
  return found
}

function named(tree: Tree, ...names: readonly string[]): readonly Tree[] {
  return all(tree, ({ name }) => names.includes(name))
}

function section(tree: Tree, name: string): Tree | undefined {
  const configuration = tree.children.find((child) => child.name === 'configuration')
  return configuration?.children.find((child) => child.name === name)
}

/** Changes elements of that name, which may return other ones, or none. */
function change(tree: Tree, names: readonly string[], to: (found: Tree) => Tree): Tree {
  const inner = withChildren(
    tree,
    tree.children.map((child) => change(child, names, to)),
  )
  return names.includes(tree.name) ? to(inner) : inner
}

/** Children are added to the section, in a random place; it is made where there is none. */
function addTo(draw: Draw, tree: Tree, name: string, added: readonly Tree[]): Tree {
  if (section(tree, name) === undefined) {
    return change(tree, ['configuration'], (found) => withChildren(found, [...found.children, el(name, {}, added)]))
  }
  return change(tree, ['configuration'], (found) =>
    withChildren(
      found,
      found.children.map((child) => {
        if (child.name !== name) return child
        const at = draw.int(0, child.children.length)
        return withChildren(child, child.children.toSpliced(at, 0, ...added))
      }),
    ),
  )
}

/** The guest with its nodes called as those of the host, as far as there are some. */
function renamedNodes(draw: Draw, host: Tree, guest: Tree): Tree {
  const namesOf = (tree: Tree): readonly Tree[] => named(section(tree, 'nodes') ?? tree, 'node')
  const own = namesOf(host)
  if (own.length === 0) return guest
  const names = new Map<string, string>()
  const offset = draw.int(0, own.length - 1)
  for (const [at, { attributes }] of namesOf(guest).entries()) {
    const other = own[(at + offset) % own.length]!.attributes
    for (const key of ['id', 'uname']) {
      const [from, to] = [attributes.get(key), other.get(key)]
      if (from !== undefined && to !== undefined) names.set(from, to)
    }
  }
  const rename = (tree: Tree): Tree => {
    const attributes = new Map(tree.attributes)
    for (const [key, value] of attributes) {
      const isNode =
        ['node', 'uname', 'on_node', 'target'].includes(key) || (key === 'id' && NODE_ELEMENTS.has(tree.name))
      const isValue = key === 'value' && tree.name === 'expression'
      if (isNode || isValue) attributes.set(key, names.get(value) ?? value)
    }
    return { name: tree.name, attributes, children: tree.children.map(rename) }
  }
  return rename(guest)
}

const NODE_ELEMENTS = new Set(['node', 'node_state', 'transient_attributes', 'lrm'])
const RESOURCES = ['primitive', 'group', 'clone', 'master', 'bundle']

function topResources(tree: Tree): readonly Tree[] {
  return (section(tree, 'resources')?.children ?? []).filter(({ name }) => RESOURCES.includes(name))
}

function idOf({ attributes }: Tree): string {
  return attributes.get('id') ?? ''
}

/** One to four resources with what was recorded of them. */
function graftResources(draw: Draw, tree: Tree, guest: Tree): Tree {
  const chosen = draw.some(topResources(guest), 1, 4)
  if (chosen.length === 0) return tree
  const templates = named(guest, 'template')
  const ids = new Set(chosen.flatMap((resource) => named(resource, ...RESOURCES).map(idOf)))
  const withResources = addTo(draw, tree, 'resources', [...chosen, ...(draw.chance(30) ? templates : [])])
  return draw.chance(85) ? graftHistories(withResources, guest, (id) => isOf(id, ids)) : withResources
}

function isOf(history: string, ids: ReadonlySet<string>): boolean {
  const base = history.replace(/:\d+$/, '')
  return ids.has(base) || [...ids].some((id) => history.startsWith(`${id}-`))
}

/** What the guest's nodes recorded of some resources is recorded by the host's nodes of the same name too. */
function graftHistories(tree: Tree, guest: Tree, isWanted: (history: string) => boolean): Tree {
  const states = named(guest, 'node_state')
  return change(tree, ['node_state'], (state) => {
    const source = states.find(({ attributes }) => attributes.get('uname') === state.attributes.get('uname'))
    if (source === undefined) return state
    const added = named(source, 'lrm_resource').filter((entry) => isWanted(idOf(entry)))
    if (added.length === 0) return state
    if (named(state, 'lrm_resources').length === 0) {
      return withChildren(state, [...state.children, el('lrm', { id: idOf(state) }, el('lrm_resources', {}, added))])
    }
    return change(state, ['lrm_resources'], (list) => withChildren(list, [...list.children, ...added]))
  })
}

/** Primitives of the guest go into a group or the place of a clone's child. */
function graftMembers(draw: Draw, tree: Tree, guest: Tree): Tree {
  const primitives = named(section(guest, 'resources') ?? guest, 'primitive')
  const groups = named(tree, 'group', 'clone', 'master').map(idOf)
  if (primitives.length === 0 || groups.length === 0) return tree
  const target = draw.pick(groups)
  const added = draw.some(primitives, 1, 2)
  const grown = change(tree, ['group', 'clone', 'master'], (found) => {
    if (idOf(found) !== target) return found
    if (found.name === 'group') return withChildren(found, [...found.children, ...added])
    const others = found.children.filter(({ name }) => !RESOURCES.includes(name))
    return withChildren(found, [...others, added[0]!])
  })
  return graftHistories(grown, guest, (id) => isOf(id, new Set(added.map(idOf))))
}

/** Constraints of the guest, mostly between the host's resources. */
function graftConstraints(draw: Draw, tree: Tree, guest: Tree): Tree {
  const constraints = draw.some(section(guest, 'constraints')?.children ?? [], 1, 5)
  if (constraints.length === 0) return tree
  const ids = named(section(tree, 'resources') ?? tree, ...RESOURCES).map(idOf)
  const known = new Map<string, string>()
  const turned = (id: string): string => {
    if (ids.length === 0 || draw.chance(8)) return id
    const to = known.get(id) ?? draw.pick(ids)
    known.set(id, to)
    return to
  }
  const turn = (element: Tree): Tree => {
    const attributes = new Map(element.attributes)
    for (const key of REFERENCES) if (attributes.has(key)) attributes.set(key, turned(attributes.get(key)!))
    if (element.name === 'resource_ref') attributes.set('id', turned(idOf(element)))
    return { name: element.name, attributes, children: element.children.map(turn) }
  }
  return addTo(draw, tree, 'constraints', constraints.map(turn))
}

const REFERENCES = ['rsc', 'with-rsc', 'first', 'then']

function graftOptions(draw: Draw, tree: Tree, guest: Tree): Tree {
  const sets = named(section(guest, 'crm_config') ?? guest, 'cluster_property_set')
  if (sets.length === 0) return tree
  const options = draw.some(
    sets.flatMap(({ children }) => children),
    1,
    6,
  )
  return change(tree, ['cluster_property_set'], (set) => {
    const names = options.map(({ attributes }) => attributes.get('name'))
    return withChildren(set, [
      ...set.children.filter(({ attributes }) => !names.includes(attributes.get('name'))),
      ...options,
    ])
  })
}

const SETS = ['meta_attributes', 'instance_attributes', 'utilization']

/** Sets of the guest's resources go to the host's. */
function graftSets(draw: Draw, tree: Tree, guest: Tree): Tree {
  const holders = named(section(guest, 'resources') ?? guest, ...RESOURCES)
  const sets = holders.flatMap(({ children }) => children.filter(({ name }) => SETS.includes(name)))
  if (sets.length === 0) return tree
  return change(tree, RESOURCES, (resource) => {
    if (!draw.chance(25)) return resource
    const set = draw.pick(sets)
    return withChildren(resource, draw.chance(50) ? [set, ...resource.children] : insertedSet(resource, set))
  })
}

/** Behind the last set, before operations and members. */
function insertedSet({ children }: Tree, set: Tree): readonly Tree[] {
  const at = children.findLastIndex(({ name }) => SETS.includes(name)) + 1
  return children.toSpliced(at, 0, set)
}

function graftOperations(draw: Draw, tree: Tree, guest: Tree): Tree {
  const operations = named(section(guest, 'resources') ?? guest, 'operations').filter(
    ({ children }) => children.length > 0,
  )
  if (operations.length === 0) return tree
  return change(tree, ['primitive'], (primitive) => {
    if (!draw.chance(30)) return primitive
    const others = primitive.children.filter(({ name }) => name !== 'operations')
    return withChildren(primitive, [...others, draw.pick(operations)])
  })
}

/** Histories of the guest become those of the host's resources, or its membership that of the host's nodes. */
function graftStatus(draw: Draw, tree: Tree, guest: Tree): Tree {
  const states = named(guest, 'node_state')
  if (states.length === 0) return tree
  const entries = named(guest, 'lrm_resource').filter(({ children }) => children.length > 0)
  return change(tree, ['node_state', 'lrm_resource'], (found) => {
    if (found.name === 'node_state') {
      if (!draw.chance(35)) return found
      const { attributes } = draw.pick(states)
      const kept = new Map(found.attributes)
      for (const key of ['crmd', 'in_ccm', 'join', 'expected']) {
        const value = attributes.get(key)
        if (value === undefined) kept.delete(key)
        else kept.set(key, value)
      }
      return { ...found, attributes: kept }
    }
    if (entries.length === 0 || !draw.chance(25)) return found
    return withChildren(found, recalled(draw.pick(entries), idOf(found)))
  })
}

/** Results under another resource's name. */
function recalled(entry: Tree, resource: string): readonly Tree[] {
  const from = idOf(entry)
  return entry.children.map((op) => {
    const attributes = new Map(op.attributes)
    for (const key of ['id', 'operation_key']) {
      const value = attributes.get(key)
      if (value?.startsWith(`${from}_`)) attributes.set(key, resource + value.slice(from.length))
    }
    return { ...op, attributes }
  })
}

function graftNodeAttributes(draw: Draw, tree: Tree, guest: Tree): Tree {
  const holders = named(guest, 'node', 'transient_attributes')
  const sets = holders.flatMap(({ children }) => children.filter(({ name }) => SETS.includes(name)))
  if (sets.length === 0) return tree
  const resources = named(section(tree, 'resources') ?? tree, 'primitive').map(idOf)
  return change(tree, ['node', 'transient_attributes'], (holder) => {
    if (!draw.chance(50)) return holder
    const set = change(draw.pick(sets), ['nvpair'], (pair) => aboutResource(draw, pair, resources))
    return withChildren(holder, [...holder.children, set])
  })
}

/** Fail counts and promotion scores speak of a resource of the host. */
function aboutResource(draw: Draw, pair: Tree, resources: readonly string[]): Tree {
  const name = pair.attributes.get('name') ?? ''
  if (resources.length === 0) return pair
  const resource = draw.pick(resources)
  const about = name
    .replace(
      /^(fail-count|last-failure)-.*?(#\w+)?$/,
      (_all, kind, operation = '') => `${kind}-${resource}${operation}`,
    )
    .replace(/^master-.*$/, `master-${resource}`)
  return withAttribute(pair, 'name', about)
}

function graftDefaults(draw: Draw, tree: Tree, guest: Tree): Tree {
  const name = draw.pick(['rsc_defaults', 'op_defaults', 'tags', 'fencing-topology'])
  const children = section(guest, name)?.children ?? []
  return children.length === 0 ? tree : addTo(draw, tree, name, children)
}

/** A clone around what stood alone, or a group around two. */
function wrapResource(draw: Draw, tree: Tree): Tree {
  const metas = named(tree, 'clone', 'master').flatMap(({ children }) =>
    children.filter(({ name }) => SETS.includes(name)),
  )
  return change(tree, ['resources'], (resources) =>
    withChildren(
      resources,
      resources.children.map((child) => {
        if (!['primitive', 'group'].includes(child.name) || !draw.chance(25)) return child
        const id = `${idOf(child)}-wrap`
        const pair = draw.pick(WRAPS)
        const set = el(
          'meta_attributes',
          { id: `${id}-meta` },
          pair.map(([name, value]) => el('nvpair', { id: `${id}-${name}`, name, value })),
        )
        return el('clone', { id }, metas.length > 0 && draw.chance(30) ? draw.pick(metas) : set, child)
      }),
    ),
  )
}

const WRAPS: readonly (readonly (readonly [string, string])[])[] = [
  [['interleave', 'true']],
  [['promotable', 'true']],
  [
    ['promotable', 'true'],
    ['notify', 'true'],
    ['interleave', 'true'],
  ],
  [
    ['globally-unique', 'true'],
    ['clone-max', '3'],
    ['clone-node-max', '2'],
  ],
  [
    ['notify', 'true'],
    ['ordered', 'true'],
  ],
  [
    ['clone-max', '1'],
    ['clone-node-max', '1'],
  ],
]

/** Some references of constraints lead to other resources. */
function withTurnedReferences(draw: Draw, tree: Tree): Tree {
  const ids = named(section(tree, 'resources') ?? tree, ...RESOURCES).map(idOf)
  if (ids.length === 0) return tree
  return change(tree, ['rsc_order', 'rsc_colocation', 'rsc_location', 'rsc_ticket', 'resource_ref'], (found) => {
    if (!draw.chance(8)) return found
    const key = found.name === 'resource_ref' ? 'id' : draw.pick(REFERENCES)
    return found.attributes.has(key) ? withAttribute(found, key, draw.pick(ids)) : found
  })
}

/** Of elements with the same id the later ones get a new id, or go where the id says what they are. */
function withoutTwins(tree: Tree): Tree {
  const ids = new Set<string>()
  return withChildren(
    tree,
    tree.children.map((child) => (child.name === 'status' ? withoutRepeated(child) : withoutTwinsOf(child, ids))),
  )
}

const UNIQUE = [...RESOURCES, 'template', 'node']

function withoutTwinsOf(tree: Tree, ids: Set<string>): Tree {
  const children = tree.children.flatMap((child) => {
    const id = child.attributes.get('id')
    if (id === undefined || child.name.endsWith('_ref') || child.name === 'role') return [withoutTwinsOf(child, ids)]
    if (ids.has(id) && UNIQUE.includes(child.name)) return []
    const own = ids.has(id) ? withAttribute(child, 'id', `${id}-twin${ids.size}`) : child
    ids.add(idOf(own))
    return [withoutTwinsOf(own, ids)]
  })
  return withChildren(tree, children)
}

/** A node records a resource once, and a result once. */
function withoutRepeated(status: Tree): Tree {
  return change(status, ['lrm_resources', 'lrm_resource'], (list) => {
    const last = new Map(list.children.map((child) => [idOf(child), child]))
    return withChildren(
      list,
      list.children.filter((child) => last.get(idOf(child)) === child),
    )
  })
}
