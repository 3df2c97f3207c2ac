/**
 * Changes to the node tables of resources: the only place where a score that lasts is written.
 *
 * Every change can be recorded with its reason; recording costs nothing when it is not asked for.
 * Source: spec B-2.6, B-0.12.
 */
import { addScores, INFINITY } from '../cib/role.ts'
import type { Origin } from './action.ts'
import { hashOrder } from './hash-order.ts'
import { ABSENT, type Contribution, DISCOVERY_RANK, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

/** Why a score changes: what a reader is told, and where it stands in the input. */
export interface Why {
  readonly what: string
  readonly origin: Origin
}

export const NOWHERE: Origin = { id: '', line: 0, column: 0 }

/** A reason that no line of the configuration stands behind. */
export function because(what: string): Why {
  return { what, origin: NOWHERE }
}

/** Adds a node to a resource's own table, or changes its score there. */
export function setScore(resource: Resource, node: number, score: number): void {
  if (resource.scores[node] === ABSENT) resource.inserted.push(node)
  resource.scores[node] = score
}

/** Adds to the score on one node, for the resource and all below it; a missing node enters with its base score first. */
export function addScore(sheet: Worksheet, resource: Resource, node: number, amount: number, why: Why): void {
  for (const child of resource.children) addScore(sheet, child, node, amount, why)
  const old = resource.scores[node]!
  if (old === ABSENT) {
    const { weight, from } = sheet.nodes[node]!
    resource.discovery[node] = DISCOVERY_RANK[from.discovery]
    setScore(resource, node, addScores(weight, amount))
    note(sheet, resource, node, weight, 'set', { what: 'base score', origin: originOf(sheet.nodes[node]!) })
  } else resource.scores[node] = addScores(old, amount)
  note(sheet, resource, node, amount, 'add', why)
}

/** The same on every node of the node list. */
export function addToAll(sheet: Worksheet, resource: Resource, amount: number, why: Why): void {
  for (const node of sheet.nodeOrder) addScore(sheet, resource, node, amount, why)
}

/** −INFINITY on one node. */
export function ban(sheet: Worksheet, resource: Resource, node: number, why: Why): void {
  addScore(sheet, resource, node, -INFINITY, why)
}

/** −INFINITY on every node. */
export function banEverywhere(sheet: Worksheet, resource: Resource, why: Why): void {
  addToAll(sheet, resource, -INFINITY, why)
}

/** Records one contribution, if wanted. */
export function note(
  sheet: Worksheet,
  resource: Resource,
  node: number,
  amount: number,
  how: Contribution['how'],
  { what, origin }: Why,
  scale: Contribution['scale'] = 'node',
): void {
  sheet.contributions?.push({ resource: resource.index, node, amount, how, scale, what, origin })
}

/** Records how a whole table changed, where it was worked out on a copy. */
export function noteChanges(sheet: Worksheet, resource: Resource, before: Int32Array, why: Why): void {
  if (sheet.contributions === undefined) return
  for (let node = 0; node < before.length; node++) {
    const [old, now] = [before[node]!, resource.scores[node]!]
    if (old === now) continue
    const amount = now <= -INFINITY || INFINITY <= now ? now : now - old
    const isSum = old !== ABSENT && now !== ABSENT && addScores(old, amount) === now
    note(sheet, resource, node, isSum ? amount : now, isSum ? 'add' : 'set', why)
  }
}

/** Where recording stands now, for `noteUndo`. */
export function markOf({ contributions }: Worksheet): number {
  return contributions?.length ?? 0
}

/** Records that the table is again what it was at `mark`. */
export function noteUndo(sheet: Worksheet, resource: Resource, mark: number, why: Why): void {
  note(sheet, resource, -1, mark, 'undo', why)
}

/** Nodes in the order in which their table is walked. Matters only where the comparison is not transitive (spec B-10.9). */
export function inTableOrder(sheet: Worksheet, inserted: readonly number[]): readonly number[] {
  return sheet.options.placementStrategy === 'default' ? inserted : walkTable(sheet, inserted)
}

/** The same where the order always matters. */
export function walkTable(sheet: Worksheet, inserted: readonly number[]): readonly number[] {
  const byId = new Map(inserted.map((node) => [sheet.nodes[node]!.id, node]))
  return hashOrder([...byId.keys()]).map((id) => byId.get(id)!)
}

/** Where a node stands in the input. */
export function originOf({ name, from }: WorkNode): Origin {
  return { id: name, line: from.line, column: from.column }
}
