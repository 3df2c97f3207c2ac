/**
 * What follows from a group: members go up one after the other and down the other way round, on one node.
 *
 * Left out: what the original creates without bits, so that it links nothing (C-14.3 #10b).
 *
 * Reads   members in order, Resource.runningOn
 * Writes  orderings, colocations
 * Runs    within unpackImplicit
 * Source  spec C-14.3, B-7.13
 */
import { INFINITY } from '../cib/role.ts'
import { NEEDS_RUN, ORDER, RESTART, SHOW_FIRST, SHOW_THEN, THEN_REQ } from './action.ts'
import { addColocation } from './colocations.ts'
import { originOf, unpackImplicitPrimitive } from './implicit-primitive.ts'
import { order } from './ordering.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** All implicit orderings and colocations of one group. */
export function unpackImplicitGroup(sheet: Worksheet, group: Resource): void {
  order(sheet, [group, 'stop_0'], [group, 'stopped_0'], NEEDS_RUN)
  order(sheet, [group, 'stopped_0'], [group, 'start_0'], ORDER)
  order(sheet, [group, 'start_0'], [group, 'running_0'], NEEDS_RUN)
  let previous: Resource | undefined
  let lastActive: Resource | undefined
  for (const member of group.children) {
    unpackImplicitPrimitive(sheet, member)
    if (previous !== undefined && group.from.collocated) colocate(sheet, group, member, previous)
    orderWithGroup(sheet, group, member, previous === undefined)
    if (!group.from.ordered) orderAlone(sheet, group, member)
    else if (previous !== undefined) orderAfter(sheet, group, previous, member)
    const isActive = 0 < member.runningOn.length
    if (group.from.ordered && isActive && previous?.runningOn.length === 0 && lastActive !== undefined) {
      order(sheet, [member, 'stop_0'], [lastActive, 'stop_0'], ORDER)
    }
    if (isActive) lastActive = member
    previous = member
  }
}

function colocate(sheet: Worksheet, group: Resource, dependent: Resource, primary: Resource): void {
  const id = 'group:internal_colocation'
  addColocation(sheet, { id, dependent, primary, score: INFINITY, origin: originOf(group) })
}

/** A member and its group's own actions: #2 to #9 of the table. */
function orderWithGroup(sheet: Worksheet, group: Resource, member: Resource, isFirst: boolean): void {
  const leads = isFirst && group.from.ordered
  const down = SHOW_FIRST | (leads ? ORDER : 0)
  const isDown = leads ? THEN_REQ : SHOW_THEN
  const isUp = NEEDS_RUN | THEN_REQ | SHOW_THEN
  if (group.top.from.promotable) {
    order(sheet, [group, 'demote_0'], [member, 'demote_0'], down)
    order(sheet, [member, 'demote_0'], [group, 'demoted_0'], isDown)
    order(sheet, [member, 'promote_0'], [group, 'promoted_0'], isUp)
    order(sheet, [group, 'promote_0'], [member, 'promote_0'], SHOW_FIRST)
  }
  order(sheet, [group, 'stop_0'], [member, 'stop_0'], down)
  order(sheet, [member, 'stop_0'], [group, 'stopped_0'], isDown)
  order(sheet, [group, 'start_0'], [member, 'start_0'], SHOW_FIRST)
  order(sheet, [member, 'start_0'], [group, 'running_0'], isUp)
}

/** Members that need no order wait for the group alone; this counts where #8 did not find the member's start: #10a of the table. */
function orderAlone(sheet: Worksheet, group: Resource, member: Resource): void {
  const bits = THEN_REQ | NEEDS_RUN | SHOW_FIRST
  order(sheet, [group, 'start_0'], [member, 'start_0'], bits)
  if (group.top.from.promotable) order(sheet, [group, 'promote_0'], [member, 'promote_0'], bits)
}

/** A member and the one before it: #10c to #12 of the table. */
function orderAfter(sheet: Worksheet, group: Resource, previous: Resource, member: Resource): void {
  order(sheet, [previous, 'start_0'], [member, 'start_0'], THEN_REQ | NEEDS_RUN)
  order(sheet, [member, 'stop_0'], [previous, 'stop_0'], ORDER | RESTART)
  if (!group.top.from.promotable) return
  order(sheet, [previous, 'promote_0'], [member, 'promote_0'], THEN_REQ | NEEDS_RUN)
  order(sheet, [member, 'demote_0'], [previous, 'demote_0'], ORDER)
}
