/**
 * Histories: in which order nodes are read, which resource an entry belongs to, orphans, and the end state of remote nodes.
 *
 * Source: spec.
 */
import type { PrimitiveConfig } from './configuration.ts'
import { requestAction } from './early-actions.ts'
import { applyOp, type Reading } from './interpret.ts'
import { addNode, applyTransientAttributes, findNode, type NodeDraft } from './nodes.ts'
import { sortOps, startAndStop } from './op-order.ts'
import { applyOutcome } from './outcome.ts'
import { addInstance, addResource, linkConnection, toNodeConfig } from './resources.ts'
import { INFINITY, STARTED, STOPPED, UNKNOWN } from './role.ts'
import { currentNode } from './running.ts'
import type { HistoryOp, NodeStatus, ResourceHistory } from './status.ts'
import { addToAllScores, type ResourceDraft, type Unpacking } from './unpacking.ts'
import { baseName, isFalse, isSameText, isTrue, scanInteger } from './values.ts'

/** Reads all histories. Source: spec. */
export function unpackHistories(u: Unpacking): void {
  const delayed: ResourceDraft[] = []
  const pass = (isLast: boolean): boolean => {
    let hasRead = false
    for (const state of u.status.nodeStates) {
      const node = findNode(u.list, state)
      if (node === undefined || node.historyRead || !(isLast || isEligible(u, node))) continue
      readNode(u, node, state, delayed)
      hasRead = true
    }
    return hasRead
  }
  while (pass(false));
  pass(u.options.fencing)
  for (const container of delayed) {
    const node = currentNode(u, container)
    if (node !== undefined) requestAction(u, container, { task: 'stop', node, optional: false }, container)
  }
  for (const index of u.list.order) {
    const node = u.list.nodes[index]!
    const connection = u.resources[node.connection]
    if (node.type !== 'remote') continue
    if (node.shutdown && connection !== undefined) connection.nextRole = STOPPED
    if (!node.historyRead) judgeRemote(u, node)
  }
}

/** Source: spec. */
function isEligible(u: Unpacking, node: NodeDraft): boolean {
  const { fencing, shutdownLock } = u.options
  if (node.type !== 'remote') return fencing || shutdownLock || node.online
  const connection = u.resources[node.connection]
  if (connection === undefined) return false
  const container = u.resources[connection.container]
  if (container !== undefined) return connection.role === STARTED && container.role === STARTED
  return shutdownLock || connection.role === STARTED
}

/** Whether a remote-type node is up, from its connection. Source: spec. */
function judgeRemote(u: Unpacking, node: NodeDraft): void {
  const connection = u.resources[node.connection]
  if (connection === undefined) {
    node.online = false
    return
  }
  const container = u.resources[connection.container]
  if (connection.role === STARTED) node.online = true
  if (connection.role === STARTED && connection.nextRole === STOPPED) node.shutdown = true
  // A bundle's connection may run elsewhere than its container, and then its host counts (probed).
  const isAtOne = container !== undefined && connection.runningOn.length === 1
  const host = isAtOne ? u.list.nodes[connection.runningOn[0]!] : undefined
  if (container?.failed) {
    node.online = false
    node.requiresReset = true
  } else if (connection.failed) node.online = false
  else if (connection.role === STOPPED || container?.role === STOPPED) {
    node.online = false
    node.requiresReset = false
  } else if (host !== undefined && !host.online && host.unclean) {
    node.online = false
    node.requiresReset = true
  }
}

/** Source: spec. */
function applyRemoteState(u: Unpacking, node: NodeDraft, state: NodeStatus): void {
  const connection = u.resources[node.connection]
  node.remoteInMaintenance = (scanInteger(state.nodeInMaintenance) ?? 0) !== 0
  if (!node.requiresReset) {
    node.unclean = false
    node.unseen = false
  }
  applyTransientAttributes(node, state, u)
  const { attributes } = node
  const shutdown = attributes.get('shutdown')
  if (shutdown !== undefined && shutdown !== '0') node.shutdown = true
  if (isTrue(attributes.get('standby'))) node.standby = true
  if (isTrue(attributes.get('maintenance')) || (connection !== undefined && !connection.managed))
    node.maintenance = true
  const discovery = attributes.get('resource-discovery-enabled')
  const isGuest = connection !== undefined && connection.container >= 0
  if (discovery !== undefined && !isTrue(discovery) && (isGuest || u.options.fencing)) node.discoveryEnabled = false
}

function readNode(u: Unpacking, node: NodeDraft, state: NodeStatus, delayed: ResourceDraft[]): void {
  if (node.type === 'remote') {
    judgeRemote(u, node)
    applyRemoteState(u, node, state)
  }
  node.historyRead = true
  for (const entry of state.history) readEntry(u, node, entry, delayed)
  for (const entry of state.history) {
    const orphan = u.resources[u.byId.get(entry.id ?? '') ?? -1]
    const container = entry.container === undefined ? undefined : findByName(u, entry.container)
    if (!orphan?.orphanFiller || container === undefined || orphan.container >= 0) continue
    orphan.container = container.index
    container.fillers.push(orphan.index)
  }
}

/** Source: spec. */
function readEntry(u: Unpacking, node: NodeDraft, entry: ResourceHistory, delayed: ResourceDraft[]): void {
  if (!entry.id || (entry.ops.length === 0 && !u.options.shutdownLock)) return
  const resource = findResource(u, node, entry.id) ?? (entry.ops.length > 0 ? addOrphan(u, entry) : undefined)
  if (resource === undefined) return
  if (u.options.shutdownLock) applyLock(u, resource, node, entry)
  const before = resource.role
  resource.role = UNKNOWN
  const ops = sortOps(entry.ops)
  const reading: Reading = { resource, node, entry, response: 'ignore', lastFailure: undefined }
  for (const op of ops) applyOp(u, reading, op)
  addRecurring(u, resource, node, ops)
  applyOutcome(u, reading, delayed)
  applyTarget(u, resource)
  if (before > resource.role) resource.role = before
}

function applyTarget(u: Unpacking, resource: ResourceDraft): void {
  const text = resource.meta.get('target-role')?.toLowerCase()
  const isPromotable = u.resources[resource.top]!.promotable
  const isLow = isPromotable && (text === 'unpromoted' || text === 'slave')
  if (text !== 'stopped' && !isLow) return
  const role = isLow ? 3 : STOPPED
  if (resource.nextRole === UNKNOWN || role < resource.nextRole) resource.nextRole = role
}

function applyLock(u: Unpacking, resource: ResourceDraft, node: NodeDraft, entry: ResourceHistory): void {
  const since = scanInteger(entry.shutdownLock) ?? 0
  if (since === 0) return
  const limit = u.options.shutdownLockLimitSeconds
  if (limit > 0 && u.context.clock.now > since + limit) {
    requestAction(u, resource, { task: 'lrm_delete', node, optional: false }, entry)
    return
  }
  resource.lockNode = node.index
  resource.lockTime = since
}

/** Recurring operations that already run. Source: spec. */
function addRecurring(u: Unpacking, resource: ResourceDraft, node: NodeDraft, ops: readonly HistoryOp[]): void {
  if (!node.online) return
  const { start, stop } = startAndStop(ops)
  for (const [at, op] of ops.entries()) {
    if (start < stop ? at <= stop : at < start) continue
    if (op.intervalMs === 0 || op.statusText === '-1') continue
    requestAction(u, resource, { task: op.operation ?? '', intervalMs: op.intervalMs, node, optional: true }, op)
  }
}

/**
 * The resource of an entry. Below a unique clone a primitive that is not unique by its own word is always the first instance, whatever
 * number the entry has (found by probing). Source: spec.
 */
function findResource(u: Unpacking, node: NodeDraft, id: string): ResourceDraft | undefined {
  const named = findByName(u, id)
  if (named !== undefined && named.kind !== 'primitive') return undefined
  const found = named ?? firstInstance(u, id)
  if (found === undefined) return undefined
  const chosen = chooseResource(u, node, found, id)
  if (chosen === undefined || chosen === named) return chosen
  if (!isSameText(id, chosen.id) && !isSameText(id, chosen.historyName)) addHistoryName(u, chosen, id)
  return chosen
}

/** What an id stands for that nothing has: the first instance, where instances have no names of their own. */
function firstInstance(u: Unpacking, id: string): ResourceDraft | undefined {
  const first = u.resources[u.byId.get(`${baseName(id)}:0`) ?? -1]
  return first?.unique === false ? first : undefined
}

function chooseResource(u: Unpacking, node: NodeDraft, found: ResourceDraft, id: string): ResourceDraft | undefined {
  const clone = anonymousClone(u, found)
  if (clone === undefined) return found
  return clone.bundleIndex >= 0 ? replicaChild(u, clone, node) : chooseInstance(u, node, clone, baseName(id), id)
}

function anonymousClone(u: Unpacking, resource: ResourceDraft): ResourceDraft | undefined {
  const top = u.resources[resource.top]!
  return top.kind === 'clone' && !top.unique ? top : undefined
}

function replicaChild(u: Unpacking, clone: ResourceDraft, node: NodeDraft): ResourceDraft | undefined {
  const bundle = u.resources[clone.bundleIndex]!.bundle
  const replica = bundle?.replicas.find((other) => other.node === node.index)
  return replica === undefined ? undefined : u.resources[replica.child]
}

function addHistoryName(u: Unpacking, resource: ResourceDraft, name: string): void {
  resource.historyName = name
  const others = u.byHistoryName.get(name)
  if (others === undefined) u.byHistoryName.set(name, [resource.index])
  else others.push(resource.index)
}

/**
 * The resource of that id, or one that history knows by that name: they are all instances of one clone. Orphans stand last: one that
 * has the id comes after an instance of that name (found by probing).
 */
function findByName(u: Unpacking, id: string): ResourceDraft | undefined {
  const direct = u.resources[u.byId.get(id) ?? -1]
  if (direct !== undefined && !(direct.orphan && direct.parent < 0)) return direct
  const known = u.byHistoryName.get(id)?.find((index) => u.resources[index]!.historyName === id)
  return known === undefined ? direct : u.resources[known]
}

function leavesOf(u: Unpacking, resource: ResourceDraft): readonly ResourceDraft[] {
  return resource.children.length === 0
    ? [resource]
    : resource.children.flatMap((child) => leavesOf(u, u.resources[child]!))
}

/** Source: spec. */
function chooseInstance(u: Unpacking, node: NodeDraft, clone: ResourceDraft, base: string, id: string): ResourceDraft {
  let chosen: ResourceDraft | undefined
  let spare: ResourceDraft | undefined
  let isDuplicate = false
  for (const index of clone.children) {
    const child = u.resources[index]!
    const leaves = leavesOf(u, child)
    const place = firstPlace(leaves)
    if (place >= 0 && place !== node.index) continue
    const leaf = leaves.find((other) => other.xmlId === base || other.id === id)
    if (place >= 0) {
      if (leaf === undefined) continue
      if (leaf.runningOn.length > 0) isDuplicate = true
      else {
        chosen = leaf
        break
      }
    } else if (spare === undefined && !isDuplicate && !child.blocked && leaf !== undefined) {
      if (leaf.pendingNode < 0 || leaf.pendingNode === node.index) spare = leaf
    }
  }
  if (chosen === undefined && !isDuplicate) chosen = spare
  const isGuest = node.type === 'remote' && (u.resources[node.connection]?.container ?? -1) >= 0
  const isUniversal = clone.clone!.max === u.list.nodes.length
  if (chosen !== undefined && !chosen.needsFencing && (!node.online || node.unclean) && !isGuest && !isUniversal) {
    chosen = undefined
  }
  if (chosen !== undefined) return chosen
  const added = leavesOf(u, addInstance(u, clone))
  return added.find((leaf) => leaf.xmlId === base || leaf.id === id) ?? added[0]!
}

/** The first node where one of them runs or has a pending action, or −1. */
function firstPlace(leaves: readonly ResourceDraft[]): number {
  for (const { runningOn, pendingNode } of leaves) {
    const place = runningOn[0] ?? pendingNode
    if (place >= 0) return place
  }
  return -1
}

/** A resource that only history knows. Source: spec. */
function addOrphan(u: Unpacking, entry: ResourceHistory): ResourceDraft {
  const { id, class: cls, provider, type, attributes, line, column } = entry
  const config: PrimitiveConfig = {
    kind: 'primitive',
    id: id!,
    attributes,
    meta: [],
    instance: [],
    utilization: [],
    ops: [],
    class: cls,
    provider,
    type,
    template: undefined,
    line,
    column,
  }
  const orphan = addResource(u, config, undefined, undefined)
  orphan.orphan = true
  u.tops.push(orphan.index)
  if (orphan.remoteConnection) {
    const known = u.list.nodes[u.list.byName.get(orphan.id.toLowerCase()) ?? -1]
    const node = known ?? addNode(u.list, toNodeConfig(orphan.id, line, column), 'remote', u)
    linkConnection(u, orphan)
    node.shutdown = true
  }
  if (entry.container !== undefined) orphan.orphanFiller = true
  if (isFalse(String(u.options.stopOrphanResources))) orphan.managed = false
  else addToAllScores(u, orphan, -INFINITY, { reason: 'orphan', line, column })
  return orphan
}
