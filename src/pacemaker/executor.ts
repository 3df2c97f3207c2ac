/**
 * The executor of one node: one call at a time for each resource, others wait in their order; recurring operations come again so long
 * after their end; a change of a resource takes its recurring operations away first. Source: spec E-7.
 */
import { digestOf } from '../cib/digests.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { OperationName, OperationResult } from '../model/operation.ts'
import { agentKey, freeLane, type Job, type Lane, type OpRequest, type Recurring } from './executor-state.ts'
import { type Outcome, outcomeOf } from './exit-codes.ts'
import { acknowledge, keepHistory, reportPending, reportResult } from './history.ts'
import { keyOf, log, nextTicket, type PacemakerState, servedBy, updateCib } from './state.ts'
import { askUnit, forgetUnit, isWatched, unitAnswered, watchUnit } from './units.ts'

/** States of the controller in which it lets the executor do more than stop. Source: spec E-7.1. */
const WORKS = new Set(['S_NOT_DC', 'S_POLICY_ENGINE', 'S_TRANSITION_ENGINE'])

/** The DC asks for an operation here. Source: spec E-7.1. */
export function requestOp(state: PacemakerState, context: DaemonContext, asked: OpRequest): void {
  const { operation } = asked
  const refusal = refusalOf(state, operation)
  if (refusal !== undefined) {
    reportResult(state, context, asked, { ...UNCALLED, rc: 1, status: 9, startedAt: context.now, text: refusal })
    return
  }
  const lane = laneOf(state, asked.agent.id)
  const request = withParameters(lane, asked)
  const isRecurring = request.intervalMs > 0
  const key = keyOfOp(request)
  if (isRecurring) cancelKey(state, context, lane, key)
  else if (operation !== 'monitor' && operation !== 'notify')
    for (const known of [...lane.recurring.keys()]) cancelKey(state, context, lane, known)
  if (operation !== 'notify' && request.recordsPending !== false) reportPending(state, context, request)
  if (isRecurring && PATIENCE < request.startDelayMs) confirmUnseen(state, context, request)
  state.executor.calls += 1
  const call = state.executor.calls
  const timer = timerOf(lane, key)
  const recurring = isRecurring ? { request, call, timer, lastRc: -1, lastStatus: -1, since: 0 } : undefined
  if (recurring !== undefined) lane.recurring.set(key, recurring)
  enqueue(state, context, lane, { request, key, call, recurring, isRepeat: false })
}

/** What no agent was called for. */
const UNCALLED = { call: -1, took: 0 }

/** Why an operation is not even tried, or undefined. */
function refusalOf({ controller }: PacemakerState, operation: string): string | undefined {
  if (operation === 'stop') return undefined
  if (controller.shutdownWanted && operation === 'start') return 'Not attempting start due to shutdown in progress'
  return WORKS.has(controller.state) ? undefined : 'Controller cannot attempt actions at this time'
}

/** A resource is stopped with what it was started with, whatever its configuration says by then. */
function withParameters(lane: Lane, request: OpRequest): OpRequest {
  const { operation, intervalMs, parameters } = request
  if (operation === 'stop')
    return lane.parameters === undefined
      ? request
      : { ...request, parameters: lane.parameters, digest: digestOf(new Map(lane.parameters)) }
  if (operation === 'start' || operation === 'reload-agent' || operation === 'reload' || isProbe(operation, intervalMs))
    lane.parameters = parameters
  return request
}

function isProbe(operation: string, intervalMs: number): boolean {
  return operation === 'monitor' && intervalMs === 0
}

/** A recurring operation that is to begin later than this is taken as done: nobody's graph waits so long. */
const PATIENCE = 300_000

/** Tells the DC that all is well, though nothing has been done; nothing is recorded. */
function confirmUnseen(state: PacemakerState, context: DaemonContext, request: OpRequest): void {
  const result = { ...UNCALLED, rc: request.expectedRc, status: 0, startedAt: context.now, text: '' }
  log(context, `${request.operation} of ${request.agent.id} is put off for more than 5 minutes: taken as done`)
  acknowledge(state, context, request, result)
}

/** A result that no agent gave, as `crm_resource --fail` and `crm_simulate -i` make it. */
export function injectResult(
  state: PacemakerState,
  context: DaemonContext,
  injected: Pick<OpRequest, 'intervalMs' | 'operation'> & { readonly resource: string; readonly rc: number },
): void {
  const { resource: id, operation, intervalMs, rc } = injected
  const known = state.executor.history.find((entry) => entry.id === id)
  const agent = { id, class: known?.class, provider: known?.provider, type: known?.type }
  const origin = { action: -1, transition: -1, dc: 'injected' }
  const nothing = { startDelayMs: 0, onFail: undefined, digest: undefined, parameters: [] }
  const request = { agent, service: id, operation, intervalMs, timeoutMs: 0, expectedRc: 0, origin, ...nothing }
  const recurring = laneOf(state, id).recurring.get(`${operation}_${intervalMs}`)
  if (recurring !== undefined) recurring.lastRc = rc
  state.executor.calls += 1
  const result = { call: state.executor.calls, rc, status: 0, startedAt: context.now, took: 0, text: '' }
  reportResult(state, context, { ...request, migration: undefined, environment: undefined }, result)
}

/** The DC asks that a recurring operation end; erasing its record confirms that. Source: spec E-7.5. */
export function requestCancel(state: PacemakerState, context: DaemonContext, resource: string, key: string): void {
  const lane = laneOf(state, resource)
  cancelKey(state, context, lane, key)
  const ids = recordIdsOf(state, resource, key)
  updateCib(state, context, { kind: 'erase-op', node: keyOf(state, servedBy(state)), resource, ids })
  keepHistory(state, { kind: 'erase', resource, ids })
  pump(state, context, lane)
}

/** What an operation's record is called: by the rule, and as old histories have it, which write instances otherwise (`db-0_monitor_10000`). */
function recordIdsOf({ executor }: PacemakerState, resource: string, key: string): readonly string[] {
  const known = executor.history.find(({ id }) => id === resource)?.ops ?? []
  const recorded = known.filter(
    ({ id, operation, intervalMs }) =>
      `${operation}_${intervalMs}` === key && id?.endsWith('_last_failure_0') === false,
  )
  return [...new Set([`${resource}_${key}`, ...recorded.map(({ id = '' }) => id)])]
}

/** Everything recurring ends, when the controller leaves. */
export function cancelAll(state: PacemakerState, context: DaemonContext): void {
  for (const lane of state.executor.lanes.values())
    for (const key of [...lane.recurring.keys()]) cancelKey(state, context, lane, key)
}

/** Forgets a resource: what is known of it, and what recurs. */
export function forgetResource(state: PacemakerState, context: DaemonContext, resource: string): void {
  const lane = state.executor.lanes.get(resource)
  if (lane !== undefined) for (const key of [...lane.recurring.keys()]) cancelKey(state, context, lane, key)
  state.executor.devices.delete(resource)
  keepHistory(state, { kind: 'forget', resource })
}

/** A call has ended. Returns false where nobody waits for it any more. */
export function opEnded(
  state: PacemakerState,
  context: DaemonContext,
  ticket: number,
  result: OperationResult,
): boolean {
  for (const lane of state.executor.busy) {
    const job = lane.running
    if (job === undefined || job.ticket !== ticket) continue
    // A controller that has died since does not hear of it.
    if (job.isCancelled) endJob(state, context, lane)
    else settle(state, context, lane, job, result)
    return true
  }
  return false
}

/** A pause between two questions for a unit's state is over. */
export function unitDue(state: PacemakerState, context: DaemonContext, resource: string): void {
  const lane = laneOf(state, resource)
  const job = lane.running
  const outcome = askUnit(state, context, lane)
  if (job === undefined || outcome === undefined) return
  finish(state, context, job, outcome, context.now - job.startedAt)
  endJob(state, context, lane)
}

/** It is time for a recurring operation. */
export function repeatOp(state: PacemakerState, context: DaemonContext, resource: string, key: string): void {
  const lane = laneOf(state, resource)
  const recurring = lane.recurring.get(key)
  if (recurring === undefined) return
  enqueue(state, context, lane, { request: recurring.request, key, call: recurring.call, recurring, isRepeat: true })
}

/** A start-delay is over. */
export function delayOver(state: PacemakerState, context: DaemonContext, resource: string): void {
  pump(state, context, laneOf(state, resource))
}

/** Sets a recurring operation going that ran before the run began; `due` is when it runs next. */
export function resumeRecurring(
  state: PacemakerState,
  context: DaemonContext,
  recurring: Omit<Recurring, 'timer'>,
  due: number,
): void {
  const lane = laneOf(state, recurring.request.agent.id)
  const key = keyOfOp(recurring.request)
  const timer = timerOf(lane, key)
  lane.recurring.set(key, { ...recurring, timer })
  context.act({ kind: 'timer', name: timer, delay: due })
}

function laneOf({ executor }: PacemakerState, id: string): Lane {
  let lane = executor.lanes.get(id)
  if (lane === undefined) {
    lane = { id, queue: [], running: undefined, recurring: new Map() }
    executor.lanes.set(id, lane)
  }
  return lane
}

function keyOfOp({ operation, intervalMs }: OpRequest): string {
  return `${operation}_${intervalMs}`
}

function timerOf({ id }: Lane, key: string): string {
  return `recur ${id} ${key}`
}

function cancelKey(state: PacemakerState, context: DaemonContext, lane: Lane, key: string): void {
  const recurring = lane.recurring.get(key)
  if (recurring === undefined) return
  lane.recurring.delete(key)
  context.act({ kind: 'cancel-timer', name: recurring.timer })
  const waiting = lane.queue.findIndex((job) => job.key === key)
  if (0 <= waiting) lane.queue.splice(waiting, 1)
  const { running } = lane
  if (running === undefined || running.key !== key) return
  running.isCancelled = true
  // A fence device's monitor is the fencer's: it is waited for.
  if (running.request.agent.class === 'stonith') return
  context.act({ kind: 'cancel', ticket: running.ticket })
  if (running.watch !== undefined) forgetUnit(context, lane)
  freeLane(state.executor, lane)
}

function enqueue(
  state: PacemakerState,
  context: DaemonContext,
  lane: Lane,
  { request, key, call, recurring, isRepeat }: Pick<Job, 'call' | 'isRepeat' | 'key' | 'recurring' | 'request'>,
): void {
  const queuedAt = context.now
  lane.queue.push({ request, key, call, recurring, isRepeat, queuedAt, startedAt: 0, ticket: 0, isCancelled: false })
  pump(state, context, lane)
}

/** Begins the next call of a resource where none is under way. */
function pump(state: PacemakerState, context: DaemonContext, lane: Lane): void {
  const job = lane.queue[0]
  if (lane.running !== undefined || job === undefined) return
  const { request } = job
  const wait = job.isRepeat ? 0 : job.queuedAt + request.startDelayMs - context.now
  if (wait > 0) {
    context.act({ kind: 'timer', name: `op-delay ${lane.id}`, delay: wait })
    return
  }
  lane.queue.shift()
  lane.running = job
  state.executor.busy.push(lane)
  job.startedAt = context.now
  job.ticket = nextTicket(state)
  watchUnit(context, lane, job)
  context.act({
    kind: 'run',
    ticket: job.ticket,
    resource: request.service,
    operation: toOperation(request.operation),
    interval: request.intervalMs,
    timeout: job.watch === undefined ? request.timeoutMs : undefined,
    environment: request.environment,
    describes: !job.isRepeat && describesFirst(state, request),
  })
}

/**
 * A controller reads an agent's metadata before each start, and before a probe where it has not read them in its life; the executor is
 * asked when they are there. Source: spec E-5.5 (latencies), E-7.1; found by the 713 lines `Retrieving metadata for` of the recordings'
 * logs: before all 319 starts, before 394 of 574 probes, before nothing else.
 */
function describesFirst({ executor }: PacemakerState, { agent, operation, intervalMs }: OpRequest): boolean {
  if (operation === 'start') return true
  return operation === 'monitor' && intervalMs === 0 && !executor.described.has(agentKey(agent))
}

/** The metadata have been read: the agent's own run begins now. */
export function agentDescribed({ executor }: PacemakerState, context: DaemonContext, ticket: number): void {
  for (const { running } of executor.busy) {
    if (running?.ticket !== ticket) continue
    executor.described.add(agentKey(running.request.agent))
    running.startedAt = context.now
  }
}

/** The words of agents. What they do not know they answer as unimplemented. */
function toOperation(operation: string): OperationName {
  if (operation === 'reload-agent') return 'reload'
  // The scheduler's tasks for a resource are those of agents.
  return operation as OperationName
}

/** An agent has answered: the operation ends with that, unless it is a unit's, which may still be on its way. */
function settle(state: PacemakerState, context: DaemonContext, lane: Lane, job: Job, result: OperationResult): void {
  const { request } = job
  const outcome = isWatched(request)
    ? unitAnswered(context, lane, job, result)
    : fromDevice(state, request, outcomeOf(request, result, state.executor))
  if (outcome === undefined) return
  finish(state, context, job, outcome, job.watch === undefined ? result.took : context.now - job.startedAt)
  endJob(state, context, lane)
}

/** A fence device whose agent has answered here is verified for this node's fencer. Source: spec E-8.1, item 3. */
function fromDevice({ fencer }: PacemakerState, request: OpRequest, outcome: Outcome): Outcome {
  const { agent, operation, intervalMs } = request
  const hasAsked = operation === 'start' || (operation === 'monitor' && 0 < intervalMs)
  if (agent.class === 'stonith' && hasAsked && outcome.rc === 0) fencer.verified.add(agent.id)
  return outcome
}

function endJob(state: PacemakerState, context: DaemonContext, lane: Lane): void {
  freeLane(state.executor, lane)
  pump(state, context, lane)
}

function finish(
  state: PacemakerState,
  context: DaemonContext,
  job: Job,
  { rc, status, text }: Outcome,
  took: number,
): void {
  const { request, recurring } = job
  if (recurring !== undefined && !goOn(context, recurring, rc, status)) return
  const { call, startedAt, queuedAt } = job
  reportResult(state, context, request, { call, rc, status, startedAt, took, waited: startedAt - queuedAt, text })
}

/** Has a recurring operation come again; true where its result is another than the last. */
function goOn(context: DaemonContext, recurring: Recurring, rc: number, status: number): boolean {
  const isNew = recurring.lastRc !== rc || recurring.lastStatus !== status
  recurring.lastRc = rc
  recurring.lastStatus = status
  context.act({ kind: 'timer', name: recurring.timer, delay: recurring.request.intervalMs })
  return isNew
}
