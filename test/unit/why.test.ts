/** Reasons for a Pacemaker DC's decisions, asked of a run that is over: the run is repeated, and must lead to the same decision. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { decisionsOf } from '../../src/report/decisions.ts'
import { simulate } from '../../src/run/simulate.ts'
import { transitionsOf } from '../../src/run/transitions.ts'
import { decideAgain, why } from '../../src/run/why.ts'

const scenario = loadScenario('scenarios/pacemaker/p01-node-dies-fenced.yaml')
const { trace } = simulate(scenario)
const decisions = decisionsOf(trace)
const takeover = decisions.find(({ actions }) => actions.some(({ text }) => text.includes('Fence')))!

describe('why', () => {
  it('tells the way from the node that is gone to the move, with steps that come first', () => {
    const answer = why(decideAgain(scenario, takeover)!, { resource: 'db' })
    const [db] = answer!.resources
    expect(db).toMatchObject({ id: 'db', node: 'bob', runsOn: ['alice'] })
    const [move] = db!.actions
    expect(move?.title).toBe('Move db from alice to bob')
    expect(move?.because.map(({ text }) => text).join('; ')).toMatch(/alice/)
    expect(move?.before.map(({ text }) => text)).toContain('start ip on bob')
  })

  it('names the line of the configuration behind a term of a score, and quotes it', () => {
    const first = decisions[0]!
    const answer = why(decideAgain(scenario, first)!, { resource: 'db' })
    const terms = answer!.resources[0]!.scores.flatMap((score) => score.terms)
    for (const term of terms.filter(({ line }) => 0 < line)) expect(term.source).toMatch(/^</)
    expect(answer?.file).toBe('pair.xml')
  })

  it('tells why a node is fenced', () => {
    const answer = why(decideAgain(scenario, takeover)!, { node: 'alice' })
    expect(answer?.nodes[0]?.verdict.text).toMatch(/^alice is fenced \(reboot\)/)
  })

  it('is plain data', () => {
    const answer = why(decideAgain(scenario, takeover)!, {})
    expect(structuredClone(answer)).toEqual(answer)
  })

  it('has no answer for what is no resource, and for managers without a scheduler', () => {
    expect(why(decideAgain(scenario, takeover)!, { resource: 'nothing' })).toBeUndefined()
    const pair = loadScenario('scenarios/heartbeat/s03-node-dies.yaml')
    expect(decideAgain(pair, { node: 'alice', seq: 10 })).toBeUndefined()
    expect(transitionsOf(pair)).toEqual([])
  })
})

describe('transitions', () => {
  const transitions = transitionsOf(scenario)

  it('are those of the trace, at the same records', () => {
    const told = decisions.map(({ node, transition, at, seq }) => ({ node, number: transition, at, seq }))
    expect(transitions.map(({ node, number, at, seq }) => ({ node, number, at, seq }))).toEqual(told)
  })

  it('tell when each action began and ended, in the order of the graph', () => {
    const fencing = transitions.find(({ actions }) => actions.some(({ kind }) => kind === 'fence'))!
    const fence = fencing.actions.find(({ kind }) => kind === 'fence')!
    const start = fencing.actions.find(({ key, node }) => key === 'db_start_0' && node === 'bob')!
    const at = (action: number, state: string): number =>
      fencing.steps.find((step) => step.action === action && step.state === state)!.at
    expect(at(fence.id, 'running')).toBe(fencing.at + 16)
    expect(at(fence.id, 'done')).toBeLessThanOrEqual(at(start.id, 'running'))
    expect(at(start.id, 'done')).toBeLessThanOrEqual(fencing.endedAt!)
  })
})
