/**
 * Actions and fencing that reading the status asks for, with what they change in nodes and resources at that moment.
 *
 * Not made here: the digests that unfencing adds to fence actions. Source: spec, C-4.1 to C-4.4, C-17.2.
 */
import type { Place } from './configuration.ts'
import type { NodeDraft } from './nodes.ts'
import type { Draft, EarlyAction } from './state.ts'
import type { ResourceDraft, Unpacking } from './unpacking.ts'

/** True where the cluster could fence the node now. Source: spec. */
export function mayFence(u: Unpacking, node: NodeDraft): boolean {
  const container = containerOf(u, node)
  if (container !== undefined) {
    return container.runningOn.every((host) => u.list.nodes[host]!.online || mayFence(u, u.list.nodes[host]!))
  }
  const { options } = u
  if (!options.fencing || !(u.fencingDevice || options.haveWatchdog)) return false
  return u.quorum || options.noQuorumPolicy === 'ignore' || node.online
}

/** The resource that holds a guest node; undefined for all other nodes. */
export function containerOf(u: Unpacking, node: NodeDraft): ResourceDraft | undefined {
  return u.resources[u.resources[node.connection]?.container ?? -1]
}

/** True for remote nodes that are no guests. */
export function isRemoteNode(u: Unpacking, node: NodeDraft): boolean {
  return node.type === 'remote' && containerOf(u, node) === undefined
}

/** Marks a node for fencing, as its kind asks. Source: spec. */
export function fenceNode(u: Unpacking, node: NodeDraft, reason: string, delayed: boolean): void {
  const connection = u.resources[node.connection]
  const container = containerOf(u, node)
  if (container !== undefined) {
    if (container.failed || !container.managed) return
    node.requiresReset = true
    container.failed = true
    container.stopNeeded = true
    return
  }
  if (node.type === 'remote' && connection?.orphanFiller) {
    connection.failed = true
    connection.stopNeeded = true
    return
  }
  if (node.type === 'remote') {
    if (connection === undefined || connection.managed) node.requiresReset = true
  } else if (node.unclean) return
  node.unclean = true
  requestFencing(u, node, reason, delayed)
}

function requestFencing(u: Unpacking, node: NodeDraft, reason: string, delayed: boolean): void {
  const task = u.options.fencingAction
  const key = `stonith-${node.uname}-${task}`
  const known = u.actions.find((action) => action.kind === 'fence' && action.key === key)
  if (known !== undefined) {
    known.reason ??= reason
    return
  }
  const delay = delayed ? priorityDelay(u, node) : 0
  const isDelayed = u.options.priorityFencingDelaySeconds > 0 && delayed
  const meta: (readonly [string, string])[] = [
    ['on_node', node.uname],
    ['on_node_uuid', node.id],
    ['stonith_action', task],
  ]
  if (isDelayed) meta.push(['priority-fencing-delay', String(delay)])
  const { line, column } = node
  const optional = true
  u.actions.push({
    ...blankAction(u),
    kind: 'fence',
    key,
    task: 'stonith',
    node: node.index,
    optional,
    reason,
    meta,
    line,
    column,
  })
}

/** Source: spec. */
function priorityDelay(u: Unpacking, node: NodeDraft): number {
  const delay = u.options.priorityFencingDelaySeconds
  if (delay <= 0 || node.type !== 'member' || node.online) return 0
  const members = u.list.nodes.filter(({ type }) => type === 'member')
  const priorities = members.map(({ priority }) => priority)
  const top = Math.max(...priorities)
  if (members.filter(({ online }) => online).length > Math.floor(members.length / 2)) return 0
  return top === Math.min(...priorities) || node.priority < top ? 0 : delay
}

function blankAction(u: Unpacking): Draft<EarlyAction> {
  return {
    index: u.actions.length,
    kind: 'resource',
    key: '',
    task: '',
    intervalMs: 0,
    resource: -1,
    node: -1,
    optional: true,
    runnable: true,
    reason: undefined,
    meta: [],
    after: -1,
    line: 0,
    column: 0,
  }
}

/** What an action request names. */
export interface ActionRequest {
  readonly task: string
  readonly intervalMs?: number
  readonly node: NodeDraft
  readonly optional: boolean
}

/** Finds or creates an action of `resource`; a stop that cannot run there has its node fenced. Source: spec C-4.1 to C-4.4. */
export function requestAction(u: Unpacking, resource: ResourceDraft, request: ActionRequest, at: Place): void {
  const { task, intervalMs = 0, node, optional } = request
  const key = `${resource.id}_${task}_${intervalMs}`
  let action = u.actions.find(
    (known) => known.key === key && known.node === node.index && known.resource === resource.index,
  )
  if (action === undefined) {
    const { line, column } = at
    action = {
      ...blankAction(u),
      key,
      task,
      intervalMs,
      resource: resource.index,
      node: node.index,
      optional,
      line,
      column,
    }
    u.actions.push(action)
  }
  if (!resource.managed && intervalMs === 0) action.optional = true
  else if (!optional) action.optional = false
  const isUsableGuest = containerOf(u, node) !== undefined && !node.requiresReset
  action.runnable = (node.online || isUsableGuest) && !node.pending
  if (!node.online && !isUsableGuest && resource.managed && task === 'stop' && !node.unclean) {
    fenceNode(u, node, 'stop is unrunnable', false)
  }
}

/** A resource found stopped needs no stop there. Source: spec. */
export function makeStopsOptional(u: Unpacking, resource: ResourceDraft, node: NodeDraft): void {
  for (const action of u.actions) {
    if (action.resource === resource.index && action.task === 'stop' && action.node === node.index)
      action.optional = true
  }
}
