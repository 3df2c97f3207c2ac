/** Rings, the two that tell a controller of a loss, quorum, and the numbers that decisions carry, in whole runs. Source: spec E-2, E-3, E-5.9. */
import { describe, expect, it } from 'vitest'
import { pacemaker } from '../../src/pacemaker/manager.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, fault, logged, runTrio, SETTLED, type TrioWish, trioScenario } from '../support/trio.ts'

const T = SETTLED
const RING = /^A new membership \((\S+)\) was formed/

/** The names of the rings that a node was in, from `from` on. */
function ringsOf(trace: Trace, node: string, from = 0): readonly string[] {
  return trace.records.flatMap((record) => {
    const ring = record.kind === 'log' && record.node === node && from <= record.at ? RING.exec(record.text) : null
    return ring === null ? [] : [ring[1]!]
  })
}

/** What a node's log says from `from` on, as far as it fits. */
function linesOf(trace: Trace, node: string, pattern: RegExp, from = T): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'log' && record.node === node && from <= record.at && pattern.test(record.text)
      ? [record.text]
      : [],
  )
}

/** The states that a node's controller went through from `from` on. */
function statesOf(trace: Trace, node: string, from: number, until: number): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'machine' &&
    record.node === node &&
    record.machine === 'controller' &&
    from <= record.at &&
    record.at < until
      ? [record.to]
      : [],
  )
}

const option = (value: string): NonNullable<TrioWish['options']> => [{ name: 'lossOrder', value }]
const crash = (node: string, at = T) => fault(at, 'node-crash', { node })

describe('rings (E-2)', () => {
  it('are numbered on from what their nodes keep on disk: a node that boots begins with 5 more (E-2.6)', () => {
    const trace = runTrio({ timeline: [crash('node2'), crash('node3', T + 60_000)], until: T + 120_000 })
    expect(ringsOf(trace, 'node2')).toEqual(['2.5', '1.9', '2.e', '1.12', '1.16', '1.1b'])
    expect(ringsOf(trace, 'node1')).toEqual(['1.5', '1.9', '1.d', '1.12', '1.16', '1.1b'])
    expect(ringsOf(trace, 'node3')).toEqual(['3.5', '1.9', '1.d', '1.12', '3.17', '1.1b'])
  })

  it('say who came and went, and whether he said goodbye (E-2.2, E-2.3, E-2.6)', () => {
    const of = (trace: Trace) => linesOf(trace, 'node1', /^(A new|Failed to rec|Members\[)/).slice(0, 3)
    const lost = runTrio({ timeline: [crash('node2')], until: T + 12_000 })
    expect(of(lost)).toEqual([
      'A new membership (1.d) was formed. Members left: 2',
      'Failed to receive the leave message. failed: 2',
      'Members[2]: 1 3',
    ])
    const stopped = runTrio({ timeline: [command(T, 'node2', 'stop')], until: T + 12_000 })
    expect(of(stopped)).toEqual(['A new membership (1.d) was formed. Members left: 2', 'Members[2]: 1 3'])
    expect(linesOf(stopped, 'node2', /sysadmin/)).toEqual(['Node 2 was shut down by sysadmin'])
    expect(logged(stopped, 'Members joined: 2').map(({ at }) => at)[0]).toBe(20_000)
  })

  it('warn when three quarters of the token’s time are over, and then say what they wait for (E-2.2)', () => {
    const trace = runTrio({ timeline: [crash('node2')], until: T + 12_000 })
    const logs = trace.records.flatMap((record) => (record.kind === 'log' && T < record.at ? [record] : []))
    // Who is pulled in by another's word does not wait for his own token.
    const lost = logs.find((record) => record.text.startsWith('A processor failed'))!
    const late = logs.find((record) => record.node === lost.node)
    expect(late).toMatchObject({ text: 'Token has not been received in 2737 ms', level: 'warning', at: lost.at - 913 })
    expect(lost.text).toBe(
      'A processor failed, forming new configuration: token timed out (3650ms), waiting 4380ms for consensus.',
    )
  })
})

describe('the two that tell a controller of a loss (E-2.7)', () => {
  const run = (order: string): Trace =>
    runTrio({ options: option(order), timeline: [crash('node2')], until: T + 12_000 })
  const decidedAfter = (trace: Trace): number =>
    logged(trace, 'Calculated transition 3')[0]!.at - logged(trace, 'Members left: 2')[0]!.at

  it('the process group first: the DC stays where it is, and stands still for a second', () => {
    const trace = run('cpg')
    expect(statesOf(trace, 'node1', T, T + 10_000).slice(0, 2)).toEqual(['S_POLICY_ENGINE', 'S_TRANSITION_ENGINE'])
    expect(decidedAfter(trace)).toBeGreaterThan(1000)
  })

  it('the ring first: the DC goes through a join of nobody, and decides at once', () => {
    const trace = run('quorum')
    expect(statesOf(trace, 'node1', T, T + 10_000).slice(0, 5)).toEqual([
      'S_POLICY_ENGINE',
      'S_INTEGRATION',
      'S_FINALIZE_JOIN',
      'S_POLICY_ENGINE',
      'S_TRANSITION_ENGINE',
    ])
    expect(logged(trace, 'Not making join').map(({ text }) => text.replace(/join-\d+/, 'join-N'))).toEqual([
      'Not making join-N offer to already known node node1 (confirmed)',
      'Not making join-N offer to already known node node3 (confirmed)',
    ])
    expect(decidedAfter(trace)).toBeLessThan(200)
  })

  it('each asks whether the loss was expected', () => {
    for (const order of ['cpg', 'quorum']) {
      const lines = linesOf(run(order), 'node1', /was not expected|aborted: Node failure/)
      expect(lines).toHaveLength(4)
      expect(new Set(lines).size).toBe(2)
    }
  })

  it('a loss that fencing explains makes nobody join anew', () => {
    for (const order of ['cpg', 'quorum']) {
      const failure = fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'stop', rc: 1 })
      const timeline = [failure, command(T, 'node1', 'disable solo')]
      const trace = runTrio({ options: option(order), timeline, until: T + 12_000 })
      const [left] = logged(trace, 'Members left: 2')
      expect(linesOf(trace, 'node1', /Node failure|not expected/)).toEqual([])
      expect(statesOf(trace, 'node1', left!.at, left!.at + 1000)).not.toContain('S_INTEGRATION')
    }
  })

  it('those who follow the lost DC say by whom they heard of it (E-9.2)', () => {
    const of = (order: string) =>
      linesOf(runTrio({ options: option(order), timeline: [crash('node1')], until: T + 12_000 }), 'node3', /^Our /)
    expect(of('cpg')).toEqual(['Our peer on the DC (node1) is dead'])
    expect(of('quorum')).toEqual(['Our DC node (node1) left the cluster'])
  })

  it('by default chance decides, for each seed anew; what is no order is refused', () => {
    const detours = Array.from({ length: 12 }, (_, seed) => {
      const trace = runTrio({ seed, timeline: [crash('node2')], until: T + 12_000 })
      return statesOf(trace, 'node1', T, T + 10_000).includes('S_INTEGRATION')
    })
    expect(new Set(detours).size).toBe(2)
    const { files } = trioScenario()
    const { problems } = pacemaker.read(files, option('alphabet'))
    expect(problems.map(({ what }) => what)).toEqual(['lossOrder: alphabet is no order'])
  })
})

describe('quorum as controllers tell it (E-3.4, E-3.5)', () => {
  it('is lost by who is cut off and retained by the others; a DC says so again at the end of its join', () => {
    const timeline = [fault(T, 'partition', { sides: [['node1'], ['node2', 'node3']] })]
    const trace = runTrio({ options: option('quorum'), timeline, until: T + 9000 })
    expect(linesOf(trace, 'node1', /^Quorum |component/)).toEqual([
      'This node is within the non-primary component and will NOT provide any services.',
      'Quorum lost | membership=13 members=1',
    ])
    expect(linesOf(trace, 'node2', /^Quorum |component/)).toEqual(['Quorum retained | membership=13 members=2'])
    expect(linesOf(trace, 'node1', /aborted: Quorum lost/)).toHaveLength(2)
  })
})

describe('numbers of decisions and of what they were made from (E-5.9, E-11.6)', () => {
  const calculated = (trace: Trace, node: string) =>
    linesOf(trace, node, /^(Calculated|Input)/, 0).map((line) =>
      line.replace('Calculated transition ', '').replace(/saving inputs in .*pengine/, '…'),
    )

  it('a series for each kind: what is to be fenced is a warning; the next plain input has the next plain number', () => {
    const trace = runTrio({ options: option('quorum'), timeline: [crash('node2')], until: T + 60_000 })
    expect(calculated(trace, 'node1')).toEqual([
      '0, …/pe-input-0.bz2',
      '1, …/pe-input-1.bz2',
      '2, …/pe-input-2.bz2',
      '3 (with warnings), …/pe-warn-0.bz2',
      '4, …/pe-input-3.bz2',
      '5, …/pe-input-4.bz2',
    ])
    const graphs = linesOf(trace, 'node1', /^Processing graph 3|^Transition 3 \(/)
    expect(graphs[0]).toBe('Processing graph 3 derived from /var/lib/pacemaker/pengine/pe-warn-0.bz2')
    expect(graphs[1]).toContain('Source=/var/lib/pacemaker/pengine/pe-warn-0.bz2)')
  })

  it('missing quorum and what cannot be done are warnings, a resource in two places is an error', () => {
    const seriesOf = (trace: Trace, node: string) =>
      linesOf(trace, node, /^Calculated/).map((line) => /pe-(\w+)-/.exec(line)![1])
    const unfenced: TrioWish = {
      replace: [['name="stonith-enabled" value="true"', 'name="stonith-enabled" value="false"']],
    }
    const alone = [fault(T, 'partition', { sides: [['node1'], ['node2', 'node3']] })]
    const cut = runTrio({ ...unfenced, timeline: alone, until: T + 15_000 })
    expect(new Set(seriesOf(cut, 'node1'))).toEqual(new Set(['warn']))
    const failure = fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'stop', rc: 1 })
    const stopped = [failure, command(T + 1000, 'node1', 'disable solo')]
    const stuck = runTrio({ ...unfenced, timeline: stopped, until: T + 10_000 })
    expect(new Set(seriesOf(stuck, 'node1'))).toEqual(new Set(['input']))
    const hand = [
      fault(T, 'started-by-hand', { node: 'node3', resource: 'solo' }),
      command(T + 1000, 'node1', 'refresh solo'),
    ]
    const twice = runTrio({ timeline: hand, until: T + 20_000 })
    expect(seriesOf(twice, 'node1')).toContain('error')
    expect(linesOf(twice, 'node1', /^Calculated.*with errors/)).not.toEqual([])
  })

  it('an input like the one before is not saved again: fencing that fails is asked for again from the old file', () => {
    const timeline = [fault(T, 'fence-fail', { device: 'fencing' }), crash('node2')]
    const trace = runTrio({ options: option('quorum'), timeline, until: T + 25_000 })
    expect(calculated(trace, 'node1').slice(3, 6)).toEqual([
      '3 (with warnings), …/pe-warn-0.bz2',
      'Input has not changed since last time, not saving to disk',
      '4 (with warnings), …/pe-warn-0.bz2',
    ])
  })

  it('a new DC begins with 0 of both; one that leads again goes on', () => {
    const trace = runTrio({ options: option('quorum'), timeline: [crash('node1')], until: T + 12_000 })
    const leader = ['node2', 'node3'].find((node) => calculated(trace, node).length > 0)!
    expect(calculated(trace, leader)[0]).toBe('0 (with warnings), …/pe-warn-0.bz2')
  })

  it('a series begins anew after so many files as are wanted', () => {
    const trace = runTrio({ properties: { 'pe-input-series-max': '2' }, until: T })
    expect(calculated(trace, 'node1').map((line) => line.slice(-6))).toEqual(['-0.bz2', '-1.bz2', '-0.bz2'])
  })
})
