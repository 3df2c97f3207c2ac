/**
 * Explains one decision of the scheduler: where a resource is placed and why, what happens with it, why a node is fenced.
 *
 * Data in, data out; the text is made by explain-text.ts. Needs a decision with recorded contributions. Changes nothing but the
 * nodes of actions that have none, as the summary does.
 *
 * Source: spec B-10 to B-16, C-7, C-15, C-17, D-6.
 */
import { type Role, roleText, UNKNOWN } from '../cib/role.ts'
import type { ClusterState } from '../cib/state.ts'
import { leavesOf } from '../scheduler/nodes.ts'
import { type Decision, schedule } from '../scheduler/schedule.ts'
import { PRIMITIVE, type Resource, type WorkNode, type Worksheet } from '../scheduler/worksheet.ts'
import { type ActionExplanation, actionsFor, otherActions } from './explain-actions.ts'
import { explainNode, type NodeExplanation } from './explain-node.ts'
import { type Promotion, promotionOf } from './explain-promotion.ts'
import { type NodeScore, nodeScores } from './explain-scores.ts'
import { type Remark, remark } from './explain-sources.ts'
import { awayVerdict, placeVerdict } from './explain-verdict.ts'
import { summaryItems } from './summary.ts'

/** What is to be said about one primitive. */
export interface ResourceExplanation {
  readonly id: string
  readonly role: string
  readonly nextRole: string
  /** Where it is, and where it shall be. */
  readonly runsOn: readonly string[]
  readonly node: string | undefined
  readonly verdict: Remark
  /** What else there is to know about the choice. */
  readonly notes: readonly Remark[]
  readonly scores: readonly NodeScore[]
  readonly promotion: Promotion | undefined
  readonly actions: readonly ActionExplanation[]
  /** Probes, monitors and the like. */
  readonly others: readonly string[]
}

/** The resource asked for, and what kind it is. */
export interface AskedResource {
  readonly id: string
  readonly kind: string
  /** A collective's own scores, which keep its members from nodes; empty for primitives. */
  readonly scores: readonly NodeScore[]
}

/** The answer to one question. */
export interface Explanation {
  readonly resource: AskedResource | undefined
  /** Its primitives, or those with which something happens where nothing was asked for. */
  readonly primitives: readonly ResourceExplanation[]
  readonly node: NodeExplanation | undefined
  /** Nodes that are fenced or shut down, where nothing was asked for. */
  readonly nodes: readonly NodeExplanation[]
}

/** What is asked: a resource, a node, both, or everything that happens. Ids as in the CIB. */
export interface Question {
  readonly resource?: string | undefined
  readonly node?: string | undefined
}

/** Decides with everything recorded that explanations need. */
export function decide(state: ClusterState): Decision {
  return schedule(state, { contributions: true })
}

/** The answer, or undefined where no resource or node has the name; `namesOf` tells the names there are. */
export function explain(decision: Decision, { resource, node }: Question): Explanation | undefined {
  const { sheet } = decision
  const asked = node === undefined ? undefined : findNode(decision, node)
  if (node !== undefined && asked === undefined) return undefined
  if (resource === undefined) return asked === undefined ? overview(decision) : aboutNode(decision, asked)
  const named = findResources(decision, resource)
  const [first] = named
  if (first === undefined) return undefined
  const leaves = named.flatMap((each) => inStateOrder(leavesOf(each)))
  const primitives = leaves.map((leaf) => explainPrimitive(decision, leaf, asked))
  return { resource: askedResource(sheet, resource, named), primitives, node: undefined, nodes: [] }
}

function askedResource(sheet: Worksheet, id: string, named: readonly Resource[]): AskedResource {
  const { from, variant, parent } = named[0]!
  const kind = from.promotable && parent === undefined ? `promotable ${from.kind}` : from.orphan ? 'orphan' : from.kind
  const isOne = named.length === 1 && variant !== PRIMITIVE
  return { id, kind, scores: isOne ? nodeScores(sheet, named[0]!) : [] }
}

/** Ids that may be asked for, in the order of the configuration. */
export function namesOf({ sheet }: Decision): {
  readonly resources: readonly string[]
  readonly nodes: readonly string[]
} {
  const ids = sheet.resources.flatMap(({ id, from }) => (id === from.xmlId ? [id] : [from.xmlId, id]))
  return { resources: [...new Set(ids)], nodes: sheet.nodeOrder.map((index) => sheet.nodes[index]!.name) }
}

/** The resource with this id, or all instances that are made from it. */
function findResources({ sheet }: Decision, name: string): readonly Resource[] {
  const exact = sheet.resources.find(({ id }) => id === name)
  return exact === undefined ? sheet.resources.filter(({ from }) => from.xmlId === name) : [exact]
}

function findNode({ sheet }: Decision, name: string): WorkNode | undefined {
  return sheet.nodes.find((node) => node.name === name) ?? sheet.nodes.find(({ id }) => id === name)
}

function inStateOrder(leaves: readonly Resource[]): readonly Resource[] {
  return [...leaves].sort((left, right) => left.index - right.index)
}

function explainPrimitive(decision: Decision, resource: Resource, only: WorkNode | undefined): ResourceExplanation {
  const { sheet } = decision
  const scores = nodeScores(sheet, resource)
  return {
    id: resource.id,
    role: roleWord(resource.role),
    nextRole: roleWord(resource.nextRole),
    runsOn: resource.runningOn.map((index) => sheet.nodes[index]!.name),
    node: sheet.nodes[resource.assigned]?.name,
    verdict: (only && awayVerdict(resource, scores, only.index)) ?? placeVerdict(sheet, resource, scores),
    notes: notesOn(sheet, resource),
    scores: only === undefined ? scores : scores.filter(({ index }) => index === only.index),
    promotion: promotionOf(sheet, resource),
    actions: actionsFor(decision, resource),
    others: otherActions(decision, resource),
  }
}

/** Colocations that were left out, because no node would have remained. */
function notesOn({ contributions = [] }: Worksheet, { index }: Resource): readonly Remark[] {
  return contributions
    .filter(({ resource, how, what }) => resource === index && how === 'undo' && what.startsWith('colocation'))
    .map(({ what, origin }) => remark(`left out, or no node would remain: ${what}, ${origin.id}`, origin))
}

function roleWord(role: Role): string {
  return role === UNKNOWN ? 'not known' : roleText(role)
}

function aboutNode(decision: Decision, node: WorkNode): Explanation {
  return { resource: undefined, primitives: [], node: explainNode(decision, node), nodes: [] }
}

function isLeftUnclean({ nodes }: Worksheet, name: string): boolean {
  return nodes.some((node) => node.name === name && node.unclean)
}

/** Everything that happens. */
function overview(decision: Decision): Explanation {
  const { sheet } = decision
  const items = summaryItems(sheet)
  const ids = new Set(items.flatMap((item) => (item.kind === 'resource' ? [item.resource] : [])))
  const primitives = sheet.resources
    .filter(({ id }) => ids.has(id))
    .map((leaf) => explainPrimitive(decision, leaf, undefined))
  const nodes = sheet.nodeOrder
    .map((index) => explainNode(decision, sheet.nodes[index]!))
    .filter(({ node, actions }) => 0 < actions.length || isLeftUnclean(sheet, node))
  return { resource: undefined, primitives, node: undefined, nodes }
}
