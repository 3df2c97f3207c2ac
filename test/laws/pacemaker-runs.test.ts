/** What holds for every run of a living Pacemaker cluster: same seed, same trace, with either engine, without a trace, and from every stop. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { RUN_LAWS, VERBS } from '../support/run-laws.ts'
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
  const stops = [0, 25_000, 41_300, T, T + 8000, T + 9100, T + 12_345]

  it.each(RUN_LAWS)('$name', ({ complaints }) => {
    expect(complaints(VERBS, { scenario, stops, branch: T - 5000, node: 'node3' })).toEqual([])
  })
})
