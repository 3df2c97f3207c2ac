/** What holds for every fault in the catalogue. A new one is under these laws the moment it is listed. */
import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/faults/catalogue.ts'
import type { Fault } from '../../src/faults/contract.ts'
import type { ArgumentValue, ParameterSpec } from '../../src/model/vocabulary.ts'
import { createRun, simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
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

describe.each(FAULTS.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  const scenario = struck(entry)
  const { trace } = simulate(scenario)

  it('changes nothing before it begins', () => {
    const untilThen = (records: typeof trace.records) => records.filter((record) => record.at < AT)
    expect(untilThen(trace.records)).toEqual(untilThen(calm.records))
    expect(untilThen(trace.records).length).toBeGreaterThan(10)
  })

  it('is told when it begins, by nobody caused, and when it ends', () => {
    const told = trace.records.filter((record) => record.kind === 'fault')
    const expected = entry.lasting ? [`${AT} begin ${name}`, `${AT + 30_000} end ${name}`] : [`${AT} begin ${name}`]
    expect(told.map((record) => `${record.at} ${record.phase} ${record.fault}`)).toEqual(expected)
    expect(told[0]!.cause).toBe(0)
  })

  it('gives the same trace again, and with the other engine', () => {
    const { digest } = trace.footer
    expect(simulate(scenario).trace.footer.digest).toBe(digest)
    expect(simulate(scenario, { engine: 'xstate' }).trace.footer.digest).toBe(digest)
  })

  it('says in its description what it strikes, in one sentence with its parameters', () => {
    expect(entry.about).toMatch(/^[A-Z].*\.$/)
    expect(entry.lasting).toBe(entry.end !== undefined)
    for (const parameter of entry.parameters) expect(parameter.about).not.toBe('')
  })
})
