/** Which decision stands behind what is seen on a node. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { decisionAt, decisionsOf } from '../../src/report/decisions.ts'
import { simulate } from '../../src/run/simulate.ts'
import { Frames, lastSeqAt } from '../../src/trace/frames.ts'
import { decisionFor } from '../../web/app/use-table.ts'

function tableAt(scenario: string, at: number) {
  const { trace } = simulate(loadScenario(`scenarios/pacemaker/${scenario}.yaml`))
  const decisions = decisionsOf(trace)
  const seq = lastSeqAt(trace.records, at)
  return { decisions, seq, frame: new Frames(trace).at(at), decision: decisionAt(decisions, seq), isPinned: false }
}

describe('the decision behind a node', () => {
  const split = tableAt('p03-split-brain-unfenced', 150_000)

  it('is that of the DC which the node follows, also where another DC has decided later', () => {
    expect(split.decision?.node).toBe('bob')
    expect(decisionFor(split, 'alice')?.node).toBe('alice')
    expect(decisionFor(split, 'bob')).toBe(split.decision)
  })

  it('is the picked one, where one is picked', () => {
    expect(decisionFor({ ...split, isPinned: true }, 'alice')).toBe(split.decision)
  })

  it('is the last one of all for a node that is gone, and where no node is chosen', () => {
    const dead = tableAt('p01-node-dies-fenced', 130_000)
    expect(dead.frame.nodes.get('alice')?.state).toBe('off')
    expect(decisionFor(dead, 'alice')).toBe(dead.decision)
    expect(decisionFor(split, '')).toBe(split.decision)
  })
})
