/**
 * Orderings become links between actions, in order of creation; a first action that is missing is made, and cannot run.
 *
 * Reads   Worksheet.orderings, roles
 * Writes  links; new first actions
 * Runs    when all actions are there, before probe orderings and propagation
 * Source  spec C-12.5, C-12.6, C-11.7
 */

import { STOPPED, UNPROMOTED } from '../cib/role.ts'
import { parseKey } from '../cib/values.ts'
import { type Action, DANGLE, link, type Ordering, RUNNABLE, THEN_REQ } from './action.ts'
import { orderingRole } from './nodes.ts'
import { actionsOf, clearFlags } from './record.ts'
import { newAction } from './request.ts'
import type { Worksheet } from './worksheet.ts'

/** Applies every ordering. */
export function applyOrderings(sheet: Worksheet): void {
  for (const ordering of sheet.orderings) applyOrdering(sheet, ordering)
}

function applyOrdering(sheet: Worksheet, ordering: Ordering): void {
  const { thenResource, thenAction, bits, origin } = ordering
  const firsts = firstActions(sheet, ordering)
  const resource = thenResource ?? thenAction?.resource
  if (resource === undefined) {
    for (const first of firsts) link(first, thenAction, bits, origin)
    return
  }
  for (const first of firsts) {
    const isOwnDangle = first.resource === resource && (first.flags & DANGLE) !== 0
    const used = isOwnDangle ? bits & ~THEN_REQ : bits
    const thens = thenAction === undefined ? actionsOf(resource, ordering.thenTail) : [thenAction]
    for (const then of [...thens]) link(first, then, used, origin)
  }
}

/** Source: spec C-12.6, 1 and 2. */
function firstActions(
  sheet: Worksheet,
  { firstResource, firstAction, firstTail, thenResource, thenAction }: Ordering,
): readonly Action[] {
  if (firstAction !== undefined) return [firstAction]
  if (firstResource === undefined) return []
  const known = actionsOf(firstResource, firstTail)
  if (0 < known.length) return [...known]
  if ((thenResource ?? thenAction?.resource) === firstResource) return []
  const { task, intervalMs } = parseKey(`${firstResource.id}_${firstTail}`)!
  const role = orderingRole(firstResource)
  if ((task === 'stop' && role === STOPPED) || (task === 'demote' && role === UNPROMOTED)) return []
  const made = newAction(sheet, firstResource, { tail: firstTail, task, intervalMs, node: -1, optional: true })
  clearFlags(made, RUNNABLE)
  return [made]
}
