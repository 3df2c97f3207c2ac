/**
 * Colocations: how one is kept with both of its ends, and whether it counts at the moment.
 *
 * Reads   priorities and variants of resources, Resource.runningOn, failed
 * Writes  Worksheet.colocations, Resource.thisWith, Resource.withThis
 * Runs    while constraints and implicit constraints are unpacked; insertion also during assignment
 * Source  spec B-7.1 to B-7.6, B-7.12, B-0.11
 */
import { INFINITY } from '../cib/role.ts'
import { isFalse, isTrue } from '../cib/values.ts'
import type { Origin } from './action.ts'
import { orderAntiColocation } from './user-orders.ts'
import { CLONE, type Colocation, type Resource, type Worksheet } from './worksheet.ts'

/** What a new colocation needs to be told. */
export interface NewColocation {
  readonly id: string
  readonly dependent: Resource
  readonly primary: Resource
  readonly score: number
  readonly dependentRole?: Colocation['dependentRole']
  readonly primaryRole?: Colocation['primaryRole']
  readonly nodeAttribute?: string | undefined
  /** The text of the attribute; absent or unreadable: the dependent's `critical`. */
  readonly influence?: string | undefined
  readonly origin: Origin
}

/** Keeps a colocation with both of its ends; undefined where its score is 0. */
export function addColocation(sheet: Worksheet, given: NewColocation): Colocation | undefined {
  if (given.score === 0) return undefined
  const { id, dependent, primary, score, origin } = given
  const colocation: Colocation = {
    id,
    dependent,
    primary,
    score,
    dependentRole: given.dependentRole ?? 0,
    primaryRole: given.primaryRole ?? 0,
    nodeAttribute: given.nodeAttribute,
    influence: isTrue(given.influence) || (!isFalse(given.influence) && dependent.from.critical),
    origin,
  }
  sheet.colocations.push(colocation)
  insertThisWith(dependent.thisWith, colocation)
  insertWithThis(primary.withThis, colocation)
  if (score <= -INFINITY) orderAntiColocation(sheet, colocation)
  return colocation
}

/** Inserts into a list of "this with" colocations, by the primary. Source: spec B-7.4. */
export function insertThisWith(list: Colocation[], colocation: Colocation): void {
  const at = list.findIndex((other) => compareEnds(colocation.primary, other.primary) <= 0)
  if (at < 0) list.push(colocation)
  else list.splice(at, 0, colocation)
}

/** Inserts into a list of "with this" colocations, by the dependent. Source: spec B-7.4. */
export function insertWithThis(list: Colocation[], colocation: Colocation): void {
  const at = list.findIndex((other) => compareEnds(colocation.dependent, other.dependent) <= 0)
  if (at < 0) list.push(colocation)
  else list.splice(at, 0, colocation)
}

function compareEnds(left: Resource, right: Resource): number {
  if (left.priority !== right.priority) return right.priority - left.priority
  if (left.variant !== right.variant) return right.variant - left.variant
  if (left.variant === CLONE && left.from.promotable !== right.from.promotable) return left.from.promotable ? -1 : 1
  if (left.id === right.id) return 0
  return left.id < right.id ? -1 : 1
}

/** The colocation counts for `resource` (by default its primary) now. Source: spec B-7.12. */
export function hasInfluence(colocation: Colocation, resource: Resource = colocation.primary): boolean {
  const { dependent } = colocation
  if (dependent.from.mayRunRemote && dependent.remoteNode >= 0 && !resource.failed && resource.runningOn.length === 1) {
    return false
  }
  return colocation.influence || resource.runningOn.length === 0
}

/** The factor of a colocation's score, in single precision. Source: spec B-13.11. */
export function factorOf({ score }: Colocation): number {
  return Math.fround(score / INFINITY)
}
