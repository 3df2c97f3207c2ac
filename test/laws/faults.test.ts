/** What holds for every fault in the catalogue. A new one is under these laws the moment it is listed. */
import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/faults/catalogue.ts'
import type { Fault } from '../../src/faults/contract.ts'
import type { ArgumentValue, ParameterSpec } from '../../src/model/vocabulary.ts'
import { createRun, simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'
import { FAULT_LAWS, type Strike } from '../support/fault-laws.ts'
import { fault, HA_CF, pairScenario } from '../support/pair.ts'

const AT = 90_000
const CF = `${HA_CF}stonith_host * external/ssh alice bob\nping 10.0.0.254\n`
const quiet = pairScenario({ cf: CF })
const calm = simulate(quiet).trace
const { shape } = createRun(quiet).state.world

/** A value that exists in the pair, for any parameter. */
function sample({ name, type, choices }: ParameterSpec): ArgumentValue {
  switch (type) {
    case 'node':
      return 'alice'
    case 'resource':
      return shape.resources[0]!.id
    case 'device':
      return shape.fenceDevices[0]!.id
    case 'storage':
      return shape.storage[0]!.id
    case 'medium':
      return shape.media[0]!.id
    case 'link':
      return ['alice', 'bob']
    case 'sides':
      return [['alice'], ['bob']]
    case 'duration':
      return 2000
    case 'number':
      return 3
    case 'chance':
      return 0.5
    case 'process':
      return shape.processes[0]!
    case 'text':
      if (choices !== undefined) return choices[0]!
      if (name === 'from') return 'alice'
      if (name === 'to') return 'bob'
      return name === 'target' ? shape.pingTargets[0]!.name : 'heartbeat'
  }
}

function struck({ name, parameters, lasting }: Fault): Scenario {
  const args = Object.fromEntries(
    parameters.filter((entry) => entry.required).map((entry) => [entry.name, sample(entry)]),
  )
  return { ...quiet, timeline: [fault(AT, name, args, lasting ? 30_000 : undefined)] }
}

it('has no two faults of one name', () => {
  expect(new Set(FAULTS.map((entry) => entry.name)).size).toBe(FAULTS.length)
})

function strike(entry: Fault): Strike {
  const scenario = struck(entry)
  const run = () => simulate(scenario).trace
  const other = simulate(scenario, { engine: 'xstate' }).trace
  return { entry, at: AT, lasts: 30_000, calm, struck: run(), again: run(), other }
}

describe.each(FAULTS.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
  const struck = strike(entry)

  it.each(FAULT_LAWS)('$name', ({ complaints }) => {
    expect(complaints(struck)).toEqual([])
  })
})

/** The trace with the first record that fits changed. */
function changed(
  of: Trace,
  fits: (record: TraceRecord) => boolean,
  change: (record: TraceRecord) => TraceRecord,
): Trace {
  const first = of.records.findIndex(fits)
  expect(first).toBeGreaterThanOrEqual(0)
  return { ...of, records: of.records.map((record, index) => (index === first ? change(record) : record)) }
}

const isFault = (record: TraceRecord): boolean => record.kind === 'fault'
const otherDigest = (of: Trace): Trace => ({ ...of, footer: { ...of.footer, digest: 'another' } })
const [BEFORE, TOLD, AGAIN, DESCRIBED] = FAULT_LAWS.map(({ name }) => name) as [string, string, string, string]

/** For each law what breaks it: a strike of `link-down` with one thing wrong. */
const PLANTED: readonly (readonly [law: string, planted: string, broken: (good: Strike) => Strike])[] = [
  [
    BEFORE,
    'a fault that shifts the draws of others',
    (good) => ({
      ...good,
      struck: changed(
        good.struck,
        () => true,
        (record) => ({ ...record, at: record.at + 1 }),
      ),
    }),
  ],
  [BEFORE, 'a fault in an empty past', (good) => ({ ...good, at: 0 })],
  [
    TOLD,
    'a fault that begins late',
    (good) => ({ ...good, struck: changed(good.struck, isFault, (record) => ({ ...record, at: AT + 1 })) }),
  ],
  [
    TOLD,
    'a fault that something caused',
    (good) => ({ ...good, struck: changed(good.struck, isFault, (record) => ({ ...record, cause: 1 })) }),
  ],
  [
    TOLD,
    'a fault that never ends',
    (good) => ({ ...good, struck: { ...good.struck, records: good.struck.records.filter((r) => r.at < AT + 30_000) } }),
  ],
  [AGAIN, 'a fault that draws anew each time', (good) => ({ ...good, again: otherDigest(good.again) })],
  [AGAIN, 'a fault that looks at the engine', (good) => ({ ...good, other: otherDigest(good.other) })],
  [DESCRIBED, 'no sentence', (good) => ({ ...good, entry: { ...good.entry, about: 'cuts a link' } })],
  [DESCRIBED, 'a fault that ends and does not last', (good) => ({ ...good, entry: { ...good.entry, lasting: false } })],
  [
    DESCRIBED,
    'a parameter without words',
    (good) => {
      const parameters = good.entry.parameters.map((parameter) => ({ ...parameter, about: '' }))
      return { ...good, entry: { ...good.entry, parameters } }
    },
  ],
]

describe('a law of faults can be broken', () => {
  const good = strike(FAULTS.find(({ name }) => name === 'link-down')!)

  it.each(PLANTED)('%s: %s', (law, _planted, broken) => {
    const { complaints } = FAULT_LAWS.find(({ name }) => name === law)!
    expect(complaints(good)).toEqual([])
    expect(complaints(broken(good)).length).toBeGreaterThan(0)
  })

  it('each of them', () => {
    expect([...new Set(PLANTED.map(([law]) => law))]).toEqual(FAULT_LAWS.map(({ name }) => name))
  })
})
