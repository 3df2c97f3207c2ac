/**
 * The worked scenarios of spec rgmanager 18, each with the exact order of agent calls. Two nodes n1 (id 1) and n2 (id 2), tick 10 s,
 * agents that take no time; both nodes serve from 3 s on, so that the spec's t0 is 3 s here. A title ends in the rows of the decision
 * table (spec 17) that it shows.
 */
import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/kernel/draw.ts'
import { command, decided, fault } from '../support/pair.ts'
import {
  changes,
  checks,
  clustat,
  MEMBERS,
  operations,
  PREFER_N1,
  runShop,
  START,
  STOP,
  said,
  web,
} from '../support/shop.ts'

const T0 = 3000
const s = (second: number): number => T0 + 1000 * second
/** Makes one check of a resource fail, a second before the instant. */
const failsAt = (second: number, resource: string, times = 1) =>
  fault(s(second) - 1000, 'agent-result', { node: 'n1', resource, operation: 'status', rc: 1, times })
const script = (name: string, special = '', inner = ''): string =>
  `<script name="${name}" file="/etc/init.d/${name}" ${special}>${inner}</script>`

describe('RGManager, worked scenarios', () => {
  it('S1: both boot: everything is stopped first, then the preferred node starts', () => {
    const trace = runShop({ until: 10_000 })
    expect(changes(trace, 'n1')).toEqual([...STOP, ...START])
    expect(changes(trace, 'n2')).toEqual(STOP)
    expect(clustat(trace, 'n2')).toBe('started on n1')
  })

  it('S1: n2 alone was quorate first: it starts web, and gives it to n1 when that comes', () => {
    const trace = runShop({ until: 120_000, power: [{ node: 'n1', at: 60_000 }], head: CLEAN })
    expect(changes(trace, 'n2')).toEqual([...STOP, ...START, ...STOP])
    expect(changes(trace, 'n1')).toEqual([...STOP, ...START])
    expect(decided(trace, 'n2', 'failback')).toHaveLength(1)
  })

  it('S2: a script fails and the tree is restarted in place (row 1)', () => {
    const trace = runShop({ timeline: [failsAt(30, 'script:httpd')], until: 60_000 })
    expect(operations(trace, 'n1', s(20), s(30))).toEqual([
      'status ip:vip',
      'status fs:data',
      'status script:httpd → 1',
      ...STOP,
      ...START,
    ])
    expect(checks(trace, 'n1', 'fs:data')[0]).toEqual([s(30), 10])
    expect(clustat(trace, 'n2')).toBe('started on n1')
  })

  it('S3: max_restarts=2 in 300 s: the third failure moves the service (rows 1, 2)', () => {
    const rm = web('max_restarts="2" restart_expire_time="300"')
    const trace = runShop({
      rm,
      timeline: [failsAt(30, 'script:httpd'), failsAt(60, 'script:httpd'), failsAt(90, 'script:httpd')],
    })
    expect(changes(trace, 'n1', s(30))).toEqual([...STOP, ...START, ...STOP, ...START, ...STOP])
    expect(changes(trace, 'n2', s(30))).toEqual(START)
    expect(decided(trace, 'n1', 'relocate-after-failure')).toEqual([s(90)])
  })

  it('S3: failures 200 s apart never move it: the first has expired', () => {
    const rm = web('max_restarts="2" restart_expire_time="300"')
    const timeline = [210, 420, 630].map((at) => failsAt(at, 'script:httpd'))
    const trace = runShop({ rm, until: 700_000, timeline })
    expect(decided(trace, 'n1', 'restart')).toHaveLength(3)
    expect(changes(trace, 'n2', T0 + 1000)).toEqual([])
  })

  it('S4: a restart that fails to start is stopped whole and goes to the next node (row 10)', () => {
    const timeline = [failsAt(30, 'script:httpd'), startFails('n1', 'ip:vip')]
    const trace = runShop({ timeline, until: 60_000 })
    expect(changes(trace, 'n1', s(30))).toEqual([
      ...STOP,
      'start service:web',
      'start fs:data',
      'start ip:vip → 1',
      ...STOP,
    ])
    expect(changes(trace, 'n2', s(30))).toEqual(START)
    expect(clustat(trace, 'n1')).toBe('started on n2')
  })

  it('S5: it starts nowhere: stopped, and nothing more (row 10)', () => {
    const timeline = [failsAt(30, 'script:httpd'), startFails('n1', 'ip:vip'), startFails('n2', 'ip:vip')]
    const trace = runShop({ timeline })
    const failing = ['start service:web', 'start fs:data', 'start ip:vip → 1', ...STOP]
    expect(changes(trace, 'n1', s(30))).toEqual([...STOP, ...failing])
    expect(changes(trace, 'n2', s(30))).toEqual(failing)
    expect(clustat(trace, 'n1')).toBe('stopped')
  })

  it('S5: with a third node that may not run it there is one more attempt at home', () => {
    const timeline = [failsAt(30, 'script:httpd'), startFails('n1', 'ip:vip'), startFails('n2', 'ip:vip')]
    const trace = runShop({ nodes: 3, timeline })
    const failing = ['start service:web', 'start fs:data', 'start ip:vip → 1', ...STOP]
    expect(changes(trace, 'n1', s(30))).toEqual([...STOP, ...failing, ...START])
    expect(changes(trace, 'n3', s(30))).toEqual([])
    expect(clustat(trace, 'n3')).toBe('started on n1')
  })

  it.each([
    ['works', 1, START],
    ['fails again, which is only a warning', 2, undefined],
  ])(
    'S6: a failed stop is the end until an operator disables it, and that stop %s (row 9)',
    (_title, times, enabled) => {
      const timeline = [
        failsAt(30, 'script:httpd'),
        fault(T0 + 1000, 'agent-result', { node: 'n1', resource: 'fs:data', operation: 'stop', rc: 1, times }),
        command(s(60), 'n1', 'clusvcadm -e web'),
        command(s(70), 'n1', 'clusvcadm -d web'),
        command(s(80), 'n1', 'clusvcadm -e web'),
      ]
      const trace = runShop({ timeline })
      const stop = ['stop script:httpd', 'stop ip:vip', 'stop fs:data → 1', 'stop service:web']
      expect(changes(trace, 'n1', s(30), s(69))).toEqual(stop)
      expect(clustat(trace, 'n2', 'service:web', s(69))).toBe('failed')
      expect(said(trace)[0]).toBe('clusvcadm: aborted; service failed')
      expect(changes(trace, 'n1', s(69), s(79))).toEqual(times === 1 ? STOP : stop)
      expect(clustat(trace, 'n2', 'service:web', s(79))).toBe('disabled')
      expect(changes(trace, 'n2', s(30), s(79))).toEqual([])
      if (enabled !== undefined) expect(changes(trace, 'n1', s(79))).toEqual(enabled)
    },
  )

  it.each([
    ['true', [...STOP, ...STOP]],
    ['false', STOP],
  ])('S7: recovery=disable; doubleStopOnDisable %s (row 4)', (value, expected) => {
    const options = [{ name: 'doubleStopOnDisable', value }]
    const trace = runShop({ rm: web('recovery="disable"'), options, timeline: [failsAt(30, 'script:httpd')] })
    expect(changes(trace, 'n1', s(30))).toEqual(expected)
    expect(clustat(trace, 'n2')).toBe('disabled')
  })

  it('S8: the owner loses power: fenced after two failures, then taken over; no stop for the dead (rows 14, 15)', () => {
    const timeline = [
      fault(1000, 'fence-fail', { device: 'ipmi-n1', times: 2 }),
      fault(s(60), 'node-crash', { node: 'n1' }),
    ]
    const trace = runShop({ timeline, until: 100_000 })
    const fences = trace.records.filter((record) => record.kind === 'fence')
    const requests = fences.filter(({ phase }) => phase === 'requested').map(({ at }) => at)
    expect(requests.map((at) => at - requests[0]!)).toEqual([0, 8000, 16_000])
    expect(requests[0]! - s(60)).toBeGreaterThan(10_900)
    expect(requests[0]! - s(60)).toBeLessThanOrEqual(12_001)
    expect(changes(trace, 'n2', s(60), requests[2]! + 3500)).toEqual(START)
    expect(decided(trace, 'n2', 'owner-lost')).toEqual([requests[2]! + 3000])
    expect(operations(trace, 'n2', s(60), requests[2]! + 2999)).toEqual([])
  })

  it('S9: failback when the better node returns', () => {
    const timeline = [fault(s(60), 'node-crash', { node: 'n1' }, 30_000)]
    const trace = runShop({ timeline })
    expect(changes(trace, 'n2', s(60))).toEqual([...START, ...STOP])
    expect(changes(trace, 'n1', s(60))).toEqual([...STOP, ...START])
  })

  it('S9: with nofailback it stays', () => {
    const rm = web().replace('restricted="1"', 'restricted="1" nofailback="1"')
    const trace = runShop({ rm, timeline: [fault(s(60), 'node-crash', { node: 'n1' }, 30_000)] })
    expect(changes(trace, 'n2', s(60))).toEqual(START)
    expect(changes(trace, 'n1', s(60))).toEqual(STOP)
  })
})

describe('RGManager, worked scenarios on subtrees', () => {
  const TREE = `<rm>${PREFER_N1}<service name="web" domain="d">${script(
    'one',
    '__independent_subtree="1"',
    script('two', '__independent_subtree="1"') + script('three'),
  )}${script('four')}</service></rm>`
  const ALL = ['service:web', 'script:one', 'script:two', 'script:three', 'script:four']

  it.each([
    ['one', ['one 1', 'four 0'], ['three', 'two', 'one']],
    ['two', ['one 0', 'two 1', 'three 0', 'four 0'], ['two']],
    ['three', ['one 0', 'two 0', 'three 1', 'four 0'], ['three', 'two', 'one']],
  ])('S10: %s of an independent subtree fails (row 7)', (which, checked, restarted) => {
    const trace = runShop({ rm: TREE, timeline: [failsAt(30, `script:${which}`)], until: 39_000 })
    expect(operations(trace, 'n1', s(30))).toEqual([
      ...checked.map((text) => `status script:${text.replace(' 0', '').replace(' 1', ' → 1')}`),
      ...restarted.map((name) => `stop script:${name}`),
      ...[...restarted].reverse().map((name) => `start script:${name}`),
    ])
    expect(clustat(trace, 'n2')).toBe('started on n1')
  })

  it('S10: four, which is critical, fails: the whole service restarts', () => {
    const trace = runShop({ rm: TREE, timeline: [failsAt(30, 'script:four')], until: 39_000 })
    expect(changes(trace, 'n1', s(30))).toEqual([
      ...['four', 'three', 'two', 'one'].map((name) => `stop script:${name}`),
      'stop service:web',
      ...ALL.map((name) => `start ${name}`),
    ])
  })

  const withExtra = (special: string): string =>
    `<rm>${PREFER_N1}<service name="web" domain="d"><ip address="vip" sleeptime="0"/>${script('main')}${script(
      'extra',
      `__independent_subtree="2" ${special}`,
      script('kid'),
    )}</service></rm>`

  it('S11: a non-critical part without counter is stopped for good; -c brings it back (row 8)', () => {
    const timeline = [
      failsAt(30, 'script:extra'),
      command(s(100), 'n1', 'clusvcadm -c web'),
      command(s(130), 'n1', 'clusvcadm -s web'),
    ]
    const trace = runShop({ rm: withExtra(''), timeline })
    expect(changes(trace, 'n1', s(30), s(99))).toEqual(['stop script:kid', 'stop script:extra'])
    expect(clustat(trace, 'n2', 'service:web', s(99))).toBe('started on n1 [P]')
    const checked = new Set(operations(trace, 'n1', s(31), s(99)))
    expect([...checked].sort()).toEqual(['status ip:vip', 'status script:main'])
    expect(changes(trace, 'n1', s(99), s(129))).toEqual(['start script:extra', 'start script:kid'])
    expect(clustat(trace, 'n2', 'service:web', s(129))).toBe('started on n1')
    expect(changes(trace, 'n1', s(129))).toEqual(
      ['script:kid', 'script:extra', 'script:main', 'ip:vip', 'service:web'].map((name) => `stop ${name}`),
    )
  })

  it('S11: with a counter the first two failures restart it, the third leaves it stopped (rows 7, 8)', () => {
    const rm = withExtra('__max_restarts="2" __restart_expire_time="300"')
    const trace = runShop({ rm, timeline: [30, 60, 90].map((at) => failsAt(at, 'script:extra')) })
    const [stop, start] = [
      ['stop script:kid', 'stop script:extra'],
      ['start script:extra', 'start script:kid'],
    ]
    expect(changes(trace, 'n1', s(30))).toEqual([...stop, ...start, ...stop, ...start, ...stop])
    expect(clustat(trace, 'n2')).toBe('started on n1 [P]')
  })
})

describe('RGManager, worked scenarios on time and operators', () => {
  it('S12: a check that hangs is waited for, for ever; other services go on (row 13)', () => {
    const rm = `<rm>${PREFER_N1}<service name="web" domain="d">${MEMBERS}</service><service name="db" domain="d">${script('pg')}</service></rm>`
    const trace = runShop({
      rm,
      timeline: [fault(s(29), 'agent-hang', { node: 'n1', resource: 'fs:data', operation: 'status' })],
    })
    expect(operations(trace, 'n1', s(31)).filter((text) => !text.includes('pg'))).toEqual([])
    expect(checks(trace, 'n1', 'script:pg', s(31)).length).toBeGreaterThan(5)
  })

  it('S12: enforced, it is killed at its timeout and fails a second later; a stop that hangs too ends in failed (row 12)', () => {
    const rm = web('', MEMBERS.replace('device=', '__enforce_timeouts="1" device='))
    const hang = (operation: string) => fault(s(29), 'agent-hang', { node: 'n1', resource: 'fs:data', operation })
    const trace = runShop({ rm, timeline: [hang('status')], until: 100_000 })
    expect(decided(trace, 'n1', 'status-failed')).toEqual([s(61)])
    expect(changes(trace, 'n1', s(31))).toEqual([...STOP, ...START])
    const worse = runShop({ rm, timeline: [hang('status'), hang('stop')], until: 200_000 })
    expect(changes(worse, 'n1', s(31))).toEqual([
      'stop script:httpd',
      'stop ip:vip',
      'stop fs:data → timed-out',
      'stop service:web',
    ])
    const end = worse.records.find((record) => record.kind === 'machine' && record.to === 'failed')
    expect(end?.at).toBe(s(61 + 31))
  })

  it('S13: an operator relocates, and where the target cannot it runs at home again', () => {
    const move = command(s(60), 'n1', 'clusvcadm -r web -m n2')
    const good = runShop({ timeline: [move], until: 80_000 })
    expect(changes(good, 'n1', s(60))).toEqual(STOP)
    expect(changes(good, 'n2', s(60))).toEqual(START)
    const bad = runShop({ timeline: [move, startFails('n2', 'ip:vip')], until: 80_000 })
    expect(changes(bad, 'n2', s(60))).toEqual(['start service:web', 'start fs:data', 'start ip:vip → 1', ...STOP])
    expect(changes(bad, 'n1', s(60))).toEqual([...STOP, ...START])
    expect(said(bad)).toEqual(['clusvcadm: failed; service running on original owner (n1)'])
  })

  it('S14: a clean shutdown: the others begin only when the last service has stopped', () => {
    const rm = `<rm>${PREFER_N1}<service name="web" domain="d">${MEMBERS}</service><service name="db" domain="d">${script('pg')}</service></rm>`
    const timings = [{ operation: 'stop', subject: 'script:pg', distribution: fixed(120_000) }]
    const trace = runShop({ rm, timings, timeline: [command(s(200), 'n1', 'rgmanager stop')], until: 400_000 })
    expect(changes(trace, 'n1', s(200))).toEqual([...STOP, 'stop script:pg', 'stop service:db'])
    expect(changes(trace, 'n2', s(200))).toEqual([
      'start service:web',
      'start service:db',
      'start fs:data',
      'start script:pg',
      'start ip:vip',
      'start script:httpd',
    ])
    const first = trace.records.find(
      (record) => record.kind === 'operation' && record.node === 'n2' && s(200) < record.at,
    )
    expect((first?.at ?? 0) - s(320)).toBeLessThan(10)
    const exit = trace.records.find((record) => record.kind === 'process' && record.state === 'exited')
    expect(exit?.at).toBe(s(335))
    expect(trace.records.some((record) => record.kind === 'fence')).toBe(false)
  })

  it.each([
    [
      'takes a second to start: app is stopped and started with it',
      1000,
      ['stop script:app', 'stop service:app', 'start service:app', 'start script:app'],
    ],
    ['is started again at once: app is left alone', 0, []],
  ])('S15: a hard dependency that %s', (_title, takes, expected) => {
    const rm = `<rm>${PREFER_N1}<service name="db" domain="d">${script('pg')}</service><service name="app" domain="d" depend="service:db">${script('app')}</service></rm>`
    const timings = [{ operation: 'start', subject: 'script:pg', distribution: fixed(takes) }]
    const trace = runShop({
      rm,
      timings,
      timeline: [
        failsAt(100, 'script:pg', 9),
        fault(s(130), 'agent-result', { node: 'n1', resource: 'script:pg', operation: 'status', rc: 0, times: 99 }),
      ],
      until: 104_900,
    })
    expect(
      changes(trace, 'n1', 0, s(20))
        .filter((text) => text.includes('app'))
        .slice(2),
    ).toEqual(['start service:app', 'start script:app'])
    expect(changes(trace, 'n1', s(20)).filter((text) => text.includes('app'))).toEqual(expected)
  })

  it('S16: a node alone of three stops everything; the others fence it and start (row 16)', () => {
    const rm = web().replace(
      '<failoverdomainnode name="n2" priority="2"/>',
      '<failoverdomainnode name="n2" priority="2"/><failoverdomainnode name="n3" priority="3"/>',
    )
    const trace = runShop({
      rm,
      nodes: 3,
      timeline: [fault(s(60), 'partition', { sides: [['n1'], ['n2', 'n3']] })],
      until: 100_000,
    })
    const at = (on: string, decision: string): number => decided(trace, on, decision)[0] ?? 0
    expect(changes(trace, 'n1', s(60), at('n1', 'quorum-lost'))).toEqual(STOP)
    expect(at('n1', 'quorum-lost') - s(60)).toBeGreaterThan(20_900)
    expect(changes(trace, 'n2', s(60))).toEqual(START)
    expect(changes(trace, 'n3', s(60))).toEqual([])
    const fenced = trace.records.filter((record) => record.kind === 'fence' && record.phase === 'requested')
    expect(fenced.map((record) => record.kind === 'fence' && [record.by, record.target])).toEqual([['n2', 'n1']])
  })
})

const CLEAN = '<cman two_node="1" expected_votes="1"/><fence_daemon clean_start="1"/>'

function startFails(node: string, resource: string) {
  return fault(T0 + 2000, 'agent-result', { node, resource, operation: 'start', rc: 1, times: 1 })
}
