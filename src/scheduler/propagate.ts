/**
 * Propagation: along the links, what one action is changes what others are, until nothing changes any more.
 *
 * Reads   links
 * Writes  flags and reasons of actions; links (remapped to the completion of collectives)
 * Runs    after all orderings were applied
 * Source  spec C-12.7, C-15.1, C-15.2, C-15.10
 */
import { INFINITY, PROMOTED } from '../cib/role.ts'
import {
  type Action,
  ANY,
  type Cause,
  type Link,
  link,
  OPTIONAL,
  RUNNABLE,
  SAME_NODE,
  THEN_CANCELS_FIRST,
} from './action.ts'
import { applyRecord } from './effects.ts'
import { assignedNode } from './nodes.ts'
import { FIRST, type Propagation, THEN, updateFollowers } from './propagation.ts'
import { actionsOf, newestOf } from './record.ts'
import { CLONE, GROUP, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** What propagation is made of, for one worksheet. */
export function toPropagation(sheet: Worksheet): Propagation {
  const run: Propagation = { sheet, update: (action) => update(run, action) }
  return run
}

/** Updates every action, newest first. */
export function propagate(run: Propagation): void {
  const { actions } = run.sheet
  for (let at = actions.length - 1; 0 <= at; at--) run.update(actions[at]!)
}

/** Source: spec C-15.1. */
function update(run: Propagation, then: Action): void {
  const before = then.flags
  let isChanged = false
  if ((then.flags & ANY) !== 0) {
    then.runnableBefore = 0
    if (then.requiredBefore === 0) then.requiredBefore = 1
    then.flags &= ~RUNNABLE
  }
  for (let at = then.before.length - 1; 0 <= at; at--) {
    const changed = updateRecord(run, then.before[at]!)
    if ((changed & THEN) !== 0) isChanged = true
    if ((changed & FIRST) !== 0) {
      const { first } = then.before[at]!
      updateFollowers(run, first)
      run.update(first)
    }
  }
  if ((then.flags & ANY) !== 0) isChanged = then.flags !== before
  if (!isChanged) return
  if ((before & RUNNABLE) !== 0 && (then.flags & RUNNABLE) === 0) blockColocated(run, then)
  run.update(then)
  updateFollowers(run, then)
}

/** Source: spec C-15.1, step 2. */
function updateRecord(run: Propagation, record: Link): number {
  const { first, then } = record
  if (record.bits === 0) return 0
  const firstNode = orderingNode(first)
  const thenNode = orderingNode(then)
  if ((record.bits & SAME_NODE) !== 0 && 0 <= firstNode && 0 <= thenNode && firstNode !== thenNode) {
    record.bits = 0
    return 0
  }
  if ((record.bits & THEN_CANCELS_FIRST) !== 0 && first.resource !== undefined && (then.flags & OPTIONAL) === 0) {
    first.flags |= OPTIONAL
    if (first.task === 'reload-agent') first.resource.isReloading = false
  }
  const other = remap(record)
  if (other === first) return applyRecord(run, record, firstNode, thenNode)
  if (!link(other, then, record.bits, record.origin)) return 0
  record.bits = 0
  return THEN
}

/** The node that counts for an ordering: that of a group's start is where its members are. Source: spec C-15.1, 2a. */
function orderingNode({ resource, task, node }: Action): number {
  return resource?.variant === GROUP && task === 'start' ? assignedNode(resource) : node
}

const COMPLETIONS = new Map([
  ['start', 'running'],
  ['stop', 'stopped'],
  ['promote', 'promoted'],
  ['demote', 'demoted'],
  ['running', 'running'],
  ['stopped', 'stopped'],
  ['promoted', 'promoted'],
  ['demoted', 'demoted'],
])

/** What must really have happened before `then`: of a collective its completion. Source: spec C-15.2. */
function remap({ first, then }: Link): Action {
  const { resource } = first
  if (resource === undefined || then.resource === undefined || resource === then.resource) return first
  if (resource.variant === PRIMITIVE || isAncestor(resource, then.resource)) return first
  const completion = COMPLETIONS.get(first.task)
  if (completion === undefined || 0 < first.intervalMs || first.tail.includes('notify')) return first
  const { parent } = resource
  const isNotified =
    resource.from.notify && (parent === undefined || (resource.variant === CLONE && parent.variant > CLONE))
  const tail = isNotified ? `confirmed-post_notify_${completion}_0` : `${completion}_0`
  return actionsOf(resource, tail)[0] ?? first
}

function isAncestor(ancestor: Resource, resource: Resource): boolean {
  for (let at = resource.parent; at !== undefined; at = at.parent) if (at === ancestor) return true
  return false
}

/** What is colocated with something that cannot start or be promoted cannot either. Source: spec C-15.10. */
export function blockColocated(run: Propagation, action: Action): void {
  const { resource, task } = action
  if (resource === undefined || (action.flags & RUNNABLE) !== 0 || (task !== 'start' && task !== 'promote')) return
  const primary = resource.top.parent ?? resource.top
  if (primary.withThis.length === 0) return
  for (const child of primary.children) {
    const own = newestOf(child, `${task}_0`)
    if (own === undefined || (own.flags & RUNNABLE) !== 0) return
  }
  for (const { score, primaryRole, dependent, dependentRole, origin } of primary.withThis) {
    if (score !== INFINITY || (task === 'promote' && primaryRole !== PROMOTED)) continue
    block(run, dependent, dependentRole === PROMOTED ? 'promote' : 'start', { action, origin, kind: 'unrunnable' })
  }
}

function block(run: Propagation, dependent: Resource, task: 'start' | 'promote', cause: Cause): void {
  for (const action of [...actionsOf(dependent, `${task}_0`)]) {
    if ((action.flags & RUNNABLE) === 0) continue
    action.flags &= ~RUNNABLE
    action.reason ??= `colocation with ${cause.action!.resource!.id}`
    action.cause = cause
    blockColocated(run, action)
    run.update(action)
  }
  for (const child of dependent.children) block(run, child, task, cause)
}
