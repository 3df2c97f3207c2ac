/** Figures over many seeds: ranks, which seed shows the worst, and settings held against one another. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { measureAlone } from '../../src/run/compare.ts'
import { type SeedRun, spreadOf, summarize, toSeedRun } from '../../web/replay/often.ts'

const run = (name: string, seed: number, more: Partial<SeedRun> = {}): SeedRun => ({
  ...{ name, seed, violations: [], recover: 1000 * seed, fences: 1, away: [{ resource: 'db', total: 10 * seed }] },
  ...more,
})

describe('many seeds', () => {
  it('tell the median, what 95 of 100 do not exceed, and the first of the worst', () => {
    const values = Array.from({ length: 100 }, (_, index) => ({ seed: index + 1, value: Math.min(index + 1, 99) }))
    expect(spreadOf(values)).toEqual({ median: 50, high: 95, most: 99, worst: 99 })
    expect(spreadOf([{ seed: 7, value: 3 }])).toEqual({ median: 3, high: 3, most: 3, worst: 7 })
    expect(spreadOf([])).toBeUndefined()
  })

  it('tell which seeds fail, and which never recover', () => {
    const runs = [
      run('a', 1),
      run('b', 1, { violations: ['settles', 'one-dc'] }),
      run('a', 2, { recover: undefined }),
      run('b', 2, { violations: ['settles'], away: [{ resource: 'ip', total: 5 }] }),
    ]
    const [a, b] = summarize(runs)
    expect([a!.name, a!.seeds, a!.bad, a!.never]).toEqual(['a', 2, 0, [2]])
    expect(a!.recover).toEqual({ median: 1000, high: 1000, most: 1000, worst: 1 })
    expect([b!.bad, b!.violated]).toEqual([
      2,
      [
        { text: 'settles', seeds: [1, 2] },
        { text: 'one-dc', seeds: [1] },
      ],
    ])
    expect(b!.away.map(({ resource, spread }) => [resource, spread?.worst])).toEqual([
      ['db', 1],
      ['ip', 2],
    ])
  })

  it('take a run in which nothing went away for one that recovered at once', () => {
    const scenario = loadScenario('scenarios/policies/p03-fence-delay.yaml')
    const { variants: [noDelay] = [], ...base } = scenario
    expect(toSeedRun('x', 3, measureAlone(base, { seed: 3 }))).toMatchObject({ seed: 3, recover: 0, fences: 1 })
    expect(toSeedRun('x', 3, measureAlone(noDelay!.scenario, { seed: 3 }))).toMatchObject({ fences: 2 })
  })
})
