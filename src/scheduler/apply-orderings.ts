/**
 * Orderings become links between actions, in order of creation; a first action that is missing is made, and cannot run.
 *
 * Reads   Worksheet.orderings, roles
 * Writes  links; new first actions
 * Runs    when all actions are there, before probe orderings and propagation
 * Source  spec C-12.5, C-12.6, C-11.7
 */
import { STOPPED, UNPROMOTED } from '../cib/role.ts'
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
  const { task, intervalMs } = splitTail(firstTail)
  const role = orderingRole(firstResource)
  if ((task === 'stop' && role === STOPPED) || (task === 'demote' && role === UNPROMOTED)) return []
  const made = newAction(sheet, firstResource, { tail: firstTail, task, intervalMs, node: -1, optional: true })
  clearFlags(made, RUNNABLE)
  return [made]
}

const LONG_TASK = /^(?:.*_)?(migrate_(?:from|to)|(?:pre|post)_notify_(?:[a-z]+|migrate_(?:from|to)))_([0-9]+)$/

/** Task and interval of a tail. Source: spec C-2.2. */
export function splitTail(tail: string): { readonly task: string; readonly intervalMs: number } {
  const long = LONG_TASK.exec(tail)
  if (long !== null) return { task: long[1]!, intervalMs: Number(long[2]) }
  const end = tail.lastIndexOf('_')
  const begin = tail.lastIndexOf('_', end - 1)
  return { task: tail.slice(begin + 1, end), intervalMs: Number.parseInt(tail.slice(end + 1), 10) || 0 }
}
