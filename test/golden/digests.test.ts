/**
 * Every shipped scenario × 3 seeds has the digest that is recorded, is the same with both engines, and the same without a trace: here with
 * the other engine for the first seed and without a trace for the second, and for all three seeds with `npm run golden`. A change of
 * behaviour changes digests: update them on purpose (`npm run golden -- -u`) and say in the commit which behaviour changed.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { simulate } from '../../src/run/simulate.ts'

const SEEDS = [1, 2, 3]
const WHOLE = process.env['QUORATE_GOLDEN'] === 'whole'
const seedsOfOtherEngine = WHOLE ? SEEDS : [1]
const seedsWithoutTrace = WHOLE ? SEEDS : [2]
const scenarios = readdirSync('scenarios', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((entry) =>
    readdirSync(`scenarios/${entry.name}`)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `${entry.name}/${name}`),
  )
  .sort()

describe('golden digests', () => {
  it('there are at least 25 scenarios', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(25)
  })

  it.each(scenarios)('%s', (name) => {
    const scenario = loadScenario(`scenarios/${name}`)
    const digests = SEEDS.map((seed) => {
      const { trace, events } = simulate(scenario, { seed })
      if (seedsOfOtherEngine.includes(seed))
        expect(simulate(scenario, { seed, engine: 'xstate' }).trace.footer.digest).toBe(trace.footer.digest)
      if (seedsWithoutTrace.includes(seed)) expect(simulate(scenario, { seed, trace: 'none' }).events).toBe(events)
      return trace.footer.digest.slice(0, 16)
    })
    expect(digests.join(' ')).toMatchSnapshot()
  })
})
