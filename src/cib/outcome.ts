/**
 * What a history entry comes to, after its operations: known nodes, fencing, recovery, where the resource runs.
 *
 * Source: spec.
 */
import { fenceNode, isRemoteNode, makeStopsOptional, noteFailure, requestAction } from './early-actions.ts'
import type { Reading } from './interpret.ts'
import type { NodeDraft } from './nodes.ts'
import { INFINITY, STARTED, STOPPED, UNKNOWN } from './role.ts'
import { addRunning, block } from './running.ts'
import { addToScore, type ResourceDraft, type Unpacking } from './unpacking.ts'

/** Applies it all. `delayed` collects containers of bundles to be stopped at the end, the latest first. */
export function applyOutcome(u: Unpacking, reading: Reading, delayed: ResourceDraft[]): void {
  const { resource, node } = reading
  const isActive = resource.role > STOPPED
  if (resource.role !== UNKNOWN) addKnown(u, resource, node)
  if (isActive && !node.online && !node.maintenance && resource.managed) applyActiveOnDownNode(u, reading)
  const saved = reading.response
  if (node.unclean) reading.response = 'ignore'
  if (saved !== 'ignore') {
    const at = reading.lastFailure ?? reading.entry
    noteFailure(u, { resource: resource.index, node: node.index, response: saved, reason: undefined, at })
  }
  applyResponse(u, reading, delayed)
  const connected = u.list.nodes[resource.remoteNode]
  if (resource.failed && resource.remoteConnection && connected?.unclean) connected.unseen = false
  if (isActive) {
    addRunning(u, resource, node, saved !== 'ignore')
    const { response } = reading
    if (response !== 'ignore') resource.failed = true
    if (response !== 'ignore' && response !== 'demote' && response !== 'block') resource.stopNeeded = true
    return
  }
  if (resource.historyName?.includes(':')) resource.historyName = undefined
  else makeStopsOptional(u, resource, node)
  const isSource = resource.partialSource === node.index && resource.partialTarget >= 0
  if (resource.role === STOPPED && isSource && resource.runningOn.length > 0) resource.role = STARTED
}

function addKnown(u: Unpacking, resource: ResourceDraft, node: NodeDraft): void {
  for (let at: ResourceDraft | undefined = resource; at !== undefined; at = u.resources[at.parent]) {
    if (!at.knownOn.includes(node.index)) at.knownOn.push(node.index)
    if (at.unique) return
  }
}

/** Source: spec. */
function applyActiveOnDownNode(u: Unpacking, { resource, node, entry }: Reading): void {
  const connection = u.resources[node.connection]
  if (node.type === 'remote' && connection !== undefined && connection.container >= 0) {
    resource.failed = true
    resource.stopNeeded = true
    const reason = `it was active on ${node.uname}, which is lost`
    noteFailure(u, { resource: resource.index, node: node.index, response: 'restart', reason, at: entry })
    fenceNode(u, node, `${resource.id} is thought to be active there`, false, entry)
  } else if (u.options.fencing) {
    let reason = `${resource.id} is thought to be active there`
    if (isRemoteNode(u, node) && connection !== undefined && !connection.failed) {
      node.unseen = true
      reason = `${resource.id} is active there (fencing will be revoked if remote connection can be re-established elsewhere)`
    }
    fenceNode(u, node, reason, false, entry)
  }
}

/** Source: spec. */
function applyResponse(
  u: Unpacking,
  { resource, node, response, entry, lastFailure }: Reading,
  delayed: ResourceDraft[],
): void {
  const at = lastFailure ?? entry
  const require = (of: ResourceDraft, task: string): void => {
    requestAction(u, of, { task, node, optional: false }, at)
  }
  const fail = (): void => {
    resource.failed = true
    resource.stopNeeded = true
  }
  switch (response) {
    case 'ignore':
      return
    case 'demote':
      resource.failed = true
      require(resource, 'demote')
      return
    case 'fence':
      fenceNode(u, node, `${resource.id} failed there`, false, at)
      return
    case 'standby':
      node.standby = true
      node.standbyOnFail = true
      return
    case 'block':
      block(resource)
      return
    case 'migrate': {
      const { line, column } = at
      addToScore(u, resource, node.index, -INFINITY, { reason: 'on-fail=migrate', line, column })
      return
    }
    case 'stop':
      resource.nextRole = STOPPED
      return
    case 'restart':
      if (resource.role <= STOPPED) return
      fail()
      require(resource, 'stop')
      return
    case 'restart-container': {
      fail()
      const container = u.resources[resource.container]
      if (container !== undefined && resource.bundleIndex >= 0) delayed.unshift(container)
      else if (container !== undefined) require(container, 'stop')
      else if (resource.role > STOPPED) require(resource, 'stop')
      return
    }
    case 'reset-remote': {
      fail()
      const remote = u.list.nodes[resource.remoteNode]
      if (u.options.fencing && remote !== undefined && isRemoteNode(u, remote) && !remote.wasFenced) {
        fenceNode(u, remote, 'remote connection is unrecoverable', false, at)
      }
      if (resource.role > STOPPED) require(resource, 'stop')
      if (resource.reconnectIntervalMs > 0) resource.nextRole = STOPPED
    }
  }
}
