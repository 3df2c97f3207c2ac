/** Several runs put on one axis: where they part, the earliest first, and what each did there. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { reasonsOfAct } from '../../src/run/act-reasons.ts'
import { compare } from '../../src/run/compare.ts'
import { lastTold, putTogether, sharedAxis } from '../../web/replay/together.ts'

const scenario = loadScenario('scenarios/policies/p01-migration-threshold.yaml')
const comparison = compare(scenario, { seed: 1 })
const together = putTogether(comparison)

describe('runs put together', () => {
  it('numbers differences by their instants', () => {
    const instants = together.differences.map(({ at }) => at!)
    expect(instants).toEqual([...instants].sort((left, right) => left - right))
    expect(together.first?.number).toBe(1)
    expect(together.first?.sides.map(({ name }) => name)).toEqual(['pacemaker', 'threshold 1'])
  })

  it('marks a difference in the two runs that it is between', () => {
    const marked = together.strips.map(({ column, partings }) => [column.name, partings.map(({ number }) => number)])
    expect(marked).toEqual([
      ['pacemaker', [1, 2]],
      ['threshold 3', [2]],
      ['threshold 1', [1]],
    ])
  })

  it('has one axis to the end of the longest run, and tells the last loud line of each', () => {
    const { stretches } = sharedAxis(together, true)
    expect(stretches.at(-1)!.to).toBe(together.end)
    for (const strip of together.strips) {
      const line = lastTold(strip, 120_000)!
      expect(line.at <= 120_000 && line.tone !== 'quiet').toBe(true)
      expect(lastTold(strip, -1)).toBeUndefined()
    }
  })
})

describe('the reasons of an act', () => {
  it('names the option that makes one side move, and the failure that makes the other stay', () => {
    const { left, right } = comparison.partings.find(({ name }) => name === 'threshold 1')!
    const moved = scenario.variants!.find(({ name }) => name === 'threshold 1')!.scenario
    const traceOf = (name: string) => comparison.columns.find((column) => column.name === name)!.trace
    expect(reasonsOfAct(scenario, traceOf('pacemaker'), left!, { seed: 1 }).text).toMatch(
      /^it failed on n1; httpd stays on n1/,
    )
    const reasons = reasonsOfAct(moved, traceOf('threshold 1'), right!, { seed: 1 })
    expect(reasons.text).toMatch(/migration-threshold=1 of web/)
    expect(reasons.lines.map(({ source }) => source)).toContainEqual(expect.stringContaining('migration-threshold'))
    for (const { file, line, source } of reasons.lines)
      expect(
        moved.files
          .find(({ name }) => name === file)
          ?.text.split('\n')
          [line - 1]?.trim(),
      ).toBe(source)
  })

  it('leaves other managers to their own decisions', () => {
    const incident = loadScenario('scenarios/incidents/i03-stop-failure.yaml')
    const { columns, partings } = compare(incident, { seed: 1 })
    const act = partings[0]!.right!
    const variant = incident.variants![0]!.scenario
    expect(reasonsOfAct(variant, columns[1]!.trace, act, { seed: 1 })).toEqual({ text: '', lines: [] })
  })
})
