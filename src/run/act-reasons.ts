/**
 * Why a Pacemaker cluster did one act, in a sentence: the decision behind it is made once more with its reasons kept, and the nearest
 * reasons for that action, and where its resource goes, are told with the option or constraint behind them. Other managers tell their
 * reasons in their decisions.
 */
import type { Scenario } from '../scenario/scenario.ts'
import { causeChain } from '../trace/diff.ts'
import type { DecisionRecord, OperationRecord, Trace } from '../trace/record.ts'
import type { Act } from './compare.ts'
import type { SimulateOptions } from './simulate.ts'
import { decideAgain, type Why, why } from './why.ts'

const REASONS_MAX = 3

/** The reasons; empty where there is no decision behind the act, or none of Pacemaker's. Runs the scenario up to there. */
export function reasonsOfAct(scenario: Scenario, trace: Trace, act: Act, options: SimulateOptions = {}): string {
  if (scenario.manager !== 'pacemaker') return ''
  const record = trace.records[act.seq - 1]
  const behind = causeChain(trace, act.seq).find((entry): entry is DecisionRecord => entry.kind === 'decision')
  if (record === undefined || behind === undefined) return ''
  const decided = decideAgain(scenario, { node: behind.node, seq: behind.seq }, options)
  if (decided === undefined) return ''
  const answer = why(decided, record.kind === 'fence' ? { node: record.target } : {})
  if (answer === undefined) return ''
  if (record.kind === 'fence') return sentence(ofNode(answer), act)
  return record.kind === 'operation' ? sentence(ofResource(answer, record), act) : ''
}

function ofNode({ nodes }: Why): readonly string[] {
  return nodes.flatMap(({ actions }) => actions.flatMap(({ because }) => because.map(({ text }) => text)))
}

/** What was found, what failures keep any resource off that node (the others follow it), then why this one goes where it goes. */
function ofResource({ resources }: Why, call: Pick<OperationRecord, 'node' | 'resource'>): readonly string[] {
  const own = resources.filter(({ id }) => id === call.resource || id.startsWith(`${call.resource}:`))
  const verdicts = own.map(({ verdict }) => verdict.text)
  const found = own.flatMap(({ actions }) => actions.flatMap(({ because }) => because.map(({ text }) => text)))
  const roots = resources.flatMap(({ id, scores }) =>
    scores
      .filter(({ node }) => node === call.node)
      .flatMap(({ obstacles }) => obstacles.filter(({ text }) => FAILED.test(text)).map(({ text }) => `${id} ${text}`)),
  )
  return [...found.filter((text) => !verdicts.includes(text)), ...roots, ...verdicts]
}

/** An obstacle that is the resource's own fault. */
const FAILED = /^failed /

/** What the decision has said already, or is a part of another reason, is not told twice. */
function sentence(texts: readonly string[], act: Act): string {
  const all = [...new Set(texts)].filter((text) => !act.why.includes(text))
  return all
    .filter((text) => !all.some((other) => other !== text && other.includes(text)))
    .slice(0, REASONS_MAX)
    .join('; ')
}
