/**
 * Choosing one node for one primitive, and keeping book of who is assigned where.
 *
 * Reads   Resource.scores, WorkNode availability, counts and capacities, placement-strategy
 * Writes  Resource.assigned, assignedScore, assignedDiscovery, isProvisional, nextRole; WorkNode.count, capacity
 * Runs    within assignment
 * Source  spec B-10
 */
import { INFINITY, STOPPED } from '../cib/role.ts'
import { mergeSort } from '../cib/values.ts'
import type { Origin } from './action.ts'
import { showUtilization } from './lines.ts'
import { currentNode, isAvailable, isAvailableWith, isGuest } from './nodes.ts'
import { unassignActions } from './request.ts'
import { inTableOrder, markOf } from './table.ts'
import { compareCapacity, consume, giveBack, restrictToCapacity } from './utilization.ts'
import {
  ABSENT,
  type Choice,
  CLONE,
  DISCOVERY_RANK,
  type Resource,
  type Scores,
  type WorkNode,
  type Worksheet,
} from './worksheet.ts'

/** The node for `resource`, or −1 where no node may run it; `preferred` is −1 where there is none. Source: spec B-10.2 to B-10.5. */
export function chooseNode(sheet: Worksheet, resource: Resource, preferred: number): number {
  const suggestion = restrictToCapacity(sheet, resource, preferred)
  const { scores } = resource
  const current = currentNode(sheet, resource)
  const best = bestNode(sheet, scores, current, resource.inserted)
  const choose = (node: number, how: Choice['how']): number => {
    noteChoice(sheet, resource, { how, node: 0 <= node && mayRun(sheet, resource, node) ? node : -1 })
    return node
  }
  if (best < 0) return choose(-1, 'best')
  const top = scores[best]!
  if (0 <= suggestion && scores[suggestion] !== ABSENT && top <= scores[suggestion]!) {
    if (isAvailableWith(sheet.nodes[suggestion]!, scores[suggestion]!)) {
      return choose(suggestion, suggestion === preferred ? 'preferred' : 'most capacity')
    }
  }
  if (isUniqueInstance(resource) || top <= 0 || !isAvailable(sheet.nodes[best]!)) return choose(best, 'best')
  const home = sheet.nodes[current]
  const stays = home !== undefined && scores[current] === top && isAvailableWith(home, home.weight)
  return stays && current !== best ? choose(current, 'stays') : choose(best, 'best')
}

/** Keeps how a node was chosen and what the nodes were like at that moment, if wanted. */
export function noteChoice(
  sheet: Worksheet,
  resource: Resource,
  { how, node, origin }: Pick<Choice, 'how' | 'node'> & { readonly origin?: Origin },
): void {
  sheet.choices?.set(resource.index, {
    how,
    node,
    current: currentNode(sheet, resource),
    available: sheet.nodes.map(isAvailable),
    counts: sheet.nodes.map(({ count }) => count),
    capacities: sheet.nodes.map(({ capacity }) => new Map(capacity)),
    mark: markOf(sheet),
    origin,
  })
}

function isUniqueInstance({ parent }: Resource): boolean {
  return parent !== undefined && parent.variant === CLONE && parent.from.unique
}

/** The most desirable node of a table, or −1 for an empty one. */
function bestNode(sheet: Worksheet, scores: Scores, active: number, inserted: readonly number[]): number {
  if (sheet.options.placementStrategy === 'balanced') return sortedNodes(sheet, scores, active, inserted)[0] ?? -1
  let best = -1
  for (let node = 0; node < scores.length; node++) {
    if (scores[node] === ABSENT) continue
    if (best < 0 || compareNodes(sheet, { scores, active }, node, best) < 0) best = node
  }
  return best
}

/**
 * The nodes of a table, most desirable first.
 *
 * The order before the sort shows with balanced placement: it is that of a walk through the table, backwards (probed).
 */
export function sortedNodes(
  sheet: Worksheet,
  scores: Scores,
  active: number,
  inserted: readonly number[],
): readonly number[] {
  const compare = (left: number, right: number): number => compareNodes(sheet, { scores, active }, left, right)
  return mergeSort(inTableOrder(sheet, inserted).toReversed(), compare)
}

interface Wanted {
  readonly scores: Scores
  readonly active: number
}

/** Negative where `left` is more desirable. No total order with balanced placement. Source: spec B-10.6, B-10.9. */
export function compareNodes(sheet: Worksheet, { scores, active }: Wanted, left: number, right: number): number {
  const one = sheet.nodes[left]!
  const other = sheet.nodes[right]!
  const difference = effective(other, scores[right]!) - effective(one, scores[left]!)
  if (difference !== 0) return difference
  const { placementStrategy } = sheet.options
  if (placementStrategy !== 'minimal') {
    const freer = placementStrategy === 'balanced' ? compareCapacity(one, other) : 0
    if (freer !== 0) return freer
    if (one.count !== other.count) return one.count - other.count
    if (left === active) return -1
    if (right === active) return 1
  }
  return one.rank - other.rank
}

function effective(node: WorkNode, score: number): number {
  return isAvailable(node) ? score : -INFINITY
}

/**
 * Ends the assignment of a primitive: to `node`, or to nothing where that is −1 or may not run it. A forced one asks nothing.
 * Returns the node. Source: spec B-10.10 to B-10.14.
 */
export function finalize(sheet: Worksheet, resource: Resource, node: number, isForced: 'forced' | 'checked'): number {
  const chosen = isForced === 'forced' || mayRun(sheet, resource, node) ? node : -1
  undo(sheet, resource)
  resource.isProvisional = false
  if (chosen < 0) {
    resource.nextRole = STOPPED
    unassignActions(sheet, resource)
    return -1
  }
  const at = sheet.nodes[chosen]!
  resource.assigned = chosen
  // A forced assignment is to the main object of the node, with its base score (found by promoted-unmanaged-monitor) and
  // discovery mode (found by unmanaged-in-bundle-hides-probe).
  resource.assignedScore = isForced === 'forced' ? at.weight : resource.scores[chosen]!
  resource.assignedDiscovery =
    isForced === 'forced' ? DISCOVERY_RANK[at.from.discovery] : (resource.discovery[chosen] ?? 0)
  at.count++
  consume(at.capacity, resource.needs)
  showUtilization(sheet, resource, at)
  return chosen
}

function mayRun(sheet: Worksheet, { scores }: Resource, node: number): boolean {
  const at = sheet.nodes[node]
  if (at === undefined || scores[node]! < 0) return false
  return isAvailable(at) || isGuest(at)
}

/** Takes an assignment back. Source: spec B-10.13. */
export function undo(sheet: Worksheet, resource: Resource): void {
  const node = sheet.nodes[resource.assigned]
  if (node === undefined) return
  resource.assigned = -1
  resource.isProvisional = true
  node.count--
  giveBack(node.capacity, resource.needs)
}
