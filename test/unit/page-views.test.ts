/** What the page works out before it draws: a transition's graph in columns, what has run, and a Pacemaker cluster as its nodes see it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { simulate } from '../../src/run/simulate.ts'
import { type TransitionAction, transitionsOf } from '../../src/run/transitions.ts'
import { Frames } from '../../src/trace/frames.ts'
import { layOut } from '../../web/replay/layers.ts'
import { attributesOf, marksOf, partitionsOf, tellerOf } from '../../web/replay/members.ts'
import { progressAt, progressText } from '../../web/replay/progress.ts'

function action(id: number, inputs: readonly number[], kind: TransitionAction['kind'] = 'resource'): TransitionAction {
  return { id, kind, task: 'start', key: `r${id}_start_0`, resource: `r${id}`, node: 'n1', inputs }
}

describe('a graph', () => {
  it('stands in columns from left to right, without ways that another way says already', () => {
    const { places, edges, columns } = layOut([action(1, []), action(2, [1]), action(3, [1, 2])], false)
    expect(places.map(({ column }) => column)).toEqual([0, 1, 2])
    expect(edges).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect(columns).toBe(3)
  })

  it('joins what a joint joins, where joints are left out', () => {
    const { places, edges } = layOut([action(1, []), action(2, [1], 'pseudo'), action(3, [2])], true)
    expect(places.map(({ action: { id } }) => id)).toEqual([1, 3])
    expect(edges).toEqual([[0, 1]])
  })

  it('never puts two actions of a column over one another, nor an action left of what it waits for', () => {
    const graphs = fc
      .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 40 })
      .map((all) => all.map((inputs, id) => action(id, id === 0 ? [] : inputs.map((input) => input % id))))
    fc.assert(
      fc.property(graphs, fc.boolean(), (actions, collapse) => {
        const { places, edges } = layOut(actions, collapse)
        for (const [from, to] of edges) expect(places[from]!.column).toBeLessThan(places[to]!.column)
        for (const [index, left] of places.entries())
          for (const right of places.slice(index + 1))
            if (left.column === right.column) expect(Math.abs(left.row - right.row)).toBeGreaterThan(0.999)
      }),
    )
  })
})

const scenario = loadScenario('scenarios/pacemaker/p01-node-dies-fenced.yaml')
const { trace } = simulate(scenario)
const frames = new Frames(trace)
const shape = trace.header.cluster

describe('what has run so far', () => {
  it('is what the steps up to the instant say, with when it began and ended', () => {
    const fencing = transitionsOf(scenario).find(({ actions }) => actions.some(({ kind }) => kind === 'fence'))!
    const fence = fencing.actions.find(({ kind }) => kind === 'fence')!
    const done = fencing.steps.find((step) => step.action === fence.id && step.state === 'done')!.at
    expect(progressAt(fencing, fencing.at).get(fence.id)).toEqual({ state: 'waiting' })
    expect(progressAt(fencing, done - 1).get(fence.id)?.state).toBe('running')
    expect(progressAt(fencing, done).get(fence.id)).toEqual({ state: 'done', began: fencing.at + 16, ended: done })
    expect(progressText(progressAt(fencing, fencing.endedAt!).values())).toBe(`${fencing.actions.length} done`)
  })
})

describe('a Pacemaker cluster at an instant', () => {
  it('has one partition with quorum and a DC once its nodes have met', () => {
    expect(partitionsOf(frames.at(60_000), shape)).toEqual([
      { members: ['alice', 'bob'], hasQuorum: true, dc: 'alice' },
    ])
    expect(partitionsOf(frames.at(21_000), shape).map(({ members }) => members)).toEqual([['alice'], ['bob']])
  })

  it('is told of by the DC, also what it says of nodes that are gone', () => {
    const frame = frames.at(60_000)
    expect(attributesOf(tellerOf(frame, shape, 'bob'), 'bob').map(({ name }) => name)).toEqual(['#feature-set'])
    const gone = frames.at(128_000)
    const teller = tellerOf(gone, shape, 'alice')
    expect(teller).toBe(gone.nodes.get('bob')?.beliefs)
    const marks = marksOf(gone, undefined, 'alice', { teller, isUnclean: true })
    expect(marks.map(({ word }) => word)).toEqual(['UNCLEAN'])
  })
})
