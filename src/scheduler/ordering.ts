/**
 * Creating orderings: each is one entry of a list that is applied when all actions exist, in order of creation.
 *
 * An ordering between two resources of which one may migrate brings others with it, right behind it. Links nothing yet.
 *
 * Reads   Resource.migratable, partialTarget
 * Writes  Worksheet.orderings
 * Source  spec C-10.6, C-12.1, C-12.2
 */
import { type Action, ORDER, type Ordering, type Origin, UNLESS_MIGRATING } from './action.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** One side of an ordering: an action, or what of a resource has this tail. */
export type Side = Action | readonly [resource: Resource, tail: string]

/** Adds an ordering and its equivalents for migration. With no bits it will link nothing; `origin` is the constraint behind it. */
export function order(
  sheet: Worksheet,
  first: Side,
  then: Side,
  bits: number,
  origin: Origin | undefined = undefined,
): void {
  const ordering = toOrdering(first, then, bits, origin)
  sheet.orderings.push(ordering)
  const { firstResource: a, thenResource: b } = ordering
  if (a === undefined || b === undefined || a === b || !(a.migratable || b.migratable)) return
  if (!contains(a, b) && !contains(b, a)) addEquivalents(sheet, ordering, a, b)
}

function toOrdering(first: Side, then: Side, bits: number, origin: Origin | undefined): Ordering {
  const isPlace = (side: Side): side is readonly [Resource, string] => Array.isArray(side)
  return {
    firstResource: isPlace(first) ? first[0] : first.resource,
    firstTail: isPlace(first) ? first[1] : first.tail,
    firstAction: isPlace(first) ? undefined : first,
    thenResource: isPlace(then) ? then[0] : then.resource,
    thenTail: isPlace(then) ? then[1] : then.tail,
    thenAction: isPlace(then) ? undefined : then,
    bits,
    origin,
  }
}

function contains(outer: Resource, inner: Resource): boolean {
  for (let at = inner.parent; at !== undefined; at = at.parent) if (at === outer) return true
  return false
}

/** Source: spec C-10.6. */
function addEquivalents(sheet: Worksheet, { firstTail, thenTail, origin }: Ordering, a: Resource, b: Resource): void {
  if (!b.migratable) return
  const add = (first: string, then: string, bits: number): void => {
    sheet.orderings.push(toOrdering([a, first], [b, then], bits, origin))
  }
  const guarded = ORDER | (a.migratable ? UNLESS_MIGRATING : 0)
  const isPartial = 0 <= b.partialTarget
  switch (`${firstTail} ${thenTail}`) {
    case 'start_0 start_0':
      if (a.migratable) add('migrate_from_0', 'migrate_to_0', ORDER)
      add('start_0', 'migrate_to_0', guarded)
      break
    case 'stop_0 stop_0':
      add('stop_0', 'migrate_to_0', guarded)
      if (isPartial) add('stop_0', 'migrate_from_0', guarded)
      break
    case 'promote_0 start_0':
      add('promote_0', 'migrate_to_0', ORDER)
      break
    case 'demote_0 stop_0':
      add('demote_0', 'migrate_to_0', ORDER)
      if (isPartial) add('demote_0', 'migrate_from_0', ORDER)
      break
  }
}
