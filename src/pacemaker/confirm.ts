/**
 * What the DC makes of news: results of its graph and of older ones, changes of the CIB, the end of fencing.
 * Source: spec E-5.2, E-8.4, E-9.5.
 */
import { compareVersions } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { ocfText, undegraded } from '../model/ocf.ts'
import { setAttribute } from './attributes.ts'
import type { CibChange } from './change.ts'
import type { DcState } from './dc-state.ts'
import { createExecutor, type OpEvent } from './executor-state.ts'
import { type Ending, tellEnded } from './fence-merge.ts'
import type { FenceDone, FenceResult } from './fencer-state.ts'
import { reportResult } from './history.ts'
import { toRequest } from './initiate.ts'
import { leads, property } from './machine.ts'
import { abort, awaitWrites, INFINITY } from './policy.ts'
import { isRemote, keyOf, log, nameOf, type PacemakerState, updateCib, wallClock } from './state.ts'
import type { CibUpdate } from './store.ts'
import { actionEnded, walk } from './transition.ts'

/** A change of the CIB, with what it means where it is a result. */
export interface CibNews {
  readonly update: CibUpdate
  readonly event?: OpEvent
}

/** The CIB of this partition has changed, `by` this change. */
export function cibChanged(
  state: PacemakerState,
  context: DaemonContext,
  { update, event }: CibNews,
  by: CibChange,
): void {
  const { dc } = state
  if (dc === undefined) return
  switch (update.kind) {
    case 'op':
      if (event !== undefined && event.kind === 'result') resultArrived(state, context, dc, { ...event, by })
      return
    case 'erase-op':
      return opsErased(state, context, dc, update, by)
    case 'erase-resource':
      return abort(state, context, {
        text: update.isLock === true ? 'Shutdown lock cleared' : 'Resource state removal',
        ...by,
      })
    case 'history':
      // What a join brings is looked at once the join is over.
      return state.controller.state === 'S_POLICY_ENGINE'
        ? abort(state, context, { text: 'History refresh' })
        : undefined
    case 'attributes':
      return abort(state, context, { text: 'Transient attribute change', ...by })
    case 'erase-attributes':
      return dc.downfalls.has(nameOf(state, update.node.id) ?? '')
        ? undefined
        : abort(state, context, { text: 'Transient attribute change', ...by })
    case 'configuration':
      if (by.isProperty === true) dc.isSlow = true
      return abort(state, context, { text: 'Configuration change', ...by })
    case 'ticket':
      return abort(state, context, { text: 'Ticket attribute change' })
    case 'node':
      // A member's coming is told by the ring and the join; a remote node's by its connection (spec E-5.2, E-9.8).
      return isRemote(state, update.node.name) && update.fields.inCcm === 'true'
        ? abort(state, context, { text: 'Pacemaker Remote node integrated' })
        : undefined
    case 'erase-history':
    case 'root':
      return
  }
}

function opsErased(
  state: PacemakerState,
  context: DaemonContext,
  dc: DcState,
  update: Extract<CibUpdate, { readonly kind: 'erase-op' }>,
  by: CibChange,
): void {
  const node = nameOf(state, update.node.id)
  const cancelled = dc.graph?.graph.synapses.find(
    ({ action }, place) =>
      dc.graph!.states[place] === 'pending' &&
      action.operation === 'cancel' &&
      action.node === node &&
      update.ids.includes(action.operationKey),
  )
  if (cancelled !== undefined) {
    actionEnded(state, context, cancelled.action.id, false)
    return walk(state, context)
  }
  abort(state, context, { text: 'Resource operation removal', ...by })
}

/** A result came in. Source: spec E-5.5 rows 5 and 6, E-5.2. */
function resultArrived(
  state: PacemakerState,
  context: DaemonContext,
  dc: DcState,
  event: OpEvent & { readonly by: CibChange },
): void {
  const { origin, rc, expectedRc, by } = event
  const isExpected = undegraded(rc) === expectedRc && event.status === 0
  const isOfGraph =
    origin !== undefined && origin.dc === state.controller.life && origin.transition === dc.graph?.number
  if (isOfGraph && isPending(dc, origin.action)) {
    if (isExpected) {
      actionEnded(state, context, origin.action, false)
      return walk(state, context)
    }
    tellFailure(context, event, dc.graph!.number, origin.action)
    // Pacemaker Explained, clone notifications: a notification that fails is told and otherwise taken as done.
    if (event.operation === 'notify') {
      actionEnded(state, context, origin.action, false)
      return walk(state, context)
    }
    actionEnded(state, context, origin.action, true)
    const priority = priorityOf(dc, origin.action) + 1
    abort(state, context, { text: 'Event failed', ...by, priority: Math.min(priority, INFINITY) })
    if (!event.isNack) countFailure(state, context, event)
    return walk(state, context)
  }
  if (!isExpected) tellFailure(context, event, origin?.transition ?? -1, origin?.action ?? -1)
  abort(state, context, { text: newsText(state, dc, event), ...by })
  if (!isExpected && !event.isNack) countFailure(state, context, event)
}

/** What a result is that the running graph does not wait for. Source: spec E-5.2. */
function newsText({ controller }: PacemakerState, dc: DcState, { origin, intervalMs }: OpEvent): string {
  if (origin?.transition === -1) return 'Unexpected event'
  if (intervalMs > 0) return 'Change in recurring result'
  if (origin?.dc !== controller.life) return 'Foreign event'
  return origin.transition === dc.lastNumber ? 'Inactive graph' : 'Old event'
}

function isPending({ graph }: DcState, action: number): boolean {
  const place = graph?.places.get(action)
  return place !== undefined && graph?.states[place] === 'pending'
}

function priorityOf({ graph }: DcState, action: number): number {
  const place = graph?.places.get(action)
  return place === undefined ? 0 : (graph?.graph.synapses[place]?.priority ?? 0)
}

function tellFailure(context: DaemonContext, event: OpEvent, transition: number, action: number): void {
  const { resource, operation, intervalMs, node, rc, expectedRc } = event
  const key = `${resource}_${operation}_${intervalMs}`
  const codes = `expected '${ocfText(expectedRc)}' but got '${ocfText(rc)}' | target-rc=${expectedRc} rc=${rc}`
  log(context, `Transition ${transition} action ${action} (${key} on ${node}): ${codes}`, 'warning')
}

/** Source: spec E-9.5. */
function countFailure(state: PacemakerState, context: DaemonContext, event: OpEvent): void {
  const { operation, intervalMs, node, service: resource, onFail } = event
  const isInjected = event.origin?.transition === -1
  const value = countValue(state, operation, intervalMs) ?? (isInjected ? 'value++' : undefined)
  if (value === undefined) return
  const tail = countsByOperation(state) ? `${resource}#${operation}_${intervalMs}` : resource
  const at = String(wallClock(state, context))
  log(context, `Updating failcount for ${resource} on ${node} after failed ${operation}: update=${value}`, 'warning')
  setAttribute(state, context, { node, name: `last-failure-${tail}`, value: at })
  if (onFail !== 'ignore') setAttribute(state, context, { node, name: `fail-count-${tail}`, value })
}

/** Clusters of old did not count each operation by itself; what goes on from one is read by its rule. Source: spec. */
function countsByOperation({ cib }: PacemakerState): boolean {
  return compareVersions(cib.configuration.root.featureSet, '3.0.13') >= 0
}

function countValue(state: PacemakerState, operation: string, intervalMs: number): string | undefined {
  if (intervalMs > 0 || operation === 'promote' || operation === 'demote') return 'value++'
  if (operation === 'stop') return 'INFINITY'
  if (operation === 'start') return property(state, 'start-failure-is-fatal') === 'false' ? 'value++' : 'INFINITY'
  return undefined
}

/** An action's result did not come in time. Source: spec E-6.7. */
export function actionLost(state: PacemakerState, context: DaemonContext, action: number): void {
  const { dc } = state
  if (dc?.graph === undefined || !isPending(dc, action)) return
  log(context, `Action lost: ${action}`, 'error')
  actionEnded(state, context, action, true)
  recordLost(state, context, dc, action)
  abort(state, context, { text: 'Action lost' })
  walk(state, context)
}

/** A result that nobody gave stands in the history like one, and counts as a failure later. Source: spec E-6.7. */
function recordLost(state: PacemakerState, context: DaemonContext, { graph }: DcState, number: number): void {
  const action = graph?.graph.synapses[graph.places.get(number) ?? -1]?.action
  if (graph === undefined || action?.element !== 'rsc_op' || action.node === undefined) return
  if (action.resource === undefined || action.operation === 'cancel') return
  const via = action.routerNode ?? action.node
  const who = via === state.self ? 'Local executor' : `Controller on ${via}`
  const text = `${who} did not return result in time`
  const there = { ...state, executor: createExecutor(action.node) }
  const timedOut = { call: -1, rc: 1, status: 2, startedAt: context.now, took: 0, text }
  // What was so on that node nobody here has seen.
  const act: DaemonContext['act'] = (command) => (command.kind === 'believe' ? undefined : context.act(command))
  reportResult(there, { ...context, act }, toRequest(state, graph.number, action), timedOut)
}

/** A fencing operation has ended; every node hears of it. Source: spec E-8.4. */
export function fenceDone(state: PacemakerState, context: DaemonContext, done: FenceDone): void {
  const { target, action, isOk, actionId } = done
  tellFenced(context, done)
  const { dc, controller } = state
  const failures = isOk ? 0 : (controller.fenceFailures.get(target) ?? 0) + 1
  if (isOk) controller.fenceFailures.delete(target)
  else controller.fenceFailures.set(target, failures)
  if (dc === undefined) return isOk && action !== 'on' ? dcFenced(state, context, done) : undefined
  const isOwn = done.life === controller.life && actionId !== undefined
  if (isOk) {
    if (action === 'on') noteUnfenced(state, context, target, isOwn ? actionId : undefined)
    else noteFenced(state, context, target)
    // Where the graph ends with this, the scheduler must not be asked on what was so before.
    awaitWrites(state, context)
    if (isOwn && actionEnded(state, context, actionId, false)) walk(state, context)
    else if (!isOwn) abort(state, context, { text: 'External Fencing Operation' })
    return
  }
  dc.downfalls.delete(target)
  if (!isOwn) return
  const most = numberOption(state, 'stonith-max-attempts', 10)
  const givesUp = !done.hadDevice || most <= failures
  log(
    context,
    givesUp && done.hadDevice
      ? `Too many failures (${failures}) to fence ${target}, giving up`
      : `Fence operation for ${target} failed: ${done.text} (aborting transition${givesUp ? ' and giving up for now' : ''})`,
    'error',
  )
  actionEnded(state, context, actionId, true)
  abort(state, context, { text: 'Stonith failed', followUp: givesUp ? 'wait' : 'restart' })
  walk(state, context)
}

function tellFenced(context: DaemonContext, ending: Ending): void {
  const { target, action, isOk, by, client, leader, operation, text } = ending
  const event = `event=${leader}.${operation}`
  const how = isOk ? text : `Error (${text})`
  if (action === 'on')
    log(
      context,
      isOk
        ? `${target} was unfenced by ${by} at the request of ${client}@${leader}`
        : `Unfencing of ${target} by ${by} failed (${text})`,
    )
  else
    log(
      context,
      `Peer ${target} was ${isOk ? '' : 'not '}terminated (${action}) by ${by} on behalf of ${client}@${leader}: ${how} | ${event}`,
    )
}

/** The DC itself was fenced: its executioner writes that at once, and all remember it for the next DC. Source: spec E-8.4. */
function dcFenced(state: PacemakerState, context: DaemonContext, { target, by }: FenceDone): void {
  const { controller, fencer, self } = state
  if (target === self || (controller.dc ?? controller.lostDc) !== target) return
  fencer.cleaned.add(target)
  if (by === self) noteFenced(state, context, target)
}

/** A node was fenced for a fencer that is gone itself: whoever leads, now or next, marks it clean. Source: spec E-8.4. */
export function fencedForNobody(
  state: PacemakerState,
  context: DaemonContext,
  by: NodeName,
  result: FenceResult,
): void {
  const { leader, target, isOk, isLast, action } = result
  if (!isOk || !isLast || action === 'on' || state.ring.members.includes(leader)) return
  const ending = { ...result, by, text: 'OK' }
  tellEnded(context, { ...ending, isMerged: false })
  tellFenced(context, ending)
  log(context, `Marking ${target}, target of a previous stonith action, as clean`)
  if (state.dc === undefined || !leads(state)) {
    state.fencer.cleaned.add(target)
    return
  }
  noteFenced(state, context, target)
  abort(state, context, { text: 'External Fencing Operation' })
}

/** What the last DC could not write any more. */
export function noteCleaned(state: PacemakerState, context: DaemonContext): void {
  for (const target of state.fencer.cleaned)
    if (!state.ring.members.includes(target)) noteFenced(state, context, target)
  state.fencer.cleaned.clear()
}

function numberOption(state: PacemakerState, name: string, absent: number): number {
  const number = Number.parseInt(property(state, name) ?? '', 10)
  return Number.isNaN(number) ? absent : number
}

function noteFenced(state: PacemakerState, context: DaemonContext, target: NodeName): void {
  const node = keyOf(state, target)
  const fields = isRemote(state, target)
    ? { inCcm: 'false', nodeFenced: String(wallClock(state, context)) }
    : { join: 'down', expected: 'down', inCcm: 'false', crmd: 'offline' }
  updateCib(state, context, { kind: 'node', node, fields })
  updateCib(state, context, { kind: 'erase-history', node })
  updateCib(state, context, { kind: 'erase-attributes', node })
}

/** What the scheduler compares with later: when a node was unfenced, and what its devices were then. Source: spec E-8.4, C-17.10. */
function noteUnfenced(state: PacemakerState, context: DaemonContext, target: NodeName, actionId?: number): void {
  setAttribute(state, context, { node: target, name: '#node-unfenced', value: String(wallClock(state, context)) })
  const graph = state.dc?.graph
  const step = graph?.graph.synapses[graph.places.get(actionId ?? -1) ?? -1]
  for (const [name, value] of step?.action.attributes ?? []) {
    if (name === 'CRM_meta_digests_all') setAttribute(state, context, { node: target, name: '#digests-all', value })
    if (name === 'CRM_meta_digests_secure')
      setAttribute(state, context, { node: target, name: '#digests-secure', value })
  }
}
