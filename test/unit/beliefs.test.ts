/** What a Pacemaker cluster believes, read out of whole runs. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { Beliefs } from '../../src/report/beliefs.ts'
import { simulate } from '../../src/run/simulate.ts'
import { lastSeqAt } from '../../src/trace/frames.ts'

const { trace } = simulate(loadScenario('scenarios/pacemaker/p01-node-dies-fenced.yaml'))
const beliefs = new Beliefs(trace)
const seqAt = (at: number): number => lastSeqAt(trace.records, at)
const fenced = trace.records.find((record) => record.kind === 'fence' && record.phase === 'succeeded')!

describe('a Pacemaker cluster', () => {
  it('believes that a resource runs where its start was reported', () => {
    expect(beliefs.roleOf('alice', 'db', seqAt(40_000))).toBe('stopped')
    expect(beliefs.roleOf('alice', 'db', seqAt(100_000))).toBe('started')
    expect(beliefs.roleOf('bob', 'db', seqAt(100_000))).toBe('stopped')
  })

  it('believes so after the node has died, until it is fenced', () => {
    expect(beliefs.roleOf('alice', 'db', seqAt(fenced.at - 1))).toBe('started')
    expect(beliefs.roleOf('alice', 'db', seqAt(fenced.at))).toBe('stopped')
  })

  it('holds a node for unclean from the decision to fence it until it is fenced', () => {
    expect(beliefs.isUnclean('alice', seqAt(125_000))).toBe(false)
    expect(beliefs.isUnclean('alice', seqAt(fenced.at - 1))).toBe(true)
    expect(beliefs.isUnclean('alice', seqAt(fenced.at))).toBe(false)
  })
})
