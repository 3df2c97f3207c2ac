/**
 * Units of the service manager: a start or stop only begins a job there, and its end is seen by asking for the unit's state again and
 * again; a monitor that meets a unit on its way asks again, too. Nobody kills what the service manager has begun: where the time is over,
 * the job goes on until the next operation replaces it. Source: spec E-7.6.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { OperationResult } from '../model/operation.ts'
import type { Job, Lane, OpRequest } from './executor-state.ts'
import { isUnit, lateOutcome, missingOutcome, type Outcome } from './exit-codes.ts'
import { nextTicket, type PacemakerState } from './state.ts'

/** The longest pause between two questions. */
const PAUSE_MAX = 2000

const NOT_RUNNING = 7
const CHANGES = new Set(['start', 'stop'])

/** True for an operation whose end is told by the unit's state. */
export function isWatched({ agent, operation }: OpRequest): boolean {
  return isUnit(agent.class) && (operation === 'monitor' || CHANGES.has(operation))
}

/** True for one that begins a job of the service manager: nobody kills it. */
export function beginsJob({ agent, operation }: OpRequest): boolean {
  return isUnit(agent.class) && CHANGES.has(operation)
}

/** An operation on a unit begins: what was left to the service manager is replaced by it, and the first question comes after a pause. */
export function watchUnit(context: DaemonContext, lane: Lane, job: Job): void {
  if (!beginsJob(job.request)) return
  const { leftover } = lane
  lane.leftover = undefined
  if (leftover !== undefined) context.act({ kind: 'cancel', ticket: leftover })
  job.watch = { until: context.now + job.request.timeoutMs, job: job.ticket, isAsking: false }
  pause(context, lane, job)
}

/** What an answer says of the operation: its outcome, or undefined where the unit is on its way and is asked for again. */
export function unitAnswered(
  context: DaemonContext,
  lane: Lane,
  job: Job,
  result: OperationResult,
): Outcome | undefined {
  const { request } = job
  const watch = job.watch
  if (result.isMissing === true) return endWatch(context, lane, missingOutcome(request))
  if (watch !== undefined && !watch.isAsking) return undefined
  if (result.status === 'timed-out') return giveUp(context, lane, job)
  const outcome = stateOutcome(request, result)
  if (outcome !== undefined) return endWatch(context, lane, { rc: outcome, status: 0, text: '' })
  job.watch = watch ?? { until: job.startedAt + request.timeoutMs, job: undefined, isAsking: true }
  job.watch.isAsking = false
  pause(context, lane, job)
  return undefined
}

/** The pause is over: asks, or gives up. Returns the outcome where it is over. */
export function askUnit(state: PacemakerState, context: DaemonContext, lane: Lane): Outcome | undefined {
  const job = lane.running
  if (job?.watch === undefined || job.watch.isAsking) return undefined
  const left = job.watch.until - context.now
  if (left <= 0) return giveUp(context, lane, job)
  job.watch.isAsking = true
  job.ticket = nextTicket(state)
  context.act({
    kind: 'run',
    ticket: job.ticket,
    resource: job.request.service,
    operation: 'monitor',
    interval: 0,
    timeout: left,
  })
  return undefined
}

/** Nobody is interested in the operation any more. */
export function forgetUnit(context: DaemonContext, lane: Lane): void {
  context.act({ kind: 'cancel-timer', name: timerOf(lane) })
}

function pause(context: DaemonContext, lane: Lane, { request, watch }: Job): void {
  const left = Math.max(0, watch!.until - context.now)
  const delay = Math.min(PAUSE_MAX, Math.floor(request.timeoutMs / 10), Math.floor(left / 2))
  // What is left of less than two milliseconds is waited for as a whole.
  context.act({ kind: 'timer', name: timerOf(lane), delay: delay === 0 ? left : delay })
}

function giveUp(context: DaemonContext, lane: Lane, job: Job): Outcome {
  lane.leftover = job.watch?.job
  return endWatch(context, lane, lateOutcome(job.request))
}

function endWatch(context: DaemonContext, lane: Lane, outcome: Outcome): Outcome {
  forgetUnit(context, lane)
  return outcome
}

function timerOf({ id }: Lane): string {
  return `unit ${id}`
}

/** A unit's state in terms of what was asked; undefined while it is on its way. */
function stateOutcome({ operation }: OpRequest, { output, rc }: OperationResult): number | undefined {
  const state = output.trim()
  if (state === 'activating' || state === 'deactivating') return undefined
  const isActive = state === '' ? rc === 0 : state === 'active' || state === 'reloading'
  if (operation === 'monitor') return isActive ? 0 : NOT_RUNNING
  if (operation === 'start') return isActive ? 0 : 1
  return isActive ? undefined : 0
}
