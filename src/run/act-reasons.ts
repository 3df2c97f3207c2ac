/**
 * Why a Pacemaker cluster did one act, in a sentence: the decision behind it is made once more with its reasons kept, and the nearest
 * reasons for that action, and where its resource goes, are told with the option or constraint behind them. Other managers tell their
 * reasons in their decisions.
 */
import type { Scenario } from '../scenario/scenario.ts'
import { causeChain } from '../trace/diff.ts'
import type { DecisionRecord, OperationRecord, Trace } from '../trace/record.ts'
import type { Act, ActLine } from './compare.ts'
import type { SimulateOptions } from './simulate.ts'
import { decideAgain, type Said, type Why, why } from './why.ts'

const REASONS_MAX = 3

/** Reasons in words, and what of them a line of the configuration says. */
export interface ActReasons {
  readonly text: string
  readonly lines: readonly ActLine[]
}

const NO_REASONS: ActReasons = { text: '', lines: [] }

/** The reasons; none where there is no decision behind the act, or none of Pacemaker's. Runs the scenario up to there. */
export function reasonsOfAct(scenario: Scenario, trace: Trace, act: Act, options: SimulateOptions = {}): ActReasons {
  if (scenario.manager !== 'pacemaker') return NO_REASONS
  const record = trace.records[act.seq - 1]
  const behind = causeChain(trace, act.seq).find((entry): entry is DecisionRecord => entry.kind === 'decision')
  if (record === undefined || behind === undefined) return NO_REASONS
  const decided = decideAgain(scenario, { node: behind.node, seq: behind.seq }, options)
  if (decided === undefined) return NO_REASONS
  const answer = why(decided, record.kind === 'fence' ? { node: record.target } : {})
  if (answer === undefined) return NO_REASONS
  if (record.kind === 'fence') return sentence(ofNode(answer), act, answer.file)
  return record.kind === 'operation' ? sentence(ofResource(answer, record), act, answer.file) : NO_REASONS
}

type Reason = Pick<Said, 'line' | 'source' | 'text'>

function ofNode({ nodes }: Why): readonly Reason[] {
  return nodes.flatMap(({ actions }) => actions.flatMap(({ because }) => because))
}

/** What was found, what failures keep any resource off that node (the others follow it), then why this one goes where it goes. */
function ofResource({ resources }: Why, call: Pick<OperationRecord, 'node' | 'resource'>): readonly Reason[] {
  const own = resources.filter(({ id }) => id === call.resource || id.startsWith(`${call.resource}:`))
  const verdicts = own.map(({ verdict }) => verdict)
  const found = own.flatMap(({ actions }) => actions.flatMap(({ because }) => because))
  const roots = resources.flatMap(({ id, scores }) =>
    scores
      .filter(({ node }) => node === call.node)
      .flatMap(({ obstacles }) =>
        obstacles
          .filter(({ text }) => FAILED.test(text))
          .map(({ text, line, source }) => ({ text: `${id} ${text}`, line, source })),
      ),
  )
  return [...found.filter(({ text }) => !verdicts.some((said) => said.text === text)), ...roots, ...verdicts]
}

/** An obstacle that is the resource's own fault. */
const FAILED = /^failed /

/** What the decision has said already, or is a part of another reason, is not told twice. */
function sentence(reasons: readonly Reason[], act: Act, file: string): ActReasons {
  const all = [...new Map(reasons.map((reason) => [reason.text, reason])).values()].filter(
    ({ text }) => !act.why.includes(text),
  )
  const told = all
    .filter(({ text }) => !all.some((other) => other.text !== text && other.text.includes(text)))
    .slice(0, REASONS_MAX)
  const lines = new Map(told.filter(({ line }) => 0 < line).map(({ line, source }) => [line, { file, line, source }]))
  return { text: told.map(({ text }) => text).join('; '), lines: [...lines.values()] }
}
