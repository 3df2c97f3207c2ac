/**
 * Wanting a node fenced: what that means for each kind of node, and the one fence action that a node has for each operation.
 *
 * Asked for from anywhere in the scheduler; what a fence action implies is told in fencing-orders.ts.
 *
 * Reads   nodes, quorum, Resource.runningOn, failed
 * Writes  WorkNode.unclean, requiresReset; Resource.failed, stopNeeded; fence actions
 * Source  spec C-17.1 to C-17.3, C-17.12
 */
import { fencingDelay, mayFenceNode, type Rival } from '../cib/fence-rules.ts'
import { type Action, type Cause, OPTIONAL, RUNNABLE } from './action.ts'
import { isGuest, isPureRemote } from './nodes.ts'
import { addMeta, clearFlags, recordAction, replaceMeta } from './record.ts'
import { addUnfencingDigests } from './unfencing-digests.ts'
import type { WorkNode, Worksheet } from './worksheet.ts'

/** The cluster could fence the node now. Source: spec C-17.1. */
export function mayFence(sheet: Worksheet, node: WorkNode): boolean {
  const { state, nodes } = sheet
  if (isGuest(node)) {
    return node.connection!.container!.runningOn.every((host) => nodes[host]!.online || mayFence(sheet, nodes[host]!))
  }
  return mayFenceNode(state, node.online)
}

/** Marks a node for fencing, as its kind asks; `isDelayed` where priority-fencing-delay applies. Source: spec C-17.2. */
export function fenceNode(
  sheet: Worksheet,
  node: WorkNode,
  reason: string,
  { isDelayed = false, cause }: { readonly isDelayed?: boolean; readonly cause?: Cause } = {},
): void {
  const { connection } = node
  if (isGuest(node)) {
    const container = connection!.container!
    if (container.failed || !container.managed) return
    node.requiresReset = true
    container.failed = true
    container.stopNeeded = true
  } else if (connection?.from.orphanFiller) {
    connection.failed = true
    connection.stopNeeded = true
  } else if (isPureRemote(node)) {
    if (connection === undefined || connection.managed) node.requiresReset = true
    node.unclean = true
    requestFencing(sheet, node, { optional: true, reason, cause })
  } else if (!node.unclean) {
    node.unclean = true
    requestFencing(sheet, node, { optional: true, reason, isDelayed, cause })
  }
}

/** What is asked of a fence action. */
export interface FenceRequest {
  /** The cluster's fencing action where not given; `on` is unfencing. */
  readonly operation?: string
  readonly optional: boolean
  readonly reason?: string | undefined
  readonly isDelayed?: boolean
  readonly cause?: Cause | undefined
}

/** Finds or makes the fence action of a node for one operation. Source: spec C-17.3. */
export function requestFencing(sheet: Worksheet, node: WorkNode, request: FenceRequest): Action {
  const { operation = sheet.options.fencingAction, reason, isDelayed = false } = request
  const key = `stonith-${node.name}-${operation}`
  const known = sheet.nodeActions.get(key.toLowerCase())?.[0]
  const action = known ?? newFencing(sheet, node, key, operation)
  const isChanged = known === undefined && sheet.state.unfencing && addUnfencingDigests(sheet, node, action)
  if (
    0 < sheet.options.priorityFencingDelaySeconds &&
    (isDelayed || action.replaced.has('priority-fencing-delay') || action.added.has('priority-fencing-delay'))
  ) {
    replaceMeta(action, 'priority-fencing-delay', String(priorityDelay(sheet, node)))
  }
  if ((!request.optional || isChanged) && mayFence(sheet, node)) clearFlags(action, OPTIONAL)
  if (action.reason === undefined) {
    action.reason = reason
    action.cause ??= request.cause
  }
  return action
}

function newFencing(sheet: Worksheet, node: WorkNode, key: string, operation: string): Action {
  const flags = OPTIONAL | RUNNABLE
  const action = recordAction(sheet, {
    resource: undefined,
    tail: key,
    task: 'stonith',
    intervalMs: 0,
    node: node.index,
    flags,
  })
  addMeta(action, 'on_node', node.name)
  addMeta(action, 'on_node_uuid', node.id)
  addMeta(action, 'stonith_action', operation)
  return action
}

/** Seconds for which fencing the node waits. Source: spec C-17.12. */
function priorityDelay({ nodes, options }: Worksheet, node: WorkNode): number {
  if (node.from.type !== 'member') return 0
  const members = nodes.filter(({ from }) => from.type === 'member').map(toRival)
  return fencingDelay(options, toRival(node), members)
}

function toRival({ online, from }: WorkNode): Rival {
  return { online, priority: from.priority }
}
