/**
 * Why node tables are as reading the status left them, as contributions; and what a list of contributions comes to.
 *
 * The state keeps each change but not each first entry: a node enters a table with its base score, which is either never changed
 * (then the table tells it) or follows from when the resource was made. Only made when explanations are asked for.
 *
 * Source: spec B-2.1 to B-2.6, B-3.
 */
import { addScores } from '../cib/role.ts'
import type { ClusterState, NodeState, ResourceState, ScoreChange } from '../cib/state.ts'
import { toScore } from '../cib/values.ts'
import { ABSENT, type Contribution } from './worksheet.ts'

/** What every table holds at the beginning, resource by resource. O(resources × nodes). */
export function initialContributions(state: ClusterState): Contribution[] {
  const found: Contribution[] = []
  const changes = changesByResource(state)
  for (const resource of state.resources) addInitial(state, resource, changes.get(resource.index) ?? [], found)
  return found
}

/** The changes that concern each resource, those of its ancestors included, in order. */
function changesByResource({ changes, resources }: ClusterState): ReadonlyMap<number, readonly ScoreChange[]> {
  const found = new Map<number, ScoreChange[]>()
  const add = (index: number, change: ScoreChange): void => {
    // An instance that came later has a table of its own.
    if (change.known <= index) return
    const known = found.get(index)
    if (known === undefined) found.set(index, [change])
    else known.push(change)
    if (!change.replaced) for (const child of resources[index]!.children) add(child, change)
  }
  for (const change of changes) add(change.resource, change)
  return found
}

function addInitial(
  state: ClusterState,
  resource: ResourceState,
  changes: readonly ScoreChange[],
  found: Contribution[],
): void {
  const { allowed } = resource
  for (let at = 0; at < allowed.nodes.length; at++) {
    const node = state.nodes[allowed.nodes[at]!]!
    const own = changes.filter((change) => change.node < 0 || change.node === node.index)
    // What stood there before a table was replaced is of no interest.
    const first = own.findLastIndex((change) => change.replaced)
    const score = allowed.scores[at]!
    const list: Contribution[] = []
    if (first < 0) list.push(toBase(state, resource, node, own.length === 0 ? score : undefined))
    for (const change of own.slice(Math.max(0, first))) list.push(toContribution(resource, node, change))
    if (sumOf(list) !== score) list.push({ ...list[0]!, amount: score, how: 'set', what: 'as read from the status' })
    found.push(...list)
  }
}

/** The entry a node begins with. */
function toBase(
  { options }: ClusterState,
  resource: ResourceState,
  node: NodeState,
  known: number | undefined,
): Contribution {
  const configured = toScore(node.baseScore, options.health)
  const amount = known ?? (resource.orphan ? node.weight : configured)
  const isConfigured = amount === configured
  const what = isConfigured ? 'base score' : node.discovery === 'never' ? 'bundle node' : 'node not available'
  const origin = { id: node.uname, line: node.line, column: node.column }
  return { resource: resource.index, node: node.index, amount, how: 'set', scale: 'node', what, origin }
}

function toContribution({ index, id }: ResourceState, node: NodeState, change: ScoreChange): Contribution {
  const { score: amount, replaced, reason: what, line, column } = change
  const how = replaced ? 'set' : 'add'
  return { resource: index, node: node.index, amount, how, scale: 'node', what, origin: { id, line, column } }
}

/** What contributions to one score come to, in their order; ABSENT where there are none. */
export function sumOf(list: readonly Contribution[]): number {
  let score = ABSENT
  for (const { how, amount } of list) {
    if (how === 'set') score = amount
    else if (how === 'add') score = score === ABSENT ? amount : addScores(score, amount)
  }
  return score
}

/** Whose score, on which scale; `mark`: only the first so many contributions. */
export interface Asked {
  readonly resource: number
  readonly node: number
  readonly scale?: Contribution['scale']
  readonly mark?: number
}

/** The contributions to one score that count, in order. The list must be complete: it is sorted by resource once. */
export function contributionsTo(all: readonly Contribution[], asked: Asked): readonly Contribution[] {
  const { resource, node, scale = 'node', mark = all.length } = asked
  const found: Placed[] = []
  for (const placed of byResource(all).get(resource) ?? []) {
    const [place, contribution] = placed
    if (mark <= place) break
    if (contribution.scale !== scale || (0 <= contribution.node && contribution.node !== node)) continue
    if (contribution.how === 'undo') {
      while (0 < found.length && contribution.amount <= found.at(-1)![0]) found.pop()
    } else found.push(placed)
  }
  return found.map(([, contribution]) => contribution)
}

type Placed = readonly [place: number, contribution: Contribution]

/** Indexes of complete lists; each lives as long as its list. */
const indexes = new WeakMap<readonly Contribution[], ReadonlyMap<number, readonly Placed[]>>()

function byResource(all: readonly Contribution[]): ReadonlyMap<number, readonly Placed[]> {
  const known = indexes.get(all)
  if (known !== undefined) return known
  const index = new Map<number, Placed[]>()
  for (const [place, contribution] of all.entries()) {
    const list = index.get(contribution.resource)
    if (list === undefined) index.set(contribution.resource, [[place, contribution]])
    else list.push([place, contribution])
  }
  indexes.set(all, index)
  return index
}
