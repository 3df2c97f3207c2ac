/** What holds for every run of a living Pacemaker cluster: same seed, same trace, with either engine, without a trace, and from every stop. */
import { describe, expect, it } from 'vitest'
import { fork } from '../../src/run/fork.ts'
import { replayTo } from '../../src/run/replay.ts'
import { advance, finish, simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { command, fault, trioScenario } from '../support/trio.ts'

const T = 60_000
const STORIES: readonly (readonly [string, Scenario])[] = [
  ['nothing happens', trioScenario({ until: T })],
  [
    'a node dies and comes back',
    trioScenario({ until: T + 50_000, timeline: [fault(T, 'node-crash', { node: 'node1' })] }),
  ],
  [
    'the cluster splits and heals',
    trioScenario({
      until: T + 60_000,
      timeline: [fault(T, 'partition', { sides: [['node1'], ['node2', 'node3']] }, 20_000)],
    }),
  ],
  [
    'an administrator',
    trioScenario({
      until: T + 30_000,
      timeline: [command(T, 'node2', 'standby node2'), command(T + 9000, 'node3', 'cleanup')],
    }),
  ],
  [
    'a resource fails and its node cannot stop it',
    trioScenario({
      until: T + 50_000,
      timeline: [
        fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation: 'stop', rc: 1 }),
        fault(T, 'service-crash', { node: 'node2', resource: 'solo' }),
      ],
    }),
  ],
]

describe.each(STORIES)('%s', (_title, scenario) => {
  const whole = simulate(scenario)
  const { digest } = whole.trace.footer

  it('gives the same trace again, with either engine', () => {
    expect(simulate(scenario).trace.footer.digest).toBe(digest)
    expect(simulate(scenario, { engine: 'xstate' }).trace.footer.digest).toBe(digest)
  })

  it('handles the same events without a trace', () => {
    expect(simulate(scenario, { trace: 'none' }).events).toBe(whole.events)
  })

  it('goes on from every stop to the same end', () => {
    for (const at of [0, 25_000, 41_300, T, T + 8000, T + 9100, T + 12_345].filter((stop) => stop <= scenario.until)) {
      const branch = fork(structuredClone(replayTo(scenario, at)))
      expect(finish(branch, advance(branch, scenario.until)).trace.footer.digest, `stopped at ${at}`).toBe(digest)
    }
  })

  it('numbers its records, and no cause comes after its effect', () => {
    for (const [index, record] of whole.trace.records.entries()) {
      expect(record.seq).toBe(index + 1)
      expect(record.cause).toBeLessThan(record.seq)
    }
  })
})
