/**
 * Devices at work on this node: delays, attempts, timeouts, one device after the other until one succeeds. Source: spec E-8.2.
 */
import { fixed, uniform } from '../kernel/draw.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { actionOf, attemptsOf, type Device, delayOf, timeoutOf, toDevices } from './devices.ts'
import type { FenceRunRequest } from './fencer.ts'
import type { DeviceRun, FenceResult } from './fencer-state.ts'
import { log, nextTicket, type PacemakerState, tell } from './state.ts'

/** Between two attempts. */
const AGAIN = 1000
/** No further attempt once so much of the time is used. */
const LATEST = 0.7

/** Another node's fencer, or this one's, asks for devices to be used here. */
export function beginRun(state: PacemakerState, context: DaemonContext, request: FenceRunRequest): void {
  const run: DeviceRun = {
    operation: request.operation,
    leader: request.leader,
    target: request.target,
    devices: request.steps,
    timeout: request.baseTimeout,
    index: 0,
    attempt: 1,
    ticket: nextTicket(state),
    startedAt: 0,
  }
  state.fencer.runs.set(run.ticket, run)
  const device = deviceOf(state, run)
  if (device === undefined) return answer(state, context, run, false, 'No such device')
  const { base, random } = delayOf(device, run.target)
  const isDelayed = request.delay !== undefined && request.steps[0]?.action !== 'on'
  const own = isDelayed
    ? context.draw(`delay ${device.id}`, random === 0 ? fixed(base) : uniform(base, base + random))
    : 0
  const delay = isDelayed ? own + Math.max(0, request.delay ?? 0) : 0
  if (delay === 0) return runDevice(state, context, run)
  log(
    context,
    `Delaying '${request.steps[0]?.action}' action targeting ${run.target} using ${device.id} for ${delay} ms`,
  )
  context.act({ kind: 'timer', name: `fence-delay ${run.ticket}`, delay })
}

/** A delay, or the pause before another attempt, is over. */
export function delayOver(state: PacemakerState, context: DaemonContext, ticket: number): void {
  const run = state.fencer.runs.get(ticket)
  if (run !== undefined) runDevice(state, context, run)
}

function runDevice(state: PacemakerState, context: DaemonContext, run: DeviceRun): void {
  const device = deviceOf(state, run)
  const step = run.devices[run.index]
  if (device === undefined || step === undefined) return answer(state, context, run, false, 'No such device')
  state.fencer.runs.delete(run.ticket)
  run.ticket = nextTicket(state)
  run.startedAt = run.attempt === 1 ? context.now : run.startedAt
  state.fencer.runs.set(run.ticket, run)
  const timeout = timeoutOf(device, step.action, run.timeout) - (context.now - run.startedAt)
  context.act({ kind: 'timer', name: `fence-limit ${run.ticket}`, delay: Math.max(1, timeout) })
  context.act({
    kind: 'fence',
    ticket: run.ticket,
    device: device.id,
    target: run.target,
    action: actionOf(device, step.action),
  })
}

/** The device has answered. */
export function deviceAnswered(
  state: PacemakerState,
  context: DaemonContext,
  ticket: number,
  isOk: boolean,
  text: string,
): void {
  const run = state.fencer.runs.get(ticket)
  if (run === undefined) return
  context.act({ kind: 'cancel-timer', name: `fence-limit ${ticket}` })
  if (isOk) return answer(state, context, run, true, text)
  const device = deviceOf(state, run)
  const step = run.devices[run.index]
  const limit = device === undefined || step === undefined ? 0 : timeoutOf(device, step.action, run.timeout)
  const isEarly = context.now - run.startedAt < limit * LATEST
  if (device !== undefined && step !== undefined && run.attempt < attemptsOf(device, step.action) && isEarly) {
    run.attempt += 1
    log(context, `Attempt ${run.attempt} to execute ${device.agent} (${step.action})`)
    context.act({ kind: 'timer', name: `fence-delay ${run.ticket}`, delay: AGAIN })
    return
  }
  next(state, context, run, text)
}

/** The agent is killed; what it has not done by now it will not do. There is no second attempt after that. */
export function deviceLate(state: PacemakerState, context: DaemonContext, ticket: number): void {
  const run = state.fencer.runs.get(ticket)
  if (run === undefined) return
  context.act({ kind: 'cancel', ticket })
  next(state, context, run, 'Timed Out')
}

function next(state: PacemakerState, context: DaemonContext, run: DeviceRun, text: string): void {
  if (run.devices.length <= run.index + 1) return answer(state, context, run, false, text)
  run.index += 1
  run.attempt = 1
  runDevice(state, context, run)
}

function answer(state: PacemakerState, context: DaemonContext, run: DeviceRun, isOk: boolean, text: string): void {
  state.fencer.runs.delete(run.ticket)
  const { leader, operation, target } = run
  const action = run.devices[run.index]?.action ?? 'reboot'
  tell(state, context, 'fence-result', { leader, operation, target, action, isOk, text } satisfies FenceResult)
}

function deviceOf({ cib }: PacemakerState, run: DeviceRun): Device | undefined {
  const id = run.devices[run.index]?.device
  return toDevices(cib.configuration).find((device) => device.id === id)
}
