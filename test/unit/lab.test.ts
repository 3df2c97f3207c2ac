/** Recordings as scenarios: what was done to a real cluster in a scenario's words, and what has none. */
import { describe, expect, it } from 'vitest'
import { toTimeline } from '../../src/report/timeline.ts'
import { simulate } from '../../src/run/simulate.ts'
// @ts-expect-error The laboratory's tools are plain JavaScript.
import { toSteps } from '../lab/steps.mjs'
import { pairScenario } from '../support/pair.ts'
import { fault, runTrio, SETTLED } from '../support/trio.ts'

const CIB = '<primitive id="fa" class="stonith" type="x"/><primitive id="fb" class="stonith" type="x"/>'
const PACEMAKER = {
  manager: 'pacemaker',
  nodes: ['node1', 'node2', 'node3'],
  cib: CIB,
  dc: 'node1',
  nameOf: (resource: unknown) => resource,
}

function translated(lines: readonly object[], about: object = PACEMAKER): { steps: string[]; untold: string[] } {
  return toSteps(lines, 0, about)
}

const steps = (...lines: readonly object[]): readonly string[] => translated(lines).steps

describe("the laboratory's words", () => {
  it('a loss of power lasts until the node is switched on; a node that was stopped is booted', () => {
    const lost = { t: 1000, what: 'power-loss', node: 'node2' }
    const on = { t: 9000, what: 'power-on', node: 'node2' }
    expect(steps(lost, on)).toEqual(['at: 1000ms, fault: node-crash, node: node2, for: 8000ms'])
    expect(steps({ t: 0, what: 'graceful-stop', node: 'node2' }, on)).toEqual([
      'at: 0ms, command: "shutdown", on: node2',
      'at: 9000ms, fault: node-boot, node: node2',
    ])
    expect(steps(lost, on, { t: 20_000, what: 'graceful-stop', node: 'node2' }, { ...on, t: 30_000 }).at(-1)).toBe(
      'at: 30000ms, fault: node-boot, node: node2',
    )
  })

  it('a cut between all nodes, and one that is healed with all others', () => {
    expect(
      steps(
        { t: 0, what: 'partition', node: 'all' },
        { t: 5000, what: 'heal', node: 'all' },
        { t: 6000, what: 'heal' },
      ),
    ).toEqual(['at: 0ms, fault: partition, sides: [[node1], [node2], [node3]], for: 5000ms'])
    expect(steps({ t: 0, what: 'partition', node: 'node3' }, { t: 5000, what: 'heal', node: 'all' })).toEqual([
      'at: 0ms, fault: partition, sides: [[node3], [node1, node2]], for: 5000ms',
    ])
  })

  it('an agent that fails, sleeps shorter than any timeout, or longer', () => {
    const script = { t: 0, what: 'script', node: 'node2', resource: 'db', action: 'start', count: '1' }
    const place = 'node: node2, resource: db, operation: start'
    expect(steps({ ...script, rc: '1', delay: '2' })).toEqual([
      `at: 0ms, fault: agent-result, ${place}, rc: 1, delay: 2s, times: 1`,
    ])
    expect(steps({ ...script, rc: 'pass', delay: '5' })).toEqual([
      `at: 0ms, fault: agent-slow, ${place}, delay: 5s, times: 1`,
    ])
    expect(steps({ ...script, rc: 'pass', delay: '60' })).toEqual([`at: 0ms, fault: agent-hang, ${place}, times: 1`])
  })

  it('a process that is killed or stands still, on one node or on all', () => {
    const kill = { t: 0, what: 'signal', node: 'node2', signal: 'KILL', process: 'pacemaker-execd' }
    expect(steps(kill)).toEqual(['at: 0ms, fault: process-crash, node: node2, process: pacemaker-execd'])
    const all = { t: 0, what: 'signal', node: 'all', signal: 'STOP', process: 'all' }
    expect(steps(all, { ...all, t: 700, signal: 'CONT' })).toEqual(
      PACEMAKER.nodes.map((node) => `at: 0ms, fault: node-hang, node: ${node}, for: 700ms`),
    )
  })

  it('every device fails where none is named', () => {
    expect(steps({ t: 0, what: 'fence-fail', count: '2' }, { t: 50, what: 'fence-fail', count: '0' })).toEqual([
      'at: 0ms, fault: fence-fail, device: fa, after: 1100ms, times: 2, for: 50ms',
      'at: 0ms, fault: fence-fail, device: fb, after: 1100ms, times: 2, for: 50ms',
    ])
  })

  it('what has no words is told, and the rest goes on', () => {
    const { steps: known, untold } = translated([
      { t: 0, what: 'meteor', node: 'node1' },
      { t: 5, what: 'signal', node: 'node1', signal: 'HUP', process: 'corosync' },
      { t: 7, what: 'signal', node: 'node1', signal: 'STOP', process: 'pacemaker-execd' },
      { t: 10, what: 'standby', node: 'node2' },
    ])
    expect(known).toEqual(['at: 10ms, command: "standby node2", on: node1'])
    expect(untold).toEqual([
      'no words for {"t":0,"what":"meteor","node":"node1"}',
      'no words for {"t":5,"what":"signal","node":"node1","signal":"HUP","process":"corosync"}',
      'no words for {"t":7,"what":"signal","node":"node1","signal":"STOP","process":"pacemaker-execd"}',
    ])
  })

  it("Heartbeat's commands, and its services by their scripts", () => {
    const about = { ...PACEMAKER, manager: 'heartbeat', nameOf: (name: string) => `svc::${name}` }
    const script = { what: 'script', node: 'node1', resource: 'A', action: 'stop', rc: '1', delay: '0', count: '-1' }
    const lines = [
      { ...script, t: 0 },
      { t: 5, what: 'standby', node: 'node1' },
      { ...script, t: 90, what: 'unscript' },
    ]
    expect(translated(lines, about).steps).toEqual([
      'at: 0ms, fault: agent-result, node: node1, resource: svc::A, operation: stop, rc: 1, for: 90ms',
      'at: 5ms, command: "hb_standby", on: node1',
    ])
  })
})

describe('timelines to hold against recordings', () => {
  it("tell the ends of Heartbeat's calls, but for status", () => {
    const { trace } = simulate(pairScenario({ until: 60_000 }))
    const results = JSON.parse(toTimeline(trace)).filter((entry: { kind: string }) => entry.kind === 'op')
    const told = new Set(results.map((entry: { operation: string }) => entry.operation))
    expect([...told]).toEqual(['start'])
    expect(results.find((entry: { resource: string }) => entry.resource === 'httpd')).toMatchObject({
      phase: 'result',
      interval: 0,
      rc: 0,
      target: 'alice',
    })
  })
})

describe('the fault agent-slow', () => {
  const slow = (how: object) => {
    const place = { node: 'node2', resource: 'solo' }
    const trace = runTrio({
      until: SETTLED + 40_000,
      timeline: [
        fault(SETTLED, 'agent-slow', { ...place, operation: 'stop', ...how }),
        fault(SETTLED + 1000, 'service-crash', place),
      ],
    })
    const [begin, end] = trace.records.filter(
      (record) => record.kind === 'operation' && record.operation === 'stop' && SETTLED < record.at,
    )
    return end!.at - begin!.at
  }

  it('takes so much longer, or so many times as long, or both', () => {
    expect(slow({ delay: 5000 })).toBe(5100)
    expect(slow({ factor: 3 })).toBe(300)
    expect(slow({ factor: 3, delay: 5000 })).toBe(5300)
  })
})
