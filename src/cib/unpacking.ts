/**
 * The state under construction, and the few changes that many rules make to it: scores of one resource on one node or on all.
 *
 * One unpacking owns it from beginning to end; whoever gets the finished state never sees this type.
 *
 * Source: spec, A-10.12b, B-2.6.
 */
import type { DigestCache, DigestSource } from './digests.ts'
import type { Histories } from './migration.ts'
import type { FenceRequest, NodeInput, NodeList } from './nodes.ts'
import { addScores, INFINITY } from './role.ts'
import { applySets } from './rules.ts'
import type {
  DeferredCheck,
  Draft,
  EarlyAction,
  FailedOp,
  Failure,
  NodeState,
  ResourceState,
  ScoreChange,
} from './state.ts'
import type { HistoryOp, Status } from './status.ts'

/** A resource under construction. */
export type ResourceDraft = Draft<ResourceState>

/** All that is known so far. */
export interface Unpacking extends NodeInput {
  readonly list: NodeList
  readonly status: Status
  readonly resources: ResourceDraft[]
  readonly byId: Map<string, number>
  /** Resources that were ever known by a name of history; some have another name by now. */
  readonly byHistoryName: Map<string, number[]>
  readonly tops: number[]
  readonly templates: Map<string, string[]>
  readonly actions: Draft<EarlyAction>[]
  /** The same by what asks for them once more: a fence action's key, or resource, node and operation. */
  readonly actionByKey: Map<string, Draft<EarlyAction>>
  readonly changes: ScoreChange[]
  readonly failures: Failure[]
  readonly failedOps: FailedOp[]
  /** Node and key of each of them. */
  readonly failedKeys: Set<string>
  readonly digests: DigestCache
  /** This state as digests see it. */
  readonly digestSource: DigestSource & { readonly tops: readonly number[] }
  readonly deferredChecks: DeferredCheck[]
  readonly expiredOps: Set<HistoryOp>
  /** Failures that are passed over. */
  readonly ignoredOps: Set<HistoryOp>
  readonly histories: Histories
  readonly notices: string[]
  readonly fence: FenceRequest
  fencingDevice: boolean
}

/** Why and where a score changed. */
export type ChangeReason = Pick<ScoreChange, 'reason' | 'line' | 'column'>

/** Adds `score` to the entry of `resource` and all below it for one node. Source: spec A-10.12b. */
export function addToScore(
  u: Unpacking,
  resource: ResourceDraft,
  node: number,
  score: number,
  why: ChangeReason,
): void {
  addRecursively(u, resource, node, score)
  noteChange(u, resource, node, { score, replaced: false, ...why })
}

/** The same for every node of the list. */
export function addToAllScores(u: Unpacking, resource: ResourceDraft, score: number, why: ChangeReason): void {
  for (const [place, node] of u.list.order.entries()) addRecursively(u, resource, node, score, place)
  noteChange(u, resource, -1, { score, replaced: false, ...why })
}

/** Gives `resource`, not those below it, a fresh table with every node banned. Source: spec. */
export function banEverywhereAfresh(u: Unpacking, resource: ResourceDraft, why: ChangeReason): void {
  noteChange(u, resource, -1, { score: -INFINITY, replaced: true, ...why })
  resource.allowed = { nodes: [], scores: [], discovery: [] }
  for (const node of u.list.order) appendEntry(resource, u.list.nodes[node]!, -INFINITY)
}

/** Keeps one change for explanations; `node` −1: every node. */
export function noteChange(
  u: Unpacking,
  resource: ResourceDraft,
  node: number,
  change: Omit<ScoreChange, 'resource' | 'node' | 'known'>,
): void {
  u.changes.push({ resource: resource.index, node, known: u.resources.length, ...change })
}

/** `guess` is where the node's entry stands in a table that lists all nodes. */
function addRecursively(u: Unpacking, resource: ResourceDraft, node: number, score: number, guess = node): void {
  for (const child of resource.children) addRecursively(u, u.resources[child]!, node, score, guess)
  const { allowed } = resource
  const at = allowed.nodes[guess] === node ? guess : allowed.nodes.indexOf(node)
  if (at >= 0) {
    allowed.scores[at] = addScores(allowed.scores[at]!, score)
    return
  }
  const { weight, line, column, index, discovery } = u.list.nodes[node]!
  noteChange(u, resource, node, { score: weight, replaced: true, reason: 'base score', line, column })
  setEntry(resource, { index, discovery }, addScores(weight, score))
}

/** Sets the entry of one node, in place or at the end. */
export function setEntry(
  resource: ResourceDraft,
  node: Pick<NodeState, 'index' | 'discovery'>,
  score: number,
  discovery: NodeState['discovery'] = node.discovery,
): void {
  const { allowed } = resource
  const at = allowed.nodes.indexOf(node.index)
  const place = at < 0 ? allowed.nodes.length : at
  allowed.nodes[place] = node.index
  allowed.scores[place] = score
  allowed.discovery[place] = discovery
}

/** Adds an entry for a node that has none. */
export function appendEntry(
  { allowed }: ResourceDraft,
  { index, discovery }: Pick<NodeState, 'index' | 'discovery'>,
  score: number,
): void {
  allowed.nodes.push(index)
  allowed.scores.push(score)
  allowed.discovery.push(discovery)
}

/** What `addToScore` applies bans to: the resource if unique, else its top. Source: spec. */
export function topOf(u: Unpacking, resource: ResourceDraft): ResourceDraft {
  return resource.unique ? resource : u.resources[resource.top]!
}

/**
 * A resource's parameters on a node, or without one: its own sets, its ancestors', then the defaults. Source: spec A-10.7.
 */
export function parametersOf(
  from: Pick<Unpacking, 'configuration' | 'options' | 'context'> & { readonly resources: readonly ResourceState[] },
  resource: ResourceState,
  node: NodeState | undefined,
): Map<string, string> {
  const parameters = new Map<string, string>()
  const rules = { ...from.context, attributes: node?.attributes, health: from.options.health }
  for (let at: ResourceState | undefined = resource; at !== undefined; at = from.resources[at.parent]) {
    applySets(parameters, at.config.instance, rules)
  }
  applySets(parameters, from.configuration.resourceInstanceDefaults, rules)
  return parameters
}
