/**
 * Adds to a random CIB what the generators of its parts do not make: fencing levels, attributes of sets, dated rules, repeated and
 * delayed operations, rare options and node attributes, tags in constraints, old schemas. Its draws come after all others', so that a
 * case without it stays what it was.
 */
import type { Draw } from './draw.ts'
import { NOW } from './results.ts'
import { el, pairs, type Tree, withChildren } from './tree.ts'

type Widener = (draw: Draw, tree: Tree) => Tree

/** The CIB with one to four additions of different kinds. */
export function widened(draw: Draw, tree: Tree): Tree {
  return draw.some(WIDENERS, 1, 4).reduce((current, widen) => widen(draw, current), tree)
}

const WIDENERS: readonly Widener[] = [
  addLevels,
  addSetAttributes,
  addDatedSets,
  addOps,
  addOptions,
  addNodeAttributes,
  addConstraintsOnTags,
  addCollectiveMeta,
  changeSchema,
  cloneSomething,
]

/** Changes every element of these names in so many of a hundred cases. */
function changeSome(tree: Tree, names: readonly string[], isHit: () => boolean, change: (found: Tree) => Tree): Tree {
  const inner = withChildren(
    tree,
    tree.children.map((child) => changeSome(child, names, isHit, change)),
  )
  return names.includes(tree.name) && isHit() ? change(inner) : inner
}

function append(tree: Tree, name: string, children: readonly Tree[]): Tree {
  return changeSome(
    tree,
    [name],
    () => true,
    (found) => withChildren(found, [...found.children, ...children]),
  )
}

function withAttributes(tree: Tree, values: Readonly<Record<string, string | undefined>>): Tree {
  const attributes = new Map(tree.attributes)
  for (const [name, value] of Object.entries(values)) if (value !== undefined) attributes.set(name, value)
  return { ...tree, attributes }
}

function idsOf(tree: Tree, ...names: readonly string[]): readonly string[] {
  const inner = tree.children.flatMap((child) => idsOf(child, ...names))
  const id = tree.attributes.get('id')
  return names.includes(tree.name) && id !== undefined ? [id, ...inner] : inner
}

function nodeNames(tree: Tree): readonly string[] {
  const inner = tree.children.flatMap(nodeNames)
  const name = tree.attributes.get('uname')
  return tree.name === 'node' && name !== undefined ? [name, ...inner] : inner
}

function sectionOf(tree: Tree, name: string): Tree | undefined {
  return tree.children.find((child) => child.name === 'configuration')?.children.find((child) => child.name === name)
}

function resourceIds(tree: Tree): readonly string[] {
  const resources = sectionOf(tree, 'resources')
  return resources === undefined ? [] : idsOf(resources, 'primitive', 'group', 'clone', 'master', 'bundle')
}

function addLevels(draw: Draw, tree: Tree): Tree {
  const devices = resourceIds(tree).filter((id) => id.startsWith('fence'))
  const nodes = nodeNames(tree)
  if (devices.length === 0 || nodes.length === 0) return tree
  const levels = Array.from({ length: draw.int(1, 3) }, (_, at) => {
    const target = draw.pick([
      { target: draw.pick(nodes) },
      { 'target-pattern': '^n' },
      { 'target-attribute': 'site', 'target-value': 'a' },
    ])
    return el('fencing-level', { id: `level${at}`, index: draw.int(1, 3), devices: draw.pick(devices), ...target })
  })
  return append(tree, 'configuration', [el('fencing-topology', {}, levels)])
}

function addSetAttributes(draw: Draw, tree: Tree): Tree {
  const isHit = (): boolean => draw.chance(60)
  const open = changeSome(tree, ['resource_set'], isHit, (set) =>
    withAttributes(set, {
      symmetrical: draw.maybe(30, () => draw.pick(['true', 'false'])),
      kind: draw.maybe(30, () => draw.pick(['Optional', 'Mandatory', 'Serialize'])),
      score: draw.maybe(30, () => draw.pick(['INFINITY', '-INFINITY', '0', '20'])),
      sequential: draw.maybe(40, () => draw.pick(['true', 'false'])),
      'require-all': draw.maybe(25, () => draw.pick(['true', 'false'])),
      ordering: draw.maybe(10, () => draw.pick(['group', 'listed'])),
    }),
  )
  // No schema has all of these.
  return withAttributes(open, { 'validate-with': 'none' })
}

function addDatedSets(draw: Draw, tree: Tree): Tree {
  const isHit = (): boolean => draw.chance(40)
  return changeSome(tree, ['primitive', 'group', 'clone'], isHit, (resource) => {
    const id = draw.id(`${resource.attributes.get('id')}-dated`)
    const rule = el('rule', { id: `${id}-rule`, score: '1' }, drawDate(draw, `${id}-date`))
    const values = {
      'target-role': draw.maybe(30, () => draw.pick(['Stopped', 'Started'])),
      'resource-stickiness': draw.maybe(40, () => draw.pick(['3', '200'])),
      priority: draw.maybe(30, () => '7'),
      'is-managed': draw.maybe(10, () => 'false'),
    }
    const set = pairs('meta_attributes', id, values, rule)
    return set === undefined ? resource : withChildren(resource, [set, ...resource.children])
  })
}

function dateText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`
}

function drawDate(draw: Draw, id: string): Tree {
  const [early, late] = [NOW - draw.pick([50, 90_000, 4_000_000]), NOW + draw.pick([50, 90_000, 4_000_000])]
  const spec = { hours: draw.maybe(40, () => '20-23'), weekdays: draw.maybe(40, () => draw.pick(['1-5', '6', '2'])) }
  return draw.pick<() => Tree>([
    () => el('date_expression', { id, operation: 'gt', start: dateText(draw.pick([early, late])) }),
    () => el('date_expression', { id, operation: 'lt', end: dateText(draw.pick([early, late])) }),
    () => el('date_expression', { id, operation: 'in_range', start: dateText(early), end: dateText(late) }),
    () =>
      el(
        'date_expression',
        { id, operation: 'in_range', start: dateText(early) },
        el('duration', { id: `${id}-d`, hours: '30' }),
      ),
    () =>
      el('date_expression', { id, operation: 'date_spec' }, el('date_spec', { id: `${id}-s`, years: '2023', ...spec })),
  ])()
}

function addOps(draw: Draw, tree: Tree): Tree {
  const isHit = (): boolean => draw.chance(50)
  const changed = changeSome(tree, ['op'], isHit, (op) =>
    withAttributes(op, {
      'start-delay': draw.maybe(20, () => draw.pick(['5s', '-1', '0'])),
      'interval-origin': draw.maybe(20, () => dateText(NOW - draw.pick([7, 100_000]))),
      enabled: draw.maybe(15, () => draw.pick(['true', 'false'])),
      'record-pending': draw.maybe(15, () => draw.pick(['true', 'false'])),
      role: draw.maybe(15, () => draw.pick(['Started', 'Stopped', 'Master', 'Slave'])),
      'on-fail': draw.maybe(15, () => draw.pick(['demote', 'standby', 'fence', 'block', 'stop', 'ignore'])),
    }),
  )
  return changeSome(changed, ['operations'], isHit, (operations) => {
    const name = draw.pick(['monitor', 'monitor', 'reload-agent', 'check', 'meta-data'])
    const interval = draw.pick(['0', '10s', '15s', '10', 'PT1M', '10000ms'])
    const role = draw.maybe(40, () => draw.pick(['Started', 'Stopped', 'Master', 'Slave']))
    const op = el('op', { id: draw.id('more-op'), name, interval, role, timeout: draw.maybe(50, () => '9s') })
    return withChildren(operations, [...operations.children, op])
  })
}

const OPTIONS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['priority-fencing-delay', ['0', '15s', '60']],
  ['concurrent-fencing', ['true', 'false']],
  ['shutdown-lock', ['true', 'false']],
  ['shutdown-lock-limit', ['0', '5min', '1s']],
  ['stonith-action', ['off', 'reboot', 'poweroff']],
  ['startup-fencing', ['true', 'false']],
  ['have-watchdog', ['true', 'false']],
  ['stonith-watchdog-timeout', ['10s', '0']],
  ['node-health-strategy', ['none', 'migrate-on-red', 'only-green', 'progressive', 'custom']],
  ['placement-strategy', ['default', 'utilization', 'minimal', 'balanced']],
  ['no-quorum-policy', ['stop', 'freeze', 'ignore', 'suicide', 'demote']],
  ['batch-limit', ['0', '10', '-1']],
  ['migration-limit', ['2', '-1', '0']],
  ['cluster-delay', ['30s', '2min']],
  ['stonith-timeout', ['90s']],
  ['stop-all-resources', ['true']],
  ['remove-after-stop', ['true']],
  ['stop-orphan-resources', ['false']],
  ['stop-orphan-actions', ['false']],
  ['start-failure-is-fatal', ['false']],
  ['symmetric-cluster', ['false']],
  ['maintenance-mode', ['true']],
]

function addOptions(draw: Draw, tree: Tree): Tree {
  const values = Object.fromEntries(draw.some(OPTIONS, 1, 5).map(([name, list]) => [name, draw.pick(list)]))
  const set = pairs('cluster_property_set', draw.id('more-options'), values)!
  return changeSome(
    tree,
    ['crm_config'],
    () => true,
    (config) => withChildren(config, draw.chance(50) ? [set, ...config.children] : [...config.children, set]),
  )
}

const NODE_ATTRIBUTES: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['standby', ['true', 'on', 'false']],
  ['maintenance', ['true', 'false']],
  ['terminate', ['true', '0']],
  ['resource-discovery-enabled', ['false', 'true']],
  ['#health-cpu', ['red', 'yellow', 'green', '-10', '7']],
  ['probe_complete', ['false', 'true']],
  ['#node-unfenced', ['0', String(NOW - 60)]],
  ['site', ['a', 'b']],
  ['shutdown', ['0', String(NOW - 30)]],
]

function addNodeAttributes(draw: Draw, tree: Tree): Tree {
  const isHit = (): boolean => draw.chance(60)
  return changeSome(tree, ['node', 'transient_attributes'], isHit, (holder) => {
    const values = Object.fromEntries(draw.some(NODE_ATTRIBUTES, 1, 3).map(([name, list]) => [name, draw.pick(list)]))
    return withChildren(holder, [...holder.children, pairs('instance_attributes', draw.id('more'), values)!])
  })
}

function addConstraintsOnTags(draw: Draw, tree: Tree): Tree {
  const ids = resourceIds(tree)
  if (ids.length < 2 || sectionOf(tree, 'tags') !== undefined) return tree
  const members = draw.some(ids, 1, 3).map((id) => el('obj_ref', { id }))
  const others = ids.filter((id) => !members.some(({ attributes }) => attributes.get('id') === id))
  const other = draw.pick(others.length > 0 ? others : ids)
  const [first, then] = draw.chance(50) ? ['all', other] : [other, 'all']
  const score = draw.pick(['INFINITY', '-INFINITY', '50'])
  const roles = { 'rsc-role': draw.maybe(25, () => 'Master'), 'with-rsc-role': draw.maybe(25, () => 'Master') }
  const constraints = draw.some<() => Tree>(
    [
      () => el('rsc_order', { id: 'tag-order', first, then, kind: draw.maybe(40, () => 'Optional') }),
      () => el('rsc_colocation', { id: 'tag-colocation', rsc: first, 'with-rsc': then, score, ...roles }),
      () => el('rsc_location', { id: 'tag-location', rsc: 'all', node: draw.pick([...nodeNames(tree), 'n1']), score }),
      () => el('rsc_ticket', { id: 'tag-ticket', rsc: 'all', ticket: 'ticketA', 'loss-policy': 'stop' }),
    ],
    1,
    3,
  )
  const tagged = append(
    tree,
    'constraints',
    constraints.map((make) => make()),
  )
  return append(tagged, 'configuration', [el('tags', {}, el('tag', { id: 'all' }, members))])
}

const METAS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['multiple-active', ['block', 'stop_only', 'stop_unexpected', 'stop_start']],
  ['maintenance', ['true']],
  ['is-managed', ['false']],
  ['target-role', ['Stopped', 'Started', 'Slave', 'Master']],
  ['critical', ['false']],
  ['priority', ['5', '-3', '100']],
  ['notify', ['true']],
  ['interleave', ['true', 'false']],
  ['ordered', ['true', 'false']],
  ['clone-min', ['1', '2']],
  ['clone-max', ['1', '2', '3']],
  ['clone-node-max', ['2', '1']],
  ['globally-unique', ['true', 'false']],
  ['allow-migrate', ['true']],
  ['requires', ['nothing', 'quorum', 'fencing', 'unfencing']],
  ['resource-stickiness', ['0', '100', 'INFINITY', '-INFINITY']],
  ['migration-threshold', ['1', '2']],
  ['failure-timeout', ['20s', '1h']],
  ['restart-type', ['restart']],
  ['container-attribute-target', ['host']],
  ['allow-unhealthy-nodes', ['true']],
]

function addCollectiveMeta(draw: Draw, tree: Tree): Tree {
  const isHit = (): boolean => draw.chance(50)
  return changeSome(tree, ['primitive', 'group', 'clone', 'master', 'bundle'], isHit, (resource) => {
    const values = Object.fromEntries(draw.some(METAS, 1, 3).map(([name, list]) => [name, draw.pick(list)]))
    return withChildren(resource, [pairs('meta_attributes', draw.id('more-meta'), values)!, ...resource.children])
  })
}

const SCHEMAS = ['none', 'pacemaker-1.0', 'pacemaker-1.2', 'pacemaker-2.0', 'pacemaker-2.10', 'pacemaker-3.0']

function changeSchema(draw: Draw, tree: Tree): Tree {
  return withAttributes(tree, { 'validate-with': draw.pick(SCHEMAS) })
}

/** A clone of what stood alone, whatever it is. */
function cloneSomething(draw: Draw, tree: Tree): Tree {
  return changeSome(
    tree,
    ['resources'],
    () => true,
    (resources) =>
      withChildren(
        resources,
        resources.children.map((child) => {
          if ((child.name !== 'primitive' && child.name !== 'group') || !draw.chance(25)) return child
          const id = `${child.attributes.get('id')}-copies`
          const values = { interleave: draw.maybe(40, () => 'true'), promotable: draw.maybe(25, () => 'true') }
          return el('clone', { id }, pairs('meta_attributes', `${id}-meta`, values), child)
        }),
      ),
  )
}
