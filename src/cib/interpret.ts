/**
 * What one operation of a history says about its resource: role, failures, bans.
 *
 * Source: spec.
 */
import { mayFence, noteFailure, requestAction } from './early-actions.ts'
import { judgeExpiry } from './failcounts.ts'
import { moreSevere, RESPONSES, type Response, toResponse } from './failure-policy.ts'
import { applyMigrateFromFailure, applyMigrateTo, applyMigrateToFailure } from './migration.ts'
import type { NodeDraft } from './nodes.ts'
import { expectedRc } from './op-order.ts'
import { activeRole } from './resources.ts'
import { INFINITY, PROMOTED, STARTED, STOPPED, UNKNOWN, UNPROMOTED } from './role.ts'
import { block } from './running.ts'
import type { HistoryOp, ResourceHistory } from './status.ts'
import {
  addToAllScores,
  addToScore,
  banEverywhereAfresh,
  type ResourceDraft,
  topOf,
  type Unpacking,
} from './unpacking.ts'
import { isSameText } from './values.ts'

/** One history entry being read: what its operations have come to so far. */
export interface Reading {
  readonly resource: ResourceDraft
  readonly node: NodeDraft
  readonly entry: ResourceHistory
  response: Response
  lastFailure: HistoryOp | undefined
}

/** Applies one operation, oldest first. */
export function applyOp(u: Unpacking, reading: Reading, op: HistoryOp): void {
  const task = op.operation
  if (task === undefined || op.status < -1 || op.status > 11 || task === 'notify' || task === 'meta-data') return
  const { resource, node } = reading
  const isProbe = task === 'monitor' && op.intervalMs === 0
  const isMasked = isProbe && resource.bundleIndex < 0 && (op.rc === 5 || op.rc === 2 || op.status === 7)
  const isExpired = judgeExpiry(u, resource, node, op)
  const expected = expectedRc(op)
  const { rc, status } = remap(u, reading, op, isMasked)
  if (isExpired && isMasked && op.rc !== expected) {
    if (resource.role <= STOPPED) resource.role = UNKNOWN
    return
  }
  if (isExpired && rc !== expected && (op.intervalMs === 0 || (node.online && !node.unclean))) {
    if (op.intervalMs > 0) u.expiredOps.add(op)
    return
  }
  const why = { line: op.line, column: op.column }
  if (isMasked) {
    u.ignoredOps.add(op)
    applySuccess(u, reading, op, expectedRc(op), true)
    addFailedOp(u, reading, op)
    addToScore(u, topOf(u, resource), node.index, -INFINITY, { reason: 'failed probe', ...why })
    return
  }
  switch (status) {
    case 1:
      return
    case -1:
      applyPending(u, reading, op, task)
      return
    case 0:
      applySuccess(u, reading, op, rc, false)
      return
    case 7: {
      const { response } = toResponse(u, resource, failureKey(op))
      if (response === 'ignore') reading.response = 'migrate'
      addToScore(u, topOf(u, resource), node.index, -INFINITY, { reason: 'not installed', ...why })
      applyFailure(u, reading, op, rc)
      return
    }
    default: {
      const connection = u.resources[node.connection]
      if (status === 8 && connection?.managed) {
        connection.failed = true
        connection.stopNeeded = true
        const reason = `${resource.id} could not be reached on ${node.uname}`
        noteFailure(u, { resource: connection.index, node: node.index, response: 'restart', reason, at: op })
      }
      applyError(u, reading, op, rc, status === 10 || status === 11 ? 5 : status)
    }
  }
}

/** Return code and status as they count. Source: spec. */
function remap(
  u: Unpacking,
  reading: Reading,
  op: HistoryOp,
  isMasked: boolean,
): { readonly rc: number; readonly status: number } {
  const { resource, node } = reading
  let { rc, status } = op
  if (op.operation === 'monitor' && (rc === 190 || rc === 191)) {
    rc = rc === 190 ? 0 : 8
    if (node.online || !node.shutdown) addFailedOp(u, reading, op)
  }
  if (isMasked) {
    rc = 7
    status = 0
  }
  if (status !== 0 && status !== 4) return { rc, status }
  const expected = expectedRc(op)
  const isProbe = op.operation === 'monitor' && op.intervalMs === 0
  status = expected < 0 || rc !== expected ? 4 : 0
  switch (rc) {
    case 0:
      if (isProbe && expected === 7) status = 0
      break
    case 7:
      if (isProbe || expected === 7 || !resource.managed) {
        status = 0
        resource.role = STOPPED
        reading.response = 'ignore'
        resource.nextRole = UNKNOWN
      }
      break
    case 8:
      if (isProbe && expected !== 8) status = 0
      resource.role = PROMOTED
      break
    case 9:
    case 191:
      resource.role = PROMOTED
      status = 4
      break
    case 6:
      status = 6
      break
    case 3:
      if (op.intervalMs === 0) checkRecoverable(u, reading, op)
      status = op.intervalMs > 0 ? 3 : 5
      break
    case 2:
    case 4:
    case 5:
      checkRecoverable(u, reading, op)
      status = 5
      break
    default:
      if (status === 0) status = 4
  }
  return { rc, status }
}

/** A stop that cannot work, on a node that cannot be fenced, leaves the resource to the administrator. Source: spec. */
function checkRecoverable(u: Unpacking, { resource, node }: Reading, op: HistoryOp): void {
  if (op.operation !== 'stop' || mayFence(u, node)) return
  block(resource)
}

function applyPending(u: Unpacking, { resource, node }: Reading, op: HistoryOp, task: string): void {
  if (task === 'start') {
    resource.startPending = true
    resource.role = activeRole(u, resource)
  } else if (task === 'promote') resource.role = PROMOTED
  else if (task === 'migrate_to' && node.unclean) {
    const target = u.list.nodes[u.list.byName.get(op.migrateTarget?.toLowerCase() ?? '') ?? -1]
    if (target !== undefined) requestAction(u, resource, { task: 'stop', node: target, optional: false }, op)
  }
  if (resource.pendingTask !== undefined || (task === 'monitor' && op.intervalMs === 0)) return
  resource.pendingTask = task
  resource.pendingNode = node.index
  resource.pendingIntervalMs = op.intervalMs
}

/** Source: spec. */
function applySuccess(u: Unpacking, reading: Reading, op: HistoryOp, rc: number, isMasked: boolean): void {
  const { resource } = reading
  if (rc === 5 || isMasked) {
    resource.role = STOPPED
    return
  }
  if (rc === 7) {
    clearFailure(reading)
    return
  }
  switch (op.operation?.toLowerCase()) {
    case 'monitor':
      if (reading.lastFailure !== undefined && isSameText(keyOf(reading.lastFailure), keyOf(op))) clearFailure(reading)
      if (resource.role < STARTED) resource.role = activeRole(u, resource)
      return
    case 'stop':
      resource.role = STOPPED
      clearFailure(reading)
      return
    case 'promote':
      resource.role = PROMOTED
      clearFailure(reading)
      return
    case 'demote':
      resource.role = UNPROMOTED
      if (reading.response === 'demote') clearFailure(reading)
      return
    case 'start':
    case 'migrate_from':
      resource.role = STARTED
      clearFailure(reading)
      return
    case 'migrate_to':
      applyMigrateTo(u, reading, op)
      return
    default:
      if (resource.role < STARTED) resource.role = activeRole(u, resource)
  }
}

function clearFailure(reading: Reading): void {
  const { resource, response } = reading
  if (response === 'stop' || response === 'fence' || response === 'migrate' || response === 'standby') return
  if (response === 'reset-remote' && resource.reconnectIntervalMs > 0) return
  reading.response = 'ignore'
  resource.nextRole = UNKNOWN
}

/** Source: spec. */
function applyFailure(u: Unpacking, reading: Reading, op: HistoryOp, rc: number): void {
  const { resource, node } = reading
  const why = { line: op.line, column: op.column }
  reading.lastFailure = op
  if (u.options.symmetric || rc !== 5) addFailedOp(u, reading, op)
  const { response, failRole } = toResponse(u, resource, failureKey(op))
  reading.response = moreSevere(reading.response, response)
  switch (op.operation) {
    case 'stop':
      addToScore(u, resource, node.index, -INFINITY, { reason: 'failed stop', ...why })
      break
    case 'migrate_to':
      applyMigrateToFailure(u, reading, op)
      break
    case 'migrate_from':
      applyMigrateFromFailure(u, reading, op)
      break
    case 'promote':
      resource.role = PROMOTED
      break
    case 'demote':
      if (response === 'block') {
        resource.role = PROMOTED
        resource.nextRole = STOPPED
      } else resource.role = rc === 7 ? STOPPED : UNPROMOTED
      break
    default:
  }
  if (op.operation === 'monitor' && op.intervalMs === 0 && rc === 5) resource.role = STOPPED
  else if (resource.role < STARTED) resource.role = activeRole(u, resource)
  if (failRole !== STARTED && resource.nextRole < failRole) resource.nextRole = failRole
  if (failRole !== STOPPED) return
  banEverywhereAfresh(u, topOf(u, resource), { reason: 'fail role Stopped', ...why })
}

/** Source: spec. */
function applyError(u: Unpacking, reading: Reading, op: HistoryOp, rc: number, status: number): void {
  const { resource, node } = reading
  const { response } = toResponse(u, resource, failureKey(op))
  if (response === 'ignore' || (response === 'restart-container' && op.operation === 'stop')) {
    applySuccess(u, reading, op, expectedRc(op), false)
    resource.failureIgnored = true
    u.ignoredOps.add(op)
    addFailedOp(u, reading, op)
    const isMild = RESPONSES.indexOf(reading.response) <= RESPONSES.indexOf('restart')
    if (response === 'restart-container' && isMild) reading.response = 'restart-container'
    return
  }
  applyFailure(u, reading, op, rc)
  const why = { line: op.line, column: op.column }
  if (status === 5) addToScore(u, topOf(u, resource), node.index, -INFINITY, { reason: 'hard error', ...why })
  if (status === 6) addToAllScores(u, topOf(u, resource), -INFINITY, { reason: 'fatal error', ...why })
}

/** Source: spec. */
function addFailedOp(u: Unpacking, { resource, node, entry }: Reading, op: HistoryOp): void {
  if (!node.online) return
  const key = `${node.index} ${op.operationKey?.toLowerCase()}`
  if (u.failedKeys.has(key)) return
  u.failedKeys.add(key)
  const resourceName = entry.id ?? resource.id
  u.failedOps.push({ op, resourceName, resource: resource.index, node: node.index, uname: node.uname })
}

/** Source: spec. */
function keyOf(op: HistoryOp): string {
  return op.operationKey ?? op.id ?? ''
}

function failureKey(op: HistoryOp): { readonly key: string; readonly task: string; readonly intervalMs: number } {
  return { key: keyOf(op), task: op.operation ?? '', intervalMs: op.intervalMs }
}
