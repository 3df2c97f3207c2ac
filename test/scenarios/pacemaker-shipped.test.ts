/**
 * Every shipped Pacemaker scenario and each of its variants keeps what it expects, with its own seed and another: the worked cases of spec
 * E-12, the classics, and the fault tests of Pacemaker's own lab with that lab's audits. And a small sample of what
 * `npm run soak` runs by the thousand: seeds that showed mistakes once.
 */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { judge } from '../../src/checks/catalogue.ts'
import { loadScenario } from '../../src/cli/load.ts'
import { simulate } from '../../src/run/simulate.ts'

const FOLDER = 'scenarios/pacemaker'
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.includes('chaos'))

it.each(NAMES)('%s keeps what it expects, in every variant', (name) => {
  const scenario = loadScenario(`${FOLDER}/${name}`)
  expect(scenario.expectations.length).toBeGreaterThan(0)
  const variants = (scenario.variants ?? []).map((variant) => variant.scenario)
  for (const each of [scenario, ...variants]) {
    for (const seed of [each.seed, each.seed + 1]) {
      const { trace, reason } = simulate(each, { seed })
      const broken = judge(trace).flatMap(({ expectation, violations }) =>
        violations.map((violation) => `${each.title}, seed ${seed}: ${expectation.check}: ${violation.text}`),
      )
      expect(broken).toEqual([])
      expect(reason).not.toBe('event-limit')
    }
  }
})

it.each([47, 226, 405, 614, 633, 703, 894, 973])('the soak holds with seed %i', (seed) => {
  const { trace, reason } = simulate(loadScenario(`${FOLDER}/p20-chaos.yaml`), { seed })
  expect(judge(trace).flatMap(({ expectation, violations }) => violations.map((v) => [expectation.check, v]))).toEqual(
    [],
  )
  expect(reason).not.toBe('event-limit')
})

it('p51 sees that maintenance was lost', () => {
  const scenario = loadScenario(`${FOLDER}/p51-reattach.yaml`)
  const lost = { kind: 'command', at: 170_000, node: 'node1', words: ['maintenance', 'off'], why: '' } as const
  const { trace } = simulate({ ...scenario, timeline: [...scenario.timeline, lost].sort((a, b) => a.at - b.at) })
  const broken = judge(trace).filter(({ held }) => !held)
  expect(broken.map(({ expectation }) => expectation.check)).toEqual(['recovered-within'])
})
