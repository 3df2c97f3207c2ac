/**
 * Asking for an action: it is found or made, and then judged whether it is needed and may run.
 *
 * Asking again for an action that needs nothing makes it runnable again and forgets its reason, as in the original.
 *
 * Reads   nodes, quorum, Resource.managed, role, nextRole
 * Writes  actions; Resource.nextRole under no-quorum-policy=demote
 * Runs    first the actions that reading the status asked for (applyEarlyActions), later wherever an action is wanted
 * Source  spec C-3.2, C-4, C-11.1
 */
import { isActiveOn } from '../cib/active.ts'
import { PROMOTED, UNPROMOTED } from '../cib/role.ts'
import type { EarlyAction } from '../cib/state.ts'
import { type Action, decided, link, ON_DC, OPTIONAL, PSEUDO, RUNNABLE, THEN_REQ, tailOf } from './action.ts'
import { fenceNode, mayFence } from './fencing.ts'
import { isGuest, nextRoleOf, roleOf } from './nodes.ts'
import { findOp, needOf, noteRechecks } from './op-meta.ts'
import { actionsOf, addMeta, claimAction, clearFlags, isPseudo, recordAction, setFlags } from './record.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** What is asked for. */
export interface ActionRequest {
  readonly task: string
  /** 0 where not given. */
  readonly intervalMs?: number
  /** −1, as where not given: none. */
  readonly node?: number
  /** An optional request never makes a required action optional. */
  readonly optional: boolean
  /** The key without the resource's id, where it is not made of task and interval. */
  readonly tail?: string
}

/** Finds or makes an action of a resource. Source: spec C-4.1 to C-4.4. */
export function requestAction(sheet: Worksheet, resource: Resource, request: ActionRequest): Action {
  const { task, intervalMs = 0, node = -1, optional } = request
  const tail = request.tail ?? tailOf(task, intervalMs)
  const action =
    claimAction(actionsOf(resource, tail), node) ??
    newAction(sheet, resource, { tail, task, intervalMs, node, optional })
  const isKept = action.node >= 0 && !isPseudo(action) && !resource.managed && action.intervalMs === 0
  if (isKept) setFlags(action, OPTIONAL)
  else if (!optional) clearFlags(action, OPTIONAL)
  judgeRunnable(sheet, action, resource)
  return action
}

/** Makes an action without judging it, as orderings do for a first action that is missing. Source: spec C-4.2. */
export function newAction(sheet: Worksheet, resource: Resource, given: Required<ActionRequest>): Action {
  const { tail, task, intervalMs, node, optional } = given
  const flags = RUNNABLE | (optional ? OPTIONAL : 0) | (task === 'lrm_delete' ? ON_DC : 0)
  const action = recordAction(sheet, { resource, tail, task, intervalMs, node, flags })
  action.op = findOp(resource, tail)
  action.need = needOf(resource, task)
  noteRechecks(sheet, action)
  return action
}

/** A point in time of a collective, at which nothing is executed. RUN stays as it is unless it is given. Source: spec C-11.1. */
export function requestPseudo(
  sheet: Worksheet,
  resource: Resource,
  { task, tail, optional, runnable = false }: PseudoRequest,
): Action {
  const action = requestAction(sheet, resource, { task, optional, ...(tail === undefined ? {} : { tail }) })
  setFlags(action, PSEUDO | (runnable ? RUNNABLE : 0))
  return action
}

/** What is asked of requestPseudo. */
export interface PseudoRequest {
  readonly task: string
  readonly tail?: string
  readonly optional: boolean
  readonly runnable?: boolean
}

/** Finds or makes an action that belongs to no resource. Source: spec C-4.1. */
export function requestNodeAction(
  sheet: Worksheet,
  { key, task, node = -1, optional }: Omit<ActionRequest, 'tail' | 'intervalMs'> & { readonly key: string },
): Action {
  const known = claimAction(sheet.nodeActions.get(key.toLowerCase()) ?? [], node)
  const flags = RUNNABLE | (optional ? OPTIONAL : 0)
  if (known === undefined) {
    return recordAction(sheet, { resource: undefined, tail: key, task, intervalMs: 0, node, flags })
  }
  if (!optional) clearFlags(known, OPTIONAL)
  return known
}

/** Whether the action may run. Source: spec C-4.4. */
function judgeRunnable(sheet: Worksheet, action: Action, resource: Resource): void {
  if (isPseudo(action)) return
  const node = sheet.nodes[action.node]
  if (node === undefined) return clearFlags(action, RUNNABLE)
  const isOnDc = (action.flags & ON_DC) !== 0
  if (!isOnDc && !node.online && (!isGuest(node) || node.requiresReset)) {
    clearFlags(action, RUNNABLE)
    if (resource.managed && action.task === 'stop' && !node.unclean) {
      fenceNode(sheet, node, 'stop is unrunnable', { cause: { kind: 'required', action, origin: undefined } })
    }
  } else if (!isOnDc && node.pending) clearFlags(action, RUNNABLE)
  else if (action.need === 'nothing') {
    action.reason = undefined
    if (isGuest(node) && !mayFence(sheet, node)) clearFlags(action, RUNNABLE)
    else setFlags(action, RUNNABLE)
  } else judgeQuorum(sheet, action, resource)
}

/** Source: spec C-4.4, the rows about quorum. */
function judgeQuorum(sheet: Worksheet, action: Action, resource: Resource): void {
  const policy = effectivePolicy(sheet, resource)
  if (policy === 'stop') {
    clearFlags(action, RUNNABLE)
    action.reason = 'no quorum'
  } else if (policy === 'freeze') {
    if (isActiveOn(sheet.nodes, resource) && nextRoleOf(resource) <= roleOf(resource)) return
    clearFlags(action, RUNNABLE)
    action.reason = 'quorum freeze'
  } else setFlags(action, RUNNABLE)
}

function effectivePolicy(sheet: Worksheet, resource: Resource): Worksheet['options']['noQuorumPolicy'] {
  if (sheet.state.quorum) return 'ignore'
  const { noQuorumPolicy } = sheet.options
  if (noQuorumPolicy !== 'demote') return noQuorumPolicy
  const role = roleOf(resource)
  if (role !== PROMOTED && role !== UNPROMOTED) return 'stop'
  if (UNPROMOTED < resource.nextRole) resource.nextRole = UNPROMOTED
  return 'ignore'
}

/** Takes over what reading the status asked for; the first becomes action 1. Source: spec C-3.2 step 1. */
export function applyEarlyActions(sheet: Worksheet): void {
  for (const early of sheet.state.earlyActions) {
    const action = recordEarly(sheet, early)
    if (!early.runnable) clearFlags(action, RUNNABLE)
    action.reason = early.reason
    const isAsked = early.reason !== undefined || (early.kind === 'resource' && !early.optional)
    if (isAsked) action.cause = decided(early.reason ?? 'what the status says', '', early)
    for (const [name, value] of early.meta) addMeta(action, name, value)
    if (early.task === 'clear_failcount') addMeta(action, 'op_no_wait', 'true')
  }
  for (const early of sheet.state.earlyActions) {
    if (early.after >= 0) link(sheet.actions[early.after], sheet.actions[early.index], THEN_REQ)
  }
}

function recordEarly(sheet: Worksheet, { kind, key, task, intervalMs, resource, node, optional }: EarlyAction): Action {
  if (kind === 'fence') return requestNodeAction(sheet, { key, task, node, optional })
  const owner = sheet.resources[resource]!
  const tail = key.slice(owner.id.length + 1)
  return newAction(sheet, owner, { tail, task, intervalMs, node, optional })
}

/** What exists for a resource that gets no node: it must stop and cannot start. Source: spec C-4.11. */
export function unassignActions(_sheet: Worksheet, resource: Resource): void {
  for (const action of resource.actions) {
    if (action.task === 'stop') clearFlags(action, OPTIONAL)
    else if (action.task === 'start') clearFlags(action, RUNNABLE)
    else if (0 < action.intervalMs && action.replaced.get('op_target_rc') !== '7') clearFlags(action, RUNNABLE)
  }
}
