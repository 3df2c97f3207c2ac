/**
 * The worked scenarios of spec heartbeat 13, each with the exact order of agent calls. The pair: alice owns G1, bob owns G2; agents take
 * no time; keepalive 1, deadtime 10, initdead 30. A title ends in the rows of the decision table (spec heartbeat 11) that it shows.
 */
import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/kernel/draw.ts'
import {
  calls,
  command,
  decided,
  FILESYSTEM,
  fault,
  G1,
  G2,
  give,
  HA_CF,
  HARESOURCES,
  runPair,
  take,
} from '../support/pair.ts'

const IDLE_CHECKS = ['drbddisk r0 status', 'IPaddr 10.0.0.2 status']
const FENCED = `${HA_CF}stonith_host alice switch bob\nstonith_host bob switch alice\n`
const T = 60_000

describe('Heartbeat, worked scenarios', () => {
  it('S1: both boot; ten seconds after contact each takes its own groups (rows 2, 16)', () => {
    const trace = runPair({ until: 40_000 })
    expect(calls(trace, 'alice')).toEqual([...IDLE_CHECKS, 'drbddisk r0 status', ...take(...G1)])
    expect(calls(trace, 'bob')).toEqual([...IDLE_CHECKS, 'IPaddr 10.0.0.2 status', ...take(...G2)])
    const [at = 0] = decided(trace, 'alice', 'take-local')
    expect(at).toBeGreaterThan(10_000)
    expect(at).toBeLessThan(12_500)
  })

  it('S2: alone at boot: at initdead the foreign group, then the own one (row 17)', () => {
    const trace = runPair({ until: 60_000, power: [{ node: 'bob', at: 'never' }] })
    expect(calls(trace, 'alice', 30_000).filter((call) => call.endsWith('start'))).toEqual(
      [...G2, ...G1].map((resource) => `${resource} start`),
    )
    expect(decided(trace, 'alice', 'takeover')).toEqual([30_000])
  })

  it('S2: with a fence device the peer that was never heard is reset first (row 8)', () => {
    const trace = runPair({ until: 60_000, cf: FENCED, power: [{ node: 'bob', at: 'never' }] })
    expect(decided(trace, 'alice', 'fence')).toEqual([30_000])
    expect(decided(trace, 'alice', 'takeover')).toEqual([33_000])
  })

  it('S3: the owner dies; takeover at once without a fence device (rows 1, 10)', () => {
    const trace = runPair({ timeline: [fault(T, 'node-crash', { node: 'alice' })] })
    // The status of the key and the status of drbddisk begin together; the start follows.
    expect(calls(trace, 'bob', T).filter((call) => call !== 'IPaddr 10.0.0.2 status')).toEqual(take(...G1))
    expect(calls(trace, 'bob', T).filter((call) => call === 'IPaddr 10.0.0.2 status')).toHaveLength(1)
    const [at = 0] = decided(trace, 'bob', 'takeover')
    expect(at - T).toBeGreaterThan(8999)
    expect(at - T).toBeLessThan(10_001)
  })

  it('S3: with a fence device that needs 3 s the takeover comes 3 s later (row 8)', () => {
    const trace = runPair({ cf: FENCED, timeline: [fault(T, 'node-crash', { node: 'alice' })] })
    const [fenced = 0] = decided(trace, 'bob', 'fence')
    expect(decided(trace, 'bob', 'takeover')[0]).toBe(fenced + 3000)
  })

  it('S3: fencing that fails twice is tried again every 5 s, and nothing is taken before it works (row 9)', () => {
    const timings = [{ operation: 'fence', subject: '*', distribution: fixed(1000) }]
    const timeline = [
      fault(1000, 'fence-fail', { device: 'switch of bob', times: 2 }),
      fault(T, 'node-crash', { node: 'alice' }),
    ]
    const trace = runPair({ cf: FENCED, timings, timeline })
    const requests = trace.records
      .filter((record) => record.kind === 'fence' && record.phase === 'requested')
      .map((record) => record.at)
    const [first = 0] = requests
    expect(requests.map((at) => at - first)).toEqual([0, 6000, 12_000])
    expect(decided(trace, 'bob', 'takeover')[0]).toBe(first + 13_000)
  })

  it('S4: the owner comes back and the holder gives its group back (row 13)', () => {
    const trace = runPair({ timeline: [fault(T, 'node-crash', { node: 'alice' }, 60_000)] })
    expect(calls(trace, 'bob', 2 * T)).toEqual(give(...G1))
    expect(calls(trace, 'alice', 2 * T)).toEqual([...IDLE_CHECKS, ...take(...G1)])
  })

  it('S5: with auto_failback off nothing moves until it is asked for (row 14)', () => {
    const cf = HA_CF.replace('auto_failback on', 'auto_failback off')
    const timeline = [fault(T, 'node-crash', { node: 'alice' }, 60_000), command(200_000, 'bob', 'hb_standby foreign')]
    const trace = runPair({ cf, timeline })
    expect(calls(trace, 'bob', 2 * T)).toEqual(give(...G1))
    expect(calls(trace, 'alice', 2 * T)).toEqual([...IDLE_CHECKS, ...take(...G1)])
    expect(decided(trace, 'bob', 'standby')).toEqual([200_000])
  })

  it('S6: a start fails in the takeover: the group is given up; standby foreign 30 s later finds nobody (rows 3, 23)', () => {
    const timeline = [
      fault(1000, 'agent-result', { node: 'bob', resource: FILESYSTEM, operation: 'start', rc: 1 }),
      fault(T, 'node-crash', { node: 'alice' }),
    ]
    const trace = runPair({ timeline })
    expect(calls(trace, 'bob', T).filter((call) => call !== 'IPaddr 10.0.0.2 status')).toEqual([
      ...take('drbddisk r0'),
      'Filesystem /dev/drbd0 /grp ext3 status',
      'Filesystem /dev/drbd0 /grp ext3 start(1)',
      ...give(...G1),
    ])
    const [failed = 0] = decided(trace, 'bob', 'start-failed')
    expect(decided(trace, 'bob', 'standby')).toEqual([failed + 30_000])
    const cancelled = trace.records.find((record) => record.kind === 'log' && record.text.includes('no reply'))
    expect(cancelled?.at).toBe(failed + 40_000)
  })

  it('S7: the own group fails to start; by the bug of 3.0.6 the wrong groups go standby (row 3)', () => {
    const timeline = [fault(0, 'agent-result', { node: 'alice', resource: 'httpd', operation: 'start', rc: 1 })]
    const trace = runPair({ timeline })
    expect(calls(trace, 'alice', 5000)).toEqual([
      'drbddisk r0 status',
      ...take(...G1.slice(0, 3)),
      'httpd status',
      'httpd start(1)',
      ...give(...G1),
      ...give(...G2),
    ])
    expect(calls(trace, 'bob', 30_000)).toEqual(['IPaddr 10.0.0.2 status', 'smb status'])
  })

  it('S7: without the bug the group moves to the other node', () => {
    const timeline = [fault(0, 'agent-result', { node: 'alice', resource: 'httpd', operation: 'start', rc: 1 })]
    const trace = runPair({ timeline, options: [{ name: 'standbyTypeBug', value: 'false' }] })
    expect(calls(trace, 'alice', 30_000)).toEqual(give(...G1))
    expect(calls(trace, 'bob', 30_000)).toEqual(take(...G1))
  })

  it('S7: in the 1.2 era a failed start is logged and the rest is started (row 4)', () => {
    const timeline = [fault(0, 'agent-result', { node: 'alice', resource: FILESYSTEM, operation: 'start', rc: 1 })]
    const trace = runPair({ timeline, until: 40_000, options: [{ name: 'hbEra', value: '1.2' }] })
    expect(calls(trace, 'alice', 5000).slice(-4)).toEqual(take('IPaddr 10.0.0.1', 'httpd'))
  })

  it('S8: eleven stops, a second apart, then reboot; the peer needs no fencing (rows 5, 6, 11)', () => {
    const timeline = [
      fault(1000, 'agent-result', { node: 'alice', resource: FILESYSTEM, operation: 'stop', rc: 1 }),
      command(T, 'alice', 'hb_standby all'),
    ]
    const trace = runPair({
      cf: FENCED,
      timeline,
      timings: [{ operation: 'boot', subject: '*', distribution: fixed(40_000) }],
      until: 200_000,
      power: [],
    })
    const stops = trace.records.filter(
      (record) =>
        record.kind === 'operation' &&
        record.phase === 'begin' &&
        record.node === 'alice' &&
        record.resource === FILESYSTEM &&
        record.operation === 'stop',
    )
    expect(stops.slice(0, 11).map((record) => record.at - stops[0]!.at)).toEqual(
      Array.from({ length: 11 }, (_, index) => 1000 * index),
    )
    expect(
      trace.records.some(
        (record) =>
          record.kind === 'node' &&
          record.node === 'alice' &&
          record.from === 'up' &&
          record.text.includes('reboots itself'),
      ),
    ).toBe(true)
    expect(calls(trace, 'alice', T).slice(0, 2)).toEqual(['httpd stop', 'IPaddr 10.0.0.1 stop'])
    expect(decided(trace, 'bob', 'no-fencing-needed')).toHaveLength(1)
    expect(calls(trace, 'bob', T)).toContain('httpd start')
  })

  it('S9: a missing script delays the shutdown by ten seconds, and the rest goes on (row 7)', () => {
    const timeline = [
      fault(1000, 'agent-missing', { node: 'alice', resource: 'smb' }),
      command(T, 'alice', 'heartbeat stop'),
    ]
    const trace = runPair({ timeline })
    expect(calls(trace, 'alice', T)).toEqual([
      ...give(...G1),
      ...Array.from({ length: 11 }, () => 'smb stop(127)'),
      'smb status',
      'IPaddr 10.0.0.2 stop',
    ])
    expect(calls(trace, 'bob', T)).toEqual([
      'IPaddr 10.0.0.2 status',
      'smb status',
      ...take(...G1),
      'IPaddr 10.0.0.2 status',
    ])
    const exit = trace.records.find((record) => record.kind === 'process' && record.state === 'exited')
    expect(exit?.at).toBe(T + 10_000)
  })

  it('S10: a clean stop hands over at once (row 12)', () => {
    const trace = runPair({ timeline: [command(T, 'alice', 'heartbeat stop')] })
    expect(calls(trace, 'alice', T)).toEqual([...give(...G1), ...give(...G2)])
    expect(calls(trace, 'bob', T)).toEqual([
      'IPaddr 10.0.0.2 status',
      'smb status',
      ...take(...G1),
      'IPaddr 10.0.0.2 status',
    ])
    expect(decided(trace, 'bob', 'takeover')[0]).toBeLessThan(T + 100)
  })

  it('S11: a service that crashes is nobody’s business (row 18)', () => {
    const trace = runPair({ timeline: [fault(T, 'service-crash', { node: 'alice', resource: 'httpd' })] })
    expect([...calls(trace, 'alice', T), ...calls(trace, 'bob', T)]).toEqual([])
  })

  it('S12: split brain runs everything twice; after the heal both begin anew (rows 10, 21)', () => {
    const trace = runPair({
      timeline: [fault(T, 'partition', { sides: [['alice'], ['bob']] }, 60_000)],
      until: 240_000,
    })
    expect(calls(trace, 'alice', T).filter((call) => call.endsWith('start'))).toEqual(
      [...G2, ...G1].map((resource) => `${resource} start`),
    )
    expect(trace.records.filter((record) => record.kind === 'storage' && record.phase === 'corrupted')).toHaveLength(1)
    const healed = calls(trace, 'alice', 2 * T)
    expect(healed.slice(0, 6)).toEqual([...give(...G1), ...give(...G2)])
    expect(healed.slice(6)).toEqual([...IDLE_CHECKS, 'drbddisk r0 status', ...take(...G1)])
    const restart = trace.records.find(
      (record) =>
        record.kind === 'process' && record.node === 'alice' && record.state === 'running' && 2 * T < record.at,
    )
    const exit = trace.records.find(
      (record) => record.kind === 'process' && record.node === 'alice' && record.state === 'exited',
    )
    expect((restart?.at ?? 0) - (exit?.at ?? 0)).toBe(11_000)
  })

  it('S13: the node that cannot reach the router gives everything up, and gets it back (row 19)', () => {
    const cf = `${HA_CF}ping gw\nrespawn hacluster /usr/lib/heartbeat/ipfail\n`
    const trace = runPair({ cf, timeline: [fault(T, 'link-down', { between: ['alice', 'gw'] }, 60_000)] })
    expect(calls(trace, 'alice', T).slice(0, 6)).toEqual([...give(...G1), ...give(...G2)])
    expect(calls(trace, 'bob', T).slice(0, 10)).toEqual([...take(...G1), 'IPaddr 10.0.0.2 status', 'smb status'])
    const [asked = 0] = decided(trace, 'alice', 'standby')
    const [planned = 0] = decided(trace, 'alice', 'ipfail')
    expect(asked - planned).toBe(2000)
    expect(calls(trace, 'alice', 2 * T)).toEqual(take(...G1))
  })

  it('S13: both nodes lose the router: nothing moves (row 20)', () => {
    const cf = `${HA_CF}ping gw\nrespawn hacluster /usr/lib/heartbeat/ipfail\n`
    const trace = runPair({ cf, timeline: [fault(T, 'ping-lost', { target: 'gw' }, 60_000)] })
    expect([...calls(trace, 'alice', T), ...calls(trace, 'bob', T)]).toEqual([])
  })

  it('S14: a reboot faster than deadtime: no death, no takeover', () => {
    const timeline = [fault(T, 'node-crash', { node: 'alice' }, 8000)]
    const trace = runPair({ timeline })
    expect(trace.records.some((record) => record.kind === 'membership' && record.status === 'dead')).toBe(false)
    expect(calls(trace, 'alice', T)).toEqual([...IDLE_CHECKS, 'drbddisk r0 status', ...take(...G1)])
    expect(calls(trace, 'bob', T)).toEqual([])
  })

  it('S15: legacy: the owner asks for its group, the holder gives it up, the owner takes it (rows 15, 24)', () => {
    const cf = HA_CF.replace('auto_failback on', 'auto_failback legacy')
    const timeline = [fault(T, 'node-crash', { node: 'alice' }, 60_000), command(250_000, 'bob', 'hb_standby all')]
    const trace = runPair({ cf, timeline })
    expect(calls(trace, 'bob', 2 * T)).toEqual(['drbddisk r0 status', ...give(...G1)])
    expect(calls(trace, 'alice', 2 * T)).toEqual([...IDLE_CHECKS, 'drbddisk r0 status', ...take(...G1)])
    expect(trace.records.some((record) => record.kind === 'log' && record.text.includes('decision row 24'))).toBe(true)
  })

  it('a node that slept through its own death stops everything and restarts (row 22)', () => {
    const trace = runPair({ timeline: [fault(T, 'node-hang', { node: 'alice' }, 30_000)] })
    expect(decided(trace, 'alice', 'no-local-heartbeat')).toEqual([T + 30_000])
    expect(calls(trace, 'alice', T).slice(0, 6)).toEqual([...give(...G1), ...give(...G2)])
  })

  it('three nodes are refused with a clear message (spec 8a)', () => {
    expect(() => runPair({ cf: HA_CF.replace('alice bob', 'alice bob carol'), haresources: HARESOURCES })).toThrow()
  })
})
