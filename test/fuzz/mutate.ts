/**
 * Changes a CIB in a few places, as an administrator or a bad day would: options, scores, roles, results, nodes that leave, parts
 * that go or trade places. What comes out is mostly valid; the reference refuses the rest.
 */
import type { Draw } from './draw.ts'
import { el, type Tree, withChildren } from './tree.ts'

/** The CIB with one to fifteen changes. */
export function mutated(draw: Draw, tree: Tree): Tree {
  let current = tree
  const count = draw.weighted([
    [25, 1],
    [25, 3],
    [25, 6],
    [25, 15],
  ])
  for (let at = 0; at < count; at++) current = changedOnce(draw, current)
  return current
}

type Path = readonly number[]

interface Place {
  readonly path: Path
  readonly element: Tree
}

function placesOf(tree: Tree): readonly Place[] {
  const places: Place[] = []
  const visit = (element: Tree, path: Path): void => {
    places.push({ path, element })
    for (const [at, child] of element.children.entries()) visit(child, [...path, at])
  }
  visit(tree, [])
  return places.slice(1)
}

function replaceAt(tree: Tree, [at, ...rest]: Path, change: (element: Tree) => readonly Tree[]): Tree {
  const children = tree.children.flatMap((child, place) => {
    if (place !== at) return [child]
    return rest.length === 0 ? change(child) : [replaceAt(child, rest, change)]
  })
  return withChildren(tree, children)
}

function withAttribute(element: Tree, name: string, value: string): Tree {
  return { ...element, attributes: new Map(element.attributes).set(name, value) }
}

function changedOnce(draw: Draw, tree: Tree): Tree {
  const places = placesOf(tree)
  const named = (...names: readonly string[]): readonly Place[] =>
    places.filter(({ element }) => names.includes(element.name))
  const change = draw.weighted<() => Tree>([
    [25, () => removeOne(draw, tree, named(...REMOVABLE))],
    [25, () => changeAttribute(draw, tree, places)],
    [15, () => changeResult(draw, tree, named('lrm_rsc_op'))],
    [12, () => changeNode(draw, tree, named('node_state'))],
    [10, () => setOption(draw, tree, named('cluster_property_set'))],
    [10, () => setMeta(draw, tree, named('primitive', 'group', 'clone', 'master', 'bundle'))],
    [
      6,
      () => swapOne(draw, tree, named('resources', 'constraints', 'group', 'status', 'lrm_resources', 'lrm_resource')),
    ],
    [4, () => moveHistory(draw, tree, named('lrm_resources'))],
  ])
  return change()
}

const REMOVABLE = [
  'primitive',
  'group',
  'clone',
  'nvpair',
  'op',
  'rsc_location',
  'rsc_colocation',
  'rsc_order',
  'rsc_ticket',
  'resource_ref',
  'rule',
  'expression',
  'lrm_resource',
  'lrm_rsc_op',
  'lrm_rsc_op',
  'node_state',
  'transient_attributes',
  'ticket_state',
]

function removeOne(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  if (places.length === 0) return tree
  return replaceAt(tree, draw.pick(places).path, () => [])
}

/** Attributes by name → values to put there. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  score: ['INFINITY', '-INFINITY', '0', '1', '100', '-100', '5000'],
  role: ['Started', 'Stopped', 'Master', 'Slave', 'Promoted', 'Unpromoted'],
  'rsc-role': ['Started', 'Master', 'Slave', 'Promoted', 'Unpromoted'],
  'with-rsc-role': ['Started', 'Master', 'Slave', 'Promoted', 'Unpromoted'],
  kind: ['Mandatory', 'Optional', 'Serialize'],
  symmetrical: ['true', 'false'],
  sequential: ['true', 'false'],
  'require-all': ['true', 'false'],
  action: ['start', 'stop', 'promote', 'demote'],
  'first-action': ['start', 'stop', 'promote', 'demote'],
  'then-action': ['start', 'stop', 'promote', 'demote'],
  'on-fail': ['ignore', 'block', 'stop', 'restart', 'fence', 'standby'],
  'loss-policy': ['stop', 'demote', 'fence', 'freeze'],
  'resource-discovery': ['always', 'never', 'exclusive'],
  granted: ['true', 'false'],
  standby: ['true', 'false'],
  'have-quorum': ['0', '1'],
  enabled: ['true', 'false'],
  interval: ['0', '10s', '20s', '1min'],
  timeout: ['20s', '100'],
  replicas: ['1', '2', '3'],
  'replicas-per-host': ['1', '2'],
  'promoted-max': ['0', '1', '2'],
  operation: ['eq', 'ne', 'lt', 'gt', 'defined', 'not_defined'],
  'boolean-op': ['and', 'or'],
}

function changeAttribute(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  const fitting = places.flatMap(({ path, element }) => {
    if (element.name.startsWith('lrm') || element.name === 'node_state') return []
    const names = [...element.attributes.keys()].filter((name) => VALUES[name] !== undefined)
    const isValue = element.name === 'nvpair' && /^-?\d+$/.test(element.attributes.get('value') ?? '')
    return [...names, ...(isValue ? ['value'] : [])].map((name) => ({ path, name }))
  })
  if (fitting.length === 0) return tree
  const { path, name } = draw.pick(fitting)
  const value = name === 'value' ? draw.pick(['0', '1', '2', '100', '-1', '1000000']) : draw.pick(VALUES[name]!)
  return replaceAt(tree, path, (element) => [withAttribute(element, name, value)])
}

/** Another result of an operation: the code, the state, or what was expected. */
function changeResult(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  if (places.length === 0) return tree
  return replaceAt(tree, draw.pick(places).path, (op) => {
    const rc = draw.pick(['0', '1', '5', '6', '7', '8', '9', '193'])
    const status = draw.pick(['0', '0', '4', '2', '-1', '7', '1'])
    const operation = draw.pick(['start', 'stop', 'monitor', 'promote', 'demote', 'migrate_to'])
    return draw.weighted<() => readonly Tree[]>([
      [45, () => [withAttribute(withAttribute(op, 'rc-code', rc), 'op-status', status)]],
      [25, () => [withAttribute(withAttribute(op, 'rc-code', '0'), 'op-status', '0')]],
      [10, () => [withAttribute(op, 'operation', operation)]],
      [10, () => [withAttribute(op, 'op-digest', draw.pick(['0', 'f2317cad3d54cec5d7d7aa7d0bf35cf8']))]],
      [10, () => [withAttribute(op, 'call-id', String(draw.int(1, 99)))]],
    ])()
  })
}

const NODE_STATES: readonly (readonly (readonly [string, string])[])[] = [
  [
    ['in_ccm', 'true'],
    ['crmd', 'online'],
    ['join', 'member'],
    ['expected', 'member'],
  ],
  [
    ['in_ccm', 'false'],
    ['crmd', 'offline'],
    ['join', 'down'],
    ['expected', 'down'],
  ],
  [
    ['in_ccm', 'false'],
    ['crmd', 'offline'],
    ['join', 'member'],
    ['expected', 'member'],
  ],
  [
    ['in_ccm', 'true'],
    ['crmd', 'offline'],
    ['join', 'down'],
    ['expected', 'member'],
  ],
  [
    ['crmd', 'online'],
    ['join', 'pending'],
  ],
]

function changeNode(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  if (places.length === 0) return tree
  const { path } = draw.pick(places)
  if (draw.chance(25)) {
    const name = draw.pick(['standby', 'maintenance', 'shutdown', 'terminate'])
    const value = name === 'shutdown' ? '1234567' : 'true'
    const id = draw.id('mutant')
    const pair = el('nvpair', { id, name, value })
    const added = el(
      'transient_attributes',
      { id: 'mutant' },
      el('instance_attributes', { id: draw.id('mutants') }, pair),
    )
    return replaceAt(tree, path, (node) => {
      if (node.children.some((child) => child.name === 'transient_attributes')) return [node]
      return [withChildren(node, [...node.children, added])]
    })
  }
  const state = draw.pick(NODE_STATES)
  return replaceAt(tree, path, (node) => [state.reduce((now, [name, value]) => withAttribute(now, name, value), node)])
}

const OPTIONS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['stonith-enabled', ['true', 'false']],
  ['no-quorum-policy', ['stop', 'freeze', 'ignore', 'suicide', 'demote']],
  ['symmetric-cluster', ['true', 'false']],
  ['maintenance-mode', ['true', 'false']],
  ['stop-all-resources', ['true', 'false']],
  ['placement-strategy', ['default', 'utilization', 'minimal', 'balanced']],
  ['concurrent-fencing', ['true', 'false']],
  ['start-failure-is-fatal', ['true', 'false']],
  ['stop-orphan-resources', ['true', 'false']],
  ['enable-startup-probes', ['true', 'false']],
  ['startup-fencing', ['true', 'false']],
  ['stonith-action', ['off', 'reboot']],
  ['shutdown-lock', ['true', 'false']],
]

function withPair(draw: Draw, set: Tree, name: string, value: string): Tree {
  const others = set.children.filter(({ attributes }) => attributes.get('name') !== name)
  return withChildren(set, [...others, el('nvpair', { id: draw.id('mutant'), name, value })])
}

function setOption(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  const [place] = places
  if (place === undefined) return tree
  const [name, values] = draw.pick(OPTIONS)
  const value = draw.pick(values)
  return replaceAt(tree, place.path, (set) => [withPair(draw, set, name, value)])
}

const METAS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['target-role', ['Started', 'Stopped', 'Master', 'Slave']],
  ['is-managed', ['true', 'false']],
  ['maintenance', ['true', 'false']],
  ['resource-stickiness', ['0', '1', '100', 'INFINITY', '-100']],
  ['migration-threshold', ['1', '3', 'INFINITY']],
  ['failure-timeout', ['60s', '1']],
  ['priority', ['0', '5', '-1', '100']],
  ['multiple-active', ['stop_start', 'stop_only', 'block', 'stop_unexpected']],
  ['requires', ['nothing', 'quorum', 'fencing', 'unfencing']],
  ['allow-migrate', ['true', 'false']],
  ['critical', ['true', 'false']],
  ['interleave', ['true', 'false']],
  ['notify', ['true', 'false']],
  ['ordered', ['true', 'false']],
  ['clone-max', ['0', '1', '2', '5']],
  ['clone-node-max', ['1', '2']],
  ['globally-unique', ['true', 'false']],
  ['promoted-max', ['0', '1', '2']],
]

function setMeta(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  if (places.length === 0) return tree
  const [name, values] = draw.pick(METAS)
  const value = draw.pick(values)
  return replaceAt(tree, draw.pick(places).path, (resource) => {
    const at = resource.children.findIndex(
      (child) => child.name === 'meta_attributes' && !child.attributes.has('id-ref'),
    )
    if (at < 0) {
      const set = el(
        'meta_attributes',
        { id: draw.id('mutants') },
        el('nvpair', { id: draw.id('mutant'), name, value }),
      )
      return [withChildren(resource, [set, ...resource.children])]
    }
    return [withChildren(resource, resource.children.with(at, withPair(draw, resource.children[at]!, name, value)))]
  })
}

/** Two neighbours trade places: document order decides ties. */
function swapOne(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  const fitting = places.filter(({ element }) => element.children.length > 1)
  if (fitting.length === 0) return tree
  return replaceAt(tree, draw.pick(fitting).path, (element) => {
    const at = draw.int(0, element.children.length - 2)
    const [one, other] = [element.children[at]!, element.children[at + 1]!]
    return [withChildren(element, element.children.with(at, other).with(at + 1, one))]
  })
}

/** What one node knows of a resource is what another knows too. */
function moveHistory(draw: Draw, tree: Tree, places: readonly Place[]): Tree {
  const full = places.filter(({ element }) => element.children.length > 0)
  if (full.length === 0 || places.length < 2) return tree
  const entry = draw.pick(draw.pick(full).element.children)
  const id = entry.attributes.get('id')
  return replaceAt(tree, draw.pick(places).path, (target) => {
    const others = target.children.filter(({ attributes }) => attributes.get('id') !== id)
    return [withChildren(target, [...others, entry])]
  })
}
