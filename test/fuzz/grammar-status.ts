/** A status section from the grammar: nodes in any state, results in any order, of what there is and what there was. */
import { type Cast, type Primitive, set, words } from './grammar.ts'
import { NOW } from './results.ts'
import { type Attributes, el, type Tree } from './tree.ts'
import { AGENTS, MEMBERSHIP, NODE_ATTRIBUTES, TASKS } from './vocabulary.ts'

/** The section. */
export function grammarStatus(cast: Cast): Tree {
  const { draw, nodes } = cast
  const known = nodes.flatMap((name, at) => (draw.chance(94) ? [nodeState(cast, name, `${at + 1}`)] : []))
  const guests = [
    'guest1',
    'b1-0',
    ...cast.primitives.filter(({ agent }) => agent['type'] === 'remote').map(({ id }) => id),
  ]
  const remote = draw.chance(30) ? draw.some(guests, 1, 2).map((name) => remoteState(cast, name)) : []
  return el('status', {}, known, remote, draw.chance(35) && tickets(cast))
}

const MEMBER: Attributes = { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' }
const DOWN: Attributes = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' }
const LOST: Attributes = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'member' }

function nodeState(cast: Cast, uname: string, id: string): Tree {
  const { draw } = cast
  const state = draw.weighted<() => Attributes>([
    [70, () => MEMBER],
    [8, () => DOWN],
    [8, () => LOST],
    [6, () => ({ ...MEMBER, ...words(cast, MEMBERSHIP, 2) })],
    [cast.odd, () => words(cast, MEMBERSHIP, 5)],
  ])()
  return el('node_state', { id, uname, ...state }, attributes(cast, id), history(cast, uname, id))
}

function remoteState(cast: Cast, name: string): Tree {
  const state = { in_ccm: cast.draw.maybe(50, () => 'true'), node_fenced: cast.draw.maybe(20, () => '1') }
  return el(
    'node_state',
    { id: name, uname: name, remote_node: 'true', ...state },
    attributes(cast, name),
    history(cast, name, name),
  )
}

function attributes(cast: Cast, id: string): Tree | undefined {
  const { draw, primitives } = cast
  if (draw.chance(45)) return undefined
  const about = primitives.flatMap(({ names, id: resource }) => {
    const name = draw.pick(names)
    const task = draw.pick(['monitor_10000', 'start_0', 'monitor_0', 'promote_0'])
    return [
      draw.maybe(15, () => [
        draw.pick([`fail-count-${name}`, `fail-count-${name}#${task}`]),
        draw.pick(['1', '3', 'INFINITY', '0', 'x']),
      ]),
      draw.maybe(12, () => [
        draw.pick([`last-failure-${name}`, `last-failure-${name}#${task}`]),
        `${NOW - draw.pick([5, 100, 5000])}`,
      ]),
      draw.maybe(25, () => [
        `master-${draw.pick([name, resource])}`,
        draw.pick(['5', '10', '-1', '100', 'INFINITY', '-INFINITY']),
      ]),
    ].filter((pair) => pair !== undefined)
  })
  const pairs = about.map(([name, value]) => el('nvpair', { id: draw.id('mark'), name, value }))
  const marks = pairs.length === 0 ? undefined : el('instance_attributes', { id: draw.id('marks') }, pairs)
  return el(
    'transient_attributes',
    { id },
    marks,
    draw.chance(35) && set(cast, 'instance_attributes', NODE_ATTRIBUTES, 3),
  )
}

function history(cast: Cast, uname: string, id: string): Tree {
  const { draw, primitives } = cast
  const gone: readonly Primitive[] = [{ id: 'gone', agent: draw.pick(AGENTS), names: ['gone', 'gone:0'] }]
  const calls = { last: 0 }
  const entries = [...primitives, ...(draw.chance(20) ? gone : [])].flatMap((primitive) => {
    if (!draw.chance(65)) return []
    const names = draw.chance(12) ? draw.some(primitive.names, 1, 2) : [draw.pick(primitive.names)]
    return names.map((name) => entry(cast, { uname, name, primitive, calls }))
  })
  return el('lrm', { id }, el('lrm_resources', {}, draw.some(entries, entries.length, entries.length)))
}

interface Place {
  readonly uname: string
  readonly name: string
  readonly primitive: Primitive
  readonly calls: { last: number }
}

function entry(cast: Cast, place: Place): Tree {
  const { draw, odd } = cast
  const agent = draw.chance(odd / 6) ? draw.pick(AGENTS) : place.primitive.agent
  const scripts = [
    ['monitor'],
    ['start'],
    ['start', 'monitor'],
    ['start', 'monitor', 'stop'],
    ['monitor', 'start', 'promote'],
    ['start', 'promote', 'monitor'],
  ]
  const tasks = draw.chance(30) ? draw.some(TASKS, 1, 3) : draw.pick(scripts)
  const ops = new Map<string, Tree>()
  for (const task of tasks) {
    const op = operation(cast, place, task)
    ops.delete(op.attributes.get('id')!)
    ops.set(op.attributes.get('id')!, op)
  }
  const container = draw.maybe(odd / 8, () => 'b')
  const lock = draw.maybe(4, () => `${NOW - draw.pick([5, 300, 90_000])}`)
  const list = draw.chance(20) ? draw.some([...ops.values()], ops.size, ops.size) : [...ops.values()]
  return el('lrm_resource', { id: place.name, ...agent, container, 'shutdown-lock': lock }, list)
}

function operation({ draw, nodes }: Cast, { uname, name, calls }: Place, operation: string): Tree {
  const isRecurring = operation === 'monitor' && draw.chance(60)
  const interval = isRecurring ? draw.pick([10_000, 20_000, 11_000]) : 0
  const good = operation === 'monitor' && interval === 0 ? draw.pick([7, 7, 7, 0, 8]) : 0
  const [rc, status] = draw.weighted<readonly [number, number]>([
    [75, [good, 0]],
    [5, [193, -1]],
    [12, [draw.pick([1, 2, 5, 6, 7, 8, 9, 190, 191]), draw.pick([0, 4])]],
    [4, [1, 2]],
    [2, [draw.pick([0, 1]), draw.pick([3, 5, 6, 7, 8, 9, 10])]],
    [2, [189, 1]],
  ])
  const isFailure = rc !== good && status !== -1 && draw.chance(60)
  const call = status === -1 ? -1 : ++calls.last
  const expected = interval === 0 && operation === 'monitor' ? 7 : draw.pick([0, 0, 0, 8])
  const key = `${Math.max(call, 1)}:1:${expected}:11111111-2222-3333-4444-555555555555`
  const [source, target] = [uname, draw.pick(nodes)]
  const isMigration = operation.startsWith('migrate')
  return el('lrm_rsc_op', {
    id: isFailure ? `${name}_last_failure_0` : interval === 0 ? `${name}_last_0` : `${name}_${operation}_${interval}`,
    operation_key: draw.maybe(96, () => `${name}_${operation}_${interval}`),
    operation,
    crm_feature_set: draw.pick(['3.16.1', '3.16.1', '3.0.9']),
    'transition-key': draw.maybe(97, () => key),
    'transition-magic': `${status}:${rc};${key}`,
    on_node: uname,
    'call-id': call,
    'rc-code': rc,
    'op-status': status,
    interval,
    'last-rc-change': draw.maybe(90, () => NOW - draw.pick([5, 50, 500, 5000, 90_000])),
    'exec-time': draw.maybe(80, () => 10),
    'queue-time': draw.maybe(80, () => 0),
    'exit-reason': draw.maybe(8, () => 'because'),
    migrate_source: isMigration ? draw.pick([source, target]) : undefined,
    migrate_target: isMigration ? target : undefined,
    'op-digest': draw.maybe(12, () => draw.pick(['f2317cad3d54cec5d7d7aa7d0bf35cf8', 'changed'])),
    'op-restart-digest': draw.maybe(4, () => 'changed'),
    'op-force-restart': draw.maybe(4, () => ' fake ip '),
    'op-secure-digest': draw.maybe(3, () => 'changed'),
    'op-secure-params': draw.maybe(3, () => ' fake '),
  })
}

function tickets({ draw }: Cast): Tree {
  const state = (id: string): Tree =>
    el('ticket_state', {
      id,
      granted: draw.maybe(90, () => draw.pick(['true', 'false'])),
      standby: draw.maybe(25, () => draw.pick(['true', 'false'])),
      'last-granted': draw.maybe(40, () => NOW - 100),
    })
  return el('tickets', {}, draw.some(['ticketA', 'ticketB', 'other'], 1, 2).map(state))
}
