/**
 * Recurring operations: which run where in the role that is planned, and which must be cancelled.
 *
 * Reads   Resource.ops, nextRole, assigned; the recurring actions that history brought
 * Writes  actions, orderings, links
 * Runs    after the role actions of each primitive
 * Source  spec C-9
 */
import type { OpConfig } from '../cib/configuration.ts'
import { opAttribute } from '../cib/op-meta.ts'
import { PROMOTED, STARTED, STOPPED, toRole, UNPROMOTED } from '../cib/role.ts'
import { type Action, link, NEEDS_RUN, OPTIONAL, ORDER, RESCHEDULE, RUNNABLE, THEN_REQ, tailOf } from './action.ts'
import { intervalText } from './interval-text.ts'
import { isEnabled } from './op-meta.ts'
import { order } from './ordering.ts'
import { actionsOf, addMeta, clearFlags, isRequired, isRunnable, replaceMeta, setFlags } from './record.ts'
import { requestAction } from './request.ts'
import { CLONE, type Resource, type Worksheet } from './worksheet.ts'

/** Creates and cancels the recurring operations of one primitive. Source: spec C-9.1. */
export function createRecurring(sheet: Worksheet, resource: Resource): void {
  if (resource.blocked || resource.from.maintenance) return
  const ops = resource.from.ops.filter((op) => isRecurring(resource, op))
  const node = sheet.nodes[resource.assigned]
  const isUp = node !== undefined && !node.maintenance && (resource.nextRole !== STOPPED || !resource.managed)
  const start = isUp ? requestAction(sheet, resource, { task: 'start', node: node.index, optional: true }) : undefined
  for (const op of ops) {
    const role = toRole(opAttribute(op, 'role') ?? '')
    if (role === STOPPED) createForInactive(sheet, resource, op)
    else if (start !== undefined) createForActive(sheet, resource, op, start)
  }
}

const NEVER_RECURRING = new Set(['stop', 'start', 'demote', 'promote', 'reload-agent', 'migrate_to', 'migrate_from'])

/** Of two with the same name and interval neither counts. Source: spec C-9.2. */
function isRecurring({ from }: Resource, op: OpConfig): boolean {
  const { id, name, intervalMs } = op
  if (intervalMs === 0 || !id || NEVER_RECURRING.has(name) || !isEnabled(op)) return false
  return !from.ops.some((other) => other !== op && other.name === name && other.intervalMs === intervalMs)
}

/** The recurring actions with this operation's key that are on `node` already. */
function knownOn(resource: Resource, { name, intervalMs }: OpConfig, node: number): readonly Action[] {
  return actionsOf(resource, tailOf(name, intervalMs)).filter((action) => action.node === node)
}

/** Source: spec C-9.3. */
function createForActive(sheet: Worksheet, resource: Resource, op: OpConfig, start: Action): void {
  const { nextRole, assigned } = resource
  const role = toRole(opAttribute(op, 'role') ?? '')
  const known = isRequired(start) ? [] : knownOn(resource, op, assigned)
  const runsAlready = 0 < known.length && !known.some(({ flags }) => (flags & RESCHEDULE) !== 0)
  if (role === 0 ? nextRole === PROMOTED : role !== nextRole) {
    if (runsAlready) cancelForRole(sheet, resource, op)
    return
  }
  const { name: task, intervalMs } = op
  const action = requestAction(sheet, resource, { task, intervalMs, node: assigned, optional: runsAlready })
  const node = sheet.nodes[assigned]!
  if (!isRunnable(start) || !node.online || node.unclean) clearFlags(action, RUNNABLE)
  if (nextRole === PROMOTED) replaceMeta(action, 'op_target_rc', '8')
  if (resource.managed) orderRecurring(sheet, resource, action)
}

/** What is for another role ends before that role does. Source: spec C-9.3. */
function cancelForRole(sheet: Worksheet, resource: Resource, op: OpConfig): void {
  const cancellation = requestCancel(sheet, resource, op, resource.assigned)
  const { role, nextRole } = resource
  let then: string | undefined
  if (role === STARTED || role === UNPROMOTED) {
    then = nextRole === PROMOTED ? 'promote_0' : nextRole === STOPPED ? 'stop_0' : undefined
  } else if (role === PROMOTED) then = 'demote_0'
  if (then !== undefined) order(sheet, cancellation, [resource, then], NEEDS_RUN)
}

/** Source: spec C-9.6. */
function orderRecurring(sheet: Worksheet, resource: Resource, action: Action): void {
  order(sheet, [resource, 'start_0'], action, THEN_REQ | NEEDS_RUN)
  order(sheet, [resource, 'reload-agent_0'], action, THEN_REQ | NEEDS_RUN)
  if (resource.nextRole === PROMOTED) order(sheet, [resource, 'promote_0'], action, ORDER | NEEDS_RUN)
  else if (resource.role === PROMOTED) order(sheet, [resource, 'demote_0'], action, ORDER | NEEDS_RUN)
}

/** Source: spec C-9.7. */
function createForInactive(sheet: Worksheet, resource: Resource, op: OpConfig): void {
  if (resource.top.variant === CLONE && !resource.from.unique) return
  const { nextRole, assigned } = resource
  for (const node of sheet.nodeOrder) {
    const isKnown = 0 < knownOn(resource, op, node).length
    if (node !== assigned) checkStopped(sheet, resource, op, { node, optional: isKnown })
    else if (isKnown) {
      const cancellation = requestCancel(sheet, resource, op, node)
      if (nextRole === STARTED || nextRole === UNPROMOTED) order(sheet, cancellation, [resource, 'start_0'], NEEDS_RUN)
    }
  }
}

/** A monitor that expects the resource to be stopped there. */
function checkStopped(
  sheet: Worksheet,
  resource: Resource,
  { name: task, intervalMs }: OpConfig,
  { node, optional }: { readonly node: number; readonly optional: boolean },
): void {
  const action = requestAction(sheet, resource, { task, intervalMs, node, optional })
  replaceMeta(action, 'op_target_rc', '7')
  if (resource.managed) {
    for (const probe of actionsOf(resource, 'monitor_0')) if (probe.node === node) link(probe, action, NEEDS_RUN)
  }
  for (const stop of actionsOf(resource, 'stop_0')) {
    if (stop.node !== node) continue
    if (isRequired(stop) && isRequired(action) && !resource.managed) setFlags(action, OPTIONAL)
    if (!isRunnable(stop)) clearFlags(action, RUNNABLE)
    if (resource.managed) order(sheet, stop, action, THEN_REQ | NEEDS_RUN)
  }
  const at = sheet.nodes[node]!
  if (!at.online || at.unclean) clearFlags(action, RUNNABLE)
}

/** Turns a recurring action into its cancellation. Source: spec C-9.9. */
function requestCancel(
  sheet: Worksheet,
  resource: Resource,
  { name, intervalMs }: Pick<OpConfig, 'name' | 'intervalMs'>,
  node: number,
): Action {
  const action = requestAction(sheet, resource, { task: name, intervalMs, node, optional: false })
  action.task = 'cancel'
  action.cancelledTask = name
  addMeta(action, 'operation', name)
  return action
}

/** What history knows of a recurring operation that is to end. */
export interface KnownOperation extends Pick<OpConfig, 'name' | 'intervalMs'> {
  readonly node: number
  readonly callId: number
  readonly reason: string
}

/** Cancels an operation that history says is running. Source: spec C-9.10. */
export function cancelKnown(sheet: Worksheet, resource: Resource, known: KnownOperation): void {
  const action = requestCancel(sheet, resource, known, known.node)
  sheet.lastInterval = intervalText(known.intervalMs)
  action.reason = known.reason
  addMeta(action, 'call-id', String(known.callId))
  order(sheet, [resource, 'stop_0'], action, ORDER)
}
