/** What holds for every run: same seed, same trace; the engine, the trace and a stop on the way change nothing; causes come before effects. */
import { describe, expect, it } from 'vitest'
import { fork, snapshot } from '../../src/run/fork.ts'
import { replayTo } from '../../src/run/replay.ts'
import { advance, createRun, finish, simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { command, fault, pairScenario } from '../support/pair.ts'

const STORIES: readonly (readonly [string, Scenario])[] = [
  ['nothing happens', pairScenario({ until: 120_000 })],
  ['a node dies and comes back', pairScenario({ timeline: [fault(90_000, 'node-crash', { node: 'alice' }, 60_000)] })],
  ['a node hangs and goes on', pairScenario({ timeline: [fault(90_000, 'node-hang', { node: 'alice' }, 40_000)] })],
  ['the daemon hangs', pairScenario({ timeline: [fault(90_000, 'process-hang', { node: 'bob' }, 20_000)] })],
  [
    'the cluster splits',
    pairScenario({ timeline: [fault(90_000, 'link-down', { between: ['alice', 'bob'] }, 60_000)] }),
  ],
  ['an administrator', pairScenario({ timeline: [command(90_000, 'alice', 'hb_standby all')] })],
  [
    'chance',
    {
      ...pairScenario(),
      chaos: [
        {
          fault: 'node-crash',
          every: { kind: 'exponential', mean: 60_000 },
          lasts: { kind: 'uniform', min: 5000, max: 20_000 },
          from: 0,
          until: 250_000,
          arguments: [{ name: 'node', value: 'any' }],
        },
      ],
    },
  ],
]

describe.each(STORIES)('%s', (_title, scenario) => {
  const whole = simulate(scenario)
  const { digest } = whole.trace.footer

  it('gives the same trace again', () => {
    expect(simulate(scenario).trace.footer.digest).toBe(digest)
  })

  it('gives the same trace with either engine', () => {
    expect(simulate(scenario, { engine: 'xstate' }).trace.footer.digest).toBe(digest)
  })

  it('handles the same events without a trace', () => {
    const bare = simulate(scenario, { trace: 'none' })
    expect([bare.events, bare.reason, bare.trace.records.length]).toEqual([whole.events, whole.reason, 0])
  })

  it('goes on from every stop to the same end', () => {
    for (const at of [0, 31_000, 89_999, 90_000, 100_500, 130_000]) {
      const branch = fork(structuredClone(replayTo(scenario, at)))
      expect(finish(branch, advance(branch, scenario.until)).trace.footer.digest, `stopped at ${at}`).toBe(digest)
    }
  })

  it('is not disturbed by a branch', () => {
    const run = createRun(scenario)
    advance(run, 95_000)
    const branch = fork(snapshot(run), [fault(95_001, 'node-crash', { node: 'bob' })])
    const other = finish(branch, advance(branch, scenario.until)).trace
    const same = finish(run, advance(run, scenario.until)).trace
    expect(same.footer.digest).toBe(digest)
    expect(other.footer.digest).not.toBe(digest)
    const shared = same.records.filter((record) => record.at <= 95_000)
    expect(other.records.slice(0, shared.length)).toEqual(shared)
  })

  it('numbers its records, and no cause comes after its effect', () => {
    for (const [index, record] of whole.trace.records.entries()) {
      expect(record.seq).toBe(index + 1)
      expect(record.cause).toBeLessThan(record.seq)
      const cause = whole.trace.records[record.cause - 1]
      if (cause !== undefined) expect(cause.at).toBeLessThanOrEqual(record.at)
    }
  })
})

it('draws other misfortunes from another seed', () => {
  const [, scenario] = STORIES.at(-1)!
  expect(simulate(scenario, { seed: 2 }).trace.footer.digest).not.toBe(simulate(scenario).trace.footer.digest)
})
