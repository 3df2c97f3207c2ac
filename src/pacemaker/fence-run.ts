/**
 * What this node's fencer does for whoever leads an operation: it answers which of its devices can fence, and uses them, one after the
 * other until one succeeds. Source: spec E-8.1 items 3 and 5, E-8.2.
 */
import { fixed, uniform } from '../kernel/draw.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { attemptsOf, type Device, delayOf, factsOf, remapped, timeoutOf } from './devices.ts'
import { answered, type DeviceAnswer, type Ended, enqueue, late } from './fence-queue.ts'
import { devicesFound, heardDevice, ownDevices, search } from './fence-search.ts'
import { heardReply } from './fencer.ts'
import {
  type DeviceSearch,
  type FenceQuery,
  type FenceReply,
  type FenceResult,
  type FenceRun,
  type FenceRunRequest,
  nextId,
} from './fencer-state.ts'
import { log, type PacemakerState, tell } from './state.ts'

/** A fencer asks who can fence a node. */
export function answerQuery(state: PacemakerState, context: DaemonContext, query: FenceQuery): void {
  const found = search(state, context, { kind: 'query', query })
  if (found !== undefined) goOnWith(state, context, found)
}

/** A fencer asks for devices to be used here. */
export function beginRun(state: PacemakerState, context: DaemonContext, request: FenceRunRequest): void {
  if (request.device === undefined) {
    const found = search(state, context, { kind: 'run', request })
    if (found !== undefined) goOnWith(state, context, found)
    return
  }
  startRun(
    state,
    context,
    request,
    ownDevices(state, context).filter(({ id }) => id === request.device),
  )
}

/** A device, or its agent, has answered. */
export function deviceAnswered(
  state: PacemakerState,
  context: DaemonContext,
  ticket: number,
  answer: DeviceAnswer,
): void {
  take(state, context, answered(state, context, ticket, answer))
}

/** An agent's time is over. */
export function deviceLate(state: PacemakerState, context: DaemonContext, ticket: number): void {
  take(state, context, late(state, context, ticket))
}

function take(state: PacemakerState, context: DaemonContext, ended: Ended | undefined): void {
  if (ended === undefined) return
  if (ended.command.owner.kind === 'run') return commandEnded(state, context, ended)
  const found = heardDevice(state, context, ended)
  if (found !== undefined) goOnWith(state, context, found)
}

function goOnWith(state: PacemakerState, context: DaemonContext, found: DeviceSearch): void {
  const devices = devicesFound(found)
  const { wanted } = found
  if (wanted.kind === 'run') {
    log(
      context,
      `Found ${devices.length} matching device${devices.length === 1 ? '' : 's'} for target '${wanted.request.target}'`,
    )
    return startRun(state, context, wanted.request, devices)
  }
  const { leader, operation, target, action, baseTimeout } = wanted.query
  const reply: FenceReply = {
    leader,
    operation,
    devices: devices.map((device) => {
      const { base, max } = delayOf(device, target)
      return {
        id: device.id,
        timeout: timeoutOf(device, action, baseTimeout),
        delay: action === 'on' ? 0 : Math.floor(Math.max(base, max) / 1000),
        isVerified: state.fencer.verified.has(device.id),
      }
    }),
  }
  // The leader's own answer needs no ring: it is the first in twelve of thirteen recorded queries.
  if (leader === state.self) heardReply(state, context, leader, reply)
  else tell(state, context, 'fence-reply', reply)
}

function startRun(
  state: PacemakerState,
  context: DaemonContext,
  request: FenceRunRequest,
  found: readonly Device[],
): void {
  const { fencer } = state
  const required = request.action === 'on' ? found.filter((device) => factsOf(device).unfences) : []
  const needsAll = 0 < required.length && request.device === undefined
  const devices = [...(needsAll ? required : found)]
  const run: FenceRun = { id: nextId(fencer), request, devices, needsAll, hasDelayed: false }
  fencer.runs.set(run.id, run)
  startNext(state, context, run)
}

/** The next device of a run gets its turn. */
function startNext(state: PacemakerState, context: DaemonContext, run: FenceRun): void {
  const [device] = run.devices
  const { target, action, baseTimeout } = run.request
  if (device === undefined)
    return tellResult(state, context, run, { isOk: false, isTimeout: false, text: 'No such device' })
  const delay = drawDelay(context, device, run)
  run.hasDelayed = true
  const does = remapped(device, action)
  if (does !== action) log(context, `Remapping '${action}' action targeting ${target} using ${device.id} to '${does}'`)
  enqueue(state, context, {
    device,
    action: does,
    target,
    timeout: timeoutOf(device, action, baseTimeout),
    attempts: attemptsOf(device, action),
    owner: { kind: 'run', id: run.id },
    notBefore: context.now + delay * 1000,
  })
}

/** In seconds. What is asked for comes before the first device only; −1 there switches the devices' own delays off. */
function drawDelay(context: DaemonContext, device: Device, { request, hasDelayed }: FenceRun): number {
  const { action, target, delay: asked, baseTimeout } = request
  if (action === 'on' || asked < 0) return 0
  const { base, random, max } = delayOf(device, target)
  const requested = hasDelayed ? 0 : asked
  const chance = random === 0 ? fixed(0) : uniform(0, random - 1)
  const delay = requested + base + (random === 0 ? 0 : context.draw(`delay ${device.id}`, chance))
  if (delay === 0) return 0
  const limits = `requested_delay=${requested}s base=${base}s max=${max}s`
  const timeout = Math.floor(timeoutOf(device, action, baseTimeout) / 1000)
  log(
    context,
    `Delaying '${action}' action targeting ${target} using ${device.id} for ${delay}s | timeout=${timeout}s ${limits}`,
  )
  return delay
}

function commandEnded(state: PacemakerState, context: DaemonContext, { command, isOk, isTimeout, text }: Ended): void {
  const run = state.fencer.runs.get(command.owner.id)
  if (run === undefined) return
  const { target, client, operation } = run.request
  const how = isOk ? 'returned 0' : isTimeout ? 'could not be executed: Timed Out' : `returned 1 (${text})`
  run.devices.shift()
  const [next] = run.devices
  const isOver = isOk ? !run.needsAll || next === undefined : run.needsAll || next === undefined
  const retry = isOver || isOk ? '' : `, retrying with ${next!.id}`
  log(
    context,
    `Operation '${command.action}' targeting ${target} using ${command.device.id} ${how}${retry} | call ${operation} from ${client}`,
  )
  if (isOver) tellResult(state, context, run, { isOk, isTimeout, text })
  else startNext(state, context, run)
}

function tellResult(
  state: PacemakerState,
  context: DaemonContext,
  { id, request }: FenceRun,
  how: Pick<FenceResult, 'isOk' | 'isTimeout' | 'text'>,
): void {
  state.fencer.runs.delete(id)
  const { leader, operation, target, action, client, isLast } = request
  const result: FenceResult = { leader, operation, target, action, client, isLast, ...how }
  tell(state, context, 'fence-result', result)
}
