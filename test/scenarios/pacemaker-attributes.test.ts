/** How the attribute daemon writes: one write of an attribute at a time, none of its changes lost (spec E-9.4; recordings' logs). */
import { describe, expect, it } from 'vitest'
import type { Trace } from '../../src/trace/record.ts'
import { command, fault, logged, runTrio, SETTLED } from '../support/trio.ts'

const T = SETTLED
const set = (at: number, name: string, value: string) =>
  command(T + at, 'node3', `attrd_updater -n ${name} -U ${value}`)
const run = (...timeline: readonly ReturnType<typeof set>[]): Trace => runTrio({ until: T + 20_000, timeline })
const written = (trace: Trace, name: string): readonly string[] =>
  logged(trace, ` doing `)
    .filter(({ text }) => text.includes(` ${name}=`))
    .map(({ text }) => /=(\S*):/.exec(text)?.[1] ?? '')
const delayed = (trace: Trace): readonly string[] =>
  logged(trace, 'delayed: update in progress')
    .filter(({ at }) => T <= at)
    .map(({ text }) => /'(.*)'/.exec(text)?.[1] ?? '')

describe('Pacemaker, writes of attributes (E-9.4)', () => {
  it('a value that is taken back while its write is under way is taken back in the CIB too', () => {
    const trace = run(set(1000, 'load', '1'), set(5000, 'load', '2'), set(5000, 'load', '1'))
    expect(written(trace, 'load')).toEqual(['1', '2', '1'])
    expect(delayed(trace)).toEqual(['load'])
  })

  it('of several changes during one write only the last is written, when the write is confirmed', () => {
    const trace = run(set(1000, 'load', '1'), set(1000, 'load', '2'), set(1000, 'load', '3'), set(1000, 'load', '4'))
    expect(written(trace, 'load')).toEqual(['1', '4'])
    expect(delayed(trace)).toEqual(['load', 'load', 'load'])
  })

  it('a write holds back no other attribute, and nothing once it is confirmed', () => {
    const trace = run(set(1000, 'load', '1'), set(1000, 'ping', '1'), set(3000, 'load', '2'))
    expect(written(trace, 'load')).toEqual(['1', '2'])
    expect(written(trace, 'ping')).toEqual(['1'])
    expect(delayed(trace)).toEqual([])
  })

  it('what several nodes have changed while an attribute rested is one write, and the DC never decides on a part of it', () => {
    const dampened = (at: number, node: string, value: string) =>
      command(T + at, node, `attrd_updater -n conn -U ${value} -d 5s`)
    const trace = run(
      dampened(1000, 'node1', '0'),
      dampened(2000, 'node2', '0'),
      dampened(3000, 'node3', '0'),
      dampened(12_000, 'node2', '1'),
    )
    const aborts = logged(trace, ' aborted').filter(({ at }) => T < at)
    expect(aborts.map(({ at }) => Math.round((at - T) / 1000))).toEqual([8, 17])
    expect(logged(trace, 'Calculated transition').filter(({ at }) => T < at)).toHaveLength(2)
  })

  it('the end of a failure is a change of its record, then of its counts (E-9.7)', () => {
    const trace = runTrio({
      until: T + 60_000,
      replace: [
        [
          '<nvpair id="rd-mt" name="migration-threshold"',
          '<nvpair id="rd-ft" name="failure-timeout" value="20s"/><nvpair id="rd-mt" name="migration-threshold"',
        ],
      ],
      timeline: [fault(T, 'service-crash', { node: 'node2', resource: 'solo' })],
    })
    const aborts = logged(trace, ' aborted').filter(({ at }) => T + 20_000 < at)
    expect(aborts.map(({ text }) => /: ([A-Z][^:]*)$/.exec(text)?.[1]).slice(0, 3)).toEqual([
      'Resource operation removal',
      'Transient attribute change',
      'Transient attribute change',
    ])
  })
})
