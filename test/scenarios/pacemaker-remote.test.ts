/**
 * Remote nodes, guests and bundles in a living cluster. node1 holds the connection to far1 (or runs the virtual machine vm, whose guest is
 * guest1); web runs behind it. Each story is a sentence of spec E-9.8.
 */
import { describe, expect, it } from 'vitest'
import type { Trace } from '../../src/trace/record.ts'
import { runBehind, truths } from '../support/remote.ts'
import { command, decisions, fault, logged, placesOf, results, runTrio, SETTLED } from '../support/trio.ts'

/** Connected, started, at rest. */
const T = 90_000
const UNTIL = T + 120_000

describe('a remote node (E-9.8)', () => {
  it('is probed when its connection stands, then runs what is placed on it', () => {
    const trace = runBehind('remote', [], T)
    expect(placesOf(trace, 'web')).toEqual(['far1'])
    expect(logged(trace, 'Pacemaker Remote node integrated')).toHaveLength(1)
    expect(results(trace, 0).filter((line) => line.startsWith('web ') && line.includes('@far1'))).toEqual([
      'web monitor/0@far1=7',
      'web start/0@far1=0',
      'web monitor/10000@far1=0',
    ])
  })

  it('keeps its services when its host dies: another node connects and finds them', () => {
    const trace = runBehind('remote', [fault(T, 'node-crash', { node: 'node1' })], UNTIL)
    expect(truths(trace, 'web', T)).toEqual([])
    expect(decisions(trace, T)).toContain('Move far1 ( node1 -> node2 )')
    expect(results(trace, T)).toContain('web monitor/0@far1=0')
    expect(decisions(trace, T).filter((line) => line.startsWith('Fence'))).toEqual([
      "Fence (reboot) node1 'peer is no longer part of the cluster'",
    ])
  })

  it('moves its connection in a live migration that its services do not notice', () => {
    const trace = runBehind('remote', [command(T, 'node2', 'standby node1')], T + 30_000)
    expect(truths(trace, 'web', T)).toEqual([])
    expect(decisions(trace, T)).toContain('Migrate far1 ( node1 -> node2 )')
    expect(results(trace, T).filter((line) => line.startsWith('far1 '))).toEqual(
      expect.arrayContaining(['far1 migrate_to/0@node1=0', 'far1 migrate_from/0@node2=0', 'far1 stop/0@node1=0']),
    )
    expect(logged(trace, 'Lost connection')).toEqual([])
  })

  it('is fenced when it does not answer, and only then its service starts elsewhere', () => {
    const trace = runBehind('remote', [fault(T, 'node-crash', { node: 'far1' })], UNTIL)
    expect(results(trace, T)[0]).toBe('far1 monitor/20000@node1=Timed Out (Resource agent did not complete within 15s)')
    expect(decisions(trace, T)[0]).toBe("Fence (reboot) far1 'remote connection is unrecoverable'")
    const fenced = logged(trace, 'Peer far1 was terminated')[0]!.at
    const started = trace.records.find(
      (record) => record.kind === 'lifecycle' && T < record.at && record.node !== 'far1' && record.resource === 'web',
    )
    expect(started?.at ?? 0).toBeGreaterThanOrEqual(fenced)
    expect(placesOf(trace, 'web')).toEqual(['far1'])
  })

  it('is noticed at once where its daemon begins anew: the connection is refused', () => {
    const timeline = [
      fault(T, 'process-crash', { node: 'far1', process: 'corosync' }),
      command(T + 100, 'far1', 'pacemaker start'),
    ]
    const trace = runBehind('remote', timeline, UNTIL)
    const [lost] = logged(trace, 'Lost connection to Pacemaker Remote node far1')
    expect(lost!.at).toBeLessThan(T + 21_000)
    expect(results(trace, T)[0]).toBe('far1 monitor/20000@node1=1')
  })

  it('is emptied before it goes, and its connection ends', () => {
    const trace = runBehind('remote', [command(T, 'far1', 'shutdown')], T + 60_000)
    expect(truths(trace, 'web', T).slice(0, 2)).toEqual(['web@far1 stopping', 'web@far1 stopped'])
    expect(placesOf(trace, 'web')).toEqual(['node1'])
    expect(results(trace, T)).toContain('far1 stop/0@node1=0')
    expect(decisions(trace, T).filter((line) => line.startsWith('Fence'))).toEqual([])
    expect(
      trace.records.some((record) => record.kind === 'node' && record.node === 'far1' && record.to === 'off'),
    ).toBe(true)
  })

  it('goes on with another connection when the controller that held it dies', () => {
    const crash = fault(T, 'process-crash', { node: 'node1', process: 'pacemaker-controld' })
    const trace = runBehind('remote', [crash], UNTIL)
    expect(truths(trace, 'web', T)).toEqual([])
    expect(logged(trace, 'has connected').filter(({ at }) => T <= at).length).toBeGreaterThan(0)
  })

  it('counts failures of its resources and forgets them at a cleanup', () => {
    const timeline = [
      fault(T, 'service-crash', { node: 'far1', resource: 'web' }),
      command(T + 30_000, 'node2', 'cleanup web'),
    ]
    const trace = runBehind('remote', timeline, T + 60_000)
    expect(logged(trace, 'Setting fail-count-web#monitor_10000[far1]: (unset) -> 1')).toHaveLength(1)
    expect(logged(trace, 'Setting fail-count-web#monitor_10000[far1]: 1 -> (unset)')).toHaveLength(1)
    expect(placesOf(trace, 'web')).toEqual(['far1'])
  })
})

describe('a guest (E-9.8)', () => {
  it('has power while its container runs, and comes back with it on another host', () => {
    const trace = runBehind('guest', [fault(T, 'node-crash', { node: 'node1' })], UNTIL)
    const power = trace.records.flatMap((record) =>
      record.kind === 'node' && record.node === 'guest1' && T <= record.at ? [record.to] : [],
    )
    expect(power.slice(0, 3)).toEqual(['off', 'booting', 'up'])
    expect(placesOf(trace, 'vm')).toHaveLength(1)
    expect(placesOf(trace, 'web')).toEqual(['guest1'])
    expect(logged(trace, 'Requesting fencing').filter(({ text }) => text.includes('guest1'))).toEqual([])
  })

  it('is recovered by its container, not by fencing', () => {
    const trace = runBehind('guest', [fault(T, 'service-crash', { node: 'node1', resource: 'vm' })], UNTIL)
    expect(results(trace, T).filter((line) => line.startsWith('vm '))).toEqual(
      expect.arrayContaining(['vm monitor/10000@node1=7', 'vm stop/0@node1=0', 'vm start/0@node1=0']),
    )
    expect(logged(trace, 'Requesting fencing')).toEqual([])
    expect(placesOf(trace, 'web')).toEqual(['guest1'])
  })
})

describe('a bundle (E-9.8)', () => {
  it('starts address, container, connection, then what runs inside', () => {
    const trace = runBehind('bundle', [], T)
    expect(placesOf(trace, 'web')).toEqual(['shop-0', 'shop-1'])
    const starts = results(trace, 0).filter((line) => /start\/0@/.test(line) && /(131|podman-0|shop-0|web)/.test(line))
    expect(starts.filter((line) => !line.includes('shop-1')).map((line) => line.split(' ')[0])).toEqual([
      'shop-ip-192.168.122.131',
      'shop-podman-0',
      'shop-0',
      'web',
    ])
  })

  it('loses one replica with its node and gets it back', () => {
    const before = runBehind('bundle', [], T)
    const [host = ''] = placesOf(before, 'shop-podman-0')
    const trace = runBehind('bundle', [fault(T, 'node-crash', { node: host })], UNTIL)
    expect(truths(trace, 'web', T).slice(0, 1)).toEqual(['web@shop-0 stopped'])
    expect(placesOf(trace, 'web')).toEqual(['shop-0', 'shop-1'])
  })
})

describe('on-fail=restart-container (A-14.14, C-5; what crm_simulate decides, too)', () => {
  const changes = (trace: Trace, id: string): readonly string[] =>
    truths(trace, id, T).map((line) => line.split(' ')[1] ?? '')

  it('of a bundle it is the answer to a failed stop: the container goes down and comes back, no host is fenced', () => {
    const timeline = [
      fault(T, 'agent-result', { node: 'shop-0', resource: 'web', operation: 'stop', rc: 1 }),
      fault(T + 1000, 'service-crash', { node: 'shop-0', resource: 'web' }),
    ]
    const trace = runBehind('bundle', timeline, UNTIL)
    expect(results(trace, T).filter((line) => / (start|stop)\/0@/.test(line))).toEqual([
      'web stop/0@shop-0=1',
      'shop-0 stop/0@node2=0',
      'shop-podman-0 stop/0@node2=0',
      'shop-podman-0 start/0@node2=0',
      'shop-0 start/0@node2=0',
      'web start/0@shop-0=0',
    ])
    expect(changes(trace, 'shop-podman-1')).toEqual([])
    expect(logged(trace, 'Requesting fencing')).toEqual([])
    expect(placesOf(trace, 'web')).toEqual(['shop-0', 'shop-1'])
  })

  const inner = (onFail: string): Trace =>
    runTrio({
      replace: [
        [
          '<primitive id="solo"',
          `<primitive id="inner" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="in-m"><nvpair id="in-c" name="container" value="solo"/></meta_attributes><operations><op id="in-mon" name="monitor" interval="10s"${onFail}/></operations></primitive><primitive id="solo"`,
        ],
        [
          '<constraints>',
          '<constraints><rsc_colocation id="in-col" rsc="inner" with-rsc="solo" score="INFINITY"/><rsc_order id="in-ord" first="solo" then="inner"/>',
        ],
      ],
      timeline: [fault(T, 'service-crash', { node: 'node2', resource: 'inner' })],
    })

  it('of a resource with the meta-attribute container it restarts the container, also by default', () => {
    for (const onFail of ['', ' on-fail="restart-container"']) {
      const trace = inner(onFail)
      expect(decisions(trace)).toEqual(['Recover inner ( node2 )', 'Restart solo ( node2 )'])
      expect(changes(trace, 'solo')).toEqual(['stopping', 'stopped', 'starting', 'started'])
      expect(placesOf(trace, 'inner')).toEqual(['node2'])
    }
    expect(decisions(inner(' on-fail="restart"'))).toEqual(['Recover inner ( node2 )'])
  })
})

describe('shutdown locks (E-9.8, E-5.2)', () => {
  const locked = (limit: string) => ({
    properties: { 'shutdown-lock': 'true', 'shutdown-lock-limit': limit },
    power: [],
  })

  it('keep what ran on a node that was shut down until it is back', () => {
    const timeline = [command(SETTLED, 'node2', 'shutdown'), fault(SETTLED + 60_000, 'node-boot', { node: 'node2' })]
    const trace = runTrio({ ...locked('0'), timeline, until: SETTLED + 150_000 })
    expect(truths(trace, 'solo', SETTLED)).toEqual([
      'solo@node2 stopping',
      'solo@node2 stopped',
      'solo@node2 starting',
      'solo@node2 started',
    ])
  })

  it('are given up after shutdown-lock-limit: the resource starts elsewhere', () => {
    const timeline = [command(SETTLED, 'node2', 'shutdown')]
    const trace = runTrio({ ...locked('60s'), timeline, until: SETTLED + 150_000 })
    const cleared = logged(trace, 'Shutdown lock cleared').map(({ text }) => /@id='([^']+)'/.exec(text)?.[1])
    expect(cleared).toContain('solo')
    const [started] = trace.records.filter(
      (record) =>
        record.kind === 'lifecycle' && record.resource === 'solo' && SETTLED < record.at && record.to === 'started',
    )
    expect(started?.at ?? 0).toBeGreaterThan(SETTLED + 60_000)
    expect(placesOf(trace, 'solo')).toHaveLength(1)
  })
})

describe('keys of connections (E-9.8)', () => {
  const key = (node: string, how: string, at = 1000) => fault(at, 'authkey-wrong', { node, how })
  const starts = (trace: Trace) => results(trace, 0).filter((line) => line.startsWith('far1 start'))

  it('a host without a key fails at once and for good; another connects', () => {
    const trace = runBehind('remote', [key('node1', 'missing')], T)
    const refused = trace.records.find(
      (record) => record.kind === 'belief' && record.about === 'far1 start/0' && record.state.startsWith('rc=2'),
    )
    const begun = trace.records.find((record) => record.kind === 'log' && record.text.startsWith('Processing graph'))
    expect(starts(trace)).toEqual(['far1 start/0@node1=2', 'far1 start/0@node2=0'])
    expect(refused!.at - begun!.at).toBeLessThan(1000)
    expect(placesOf(trace, 'web')).toEqual(['far1'])
  })

  it.each(['different', 'missing'])(
    'a remote node whose key is %s takes nobody: every host fails, it stays away',
    (how) => {
      const trace = runBehind('remote', [key('far1', how)], T)
      expect(starts(trace)).toEqual(['far1 start/0@node1=2', 'far1 start/0@node2=2', 'far1 start/0@node3=2'])
      expect(logged(trace, 'the authentication keys differ')).toHaveLength(3)
      expect(placesOf(trace, 'far1')).toEqual([])
    },
  )

  it('a connection that stands is not touched', () => {
    const trace = runBehind('remote', [key('far1', 'different', T)], T + 60_000)
    expect(truths(trace, 'web', T)).toEqual([])
    expect(decisions(trace, T)).toEqual([])
  })
})

describe('maintenance of a remote node (C-21.17, E-10)', () => {
  it('is told to it once, and once more when it ends', () => {
    const timeline = [
      command(T, 'node1', 'maintenance node far1'),
      command(T + 10_000, 'node1', 'property batch-limit 5'),
      command(T + 20_000, 'node1', 'maintenance node far1 off'),
    ]
    const trace = runBehind('remote', timeline, T + 40_000)
    expect(logged(trace, 'Maintenance of this node is').map(({ text }) => text)).toEqual([
      'Maintenance of this node is on',
      'Maintenance of this node is off',
    ])
  })
})
