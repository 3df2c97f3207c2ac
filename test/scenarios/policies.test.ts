/**
 * Policies against one another: one manager, one misfortune, two or three settings. Each comparison must show what its setting costs and
 * what it buys, name the change, and say where the runs part and why.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { comparisonText, overviewText } from '../../src/cli/compare.ts'
import { loadScenario } from '../../src/cli/load.ts'
import { type Column, type Comparison, compare } from '../../src/run/compare.ts'

const FILES = readdirSync('scenarios/policies').filter((name) => name.endsWith('.yaml'))

function comparisonOf(start: string): Comparison {
  return compare(loadScenario(`scenarios/policies/${FILES.find((name) => name.startsWith(start))!}`))
}

const downtime = ({ downtimes }: Column, resource: string): number =>
  downtimes.find((entry) => entry.resource === resource)!.total
const returns = ({ downtimes }: Column, resource: string): readonly [restarts: number, moves: number] => {
  const { restarts, moves } = downtimes.find((entry) => entry.resource === resource)!
  return [restarts, moves]
}

describe('policies', () => {
  it('every one changes something, says what, and shows a difference or that there is none', () => {
    for (const file of FILES) {
      const { columns, partings } = compare(loadScenario(`scenarios/policies/${file}`))
      expect(columns[0]!.changes).toEqual([])
      for (const { manager, changes, violations } of columns.slice(1)) {
        expect([file, manager, changes.length > 0, violations]).toEqual([file, columns[0]!.manager, true, []])
      }
      expect(partings.some(({ left, right, shift }) => (left ?? right ?? shift) !== undefined)).toBe(true)
    }
  })

  it('p01: a threshold of 1 moves at once, 3 after three restarts, none never', () => {
    const { columns, partings } = comparisonOf('p01')
    expect(columns.map((column) => returns(column, 'httpd'))).toEqual([
      [4, 0],
      [2, 1],
      [0, 1],
    ])
    const [none, three, one] = columns.map((column) => downtime(column, 'httpd'))
    expect([three! < none!, one! < three!]).toEqual([true, true])
    // What moving costs: the address and the file system, which never failed, are away too.
    expect(columns.map((column) => 0 < downtime(column, 'webdata'))).toEqual([false, true, true])
    expect(columns.slice(1).map(({ changes }) => changes)).toEqual([
      ['web: with migration-threshold=3'],
      ['web: with migration-threshold=1'],
    ])
    expect(partings[0]!.right!.at).toBeGreaterThan(partings[1]!.right!.at)
    expect(partings[1]!.right!.why).toContain('Move vip ( n1 -> n2 )')
  })

  it('p02: restart moves at the third failure, relocate at the first; disable leaves it down', () => {
    const { columns } = comparisonOf('p02')
    expect(columns.map((column) => returns(column, 'script:httpd'))).toEqual([
      [2, 1],
      [0, 1],
      [2, 0],
      [0, 0],
    ])
    expect(columns.map(({ recover }) => recover !== undefined)).toEqual([true, true, true, false])
    expect(columns[1]!.changes).toEqual(['web: recovery="restart" → recovery="relocate"'])
  })

  it('p03: without a delay both shoot, with it on the wrong device the services move', () => {
    const { columns } = comparisonOf('p03')
    expect(columns.map(({ fences, isUnhurt }) => [fences, isUnhurt])).toEqual([
      [1, true],
      [2, false],
      [1, false],
    ])
    expect(downtime(columns[1]!, 'script:httpd')).toBeGreaterThan(60_000)
  })

  it('p04: giving back costs a second interruption; a longer deadtime is the same, later', () => {
    const { columns, partings } = comparisonOf('p04')
    expect(columns.map((column) => returns(column, 'httpd')[1])).toEqual([2, 1, 2])
    expect(partings[1]!.left).toBeUndefined()
    expect(partings[1]!.shift!.right.at - partings[1]!.shift!.left.at).toBe(20_000)
    expect(columns[2]!.changes).toEqual(['deadtime: 10 → 30', 'initdead: 30 → 60'])
  })

  it('p05: blocking saves a fencing and leaves the group down', () => {
    const { columns, isCommanded } = comparisonOf('p05')
    expect(isCommanded).toBe(true)
    expect(columns.map(({ fences, recover }) => [fences, recover !== undefined])).toEqual([
      [1, true],
      [0, false],
    ])
  })

  it('p06: only an enforced timeout ends a check that hangs; a quicker scan changes nothing at all', () => {
    const { columns, partings } = comparisonOf('p06')
    expect(columns.map(({ detect }) => detect === undefined)).toEqual([true, false, true])
    expect(partings[1]).toEqual({ name: 'quicker scan', left: undefined, right: undefined })
  })
})

describe('the table (quorate compare)', () => {
  it('names the changes, the times, restarts, moves, fences and violations, the first difference and why', () => {
    const text = comparisonText(comparisonOf('p02'))
    expect(text).toMatch(/^relocate: web: recovery="restart" → recovery="relocate"$/m)
    for (const row of [
      /^time to detect +24\.\d+s +24\.\d+s/m,
      /^time to fence +– +–/m,
      /^time to recover +29\.\d+s .* never$/m,
      /^downtime of script:httpd .* and on$/m,
      /^restarts in place +2 +0 +2 +0$/m,
      /^moves +1 +1 +0 +0$/m,
      /^calls of start +12 +4 +8 +0$/m,
      /^fenced nodes +0 +0 +0 +0$/m,
      /^violations +0 +0 +0 +0$/m,
      /^≠ relocate parts from rgmanager:$/m,
      /relocate: \d\d:\d\d\.\d{3} n2 start service:web — starts service:web: n1 asks for it; its score/,
      /restart 1 of 2 in the window \(max_restarts\)$/m,
    ])
      expect(text).toMatch(row)
    // A counter says nothing about a policy that does not count.
    expect(text).not.toMatch(/recovery=disable\); \d/)
  })

  it('says what whoever is at rest said last, that only times differ, and that nothing differs', () => {
    expect(comparisonText(comparisonOf('p05'))).toMatch(
      /block: does nothing more; its last word, at \d\d:\d\d\.\d{3}: n/,
    )
    expect(comparisonText(comparisonOf('p04'))).toContain('≈ deadtime 30 does what heartbeat does, in the same order')
    expect(comparisonText(comparisonOf('p06'))).toContain('= quicker scan does what rgmanager does, at the same times')
  })

  it('shows a violation with the column that broke it', () => {
    const comparison = comparisonOf('p06')
    const planted = comparison.columns.map((column, index) =>
      index === 1 ? { ...column, violations: ['data-never-split'] } : column,
    )
    const text = comparisonText({ ...comparison, columns: planted })
    expect(text).toMatch(/^violations +0 +1 +0$/m)
    expect(text).toContain('✗ enforced: data-never-split')
  })

  it('of all together has a row for each setting, with what it changes', () => {
    const comparisons = FILES.map((file) => compare(loadScenario(`scenarios/policies/${file}`)))
    const rows = overviewText(comparisons).split('\n')
    expect(rows).toHaveLength(comparisons.reduce((sum, { columns }) => sum + columns.length, 2))
    expect(rows[2]).toMatch(
      /^\| A web server that keeps crashing.* \| pacemaker, as it is \| back after \d+ s, 4 starts \| 1m\S+ \|$/,
    )
    expect(rows[4]).toMatch(
      /^\| {2}\| threshold 1: web: with migration-threshold=1 \| back after \d+ s, 3 starts \| \S+ \|$/,
    )
    expect(rows.find((row) => row.includes('restart-disable'))).toContain('back after 29 s, down at the end, 8 starts')
  })
})
