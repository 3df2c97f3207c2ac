/**
 * What colocated resources would like, mixed into a node table: their scores at the strength of the colocation, and theirs in turn.
 *
 * Reads   Resource.scores, thisWith, withThis, node attributes
 * Writes  nothing but Resource.isMerging while it runs; the new table is returned
 * Runs    within assignment
 * Source  spec B-13
 */
import { addScores, INFINITY } from '../cib/role.ts'
import { attributeClasses } from './attributes.ts'
import { hasAvailable } from './colocate.ts'
import { hasInfluence } from './colocations.ts'
import { isAvailable } from './nodes.ts'
import { ABSENT, type Colocation, GROUP, type Resource, type Scores, type Worksheet } from './worksheet.ts'

/** How a table is mixed. Source: spec B-13.1. */
export interface Mixing {
  /** Single precision. */
  readonly factor: number
  readonly attribute: string | undefined
  /** Follow the resource's own colocations rather than those of its dependents. */
  readonly isThisWith?: boolean
  /** A node never falls below 0 by it: it becomes 1 instead. */
  readonly isNonnegative?: boolean
  /** If no node would be left, forget it all. */
  readonly isActive?: boolean
}

/** Marks nodes that a nonnegative mixing would have taken below 0. Source: spec B-0.5. */
const UNUSABLE = -100_000_000

/** The table `table` with the preferences of `resource` added; an empty one (undefined) begins as the resource's own. */
export function mixPreferences(
  sheet: Worksheet,
  resource: Resource,
  table: Scores | undefined,
  mixing: Mixing,
): Scores | undefined {
  if (resource.isMerging) return table
  if (resource.variant === GROUP && resource.children.length === 0) return table
  resource.isMerging = true
  const mixed = mix(sheet, resource, table, mixing)
  resource.isMerging = false
  return mixed
}

function mix(sheet: Worksheet, resource: Resource, table: Scores | undefined, mixing: Mixing): Scores | undefined {
  let copy = ownContribution(sheet, resource, table, mixing)
  if (copy === undefined) return table
  const { factor } = mixing
  if (hasAvailable(sheet, copy)) {
    for (const colocation of followed(resource, mixing)) {
      const other = mixing.isThisWith === true ? colocation.primary : colocation.dependent
      if (mixing.isThisWith !== true && !hasInfluence(colocation)) continue
      const strength = Math.fround(((factor < 0 ? -1 : 1) * colocation.score) / INFINITY)
      const { nodeAttribute } = colocation
      copy = mixPreferences(sheet, other, copy, {
        ...mixing,
        attribute: nodeAttribute,
        factor: strength,
        isActive: true,
      })
    }
  } else if (mixing.isActive === true) return table
  if (mixing.isNonnegative === true) makeUsable(copy!)
  return copy
}

/** Source: spec B-13.10; also where nothing was followed (found by clone-anon-failcount). */
function makeUsable(table: Scores): void {
  for (let node = 0; node < table.length; node++) if (table[node] === UNUSABLE) table[node] = 1
}

/** Source: spec B-13.8. */
function followed(resource: Resource, { isThisWith }: Mixing): readonly Colocation[] {
  if (isThisWith === true) return resource.thisWith
  return resource.variant === GROUP ? resource.children.at(-1)!.withThis : resource.withThis
}

/** Source: spec B-13.3. */
function ownContribution(
  sheet: Worksheet,
  resource: Resource,
  table: Scores | undefined,
  mixing: Mixing,
): Scores | undefined {
  if (resource.variant === GROUP) {
    const member = table === undefined ? resource.children.at(-1)! : resource.children[0]!
    return mixPreferences(sheet, member, table?.slice(), mixing)
  }
  return table === undefined ? resource.scores.slice() : addBest(sheet, resource, table.slice(), mixing)
}

/** Source: spec B-13.4 to B-13.7. */
function addBest(sheet: Worksheet, resource: Resource, copy: Scores, mixing: Mixing): Scores {
  const classes = attributeClasses(sheet, mixing.attribute ?? '#uname')
  const best = bestByClass(sheet, resource, classes)
  for (let node = 0; node < copy.length; node++) {
    const old = copy[node]!
    const score = best[classes[node]!]!
    if (old === ABSENT || old === UNUSABLE || (mixing.factor < 0 && score < 0)) continue
    const mixed = addScores(weigh(mixing.factor, score), old)
    if (mixing.isNonnegative !== true || 0 <= mixed || old < 0) copy[node] = mixed
    else if (0 < old) copy[node] = UNUSABLE
  }
  return copy
}

/** The highest score among the available nodes of each class. */
function bestByClass(sheet: Worksheet, { scores }: Resource, classes: Int32Array): Int32Array {
  const best = new Int32Array(classes.length).fill(-INFINITY)
  for (let node = 0; node < scores.length; node++) {
    const score = scores[node]!
    if (score !== ABSENT && best[classes[node]!]! < score && isAvailable(sheet.nodes[node]!))
      best[classes[node]!] = score
  }
  return best
}

/** The product in single precision, rounded away from zero at one half; never 0 for a score that is not. Source: spec B-13.5. */
function weigh(factor: number, score: number): number {
  const product = Math.fround(factor * score)
  const weighed = Math.trunc(product < 0 ? product - 0.5 : product + 0.5)
  if (weighed !== 0 || score === 0) return weighed
  return factor < 0 ? -1 : 1
}
