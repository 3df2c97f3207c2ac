/** RGManager's cluster below the services: joining, fencing, partitions, reload and central processing. Nodes and times as in rgmanager.test.ts. */
import { describe, expect, it } from 'vitest'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'
import { command, decided, fault } from '../support/pair.ts'
import { changes, clustat, MEMBERS, PREFER_N1, runShop, START, STOP, web } from '../support/shop.ts'

const T0 = 3000
const s = (second: number): number => T0 + 1000 * second
const failsAt = (second: number, resource: string, node = 'n1') =>
  fault(s(second) - 1000, 'agent-result', { node, resource, operation: 'status', rc: 1, times: 1 })
const script = (name: string): string => `<script name="${name}" file="/etc/init.d/${name}"/>`
type FenceRecord = Extract<TraceRecord, { kind: 'fence' }>
const fences = (trace: Trace): readonly string[] =>
  trace.records
    .filter((record): record is FenceRecord => record.kind === 'fence' && record.phase === 'requested')
    .map(({ by, target, device, action }) => `${by} → ${target} by ${device} ${action}`)

describe('joining and fencing (spec 14)', () => {
  it('a node alone at boot fences the other after post_join_delay, before it serves', () => {
    const trace = runShop({ power: [{ node: 'n2', at: 'never' }], until: 60_000 })
    expect(fences(trace)).toEqual(['n1 → n2 by ipmi-n2 reboot'])
    const [asked] = trace.records.filter((record) => record.kind === 'fence')
    expect(asked?.at).toBe(T0 + 6000)
    expect(decided(trace, 'n1', 'stop-before-start')).toEqual([T0 + 9000])
    expect(clustat(trace, 'n1')).toBe('started on n1')
  })

  it('a node that joins within post_join_delay is not fenced', () => {
    const trace = runShop({ power: [{ node: 'n2', at: 6000 }], until: 60_000 })
    expect(fences(trace)).toEqual([])
  })

  it('one of three waits for quorum, for ever', () => {
    const power = [{ node: 'n2', at: 'never' } as const, { node: 'n3', at: 'never' } as const]
    expect(changes(runShop({ nodes: 3, power }), 'n1')).toEqual([])
  })

  it('without a fence method everything stands still until an administrator swears that the node is off', () => {
    const head = '<cman two_node="1" expected_votes="1"/>'
    const timeline = [
      fault(1000, 'fence-unreachable', { device: 'ipmi-n1' }),
      fault(s(60), 'node-crash', { node: 'n1' }),
      command(s(200), 'n2', 'clusvcadm -d web'),
      command(s(250), 'n2', 'fence_ack_manual n1'),
    ]
    const trace = runShop({ head, timeline })
    expect(changes(trace, 'n2', s(60), s(249))).toEqual([])
    // What the operator asked for meanwhile waited for the lock like everything else.
    expect(changes(trace, 'n2', s(250)).slice(0, 4)).toEqual(START)
  })

  it.each(['dead', 'hung'])('a node that is %s is fenced and its service taken', (how) => {
    const strike =
      how === 'dead' ? fault(s(60), 'node-panic', { node: 'n1' }) : fault(s(60), 'node-hang', { node: 'n1' }, 90_000)
    const trace = runShop({ timeline: [strike], until: 79_000 })
    expect(clustat(trace, 'n2')).toBe('started on n2')
  })

  it('two nodes that lose sight of one another shoot at one another; delay decides who lives', () => {
    const cut = fault(s(60), 'partition', { sides: [['n1'], ['n2']] }, 200_000)
    const both = runShop({ timeline: [cut], until: 79_000 })
    expect([...fences(both)].sort()).toEqual(['n1 → n2 by ipmi-n2 reboot', 'n2 → n1 by ipmi-n1 reboot'])
    const one = runShop({ delay: 5, timeline: [cut], until: 90_000 })
    expect(fences(one)[0]).toBe('n1 → n2 by ipmi-n2 reboot')
    expect(decided(one, 'n1', 'owner-lost')).toEqual([])
    expect(clustat(one, 'n1')).toBe('started on n1')
  })

  it('rgmanager dies: its own monitor reboots the node; corosync dies: the peer fences it', () => {
    const monitor = runShop({
      timeline: [fault(s(60), 'process-crash', { node: 'n1', process: 'rgmanager' })],
      until: 70_000,
    })
    expect(monitor.records.some((r) => r.kind === 'node' && r.text.includes('internal monitor reboots'))).toBe(true)
    const ring = runShop({
      timeline: [fault(s(60), 'process-crash', { node: 'n1', process: 'corosync' })],
      until: 79_000,
    })
    expect(fences(ring)).toEqual(['n2 → n1 by ipmi-n1 reboot'])
    expect(clustat(ring, 'n2')).toBe('started on n2')
  })

  it('a node that comes back without a restart is told to go; it stops everything', () => {
    const timeline = [
      fault(1000, 'fence-unreachable', { device: 'ipmi-n3' }),
      fault(s(60), 'partition', { sides: [['n1', 'n2'], ['n3']] }, 40_000),
    ]
    const rm = `<rm><failoverdomains><failoverdomain name="d" restricted="1"><failoverdomainnode name="n3"/></failoverdomain></failoverdomains><service name="web" domain="d">${MEMBERS}</service></rm>`
    const trace = runShop({ nodes: 3, rm, timeline, until: 150_000 })
    expect(
      trace.records.some((r) => r.kind === 'log' && r.text.includes('rejoined the cluster without a restart')),
    ).toBe(true)
    expect(trace.records.some((r) => r.kind === 'process' && r.node === 'n3' && r.state === 'exited')).toBe(true)
  })

  it('messages that are lost are asked for again: a service still fails over and back', () => {
    const lossy = fault(s(20), 'link-lossy', { between: ['n1', 'n2'], chance: 0.3 }, 200_000)
    const trace = runShop({
      timeline: [
        lossy,
        command(s(60), 'n1', 'clusvcadm -r web -m n2'),
        command(s(120), 'n2', 'clusvcadm -r web -m n1'),
      ],
      until: 240_000,
    })
    expect(changes(trace, 'n2', s(20))).toEqual([...START, ...STOP])
    expect(clustat(trace, 'n2')).toBe('started on n1')
  })

  it('quorum comes back: records begin anew and services start, without stop-before-start', () => {
    const timeline = ['n2', 'n3'].map((node) => fault(s(60), 'node-crash', { node }, 60_000))
    const trace = runShop({ nodes: 3, timeline, until: 200_000 })
    expect(decided(trace, 'n1', 'quorum-lost')).toHaveLength(1)
    expect(changes(trace, 'n1', s(60))).toEqual([...STOP, ...START])
  })

  it.each([
    ['starting', 'start', 'started on n2'],
    ['recovering', 'restart', 'recovering'],
  ])('an owner that dies while %s', (_title, when, expected) => {
    const takes = {
      operation: 'start',
      subject: 'script:httpd',
      distribution: { kind: 'fixed', value: 20_000 } as const,
    }
    // The lock's latency on n2 separates the end of the stop from the start.
    const rm = web().replace('"n1" priority="1"', '"n1" priority="2"').replace('"n2" priority="2"', '"n2" priority="1"')
    if (when === 'start') {
      const trace = runShop({
        timings: [takes],
        timeline: [fault(13_000, 'node-crash', { node: 'n1' })],
        until: 50_000,
      })
      expect(trace.records.some((r) => r.kind === 'belief' && r.state === expected)).toBe(true)
      return
    }
    const trace = runShop({ rm, timeline: [failsAt(31, 'script:httpd', 'n2')], until: 100_000 })
    const stopped = trace.records.find((r) => r.kind === 'machine' && r.to === 'recovering')!
    const dies = fault(stopped.at + 1, 'node-crash', { node: 'n2' })
    const crashed = runShop({ rm, timeline: [failsAt(31, 'script:httpd', 'n2'), dies], until: 100_000 })
    expect(clustat(crashed, 'n1')).toBe(expected)
  })
})

describe('configuration reload (spec 14)', () => {
  const reload = command(s(30), 'n2', 'cman_tool version -r')

  it('stops what is gone, starts what is new, restarts what changed', () => {
    const later = [web('', MEMBERS.replace(/<ip[^>]*>/, '').replace('/dev/d', '/dev/e') + script('extra'))]
    const trace = runShop({ later, timeline: [reload], until: s(60) })
    expect(changes(trace, 'n1', s(30))).toEqual(['stop ip:vip', 'stop fs:data', 'start fs:data', 'start script:extra'])
    expect(clustat(trace, 'n2')).toBe('started on n1')
  })

  it('tells the agents of a change that they can take while they run', () => {
    const later = [web('recovery="relocate"')]
    const timeline = [reload, failsAt(60, 'script:httpd')]
    const trace = runShop({ later, timeline, until: s(75) })
    expect(changes(trace, 'n1', s(30), s(59))).toEqual(['reconfig service:web'])
    expect(clustat(trace, 'n1')).toBe('started on n2')
  })

  it('tells only those that changed, and nothing to an agent that has no such action (spec 5)', () => {
    const rm = web('', MEMBERS.replace('device=', 'force_unmount="0" device='))
    const later = [web('', MEMBERS.replace('device=', 'force_unmount="1" device='))]
    const trace = runShop({ rm, later, timeline: [reload], until: s(59) })
    expect(changes(trace, 'n1', s(30))).toEqual([])
    expect(decided(trace, 'n1', 'reload')).toHaveLength(1)
  })

  it('sweeps and starts a new service, stops a removed one, leaves a removed virtual machine', () => {
    const rm = `<rm>${PREFER_N1}<service name="web" domain="d">${script('x')}</service><vm name="guest" domain="d"/></rm>`
    const later = [`<rm>${PREFER_N1}<service name="new" domain="d">${script('y')}</service></rm>`]
    const trace = runShop({ rm, later, timeline: [reload], until: s(60) })
    expect(changes(trace, 'n1', s(30))).toEqual([
      'stop script:x',
      'stop service:web',
      'stop script:y',
      'stop service:new',
      'start service:new',
      'start script:y',
    ])
    expect(changes(trace, 'n2', s(30))).toEqual(['stop script:y', 'stop service:new'])
  })
})

describe('central processing (spec 16)', () => {
  const central = (rm: string): string => rm.replace('<rm', '<rm central_processing="1"')

  it('one master starts services by priority, and moves them to the node that is first', () => {
    const rm = central(
      `<rm>${PREFER_N1}<service name="b" priority="2" domain="d">${script('b')}</service><service name="a" priority="1" domain="d">${script('a')}</service></rm>`,
    )
    const trace = runShop({ rm, timeline: [fault(s(60), 'node-crash', { node: 'n1' }, 30_000)], until: 200_000 })
    expect(changes(trace, 'n1', 0, s(10)).slice(-4)).toEqual([
      'start service:a',
      'start script:a',
      'start service:b',
      'start script:b',
    ])
    expect(changes(trace, 'n2', s(60))).toEqual([
      ...['start service:a', 'start script:a', 'start service:b', 'start script:b'],
      ...['stop script:a', 'stop service:a', 'stop script:b', 'stop service:b'],
    ])
    expect(clustat(trace, 'n2', 'service:b')).toBe('started on n1')
  })

  it('a failed restart goes to the other node, and back home when that fails too', () => {
    const start = (node: string) =>
      fault(s(20), 'agent-result', { node, resource: 'script:httpd', operation: 'start', rc: 1, times: 1 })
    const rm = central(web('recovery="relocate"'))
    const trace = runShop({ rm, timeline: [failsAt(30, 'script:httpd'), start('n2')], until: s(60) })
    expect(changes(trace, 'n1', s(30))).toEqual([...STOP, ...START])
    expect(clustat(trace, 'n2')).toBe('started on n1')
  })

  it('operators go through the master, from any node; a failed service takes only -d', () => {
    const timeline = [
      command(s(30), 'n2', 'clusvcadm -r web'),
      command(s(60), 'n1', 'clusvcadm -d web'),
      command(s(90), 'n2', 'clusvcadm -e web'),
    ]
    const trace = runShop({ rm: central(web()), timeline })
    const at = (second: number): string => clustat(trace, 'n1', 'service:web', s(second))
    expect([at(40), at(70), at(100)]).toEqual(['started on n2', 'disabled', 'started on n1'])
  })

  it('a soft dependent is not stopped with its dependency, a hard one is', () => {
    const services = (mode: string): string =>
      central(
        `<rm>${PREFER_N1}<service name="db" domain="d">${script('pg')}</service><service name="app" domain="d" depend="service:db" depend_mode="${mode}">${script('app')}</service></rm>`,
      )
    const run = (mode: string): Trace =>
      runShop({ rm: services(mode), timeline: [command(s(30), 'n1', 'clusvcadm -s db')], until: s(60) })
    expect(clustat(run('hard'), 'n1', 'service:app')).toBe('stopped')
    expect(clustat(run('soft'), 'n1', 'service:app')).toBe('started on n1')
  })

  it('a stopped exclusive service of number 2 tries again when another has stopped (spec 16)', () => {
    const services = `<service name="web">${script('x')}</service><service name="db" exclusive="2">${script('y')}</service>`
    const trace = runShop({
      rm: central(`<rm>${services}</rm>`),
      head: '<cman two_node="1" expected_votes="1"/><fence_daemon clean_start="1"/>',
      power: [{ node: 'n2', at: 'never' }],
      timeline: [command(s(30), 'n1', 'clusvcadm -d web')],
      until: s(60),
    })
    expect(clustat(trace, 'n1', 'service:db', s(29))).toBe('stopped')
    expect(clustat(trace, 'n1', 'service:db')).toBe('started on n1')
  })

  it('another node takes the role of a dead master', () => {
    const trace = runShop({ rm: central(web()), timeline: [fault(s(60), 'node-crash', { node: 'n1' })], until: 80_000 })
    expect(decided(trace, 'n2', 'central-master').filter((at) => s(60) < at)).toHaveLength(1)
    expect(clustat(trace, 'n2')).toBe('started on n2')
  })
})
