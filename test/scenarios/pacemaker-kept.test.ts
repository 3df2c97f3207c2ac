/** What a node's disk keeps of the CIB: the configuration and its version, never the status (E-4.5). */
import { describe, expect, it } from 'vitest'
import type { Trace } from '../../src/trace/record.ts'
import { command, decisions, fault, placesOf, results, runTrio, SETTLED } from '../support/trio.ts'

const T = SETTLED
const NODES = ['node1', 'node2', 'node3']
const all = (at: number, words: string) => NODES.map((node) => command(at, node, words))
const calls = (trace: Trace, from: number) => results(trace, from).filter((line) => /(start|stop)\/0@/.test(line))

describe('the CIB on disk', () => {
  it('a cluster that is stopped and started as a whole stays in maintenance: nothing is started or stopped until it ends', () => {
    const trace = runTrio({
      until: T + 200_000,
      timeline: [
        command(T, 'node1', 'maintenance on'),
        ...all(T + 10_000, 'stop'),
        ...all(T + 30_000, 'start'),
        command(T + 120_000, 'node2', 'maintenance off'),
      ],
    })
    expect(calls(trace, T).filter((line) => !line.startsWith('fencing '))).toEqual([])
    // Nothing recurs in maintenance; every service is monitored again once it ends.
    const monitors = results(trace, T + 90_000).filter((line) => / monitor\/[1-9]/.test(line))
    expect(monitors.some((line) => line.startsWith('solo monitor/10000@'))).toBe(true)
    expect(results(trace, T + 30_000).filter((line) => / monitor\/[1-9]/.test(line))).toEqual(monitors)
  })

  it('power loss of all loses no ban, patch or property; a new value wins over an old one', () => {
    const trace = runTrio({
      until: T + 150_000,
      timeline: [
        command(T, 'node1', 'ban solo node2'),
        command(T + 1000, 'node2', 'disable grp'),
        command(T + 2000, 'node3', 'enable grp'),
        command(T + 3000, 'node3', 'property migration-limit 2'),
        command(T + 4000, 'node3', 'property migration-limit 3'),
        ...NODES.map((node) => fault(T + 20_000, 'node-crash', { node }, 10_000)),
      ],
    })
    expect(placesOf(trace, 'solo')).toHaveLength(1)
    expect(placesOf(trace, 'solo')).not.toContain('node2')
    expect(placesOf(trace, 'g3')).toHaveLength(1)
    expect(decisions(trace, T + 60_000).some((line) => line.startsWith('Start solo ( node2 )'))).toBe(false)
  })

  it('a node that was away for a change goes by that of those who were there', () => {
    const trace = runTrio({
      until: T + 150_000,
      timeline: [
        command(T, 'node3', 'stop'),
        command(T + 10_000, 'node1', 'ban solo node2'),
        ...all(T + 20_000, 'stop'),
        ...all(T + 40_000, 'start'),
      ],
    })
    expect(placesOf(trace, 'solo')).toHaveLength(1)
    expect(placesOf(trace, 'solo')).not.toContain('node2')
  })
})
