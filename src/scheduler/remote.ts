/**
 * Actions on remote and guest nodes: they wait for the connection, or the connection waits for them.
 *
 * Reads   all actions, connections and containers
 * Writes  orderings; nodes to be fenced
 * Runs    after actions are created, before fencing; once, over all actions, newest first
 * Source  spec C-18
 */
import { STOPPED } from '../cib/role.ts'
import { type Action, FIRST_REQ, NEEDS_RUN, ORDER, PRESERVE, THEN_REQ } from './action.ts'
import { fenceNode } from './fencing.ts'
import { currentNode } from './nodes.ts'
import { order } from './ordering.ts'
import { isPseudo } from './record.ts'
import type { Resource, WorkNode, Worksheet } from './worksheet.ts'

/** How the connection to a remote node stands. */
export type ConnectionState = 'alive' | 'resting' | 'unknown' | 'stopped' | 'failed'

/** Source: spec C-18.3. */
export function connectionState(sheet: Worksheet, node: WorkNode): ConnectionState {
  const connection = node.connection
  if (connection === undefined) return 'unknown'
  const host = sheet.nodes[currentNode(sheet, connection)]
  const { assigned, nextRole, runningOn, partialSource, partialTarget } = connection
  if (nextRole === STOPPED || assigned < 0) {
    if (host?.unclean) return 'failed'
    if (!connection.failed) return 'stopped'
    const shutdown = node.attributes.get('shutdown')
    const isAsked = shutdown !== undefined && shutdown !== '0'
    const waits = nextRole === STOPPED && 0 < connection.from.reconnectIntervalMs && node.from.wasFenced
    return waits && !isAsked ? 'unknown' : 'failed'
  }
  if (host === undefined) return 'unknown'
  if (host.unclean || !host.online) return 'resting'
  return 1 < runningOn.length && 0 <= partialSource && 0 <= partialTarget ? 'resting' : 'alive'
}

/** Orders every action on a remote or guest node around its connection. Source: spec C-18.1, C-18.2. */
export function orderRemoteActions(sheet: Worksheet): void {
  if (!sheet.nodes.some(({ isRemote }) => isRemote)) return
  for (let at = sheet.actions.length - 1; 0 <= at; at--) {
    const action = sheet.actions[at]!
    const { resource } = action
    if (resource === undefined) continue
    if (action.task === 'clear_failcount' && 0 <= resource.remoteNode) {
      order(sheet, action, [resource, 'start_0'], ORDER)
      continue
    }
    const node = sheet.nodes[action.node]
    const connection = node?.connection
    if (!node?.isRemote || connection === undefined || isPseudo(action)) continue
    if (action.task === 'start') orderStopsElsewhere(sheet, resource, connection, node)
    if (connection.container === undefined) orderOnRemote(sheet, action, node, connection)
    else orderOnGuest(sheet, action, node, connection)
  }
}

/** What comes to a remote node stops elsewhere only when the connection is up. */
function orderStopsElsewhere(sheet: Worksheet, resource: Resource, connection: Resource, node: WorkNode): void {
  for (const stop of resource.actions.toReversed()) {
    if (stop.task !== 'stop' || stop.node < 0 || stop.node === node.index) continue
    order(sheet, [connection, 'start_0'], stop, ORDER)
  }
}

function afterStart(sheet: Worksheet, resource: Resource, action: Action, bits = 0): void {
  order(sheet, [resource, 'start_0'], action, PRESERVE | NEEDS_RUN | bits)
}

function beforeStop(sheet: Worksheet, action: Action, connection: Resource, bits = 0): void {
  order(sheet, action, [connection, 'stop_0'], PRESERVE | bits)
}

/** Source: spec C-18.4. */
function orderOnRemote(sheet: Worksheet, action: Action, node: WorkNode, connection: Resource): void {
  const state = connectionState(sheet, node)
  const cause = { kind: 'required', action, origin: undefined } as const
  switch (action.task) {
    case 'start':
    case 'promote':
      return afterStart(sheet, connection, action, state === 'failed' ? THEN_REQ : 0)
    case 'stop':
    case 'migrate_to':
    case 'migrate_from':
      if (state === 'failed') {
        return fenceNode(sheet, node, 'resources are active but connection is unrecoverable', { cause })
      }
      if (state === 'alive' || connection.nextRole === STOPPED) return beforeStop(sheet, action, connection, FIRST_REQ)
      return afterStart(sheet, connection, action)
    case 'demote':
      if (state === 'resting' || state === 'unknown') afterStart(sheet, connection, action)
      return
  }
  if (0 < action.intervalMs) return afterStart(sheet, connection, action, THEN_REQ)
  if (action.task === 'monitor' && state === 'failed') {
    fenceNode(sheet, node, 'resources are in unknown state and connection is unrecoverable', { cause })
  }
  if (state === 'stopped' && 0 <= currentNode(sheet, connection)) beforeStop(sheet, action, connection, NEEDS_RUN)
  else afterStart(sheet, connection, action)
}

/** Source: spec C-18.5. */
function orderOnGuest(sheet: Worksheet, action: Action, node: WorkNode, connection: Resource): void {
  const container = connection.container!
  const hasFailed = container.failed
  if (hasFailed) fenceNode(sheet, node, 'container failed')
  switch (action.task) {
    case 'start':
    case 'promote':
      afterStart(sheet, container, action, THEN_REQ)
      return afterStart(sheet, connection, action)
    case 'stop':
    case 'demote':
    case 'migrate_to':
    case 'migrate_from':
      if (!hasFailed) beforeStop(sheet, action, connection)
      return
  }
  if (action.intervalMs === 0) afterStart(sheet, connection, action)
  else if (KNOWN_TASKS.has(action.task)) afterStart(sheet, connection, action, THEN_REQ)
}

/** What else may recur and is waited for; tasks that the cluster does not know, cancellations among them, are not (found by probing). */
const KNOWN_TASKS: ReadonlySet<string> = new Set(
  'monitor notify notified running stopped promoted demoted stonith do_shutdown'.split(' '),
)

/** The operation that an action is about: for notifications the one that is told. */
function operationOf({ task, added }: Action): string {
  return task === 'notify' || task === 'notified' ? (added.get('notify_operation') ?? task) : task
}

const LEAVING = new Set(['cancel', 'stop', 'demote', 'migrate_from', 'migrate_to'])

/** The cluster node that carries an action to its remote or guest node, or −1. Source: spec C-18.6. */
export function routerNode(sheet: Worksheet, action: Action): number {
  const node = sheet.nodes[action.node]
  const connection = node?.connection
  if (!node?.isRemote || connection === undefined || action.task === 'stonith') return -1
  const begin = currentNode(sheet, connection)
  const end = connection.assigned
  if (begin < 0) return end
  if (end < 0 || begin === end) return begin
  const isMigrating = connection.container === undefined && 0 <= connection.partialTarget
  return LEAVING.has(operationOf(action)) && !isMigrating ? begin : end
}

const BEFORE = new Set(['stop', 'stopped', 'demote', 'demoted'])
const AFTER = new Set(['start', 'running', 'monitor', 'promote', 'promoted'])

/** The meta values that tell an agent in a guest where its container is. Source: spec C-18.7. */
export function hostMeta(sheet: Worksheet, action: Action): readonly (readonly [name: string, value: string])[] {
  const node = sheet.nodes[action.node]
  const container = node?.isRemote ? node.connection?.container : undefined
  if (container === undefined) return []
  const operation = operationOf(action)
  let index = -1
  if (BEFORE.has(operation)) index = currentNode(sheet, container)
  else if (AFTER.has(operation)) index = container.assigned
  const host = sheet.nodes[index]
  if (host === undefined) return []
  const target = action.resource?.from.meta.get('container-attribute-target')
  const physical = ['CRM_meta_physical_host', host.name] as const
  return target === undefined ? [physical] : [['CRM_meta_container_attribute_target', target], physical]
}
