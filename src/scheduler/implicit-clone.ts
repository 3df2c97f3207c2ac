/**
 * What follows from a clone: its own actions frame those of its instances.
 *
 * Reads   instances
 * Writes  orderings; the order of instances, where the clone is ordered
 * Runs    within unpackImplicit
 * Source  spec C-14.4
 */
import { NEEDS_RUN, ORDER, SHOW_FIRST, SHOW_THEN } from './action.ts'
import { unpackImplicitGroup } from './implicit-group.ts'
import { unpackImplicitPrimitive } from './implicit-primitive.ts'
import { instanceNumber } from './instances.ts'
import { order } from './ordering.ts'
import { GROUP, type Resource, type Worksheet } from './worksheet.ts'

/** All implicit orderings of one clone and what is below it. */
export function unpackImplicitClone(sheet: Worksheet, clone: Resource): void {
  order(sheet, [clone, 'stopped_0'], [clone, 'start_0'], ORDER)
  order(sheet, [clone, 'start_0'], [clone, 'running_0'], NEEDS_RUN)
  order(sheet, [clone, 'stop_0'], [clone, 'stopped_0'], NEEDS_RUN)
  if (clone.from.promotable) {
    order(sheet, [clone, 'demoted_0'], [clone, 'stop_0'], ORDER)
    order(sheet, [clone, 'running_0'], [clone, 'promote_0'], NEEDS_RUN)
  }
  const isOrdered = clone.from.clone?.ordered === true
  if (isOrdered) sortInstances(clone)
  let previous: Resource | undefined
  for (const instance of clone.children) {
    if (instance.variant === GROUP) unpackImplicitGroup(sheet, instance)
    else unpackImplicitPrimitive(sheet, instance)
    order(sheet, [clone, 'start_0'], [instance, 'start_0'], NEEDS_RUN | SHOW_FIRST)
    order(sheet, [instance, 'start_0'], [clone, 'running_0'], SHOW_THEN)
    if (isOrdered && previous !== undefined) order(sheet, [previous, 'start_0'], [instance, 'start_0'], ORDER)
    order(sheet, [clone, 'stop_0'], [instance, 'stop_0'], SHOW_FIRST)
    order(sheet, [instance, 'stop_0'], [clone, 'stopped_0'], SHOW_THEN)
    if (isOrdered && previous !== undefined) order(sheet, [instance, 'stop_0'], [previous, 'stop_0'], ORDER)
    previous = instance
  }
  if (clone.from.promotable) orderPromotion(sheet, clone, isOrdered)
}

function orderPromotion(sheet: Worksheet, clone: Resource, isOrdered: boolean): void {
  orderRestart(sheet, clone)
  let previous: Resource | undefined
  for (const instance of clone.children) {
    order(sheet, [instance, 'demote_0'], [instance, 'promote_0'], ORDER)
    order(sheet, [clone, 'promote_0'], [instance, 'promote_0'], ORDER)
    order(sheet, [instance, 'promote_0'], [clone, 'promoted_0'], ORDER)
    if (isOrdered && previous !== undefined) order(sheet, [previous, 'promote_0'], [instance, 'promote_0'], ORDER)
    order(sheet, [clone, 'demote_0'], [instance, 'demote_0'], SHOW_FIRST)
    order(sheet, [instance, 'demote_0'], [clone, 'demoted_0'], SHOW_THEN)
    if (isOrdered && previous !== undefined) order(sheet, [instance, 'demote_0'], [previous, 'demote_0'], ORDER)
    previous = instance
  }
}

/** Puts the instances in the order of their numbers. Source: spec B-15.11. */
export function sortInstances(clone: Resource): void {
  clone.children.sort((left, right) => instanceNumber(left) - instanceNumber(right))
}

/** Down before up, for a promotable clone or bundle. */
export function orderRestart(sheet: Worksheet, resource: Resource): void {
  order(sheet, [resource, 'stopped_0'], [resource, 'start_0'], ORDER)
  order(sheet, [resource, 'stopped_0'], [resource, 'promote_0'], ORDER)
  order(sheet, [resource, 'demoted_0'], [resource, 'stop_0'], ORDER)
  order(sheet, [resource, 'demoted_0'], [resource, 'start_0'], ORDER)
  order(sheet, [resource, 'demoted_0'], [resource, 'promote_0'], ORDER)
  order(sheet, [resource, 'running_0'], [resource, 'promote_0'], ORDER)
  order(sheet, [resource, 'demote_0'], [resource, 'demoted_0'], ORDER)
}
