/**
 * Second lives: what a pair does when a node that left in order dies later, and when ipfail finds the nodes busy at first.
 * Source: spec heartbeat 8 and 10.
 */
import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/kernel/draw.ts'
import { calls, command, decided, fault, G1, G2, give, HA_CF, runPair, take } from '../support/pair.ts'

const MINUTE = 60_000

describe('Heartbeat, second lives', () => {
  it.each(['on', 'legacy'])('with auto_failback %s, a node that left, came back and died is taken over', (value) => {
    const trace = runPair({
      cf: HA_CF.replace('auto_failback on', `auto_failback ${value}`),
      timeline: [
        command(MINUTE, 'alice', 'heartbeat stop'),
        command(2 * MINUTE, 'alice', 'heartbeat start'),
        fault(4 * MINUTE, 'node-crash', { node: 'alice' }),
      ],
    })
    expect(calls(trace, 'alice', 2 * MINUTE)).toEqual(expect.arrayContaining([...take(...G1)]))
    expect(calls(trace, 'bob', 4 * MINUTE)).toEqual(expect.arrayContaining([...take(...G1)]))
    expect(decided(trace, 'bob', 'takeover').filter((at) => 4 * MINUTE < at)).toHaveLength(1)
  })

  it('ipfail that finds the nodes still starting counts again 10 s later, and gives up then', () => {
    const trace = runPair({
      cf: `${HA_CF}ping gw\ndeadping 3\nrespawn hacluster /usr/lib/heartbeat/ipfail\n`,
      timeline: [fault(1500, 'link-down', { between: ['alice', 'gw'] })],
    })
    const planned = decided(trace, 'alice', 'ipfail')
    expect(planned).toHaveLength(2)
    expect(planned[1]! - planned[0]!).toBeGreaterThanOrEqual(12_000)
    expect(calls(trace, 'alice', planned[1])).toEqual([...give(...G1), ...give(...G2)])
    expect(calls(trace, 'bob', planned[1])).toEqual([...take(...G1), 'IPaddr 10.0.0.2 status', 'smb status'])
  })

  it('a stop while groups are being taken waits for that work, then gives everything up', () => {
    const trace = runPair({
      timings: [{ operation: 'start', subject: '*', distribution: fixed(5000) }],
      timeline: [command(12_000, 'alice', 'heartbeat stop')],
      until: 60_000,
    })
    expect(calls(trace, 'alice', 12_000).slice(-7)).toEqual(['httpd start', ...give(...G1), ...give(...G2)])
  })

  it('a restart is a clean stop and, deadtime and ten seconds later, a start', () => {
    const trace = runPair({ timeline: [command(MINUTE, 'alice', 'heartbeat restart')] })
    expect(calls(trace, 'alice', MINUTE).slice(0, 6)).toEqual([...give(...G1), ...give(...G2)])
    const lives = trace.records.filter(
      (record) => record.kind === 'process' && record.node === 'alice' && MINUTE <= record.at,
    )
    expect(lives.map((record) => record.at - MINUTE)).toEqual([0, 20_000])
    expect(calls(trace, 'alice', MINUTE + 20_000)).toEqual(expect.arrayContaining([...take(...G1)]))
  })
})
