/**
 * Configuration that has changed since operations were run: restarts, reloads, cancellations, cleanups, cleared fail counts.
 *
 * Reads   histories of available nodes, digests of parameters
 * Writes  actions, orderings; Resource.startPending, isReloading; Worksheet.deferredChecks
 * Runs    after implicit constraints, before assignment; the deferred checks after it (deferred.ts)
 * Source  spec C-5.3 to C-5.7, A-19.7
 */
import type { OpConfig } from '../cib/configuration.ts'
import { compareDigests, needsAddress } from '../cib/digests.ts'
import { sortOps, startAndStop } from '../cib/op-order.ts'
import type { HistoryOp, NodeStatus, ResourceHistory } from '../cib/status.ts'
import { type Cause, decided, ORDER, RESCHEDULE, THEN_CANCELS_FIRST } from './action.ts'
import { requestCleanup, requestClearing } from './cleanup.ts'
import { effectiveFailCount } from './failures.ts'
import { intervalText } from './interval-text.ts'
import { isAvailable } from './nodes.ts'
import { isEnabled } from './op-meta.ts'
import { order } from './ordering.ts'
import { setFlags } from './record.ts'
import { cancelKnown } from './recurring.ts'
import { requestAction } from './request.ts'
import { triggerUnfencing } from './unfencing.ts'
import { CLONE, PRIMITIVE, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

/** Holds every history that counts against the configuration. Source: spec C-5.3. */
export function checkConfiguration(sheet: Worksheet): void {
  const histories = indexHistories(sheet)
  const named = indexPrimitives(sheet)
  for (const index of sheet.nodeOrder) {
    const node = sheet.nodes[index]!
    if (!node.maintenance && !isAvailable(node)) continue
    for (const entry of histories.get(node.name)?.history ?? []) {
      if (entry.id === undefined || entry.ops.length === 0) continue
      for (const resource of named.get(entry.id) ?? []) checkEntry(sheet, resource, node, entry)
    }
  }
}

/** Node states by name; a name that stands twice finds nothing. */
function indexHistories(sheet: Worksheet): ReadonlyMap<string, NodeStatus | undefined> {
  const states = new Map<string, NodeStatus | undefined>()
  for (const state of sheet.state.status.nodeStates) {
    if (state.uname !== undefined) states.set(state.uname, states.has(state.uname) ? undefined : state)
  }
  return states
}

/** Primitives by id and by history name, the last of the tree first. */
function indexPrimitives(sheet: Worksheet): ReadonlyMap<string, readonly Resource[]> {
  const named = new Map<string, Resource[]>()
  const add = (name: string, resource: Resource): void => {
    const known = named.get(name)
    if (known === undefined) named.set(name, [resource])
    else known.unshift(resource)
  }
  const visit = (resource: Resource): void => {
    if (resource.variant === PRIMITIVE) {
      const { id, from } = resource
      add(id, resource)
      if (from.historyName !== undefined && from.historyName !== id) add(from.historyName, resource)
    }
    for (const child of resource.children) visit(child)
  }
  for (const top of sheet.tops) visit(top)
  return named
}

function checkEntry(sheet: Worksheet, resource: Resource, node: WorkNode, entry: ResourceHistory): void {
  const cleanUp = (): void => requestCleanup(sheet, resource, { node: node.index, optional: false })
  if (resource.from.orphan) {
    if (resource.top.variant !== CLONE || resource.top.from.unique) cleanUp()
    return
  }
  const isActive = resource.runningOn.includes(node.index)
  if (isAgentChanged(sheet, resource, node, { entry, isActive })) cleanUp()
  if (!isActive) return
  const ops = sortOps(entry.ops)
  const { start, stop } = startAndStop(ops)
  if (start < stop) return
  for (const op of ops.slice(Math.max(0, start))) checkOp(sheet, resource, node, op)
}

/** Source: spec C-5.7. */
function isAgentChanged(
  sheet: Worksheet,
  resource: Resource,
  node: WorkNode,
  { entry, isActive }: { readonly entry: ResourceHistory; readonly isActive: boolean },
): boolean {
  const { from } = resource
  const differences = [from.type !== entry.type, from.class !== entry.class, from.provider !== entry.provider].filter(
    (differs) => differs,
  )
  for (const _ of differences) triggerUnfencing(sheet, { resource, node, reason: 'Device definition changed' })
  if (differences.length === 0) return false
  if (isActive) {
    const stop = requestAction(sheet, resource, { task: 'stop', node: node.index, optional: false })
    stop.cause ??= decided(`it was started as ${agentText(entry)}`, entry.id ?? '', entry)
    resource.startPending = true
  }
  return true
}

function agentText({ class: standard, provider, type }: ResourceHistory): string {
  return [standard, provider, type].filter((part) => part !== undefined).join(':')
}

const CHECKED = new Set(['monitor', 'start', 'promote', 'migrate_from'])

/** Source: spec C-5.3 item 5. */
function checkOp(sheet: Worksheet, resource: Resource, node: WorkNode, op: HistoryOp): void {
  const name = op.operation ?? ''
  const { intervalMs, callId } = op
  if (0 < intervalMs && (resource.from.maintenance || node.maintenance)) {
    cancelKnown(sheet, resource, { name, intervalMs, callId, node: node.index, reason: 'maintenance mode' })
  } else if (0 < intervalMs || CHECKED.has(name.toLowerCase())) {
    const check = { resource, node, op }
    if (needsAddress(sheet.state, resource.from)) sheet.deferredChecks.push({ kind: 'active', ...check })
    else checkParameters(sheet, check)
  }
}

/** One operation of a history. */
export interface Checked {
  readonly resource: Resource
  readonly node: WorkNode
  readonly op: HistoryOp
  /** The address of the host, for a bundle's connection. */
  readonly address?: string | undefined
}

/** Acts on changed parameters, and forgets failures that were of others. */
export function checkParameters(sheet: Worksheet, checked: Checked): void {
  const { resource, node } = checked
  if (isChanged(sheet, checked) && effectiveFailCount(sheet, resource, node) !== 0) {
    requestClearing(sheet, resource, node.index)
  }
}

/** Source: spec C-5.4. */
function isChanged(sheet: Worksheet, checked: Checked): boolean {
  const { resource, node, op } = checked
  const { intervalMs, callId } = op
  const name = op.operation ?? ''
  if (0 < intervalMs && !isConfigured(resource.from.ops, name, intervalMs)) {
    if (sheet.options.stopOrphanActions) {
      cancelKnown(sheet, resource, { name, intervalMs, callId, node: node.index, reason: 'orphan' })
    }
    return true
  }
  const { result, isPrivate } = compare(sheet, checked)
  if (isPrivate) showPrivate(sheet, checked)
  if (isPrivate || result === 'match') return false
  const isSwapped = result !== 'restart'
  if (isSwapped && 0 < intervalMs) reschedule(sheet, checked)
  else if (isSwapped && op.opRestartDigest !== undefined) {
    triggerUnfencing(sheet, { resource, node, reason: 'Device parameters changed (reload)' })
    reload(sheet, resource, node, op)
  } else restart(sheet, checked)
  return true
}

/**
 * What the reference tool says among the scores. An operation that does not recur is given the interval that was said last, here or
 * of a cancellation, as there (probed: its text is written into a buffer that nothing clears). Source: spec.
 */
function showPrivate(sheet: Worksheet, { resource, node, op }: Checked): void {
  const { operation = '', intervalMs, transitionMagic = '(null)' } = op
  if (0 < intervalMs) sheet.lastInterval = intervalText(intervalMs)
  const task = intervalMs === 0 && LIKE_START.has(operation.toLowerCase()) ? 'start' : operation
  const what = `${sheet.lastInterval}-interval ${task} for ${resource.id} on ${node.name}`
  sheet.lines?.push({ kind: 'notice', text: `Only 'private' parameters to ${what} changed: ${transitionMagic}` })
}

function isConfigured(ops: readonly OpConfig[], name: string, intervalMs: number): boolean {
  return ops.some((op) => op.intervalMs === intervalMs && op.name === name && isEnabled(op))
}

/** How an operation's parameters compare with those of now. */
export function compare(sheet: Worksheet, { resource, node, op, address }: Checked): ReturnType<typeof compareDigests> {
  const { state, digests: cache } = sheet
  return compareDigests({ state, cache, resource: resource.from, node: node.from, op, address })
}

/** A recurring operation begins anew. */
function reschedule(sheet: Worksheet, { resource, node, op }: Checked): void {
  triggerUnfencing(sheet, { resource, node, reason: 'Device parameters changed (reschedule)' })
  const { operation: task = '', intervalMs } = op
  setFlags(requestAction(sheet, resource, { task, intervalMs, node: node.index, optional: true }), RESCHEDULE)
}

function changed(op: HistoryOp): Cause {
  return decided('resource definition change', op.id ?? '', op)
}

const LIKE_START = new Set(['monitor', 'migrate_from', 'promote'])

/** A start that is required on whatever node; it brings the stop with it. */
function restart(sheet: Worksheet, { resource, node, op }: Checked): void {
  const { operation = '', intervalMs } = op
  const task = intervalMs === 0 && LIKE_START.has(operation.toLowerCase()) ? 'start' : operation
  const action = requestAction(sheet, resource, { task, intervalMs, optional: false })
  action.reason = 'resource definition change'
  action.cause = changed(op)
  triggerUnfencing(sheet, { resource, node, reason: 'Device parameters changed' })
}

/** Source: spec C-5.6. */
function reload(sheet: Worksheet, resource: Resource, { index: node }: WorkNode, op: HistoryOp): void {
  if (!resource.managed || resource.failed) return
  if (resource.startPending) {
    requestAction(sheet, resource, { task: 'stop', node, optional: false }).cause ??= changed(op)
    return
  }
  resource.isReloading = true
  const action = requestAction(sheet, resource, { task: 'reload-agent', node, optional: false })
  action.reason ??= 'resource definition change'
  action.cause ??= changed(op)
  order(sheet, action, [resource, 'stop_0'], ORDER | THEN_CANCELS_FIRST)
  order(sheet, action, [resource, 'demote_0'], ORDER | THEN_CANCELS_FIRST)
}
