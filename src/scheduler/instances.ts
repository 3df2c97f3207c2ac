/**
 * The order in which instances of a clone, or containers of a bundle, are placed. Changes nothing.
 *
 * Source: spec B-15.11, B-15.12.
 */
import { factorOf, hasInfluence } from './colocations.ts'
import { currentNode, isAvailable, someOf } from './nodes.ts'
import { mixPreferences } from './preferences.ts'
import { ABSENT, type Resource, type Scores, type Worksheet } from './worksheet.ts'

/** Negative where `left` is placed first; 0 keeps their order. */
export function compareInstances(sheet: Worksheet, left: Resource, right: Resource): number {
  const [many, others] = [left.runningOn.length, right.runningOn.length]
  if (many > 0 && others > 0 && many !== others) return many - others
  const one = allowedHome(sheet, left)
  const other = allowedHome(sheet, right)
  if (one.isDisallowed !== other.isDisallowed) return one.isDisallowed ? 1 : -1
  if (left.priority !== right.priority) return right.priority - left.priority
  if (one.node < 0 || other.node < 0) return (one.node < 0 ? 1 : 0) - (other.node < 0 ? 1 : 0)
  return compareHomes(sheet, [left, one.node], [right, other.node])
}

/** The current node, −1 where there is none or it is not allowed. */
function allowedHome(sheet: Worksheet, instance: Resource): { readonly node: number; readonly isDisallowed: boolean } {
  const node = currentNode(sheet, instance)
  if (node < 0) return { node, isDisallowed: false }
  const isDisallowed = instance.scores[node] === ABSENT || instance.scores[node]! < 0
  return { node: isDisallowed ? -1 : node, isDisallowed }
}

type Home = readonly [instance: Resource, node: number]

/** Rows 5 to 10. */
function compareHomes(sheet: Worksheet, [left, one]: Home, [right, other]: Home): number {
  const [isUp, isOtherUp] = [isAvailable(sheet.nodes[one]!), isAvailable(sheet.nodes[other]!)]
  if (isUp !== isOtherUp) return isUp ? -1 : 1
  const isKnown = left.parent!.scores[one] !== ABSENT
  const isOtherKnown = right.parent!.scores[other] !== ABSENT
  if (isKnown !== isOtherKnown) return isKnown ? -1 : 1
  if (!isKnown) return 0
  const counts = left.parent!.counts[one]! - right.parent!.counts[other]!
  if (counts !== 0) return counts
  const [hasFailed, hasOtherFailed] = [isAnyFailed(left), isAnyFailed(right)]
  if (hasFailed !== hasOtherFailed) return hasFailed ? 1 : -1
  const wishes = colocationScore(sheet, right, other) - colocationScore(sheet, left, one)
  return wishes === 0 ? instanceNumber(left) - instanceNumber(right) : wishes
}

function isAnyFailed(resource: Resource): boolean {
  return someOf(resource, ({ failed }) => failed)
}

/** Row 9. */
function colocationScore(sheet: Worksheet, instance: Resource, node: number): number {
  const parent = instance.parent!
  const { weight } = sheet.nodes[node]!
  if (parent.thisWith.length === 0 && parent.withThis.length === 0) return weight
  let table: Scores = new Int32Array(sheet.nodes.length).fill(ABSENT)
  table[node] = weight
  for (const colocation of parent.thisWith) {
    const mixing = { factor: factorOf(colocation), attribute: colocation.nodeAttribute }
    table = mixPreferences(sheet, colocation.primary, table, mixing)!
  }
  for (const colocation of parent.withThis) {
    if (!hasInfluence(colocation, instance)) continue
    const mixing = { factor: factorOf(colocation), attribute: colocation.nodeAttribute, isNonnegative: true }
    table = mixPreferences(sheet, colocation.dependent, table, mixing)!
  }
  return table[node]!
}

/** The number behind the last colon of an id, or behind the last hyphen. Source: spec B-15.11. */
export function instanceNumber({ id }: Resource): number {
  const at = Math.max(id.lastIndexOf(':'), id.includes(':') ? -1 : id.lastIndexOf('-'))
  const number = Number.parseInt(id.slice(at + 1), 10)
  return Number.isNaN(number) ? 0 : number
}
