/** Two runs held against one another whatever was changed: from when they count, and that nothing is made up where nothing differs. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { compare, comparePair, measureAlone } from '../../src/run/compare.ts'
import type { Scenario, Step } from '../../src/scenario/scenario.ts'
import { fault, trioScenario } from '../support/trio.ts'

const { variants: _, ...BASE } = loadScenario('scenarios/pacemaker/p01-node-dies-fenced.yaml')
const side = (name: string, scenario: Scenario, seed = 1) => ({ name, scenario, options: { seed } })
const crash = (at: number): Step => ({
  ...{ kind: 'fault', at, fault: 'service-crash', why: 'test' },
  arguments: [
    { name: 'node', value: 'alice' },
    { name: 'resource', value: 'db' },
  ],
})

describe('a pair of runs', () => {
  it('counts from the first misfortune of either, so that what came before is held against its like', () => {
    const earlier = { ...BASE, timeline: [crash(60_000), ...BASE.timeline] }
    const { from, columns, partings } = comparePair(side('A', BASE), side('B', earlier))
    expect(from).toBe(60_000)
    expect(columns.map(({ name }) => name)).toEqual(['A', 'B'])
    // The crash before the loss of power is answered by a restart that A does not know.
    expect(partings[0]!.right).toMatchObject({ text: 'alice stop db' })
    expect(partings[0]!.left!.at).toBeGreaterThan(120_000)
    expect(columns[1]!.changes).toEqual(['another timeline'])
  })

  it('does the same where nothing was changed', () => {
    const { partings, columns } = comparePair(side('A', BASE), side('B', BASE))
    expect(partings).toEqual([{ name: 'B', left: undefined, right: undefined }])
    expect(columns[0]!.trace.footer.digest).toBe(columns[1]!.trace.footer.digest)
  })

  it('parts in time where seeds differ', () => {
    const [parting] = comparePair(side('seed 1', BASE, 1), side('seed 2', BASE, 2)).partings
    expect(parting!.shift?.left.text).toBe(parting!.shift?.right.text)
    expect(parting!.shift?.left.at).not.toBe(parting!.shift?.right.at)
  })

  it('measures what a comparison of variants measures', () => {
    const scenario = loadScenario('scenarios/policies/p01-migration-threshold.yaml')
    const [first, second] = compare(scenario, { seed: 1 }).columns
    const { columns } = comparePair(side(first!.name, scenario), side(second!.name, scenario.variants![0]!.scenario))
    expect(columns).toEqual([first, second])
  })

  it('counts the time for which a node stands still, but no return when it wakes', () => {
    const OFF = ['name="stonith-enabled" value="true"', 'name="stonith-enabled" value="false"'] as const
    const still = (length: number) => {
      const timeline = [fault(90_000, 'node-hang', { node: 'node2' }, length)]
      const column = measureAlone(trioScenario({ timeline, until: 130_000, replace: [OFF] }))
      return column.downtimes.find(({ resource }) => resource === 'solo')!
    }
    expect(still(2000)).toMatchObject({ total: 2000, restarts: 0, moves: 0, isBack: true })
    // It was started elsewhere meanwhile.
    const long = still(20_000)
    expect(long.total).toBeGreaterThan(7000)
    expect(long.total).toBeLessThan(20_000)
    expect(long.moves).toBeGreaterThan(0)
  })
})
