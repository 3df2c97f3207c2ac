/**
 * Actions and fencing that reading the status asks for, with what they change in nodes and resources at that moment.
 *
 * Source: spec, C-4.1 to C-4.4, C-17.1 to C-17.3.
 */
import type { Place } from './configuration.ts'
import { unfencingDigests } from './digests.ts'
import { fencingDelay, mayFenceNode } from './fence-rules.ts'
import type { NodeDraft } from './nodes.ts'
import { PROMOTED, UNPROMOTED } from './role.ts'
import type { ClusterOptions, Draft, EarlyAction, Failure } from './state.ts'
import type { ResourceDraft, Unpacking } from './unpacking.ts'

/** True where the cluster could fence the node now. Source: spec. */
export function mayFence(u: Unpacking, node: NodeDraft): boolean {
  const container = containerOf(u, node)
  if (container !== undefined) {
    return container.runningOn.every((host) => u.list.nodes[host]!.online || mayFence(u, u.list.nodes[host]!))
  }
  return mayFenceNode(u, node.online)
}

/** The resource that holds a guest node; undefined for all other nodes. */
export function containerOf(u: Unpacking, node: NodeDraft): ResourceDraft | undefined {
  return node.type === 'remote' ? u.resources[u.resources[node.connection]?.container ?? -1] : undefined
}

/** True for remote nodes that are no guests. */
export function isRemoteNode(u: Unpacking, node: NodeDraft): boolean {
  return node.type === 'remote' && containerOf(u, node) === undefined
}

/** Marks a node for fencing, as its kind asks; `at` is what in the status asks for it. Source: spec. */
export function fenceNode(u: Unpacking, node: NodeDraft, reason: string, delayed: boolean, at?: Place): void {
  const connection = u.resources[node.connection]
  const container = containerOf(u, node)
  if (container !== undefined) {
    if (container.failed || !container.managed) return
    node.requiresReset = true
    container.failed = true
    container.stopNeeded = true
    noteFailure(u, { resource: container.index, node: node.index, response: 'fence', reason, at })
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
  requestFencing(u, node, reason, delayed, at)
}

/** Keeps what failed, for explanations. */
export function noteFailure(
  u: Unpacking,
  { at, ...failure }: Omit<Failure, 'line' | 'column'> & { readonly at: Place | undefined },
): void {
  u.failures.push({ ...failure, line: at?.line ?? 0, column: at?.column ?? 0 })
}

/**
 * The node's fence action, found or created. It stays optional but where a device that unfences is defined otherwise now.
 * Source: spec, C-17.3.
 */
export function requestFencing(
  u: Unpacking,
  node: NodeDraft,
  reason: string | undefined,
  delayed: boolean,
  at: Place = node,
): Draft<EarlyAction> {
  const task = u.options.fencingAction
  const key = `stonith-${node.uname}-${task}`
  const action = u.actionByKey.get(key) ?? addFencing(u, node, key, task)
  const hasDelay = action.meta.some(([name]) => name === 'priority-fencing-delay')
  if (u.options.priorityFencingDelaySeconds > 0 && (delayed || hasDelay)) {
    const others = action.meta.filter(([name]) => name !== 'priority-fencing-delay')
    action.meta = [...others, ['priority-fencing-delay', String(priorityDelay(u, node))]]
  }
  if (action.reason === undefined && reason !== undefined) {
    action.reason = reason
    action.line = at.line
    action.column = at.column
  }
  return action
}

function addFencing(u: Unpacking, node: NodeDraft, key: string, task: string): Draft<EarlyAction> {
  const meta: (readonly [string, string])[] = [
    ['on_node', node.uname],
    ['on_node_uuid', node.id],
    ['stonith_action', task],
  ]
  let optional = true
  if (u.configuration.unfencing) {
    const { all, secure, isChanged, notices } = unfencingDigests(u.digestSource, u.digests, node)
    meta.push(['digests-all', all], ['digests-secure', secure])
    u.notices.push(...notices)
    optional = !(isChanged && mayFence(u, node))
  }
  return addAction(u, key, { kind: 'fence', key, task: 'stonith', node: node.index, optional, meta }, node)
}

/** Source: spec. */
function priorityDelay(u: Unpacking, node: NodeDraft): number {
  if (node.type !== 'member') return 0
  const members = u.list.nodes.filter(({ type }) => type === 'member')
  return fencingDelay(u.options, node, members)
}

/** Adds an action that is not there yet; `place` tells where it comes from. */
function addAction(
  u: Unpacking,
  place: string,
  given: Partial<EarlyAction> & Pick<EarlyAction, 'key' | 'task' | 'optional'>,
  { line, column }: Place,
): Draft<EarlyAction> {
  const action: Draft<EarlyAction> = {
    index: u.actions.length,
    kind: 'resource',
    intervalMs: 0,
    resource: -1,
    node: -1,
    runnable: true,
    reason: undefined,
    meta: [],
    after: -1,
    ...given,
    line,
    column,
  }
  u.actions.push(action)
  u.actionByKey.set(place, action)
  return action
}

/** What an action request names. */
export interface ActionRequest {
  readonly task: string
  readonly intervalMs?: number
  readonly node: NodeDraft
  readonly optional: boolean
}

/** Finds or creates an action of `resource`; a stop that cannot run there has its node fenced. Source: spec C-4.1 to C-4.4. */
export function requestAction(
  u: Unpacking,
  resource: ResourceDraft,
  request: ActionRequest,
  at: Place,
): Draft<EarlyAction> {
  const { task, intervalMs = 0, node, optional } = request
  const place = placeOf(resource, node, task, intervalMs)
  const action = u.actionByKey.get(place) ?? newAction(u, resource, request, place, at)
  if (!resource.managed && intervalMs === 0) action.optional = true
  else if (!optional) action.optional = false
  judgeRunnable(u, action, resource, node)
  return action
}

function newAction(
  u: Unpacking,
  resource: ResourceDraft,
  { task, intervalMs = 0, node, optional }: ActionRequest,
  place: string,
  at: Place,
): Draft<EarlyAction> {
  const key = `${resource.id}_${task}_${intervalMs}`
  const meta = task === 'clear_failcount' ? ([['op_no_wait', 'true']] as const) : []
  const given = { key, task, intervalMs, resource: resource.index, node: node.index, optional, meta }
  return addAction(u, place, given, at)
}

/** Where `actionByKey` holds an action of a resource; fence actions stand under their own key. */
function placeOf(resource: ResourceDraft, node: NodeDraft, task: string, intervalMs: number): string {
  return `${resource.index} ${node.index} ${task}_${intervalMs}`
}

/** Source: spec C-4.4. */
function judgeRunnable(u: Unpacking, action: Draft<EarlyAction>, resource: ResourceDraft, node: NodeDraft): void {
  const { task } = action
  const isGuest = containerOf(u, node) !== undefined
  const isOnDc = task === 'lrm_delete'
  if (!isOnDc && !node.online && !(isGuest && !node.requiresReset)) {
    action.runnable = false
    if (resource.managed && task === 'stop' && !node.unclean) fenceNode(u, node, 'stop is unrunnable', false, resource)
  } else if (!isOnDc && node.pending) action.runnable = false
  else if (isWithoutNeed(resource, task)) {
    action.runnable = !isGuest || mayFence(u, node)
    action.reason = undefined
  } else judgeQuorum(u, action, resource)
}

/** Source: spec C-4.8. */
function isWithoutNeed(resource: ResourceDraft, task: string): boolean {
  return (task !== 'start' && task !== 'promote') || !(resource.needsFencing || resource.needsQuorum)
}

/** Source: spec, C-4.4. */
function judgeQuorum(u: Unpacking, action: Draft<EarlyAction>, resource: ResourceDraft): void {
  const policy = policyFor(u, resource)
  const isActive = resource.runningOn.some((index) => {
    const { online, unclean } = u.list.nodes[index]!
    return online || unclean || !resource.managed
  })
  if (policy === 'freeze' && isActive && resource.nextRole <= resource.role) return
  action.runnable = policy !== 'stop' && policy !== 'freeze'
  if (!action.runnable) action.reason = policy === 'stop' ? 'no quorum' : 'quorum freeze'
}

function policyFor(u: Unpacking, resource: ResourceDraft): ClusterOptions['noQuorumPolicy'] {
  if (u.quorum) return 'ignore'
  const { noQuorumPolicy } = u.options
  if (noQuorumPolicy !== 'demote') return noQuorumPolicy
  if (resource.role !== PROMOTED && resource.role !== UNPROMOTED) return 'stop'
  if (resource.nextRole > UNPROMOTED) resource.nextRole = UNPROMOTED
  return 'ignore'
}

/** A resource found stopped needs no stop there. Source: spec. */
export function makeStopsOptional(u: Unpacking, resource: ResourceDraft, node: NodeDraft): void {
  const action = u.actionByKey.get(placeOf(resource, node, 'stop', 0))
  if (action !== undefined) action.optional = true
}
