/**
 * Why here, why this: the reasons behind one decision of a Pacemaker DC. The run is repeated up to the decision's record, the scheduler
 * asked again on what that DC saw then, this time with every contribution noted, and the explainer asked. Plain data for a viewer.
 *
 * Nothing is stored with a run for this: the same scenario and seed lead to the same instant.
 */
import type { ClusterState } from '../cib/state.ts'
import { decide, type Explanation, explain, type Question, type ResourceExplanation } from '../crmsim/explain.ts'
import type { ActionExplanation } from '../crmsim/explain-actions.ts'
import type { NodeExplanation } from '../crmsim/explain-node.ts'
import type { NodeScore, Term } from '../crmsim/explain-scores.ts'
import type { Remark } from '../crmsim/explain-sources.ts'
import type { NodeName } from '../model/names.ts'
import { clusterSeen } from '../pacemaker/decide.ts'
import type { PacemakerState } from '../pacemaker/state.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Decision } from '../scheduler/schedule.ts'
import { createRun, type SimulateOptions } from './simulate.ts'
import { step } from './transitions.ts'

/** A decision: the DC that made it and a record of it. */
export interface DecisionPlace {
  readonly node: NodeName
  readonly seq: number
}

/** Something said, and the line of the configuration behind it, where one is. */
export interface Said {
  readonly text: string
  /** The constraint, option or resource behind it; empty where there is none. */
  readonly id: string
  /** 0 where no line of the file says it. */
  readonly line: number
  /** That line itself. */
  readonly source: string
}

/** One term of a score. `set`: what came before counts no more. */
export interface WhyTerm extends Said {
  readonly amount: number
  readonly how: 'add' | 'set'
  readonly counts: boolean
  readonly parts: readonly WhyTerm[]
}

/** One node for one resource. */
export interface WhyScore {
  readonly node: NodeName
  /** Absent where the node is not in the resource's table. */
  readonly score: number | undefined
  readonly terms: readonly WhyTerm[]
  /** What keeps the resource away. */
  readonly obstacles: readonly Said[]
}

/** One thing that happens, its reasons from the nearest to the root, and what must happen first. */
export interface WhyAction {
  readonly title: string
  readonly isBlocked: boolean
  readonly because: readonly Said[]
  readonly before: readonly Said[]
}

/** One instance of a resource. */
export interface WhyResource {
  readonly id: string
  readonly role: string
  readonly nextRole: string
  readonly runsOn: readonly NodeName[]
  readonly node: NodeName | undefined
  readonly verdict: Said
  readonly notes: readonly Said[]
  readonly scores: readonly WhyScore[]
  readonly promotion: { readonly score: number; readonly terms: readonly WhyTerm[]; readonly verdict: Said } | undefined
  readonly actions: readonly WhyAction[]
}

/** What is said of one node. */
export interface WhyNode {
  readonly node: NodeName
  readonly verdict: Said
  readonly state: readonly Said[]
  readonly actions: readonly WhyAction[]
  readonly resources: readonly string[]
}

/** An answer. */
export interface Why {
  /** The file that lines are quoted from. */
  readonly file: string
  readonly resources: readonly WhyResource[]
  readonly nodes: readonly WhyNode[]
}

/** A decision with its reasons, ready for questions. Not plain data: it stays where it was made. */
export interface Decided {
  readonly decision: Decision
  readonly file: string
  readonly lines: readonly string[]
}

/** Repeats the run up to a decision and makes it again. Undefined where that record is no decision of that node's. */
export function decideAgain(
  scenario: Scenario,
  { node, seq }: DecisionPlace,
  options: SimulateOptions = {},
): Decided | undefined {
  const seen = scenario.manager === 'pacemaker' ? stateAt(scenario, { node, seq }, options) : undefined
  if (seen === undefined) return undefined
  const file = scenario.files.find(({ text }) => text.trimStart().startsWith('<'))
  return { decision: decide(seen), file: file?.name ?? '', lines: file?.text.split('\n') ?? [] }
}

/** The answer to one question; undefined where nothing has the name. `question` asks for a resource, a node, or everything that happens. */
export function why({ decision, file, lines }: Decided, question: Question): Why | undefined {
  const explanation = explain(decision, question)
  return explanation === undefined ? undefined : { file, ...toData(explanation, lines) }
}

/** What the DC saw in the event that wrote the record. */
function stateAt(scenario: Scenario, { node, seq }: DecisionPlace, options: SimulateOptions): ClusterState | undefined {
  const run = createRun(scenario, { ...options, trace: 'none' })
  while (run.writer.snapshot().seq < seq) if (!step(run)) return undefined
  const { clockOffset } = run.state.world.nodes.get(node) ?? {}
  // The manager is Pacemaker: this is its own state.
  const daemon = run.state.daemons.get(node) as PacemakerState | undefined
  if (daemon === undefined || clockOffset === undefined) return undefined
  return clusterSeen(daemon, daemon.config.clockStart + Math.floor((run.loop.now + clockOffset) / 1000))
}

function toData({ primitives, node, nodes }: Explanation, lines: readonly string[]): Omit<Why, 'file'> {
  const say = ({ text, origin: { id, line } }: Remark): Said => ({
    text,
    id,
    line,
    source: line === 0 ? '' : (lines[line - 1]?.trim() ?? ''),
  })
  return {
    resources: primitives.map((each) => resourceData(each, say)),
    nodes: [...nodes, ...(node === undefined ? [] : [node])].map((each) => nodeData(each, say)),
  }
}

type Say = (told: Remark) => Said

function resourceData({ promotion, ...each }: ResourceExplanation, say: Say): WhyResource {
  const { id, role, nextRole, runsOn, node } = each
  return {
    id,
    role,
    nextRole,
    runsOn,
    node,
    verdict: say(each.verdict),
    notes: each.notes.map(say),
    scores: each.scores.map((score) => scoreData(score, say)),
    promotion:
      promotion === undefined
        ? undefined
        : {
            score: promotion.score,
            terms: promotion.terms.map((term) => termData(term, say)),
            verdict: say(promotion.verdict),
          },
    actions: each.actions.map((action) => actionData(action, say)),
  }
}

function scoreData({ node, score, terms, obstacles }: NodeScore, say: Say): WhyScore {
  return { node, score, terms: terms.map((term) => termData(term, say)), obstacles: obstacles.map(say) }
}

function termData({ amount, how, counts, parts, ...told }: Term, say: Say): WhyTerm {
  return { ...say(told), amount, how, counts, parts: parts.map((part) => termData(part, say)) }
}

function actionData({ title, isBlocked, because, before = [] }: ActionExplanation, say: Say): WhyAction {
  return { title, isBlocked, because: because.map(say), before: before.map(say) }
}

function nodeData({ node, verdict, state, actions, resources }: NodeExplanation, say: Say): WhyNode {
  return {
    node,
    verdict: say(verdict),
    state: state.map(say),
    actions: actions.map((action) => actionData(action, say)),
    resources,
  }
}
