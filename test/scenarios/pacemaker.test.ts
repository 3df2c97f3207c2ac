/**
 * A living Pacemaker cluster of three nodes: group g1 g2 g3, solo (prefers node2), promotable clone st, one fence device; each story is
 * a worked case of spec E. Titles end in the rule that they show.
 */
import { describe, expect, it } from 'vitest'
import { command, decisions, fault, logged, placesOf, results, runTrio, SETTLED as T } from '../support/trio.ts'

describe('Pacemaker, start', () => {
  it('probes everything, then starts it, promotes one instance, and rests (E-4.6)', () => {
    const trace = runTrio({ until: T })
    expect(placesOf(trace, 'g1')).toHaveLength(1)
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
    expect(placesOf(trace, 'st').filter((place) => place.endsWith('*'))).toHaveLength(1)
    expect(results(trace, 0).filter((line) => line.startsWith('g1 monitor/0'))).toHaveLength(3)
    expect(logged(trace, 'Taking over DC')).toHaveLength(1)
  })

  it('does nothing without quorum (E-4.6)', () => {
    const power = [
      { node: 'node2', at: 'never' },
      { node: 'node3', at: 'never' },
    ] as const
    const trace = runTrio({ until: 90_000, power })
    expect(decisions(trace, 0).every((line) => line.endsWith('due to no quorum (blocked)'))).toBe(true)
    expect(placesOf(trace, 'g1')).toEqual([])
  })
})

describe('Pacemaker, failures of resources', () => {
  const failsOn = (resource: string, node: string) => fault(T, 'service-crash', { node, resource })

  it('recovers a failed monitor in place: stop, start, monitor (E-12.1)', () => {
    const trace = runTrio({ timeline: [failsOn('solo', 'node2')], until: T + 30_000 })
    expect(results(trace)).toEqual([
      'solo monitor/10000@node2=7',
      'solo stop/0@node2=0',
      'solo start/0@node2=0',
      'solo monitor/10000@node2=0',
    ])
    expect(logged(trace, 'is obsolete').length).toBeGreaterThan(0)
  })

  it('moves after migration-threshold failures (E-12.2)', () => {
    const timeline = [failsOn('solo', 'node2')]
    const trace = runTrio({
      timeline,
      until: T + 30_000,
      replace: [['"migration-threshold" value="3"', '"migration-threshold" value="1"']],
    })
    expect(decisions(trace)).toContain('Recover solo ( node2 -> node3 )')
    expect(placesOf(trace, 'solo')).toEqual(['node3'])
  })

  it('stops once more what failed to start, and starts it elsewhere (E-12.3)', () => {
    const start = fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'start', rc: 1 })
    const trace = runTrio({ timeline: [start, failsOn('solo', 'node2')], until: T + 30_000 })
    expect(results(trace).map((line) => line.replace('solo ', ''))).toEqual([
      'monitor/10000@node2=7',
      'stop/0@node2=0',
      'start/0@node2=1',
      'stop/0@node2=0',
      'start/0@node3=0',
      'monitor/10000@node3=0',
    ])
  })

  it('starts nowhere again after a fatal error (E-9.5)', () => {
    const start = fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'start', rc: 6 })
    const trace = runTrio({ timeline: [start, failsOn('solo', 'node2')], until: T + 30_000 })
    expect(placesOf(trace, 'solo')).toEqual([])
    expect(decisions(trace)).toContain('Stop solo ( node2 ) due to node availability')
  })

  it('fences a node that cannot stop a resource (E-12.4)', () => {
    const stop = fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'stop', rc: 1 })
    const trace = runTrio({ timeline: [stop, failsOn('solo', 'node2')], until: T + 60_000 })
    expect(decisions(trace)).toContain("Fence (reboot) node2 'solo failed there'")
    expect(placesOf(trace, 'solo')).toHaveLength(1)
  })

  it('blocks a resource that cannot be stopped where there is no fencing (E-12.5)', () => {
    const stop = fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'stop', rc: 1 })
    const replace = [['name="stonith-enabled" value="true"', 'name="stonith-enabled" value="false"']] as const
    const trace = runTrio({ timeline: [stop, failsOn('solo', 'node2')], until: T + 60_000, replace })
    expect(results(trace).at(-1)).toBe('solo stop/0@node2=1')
    expect(placesOf(trace, 'g1')).toHaveLength(1)
  })

  it('counts a failure once and forgets it after failure-timeout (E-12.12)', () => {
    const replace = [
      ['<nvpair id="rd-stick"', '<nvpair id="rd-ft" name="failure-timeout" value="60s"/><nvpair id="rd-stick"'],
      ['"migration-threshold" value="3"', '"migration-threshold" value="1"'],
    ] as const
    const trace = runTrio({ timeline: [failsOn('solo', 'node2')], until: T + 120_000, replace })
    const moved = trace.records.find(
      (record) => record.kind === 'decision' && record.text.includes('Recover solo ( node2 -> node3 )'),
    )!
    const back = trace.records.find(
      (record) => record.kind === 'decision' && record.text.includes('Move solo ( node3 -> node2 )'),
    )!
    expect(back.at - moved.at).toBeGreaterThan(59_000)
    expect(back.at - moved.at).toBeLessThan(63_000)
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
  })
})

describe('Pacemaker, nodes', () => {
  it('is told of a loss after token and consensus, fences, then recovers (E-2.2, E-8)', () => {
    const trace = runTrio({ timeline: [fault(T, 'node-crash', { node: 'node2' })], until: T + 20_000 })
    const dead = trace.records.find((record) => record.kind === 'membership' && record.status === 'dead')!
    expect(dead.at - T).toBeGreaterThan(7300)
    expect(dead.at - T).toBeLessThan(8100)
    expect(decisions(trace)[0]).toBe("Fence (reboot) node2 'peer is no longer part of the cluster'")
    expect(placesOf(trace, 'solo')).toEqual(['node1'])
  })

  it('fences a node again that was fenced once, under whichever DC, and came back (E-8.4)', () => {
    const later = T + 120_000
    const trace = runTrio({
      options: [{ name: 'electionOrder', value: 'node1 node2 node3' }],
      timeline: [
        fault(T, 'agent-result', { node: 'node1', resource: 'st', operation: 'stop', rc: 1, times: 1 }),
        fault(T, 'service-crash', { node: 'node1', resource: 'st', leaves: 'failed' }),
        fault(later, 'node-hang', { node: 'node1' }, 60_000),
        fault(later, 'node-crash', { node: 'node2' }),
      ],
      replace: [['name="no-quorum-policy" value="stop"', 'name="no-quorum-policy" value="ignore"']],
      until: later + 30_000,
    })
    expect(logged(trace, 'Marking node1, target of a previous stonith action, as clean')).toHaveLength(2)
    expect(decisions(trace, later)).toContain("Fence (reboot) node1 'peer is no longer part of the cluster'")
    expect(trace.records.filter((r) => r.kind === 'node' && r.node === 'node1' && r.to === 'booting')).toHaveLength(3)
  })

  it('elects another DC where the DC is lost (E-9.2)', () => {
    const [first] = logged(runTrio({ until: T }), 'Taking over DC')
    expect(first).toBeDefined()
    const trace = runTrio({ timeline: [fault(T, 'node-crash', { node: 'node1' })], until: T + 30_000 })
    expect(logged(trace, 'Taking over DC')).toHaveLength(2)
    expect(decisions(trace)[0]).toBe("Fence (reboot) node1 'peer is no longer part of the cluster'")
  })

  it('takes a node back, probes it and moves back what prefers it (E-12.14)', () => {
    const trace = runTrio({ timeline: [fault(T, 'node-crash', { node: 'node2' })], until: T + 60_000 })
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
    expect(placesOf(trace, 'st')).toHaveLength(3)
  })

  it('fences the lone half of a partition, which stops everything (E-12.7)', () => {
    const sides = [['node2'], ['node1', 'node3']]
    const trace = runTrio({ timeline: [fault(T, 'partition', { sides }, 60_000)], until: T + 110_000 })
    expect(decisions(trace)).toContain("Fence (reboot) node2 'peer is no longer part of the cluster'")
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
    expect(trace.records.some((record) => record.kind === 'fence' && record.target !== 'node2')).toBe(false)
  })

  it('asks another peer where a device fails twice (E-8.11)', () => {
    const timeline = [
      fault(T, 'fence-fail', { device: 'fencing', times: 2 }),
      fault(T, 'node-crash', { node: 'node3' }),
    ]
    const trace = runTrio({ timeline, until: T + 30_000 })
    const asked = logged(trace, "perform 'reboot' action").map(({ text }) => text.split(' ')[2])
    expect(new Set(asked).size).toBe(2)
    expect(logged(trace, 'was terminated').length).toBeGreaterThan(0)
  })

  it('knows a fenced DC for clean under the next one (E-8.4)', () => {
    const timeline = [
      fault(T, 'agent-result', { node: 'node1', resource: 'g1', operation: 'stop', rc: 1 }),
      fault(T + 10, 'service-crash', { node: 'node1', resource: 'g1' }),
    ]
    const replace = [['rsc="solo" node="node2"', 'rsc="grp" node="node1"']] as const
    const trace = runTrio({ timeline, until: T + 60_000, replace })
    expect(logged(trace, 'Marking node1, target of a previous stonith action, as clean').length).toBeGreaterThan(0)
    expect(trace.records.filter((record) => record.kind === 'fence' && record.phase === 'succeeded')).toHaveLength(1)
    // It led the operation itself: both survivors are told by whoever carried it out.
    const dead = 'pacemaker-controld.node1-1@node1: OK'
    const by = /Requesting that (node\d)/.exec(logged(trace, 'Requesting that')[0]!.text)![1]
    expect(logged(trace, `Operation 'reboot' targeting node1 by ${by} for ${dead} (complete)`)).toHaveLength(2)
    expect(logged(trace, `Peer node1 was terminated (reboot) by ${by} on behalf of ${dead}`)).toHaveLength(2)
  })

  it('carries on after a controller that died and came back (E-12.16)', () => {
    const timeline = [fault(T, 'process-crash', { node: 'node2', process: 'pacemaker-controld' })]
    const trace = runTrio({ timeline, until: T + 30_000 })
    expect(trace.records.some((record) => record.kind === 'fence')).toBe(false)
    expect(results(trace).filter((line) => line.startsWith('solo'))).toEqual([
      'solo monitor/0@node2=0',
      'solo monitor/10000@node2=0',
    ])
  })

  it('empties a node before it leaves, without fencing (E-12.15)', () => {
    const trace = runTrio({ timeline: [command(T, 'node2', 'stop')], until: T + 60_000 })
    expect(placesOf(trace, 'solo')).toEqual(['node1'])
    expect(trace.records.some((record) => record.kind === 'fence')).toBe(false)
    const [asked] = logged(trace, '(do_shutdown on node2)')
    const id = /'(\d+)'/.exec(asked!.text)![1]
    expect(logged(trace, 'do_shutdown of peer node2').map(({ text }) => text)).toEqual([
      `do_shutdown of peer node2 is in progress | action=${id}`,
      `do_shutdown of peer node2 is complete | action=${id}`,
    ])
  })

  it('lets its DC leave last of all (E-10.1)', () => {
    const trace = runTrio({ timeline: [command(T, 'node1', 'stop')], until: T + 60_000 })
    expect(trace.records.some((record) => record.kind === 'fence')).toBe(false)
    expect(logged(trace, 'Taking over DC')).toHaveLength(2)
    expect(placesOf(trace, 'g1')).not.toContain('node1')
  })
})

describe('Pacemaker, commands', () => {
  it('standby empties a node, unstandby gives it back (E-12.13)', () => {
    const timeline = [command(T, 'node1', 'standby node2'), command(T + 30_000, 'node1', 'unstandby node2')]
    const trace = runTrio({ timeline, until: T + 60_000 })
    expect(decisions(trace)).toContain('Move solo ( node2 -> node1 )')
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
  })

  it('move, clear, disable, enable (E-10)', () => {
    const timeline = [
      command(T, 'node1', 'crm_resource --move -r solo -N node3'),
      command(T + 10_000, 'node1', 'disable grp'),
      command(T + 20_000, 'node1', 'enable grp'),
    ]
    const trace = runTrio({ timeline, until: T + 40_000 })
    expect(placesOf(trace, 'solo')).toEqual(['node3'])
    expect(results(trace).some((line) => line.startsWith('g1 stop/0'))).toBe(true)
    expect(placesOf(trace, 'g3')).toHaveLength(1)
  })

  it('maintenance-mode lets a failure pass until it ends (E-10)', () => {
    const timeline = [
      command(T, 'node1', 'maintenance on'),
      fault(T + 5000, 'service-crash', { node: 'node2', resource: 'solo' }),
      command(T + 40_000, 'node1', 'maintenance off'),
    ]
    const trace = runTrio({ timeline, until: T + 60_000 })
    const failure = trace.records.find(
      (record) => record.kind === 'belief' && record.about === 'solo monitor/10000' && record.state === 'rc=7',
    )!
    expect(failure.at).toBeGreaterThan(T + 40_000)
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
  })

  it('says what is wrong with a command it does not know', () => {
    const trace = runTrio({ timeline: [command(T, 'node1', 'make coffee')], until: T + 1000 })
    expect(logged(trace, 'knows no command "make"')).toHaveLength(1)
  })
})
