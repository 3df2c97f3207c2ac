/** What holds for every run: same seed, same trace; the engine, the trace and a stop on the way change nothing; causes come before effects. */
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { TraceRecord } from '../../src/trace/record.ts'
import { command, fault, pairScenario } from '../support/pair.ts'
import { RUN_LAWS, VERBS, type Verbs } from '../support/run-laws.ts'

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
  const story = { scenario, stops: [0, 31_000, 89_999, 90_000, 100_500, 130_000], branch: 95_000, node: 'bob' }

  it.each(RUN_LAWS)('$name', ({ complaints }) => {
    expect(complaints(VERBS, story)).toEqual([])
  })
})

it('draws other misfortunes from another seed', () => {
  const [, scenario] = STORIES.at(-1)!
  expect(simulate(scenario, { seed: 2 }).trace.footer.digest).not.toBe(simulate(scenario).trace.footer.digest)
})

/** For each law verbs that break it, each in one way. */
const PLANTED: readonly (readonly [law: string, planted: string, verbs: () => Verbs])[] = [
  [
    'gives the same trace again',
    'a run that draws from a stream of its own',
    () => ({ ...VERBS, simulate: drifting() }),
  ],
  [
    'gives the same trace with either engine',
    'an engine that moves otherwise',
    () => ({ ...VERBS, simulate: (scenario, options) => simulate(scenario, options?.engine ? { seed: 9 } : options) }),
  ],
  [
    'handles the same events without a trace',
    'a run that ends early where nobody looks',
    () => ({
      ...VERBS,
      simulate: (scenario, options) =>
        simulate(options?.trace === 'none' ? { ...scenario, until: scenario.until / 2 } : scenario, options),
    }),
  ],
  [
    'handles the same events without a trace',
    'records that are kept unasked',
    () => ({ ...VERBS, simulate: (scenario) => simulate(scenario) }),
  ],
  [
    'goes on from every stop to the same end',
    'a snapshot that loses what was planned',
    () => ({
      ...VERBS,
      stoppedAt: (scenario, at) => (at < 90_000 ? simulate(scenario) : simulate({ ...scenario, chaos: [] })),
    }),
  ],
  [
    'is not disturbed by a branch',
    'a branch that shares its state',
    () => ({
      ...VERBS,
      branchedAt: (scenario, at, node) => {
        const { branch } = VERBS.branchedAt(scenario, at, node)
        return { branch, same: branch }
      },
    }),
  ],
  [
    'numbers its records, and no cause comes after its effect',
    'a record that is its own cause',
    () => ({ ...VERBS, simulate: withRecord((record) => ({ ...record, cause: record.seq })) }),
  ],
  [
    'numbers its records, and no cause comes after its effect',
    'a number that is used twice',
    () => ({ ...VERBS, simulate: withRecord((record) => ({ ...record, seq: record.seq - 1 })) }),
  ],
  [
    'numbers its records, and no cause comes after its effect',
    'an effect before its cause',
    () => ({ ...VERBS, simulate: withRecord((record) => ({ ...record, at: -1 })) }),
  ],
]

/** Each run has a seed of its own. */
function drifting(): typeof simulate {
  let runs = 0
  return (scenario, options) => simulate(scenario, { ...options, seed: ++runs })
}

/** The last record is changed. */
function withRecord(change: (record: TraceRecord) => TraceRecord): typeof simulate {
  return (scenario, options) => {
    const simulation = simulate(scenario, options)
    const { records } = simulation.trace
    const last = records.findLastIndex((record) => record.cause > 0)
    const changed = records.map((record, index) => (index === last ? change(record) : record))
    return { ...simulation, trace: { ...simulation.trace, records: changed } }
  }
}

describe('a law of runs can be broken', () => {
  const [, scenario] = STORIES.at(-1)!
  const story = { scenario, stops: [31_000, 100_500], branch: 95_000, node: 'bob' }

  it.each(PLANTED)('%s: %s', (law, _planted, verbs) => {
    const { complaints } = RUN_LAWS.find(({ name }) => name === law)!
    expect(complaints(VERBS, story)).toEqual([])
    expect(complaints(verbs(), story).length).toBeGreaterThan(0)
  })

  it('each of them', () => {
    expect([...new Set(PLANTED.map(([law]) => law))].sort()).toEqual(RUN_LAWS.map(({ name }) => name).sort())
  })
})
