/**
 * Probes: asking every node for the state of every resource that is not known there.
 *
 * Reads   nodes, Resource.knownOn, scores, discovery, assigned
 * Writes  actions, orderings; Resource.scores of a clone with exclusive discovery; nodes to be fenced
 * Runs    after assignment and the deferred checks, before actions are created
 * Source  spec C-6
 */
import { PROMOTED, STOPPED } from '../cib/role.ts'
import { isFalse } from '../cib/values.ts'
import { type Action, NEEDS_RUN, OPTIONAL, ORDER, PROBE_GATE, SAME_NODE } from './action.ts'
import { fenceNode } from './fencing.ts'
import { sortInstances } from './implicit-clone.ts'
import { assignedNode, isGuest, isPureRemote, someOf } from './nodes.ts'
import { order } from './ordering.ts'
import { addMeta, clearFlags, isRunnable, replaceMeta } from './record.ts'
import { connectionState } from './remote.ts'
import { requestAction, requestNodeAction } from './request.ts'
import { orderAfterUnfencing } from './unfencing.ts'
import {
  ABSENT,
  BUNDLE,
  CLONE,
  EXCLUSIVE,
  GROUP,
  NEVER,
  PRIMITIVE,
  type Resource,
  type WorkNode,
  type Worksheet,
} from './worksheet.ts'

/** Creates all probes, node by node. Source: spec C-6.1. */
export function createProbes(sheet: Worksheet): void {
  if (!sheet.options.enableStartupProbes) return
  for (const index of sheet.nodeOrder) {
    const node = sheet.nodes[index]!
    if (!node.online) {
      if (isPureRemote(node) && connectionState(sheet, node) === 'failed') {
        fenceNode(sheet, node, 'the connection is unrecoverable')
      }
    } else if (node.unclean || !node.from.discoveryEnabled) continue
    else if (isFalse(node.attributes.get('probe_complete'))) requestReprobe(sheet, node)
    else for (const resource of sheet.tops) probe(sheet, resource, node)
  }
}

function requestReprobe(sheet: Worksheet, node: WorkNode): void {
  const key = `probe_again-${node.name}`
  const action = requestNodeAction(sheet, { key, task: 'probe_again', node: node.index, optional: false })
  addMeta(action, 'op_no_wait', 'true')
}

/** Source: spec C-6.2, C-6.5. */
function probe(sheet: Worksheet, resource: Resource, node: WorkNode): void {
  switch (resource.variant) {
    case PRIMITIVE:
      probePrimitive(sheet, resource, node)
      break
    case GROUP:
      // A group none of whose members was taken is asked for itself (found by members-that-are-not-taken).
      if (resource.children.length === 0) probePrimitive(sheet, resource, node)
      for (const member of resource.children) probePrimitive(sheet, member, node)
      break
    case CLONE:
      probeClone(sheet, resource, node)
      break
    case BUNDLE:
      probeBundle(sheet, resource, node)
  }
}

/** Source: spec C-6.5. */
function probeClone(sheet: Worksheet, clone: Resource, node: WorkNode): void {
  const { index } = node
  if (clone.children.length === 0) return
  sortInstances(clone)
  if (clone.exclusiveDiscovery && clone.scores[index] !== ABSENT && clone.discovery[index] !== EXCLUSIVE) {
    clone.scores[index] = ABSENT
    return
  }
  if (clone.from.unique) {
    for (const instance of clone.children) probe(sheet, instance, node)
    return
  }
  const chosen =
    clone.children.find((instance) => someOf(instance, ({ knownOn }) => knownOn.includes(index))) ??
    // A group whose members are on several nodes counts for none of them (probed).
    clone.children.find((instance) => assignedNode(instance) === index) ??
    clone.children[0]!
  probe(sheet, chosen, node)
}

/** Source: spec C-6.5. */
function probeBundle(sheet: Worksheet, bundle: Resource, node: WorkNode): void {
  const { replicas, replicasPerHost } = bundle.from.bundle!
  const { resources } = sheet
  for (const replica of replicas) {
    const container = resources[replica.container]!
    const address = resources[replica.ip]
    const child = resources[replica.child]
    const connection = resources[replica.remote]
    if (address !== undefined) probePrimitive(sheet, address, node)
    if (child !== undefined && replica.node === node.index) probe(sheet, child, node)
    const check = probePrimitive(sheet, container, node)
    if (check !== undefined && replicasPerHost === 1) {
      for (const other of replicas) {
        if (other === replica) continue
        order(sheet, check, [resources[other.container]!, 'start_0'], ORDER | SAME_NODE)
      }
    }
    const remote = connection === undefined ? undefined : probePrimitive(sheet, connection, node)
    if (remote !== undefined) order(sheet, [container, 'start_0'], remote, PROBE_GATE)
  }
}

/** Creates a probe, or nothing where there is a reason to skip it. Source: spec C-6.2 to C-6.4. */
function probePrimitive(sheet: Worksheet, resource: Resource, node: WorkNode): Action | undefined {
  if (isNoBusinessOf(resource, node) || isSettled(resource, node) || isHidden(resource, node)) return undefined
  if (isGuest(node) && isContainerLeaving(sheet, resource, node)) return undefined
  const action = requestAction(sheet, resource, { task: 'monitor', node: node.index, optional: false })
  // Unmanaged resources are probed too.
  clearFlags(action, OPTIONAL)
  orderAfterUnfencing(sheet, action, ORDER)
  if (!resource.runningOn.includes(node.index)) replaceMeta(action, 'op_target_rc', '7')
  else if (resource.role === PROMOTED) replaceMeta(action, 'op_target_rc', '8')
  const isAlone = resource.top.variant !== CLONE || (resource.from.fenceDevice && sheet.state.unfencing)
  const target = isAlone ? resource : resource.top
  const isUnknown = !isRunnable(action) && resource.runningOn.length === 0
  order(sheet, action, [target, 'start_0'], ORDER | (isUnknown ? NEEDS_RUN : 0))
  order(sheet, action, [target, 'reload-agent_0'], ORDER)
  return action
}

/** Item 1: what never runs on remote or guest nodes. */
function isNoBusinessOf(resource: Resource, node: WorkNode): boolean {
  if (!node.isRemote) return false
  if (resource.from.fenceDevice || resource.from.remoteConnection) return true
  return isGuest(node) && resource.fillers.some(({ from }) => from.remoteConnection)
}

/** Item 3. */
function isSettled(resource: Resource, node: WorkNode): boolean {
  const isContained = resource.container !== undefined && !resource.from.remoteConnection
  return isContained || resource.from.orphan || resource.knownOn.includes(node.index)
}

/** Items 4 and 5. */
function isHidden(resource: Resource, { index, from }: WorkNode): boolean {
  const isAllowed = resource.scores[index] !== ABSENT
  const discovery = resource.discovery[index]
  if (resource.exclusiveDiscovery || resource.top.exclusiveDiscovery) {
    if (!isAllowed || discovery !== EXCLUSIVE) return true
  }
  return isAllowed ? discovery === NEVER : from.discovery === 'never'
}

/** Item 6: nothing is asked inside a container that is not there or is about to stop. */
function isContainerLeaving(sheet: Worksheet, { top }: Resource, node: WorkNode): boolean {
  const container = node.connection!.container!
  const { assigned } = container
  if (container.role === STOPPED) {
    if (0 <= assigned && !container.knownOn.includes(assigned)) {
      order(sheet, [container, 'monitor_0'], [top, 'start_0'], ORDER)
    }
    return true
  }
  const isMoving = 0 < container.runningOn.length && 0 <= assigned && !container.runningOn.includes(assigned)
  const willStop = node.requiresReset || node.unclean || container.failed || container.nextRole === STOPPED
  if (!willStop && !isMoving) return false
  order(sheet, [container, 'stop_0'], [top, 'start_0'], ORDER)
  return true
}
