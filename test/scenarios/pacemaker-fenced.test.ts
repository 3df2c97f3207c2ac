/**
 * What fencing ends in: failures, watchdogs, nodes that hear of their own fencing, unfencing, fencers that die, humans who confirm.
 * Source: the rules in titles (spec E-8).
 */
import { describe, expect, it } from 'vitest'
import type { DaemonContext } from '../../src/manager/contract.ts'
import { fenceDone } from '../../src/pacemaker/confirm.ts'
import type { FenceDone } from '../../src/pacemaker/fencer-state.ts'
import type { PacemakerState } from '../../src/pacemaker/state.ts'
import type { CibUpdate } from '../../src/pacemaker/store.ts'
import { advance, createRun } from '../../src/run/simulate.ts'
import { asked, askedAt, crash, device, fences, HOSTS, withDevices, withTopology } from '../support/fencing.ts'
import { command, decisions, fault, logged, runTrio, SETTLED as T, trioScenario } from '../support/trio.ts'

describe('when fencing fails (E-8.4)', () => {
  it('the DC gives up after ten operations, and tries once at the next event', () => {
    const timeline = [
      fault(T, 'fence-fail', { device: 'fencing', after: 1000 }),
      crash('node3'),
      command(T + 120_000, 'node1', 'property batch-limit 10'),
    ]
    const trace = runTrio({ timeline, until: T + 150_000 })
    const requests = logged(trace, 'Requesting fencing (reboot) of node node3').map(({ at }) => at - T)
    expect(requests.filter((at) => at < 120_000)).toHaveLength(10)
    expect(requests.filter((at) => 120_000 <= at)).toHaveLength(1)
    expect(logged(trace, 'Too many failures (10) to fence node3, giving up')).toHaveLength(1)
    expect(logged(trace, 'Too many failures (11) to fence node3, giving up')).toHaveLength(1)
  })

  it('counts as often as it is told, on every node: the next DC goes on', () => {
    const timeline = [
      fault(T, 'fence-fail', { device: 'fencing', after: 1000 }),
      crash('node3'),
      fault(T + 30_000, 'process-crash', { node: 'node1', process: 'pacemaker-controld' }),
    ]
    const options = [{ name: 'electionOrder', value: 'node1 node2 node3' }]
    const trace = runTrio({ timeline, options, properties: { 'stonith-max-attempts': '5' }, until: T + 90_000 })
    expect(logged(trace, 'Taking over DC').length).toBeGreaterThan(1)
    const [given] = logged(trace, 'to fence node3, giving up')
    expect(given?.text).toBe('Too many failures (5) to fence node3, giving up')
    // One whose DC forgot the others' failures would begin at one again.
    expect(logged(trace, 'Requesting peer fencing').filter(({ at }) => at < given!.at)).toHaveLength(5)
  })

  it('without a device it waits for an event at once', () => {
    const trace = runTrio({
      timeline: [crash('node3')],
      replace: [['value="node1 node2 node3"', 'value="node1"']],
      until: T + 60_000,
    })
    expect(logged(trace, 'Requesting fencing (reboot) of node node3')).toHaveLength(1)
    expect(logged(trace, 'giving up for now').length).toBeGreaterThan(0)
  })
})

describe('nodes that reset themselves (E-8.7)', () => {
  const watchdog = { 'have-watchdog': 'true', 'stonith-watchdog-timeout': '10s' }

  it('are waited for where no device can fence them', () => {
    const sides = [['node3'], ['node1', 'node2']]
    const timeline = [fault(T, 'partition', { sides }, 60_000)]
    const trace = runTrio({ timeline, properties: watchdog, ...withDevices(''), until: T + 40_000 })
    const [waits] = logged(trace, 'Waiting 10s for node3 to self-fence (reboot)')
    const [done] = logged(trace, 'Peer node3 was terminated')
    expect(done!.at - waits!.at).toBeGreaterThanOrEqual(10_000)
    expect(done!.at - waits!.at).toBeLessThan(10_100)
    const reset = trace.records.find((record) => record.kind === 'node' && record.node === 'node3' && T < record.at)
    expect(reset?.kind === 'node' && reset.text).toContain('watchdog')
    expect(reset!.at).toBeLessThan(done!.at)
  })

  it('reset a node that stands still', () => {
    const trace = runTrio({
      timeline: [fault(T, 'node-hang', { node: 'node3' })],
      properties: watchdog,
      until: T + 20_000,
    })
    const reset = trace.records.find((record) => record.kind === 'node' && record.to === 'booting' && T < record.at)
    expect(reset!.at - T).toBeLessThan(5100)
  })

  it('twice the time of sbd, where the timeout is left to Pacemaker', () => {
    const properties = { ...watchdog, 'stonith-watchdog-timeout': '-1' }
    const trace = runTrio({ timeline: [crash('node3')], properties, ...withDevices(''), until: T + 40_000 })
    expect(logged(trace, 'Waiting 10s for node3 to self-fence (reboot)')).toHaveLength(1)
  })

  it('are not trusted to where there is no watchdog', () => {
    const properties = { 'stonith-watchdog-timeout': '10s' }
    const trace = runTrio({ timeline: [crash('node3')], properties, ...withDevices(''), until: T + 40_000 })
    expect(logged(trace, 'to self-fence')).toEqual([])
  })

  it('are one of the devices of a topology', () => {
    const levels = withTopology(
      '<fencing-level id="w1" target="node3" index="1" devices="fa"/><fencing-level id="w2" target="node3" index="2" devices="watchdog"/>',
    )
    const timeline = [fault(T, 'fence-fail', { device: 'fa' }), crash('node3')]
    const trace = runTrio({
      timeline,
      properties: watchdog,
      ...withDevices(device('fa', HOSTS), [levels]),
      until: T + 60_000,
    })
    expect(asked(trace).every((line) => line.startsWith('fa '))).toBe(true)
    expect(logged(trace, 'Waiting 10s for node3 to self-fence (reboot)')).toHaveLength(1)
    expect(logged(trace, 'Peer node3 was terminated').length).toBeGreaterThan(0)
  })

  it('are left alone in an orderly stop', () => {
    const timeline = [command(T, 'node3', 'stop')]
    const trace = runTrio({ timeline, properties: watchdog, until: T + 40_000 })
    expect(trace.records.some((record) => record.kind === 'node' && T < record.at)).toBe(false)
  })
})

describe('whoever hears of its own fencing (E-8.4)', () => {
  const hears = (properties: Readonly<Record<string, string>>) =>
    runTrio({
      timeline: [fault(T, 'fence-lie', { device: 'fencing' }), command(T + 10, 'node1', 'fence node2 reboot')],
      properties,
      until: T + 20_000,
    })

  it('stops its daemons and leaves the node up', () => {
    const trace = hears({})
    expect(logged(trace, 'We were allegedly just fenced by')).toHaveLength(1)
    const changes = trace.records.filter((record) => T < record.at && record.kind === 'node' && record.node === 'node2')
    expect(changes).toEqual([])
    expect(
      trace.records.some((r) => r.kind === 'process' && r.node === 'node2' && r.state !== 'running' && T < r.at),
    ).toBe(true)
  })

  it('panics where fence-reaction says so', () => {
    const trace = hears({ 'fence-reaction': 'panic' })
    expect(logged(trace, 'We were allegedly just fenced by')).toHaveLength(1)
    expect(trace.records.some((r) => r.kind === 'node' && r.node === 'node2' && r.to === 'booting' && T < r.at)).toBe(
      true,
    )
  })

  it('is held for fenced by all where it was the DC', () => {
    const trace = runTrio({
      timeline: [command(T, 'node2', 'fence node1 off')],
      options: [{ name: 'electionOrder', value: 'node1 node2 node3' }],
      until: T + 40_000,
    })
    expect(asked(trace)).toHaveLength(1)
    expect(decisions(trace).some((line) => line.startsWith('Fence'))).toBe(false)
  })

  it('is written as down by its executioner where it was the DC, and remembered by all', () => {
    const run = createRun(trioScenario({ options: [{ name: 'electionOrder', value: 'node1' }], until: T }))
    advance(run, T)
    const done: FenceDone = {
      ...{ leader: 'node2', operation: 1, target: 'node1', action: 'off', isOk: true, hadDevice: true, by: 'node3' },
      ...{ client: 'stonith_admin.1', life: 'node2-1', actionId: undefined, isMerged: false, text: 'OK' },
    }
    const told = ['node2', 'node3'].map((node) => {
      const state = run.state.daemons.get(node) as PacemakerState
      const context = { now: T, clock: T, node, disk: new Map(), act: () => undefined } as unknown as DaemonContext
      fenceDone(state, context, done)
      const updates = state.ring.waiting.map(({ data }) => (data as { update?: CibUpdate }).update)
      return [[...state.fencer.cleaned], updates.find((update) => update?.kind === 'node')]
    })
    const fields = { join: 'down', expected: 'down', inCcm: 'false', crmd: 'offline' }
    expect(told).toMatchObject([
      [['node1'], undefined],
      [['node1'], { kind: 'node', node: { name: 'node1' }, fields }],
    ])
  })
})

describe('unfencing (E-8.3, E-8.4)', () => {
  const scsi = device('fs', { ...HOSTS, devices: '/dev/sda' }, 'fence_scsi').replace(
    '<instance_attributes',
    '<meta_attributes id="fsm"><nvpair id="fsp" name="provides" value="unfencing"/></meta_attributes><instance_attributes',
  )

  it('is done by each node for itself, and what its devices were is kept', () => {
    const trace = runTrio({ ...withDevices(scsi), until: T })
    const unfenced = trace.records.flatMap((record) =>
      record.kind === 'fence' && record.phase === 'requested' ? [`${record.action} ${record.target} ${record.by}`] : [],
    )
    expect([...new Set(unfenced)].sort()).toEqual(['on node1 node1', 'on node2 node2', 'on node3 node3'])
    for (const node of ['node1', 'node2', 'node3']) {
      expect(logged(trace, `Setting #node-unfenced[${node}]`).length).toBeGreaterThan(0)
      expect(logged(trace, `Setting #digests-all[${node}]: (unset) -> fs:fence_scsi:`).length).toBeGreaterThan(0)
      expect(logged(trace, `Setting #digests-secure[${node}]`).length).toBeGreaterThan(0)
    }
  })

  it('is done again where a device is defined otherwise', () => {
    const timeline = [command(T, 'node1', 'crm_resource -r fs -p devices -v /dev/sdb')]
    const trace = runTrio({ timeline, ...withDevices(scsi), until: T + 30_000 })
    expect(asked(trace).filter((line) => line.startsWith('fs on')).length).toBeGreaterThan(0)
  })
})

describe('a fencer that dies (E-8.4)', () => {
  const dies = (node: string, at: number) => fault(at, 'process-crash', { node, process: 'pacemaker-fenced' })

  it('is started again, with its devices; nobody is fenced for it', () => {
    const timeline = [dies('node1', T), command(T + 20_000, 'node1', 'fence node3 off')]
    const trace = runTrio({ timeline, until: T + 40_000 })
    expect(logged(trace, 'Pacemaker fencer successfully started')).toHaveLength(1)
    expect(asked(trace)).toHaveLength(1)
    expect(trace.records.some((record) => record.kind === 'fence' && record.at < T + 20_000)).toBe(false)
  })

  it('is held for verified again once a monitor of its device has run', () => {
    const waited = (at: number) => {
      const trace = runTrio({ timeline: [dies('node1', T), crash('node3', at)], until: at + 20_000 })
      const from = logged(trace, 'Requesting peer fencing')[0]!.at
      const chosen = logged(trace, 'Requesting that')[0]!
      const heard = logged(trace, 'Query result').filter((line) => from <= line.at && line.at <= chosen.at)
      return [heard.length, chosen.text.split(' ')[2]]
    }
    // Before that all answers are waited for, and the later of equal ones is taken.
    expect(waited(T + 1000)).toEqual([2, 'node2'])
    expect(waited(T + 65_000)).toEqual([1, 'node1'])
  })

  it("of the DC's node: what was asked for is lost, and asked for again", () => {
    const [lost] = logged(runTrio({ timeline: [crash('node3')], until: T + 20_000 }), 'Requesting fencing (reboot)')
    const timeline = [crash('node3'), dies('node1', lost!.at + 1000)]
    const trace = runTrio({
      timeline,
      options: [{ name: 'electionOrder', value: 'node1 node2 node3' }],
      until: T + 40_000,
    })
    expect(logged(trace, 'The fencer is gone: what it was asked for is lost')).toHaveLength(1)
    expect(logged(trace, 'Requesting fencing (reboot) of node node3').length).toBe(2)
    expect(logged(trace, 'Peer node3 was terminated').length).toBeGreaterThan(0)
  })

  it('of the node whose device is at work: another peer is asked, what the agent does it does', () => {
    const pin = '<rsc_location id="pin" rsc="fencing" node="node2" score="INFINITY"/></constraints>'
    const base = { replace: [['</constraints>', pin]] as const }
    const [at] = askedAt(runTrio({ timeline: [crash('node3')], ...base, until: T + 20_000 }))
    const trace = runTrio({ timeline: [crash('node3'), dies('node2', at! + 1000)], ...base, until: T + 40_000 })
    expect(asked(trace)).toEqual(['fencing reboot node3 node2', 'fencing reboot node3 node1'])
    expect(fences(trace, 'succeeded')).toBe(2)
  })
})

describe('a human who confirms (E-8.8)', () => {
  it('is believed at once', () => {
    const timeline = [
      fault(T, 'fence-fail', { device: 'fencing' }),
      crash('node3'),
      command(T + 20_000, 'node1', 'stonith_admin --confirm node3'),
    ]
    const trace = runTrio({ timeline, until: T + 40_000 })
    expect(
      logged(trace, 'Peer node3 was terminated (off) by a human on behalf of stonith_admin@node1: OK').length,
    ).toBe(2)
  })
})
