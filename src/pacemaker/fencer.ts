/**
 * The fencer: finds who can cut a node off and has it done, device by device, peer by peer, level by level; carries out what other
 * nodes' fencers ask of this one. Everything travels through the ring, results too: a fenced member is reported only with the membership
 * that drops it (spec E-8.10). Source: spec E-8.1 to E-8.3, E-8.6, E-8.7, E-8.11.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { canFence, type Device, type FenceAction, levelsFor, timeoutOf, toDevices } from './devices.ts'
import type { FenceOperation, FenceResult, FenceStep } from './fencer-state.ts'
import { durationOption, property } from './machine.ts'
import { keyOf, log, type PacemakerState, tell } from './state.ts'
import { nodeStatusOf, transientsOf } from './store.ts'

/** What the fencer is asked. */
export interface FenceWish {
  readonly target: NodeName
  readonly action: FenceAction
  readonly delay: number
  readonly actionId: number | undefined
}

/** What a peer is asked to do. */
export interface FenceRunRequest {
  readonly to: NodeName
  readonly operation: number
  readonly leader: NodeName
  readonly target: NodeName
  readonly steps: readonly FenceStep[]
  readonly baseTimeout: number
  /** Extra delay before the first device; undefined: none of any kind. */
  readonly delay: number | undefined
}

/** How an operation ended, for everybody. */
export interface FenceDone {
  readonly target: NodeName
  readonly action: FenceAction
  readonly isOk: boolean
  readonly hadDevice: boolean
  readonly by: NodeName
  readonly leader: NodeName
  /** The life of the controller that asked, and its action. */
  readonly life: string
  readonly actionId: number | undefined
  readonly text: string
}

/** Begins an operation. */
export function requestFence(state: PacemakerState, context: DaemonContext, wish: FenceWish): void {
  const { fencer, cib } = state
  fencer.operations += 1
  const { target, action } = wish
  const baseTimeout = durationOption(state, 'stonith-timeout', 60_000)
  const attributes = transientsOf(cib.status, keyOf(state, target).id)
  const levels = levelsFor(cib.configuration, target, attributes)
  const operation: FenceOperation = {
    id: fencer.operations,
    target,
    action,
    baseTimeout,
    delay: wish.delay,
    actionId: wish.actionId,
    levels: (levels ?? []).map((devices) => toSteps(devices, action)),
    isTopology: levels !== undefined,
    level: 0,
    step: 0,
    tried: new Set(),
    peer: undefined,
    hasDelayed: false,
    lastText: '',
  }
  fencer.led.set(operation.id, operation)
  const devices = toDevices(cib.configuration).filter((device) => canFence(device, target))
  const named = operation.isTopology
    ? operation.levels.flatMap((steps) => steps.flatMap((step) => devices.filter(({ id }) => id === step.device)))
    : devices.slice(0, 1)
  const sum = named.reduce((total, device) => total + timeoutOf(device, action, baseTimeout), 0)
  context.act({ kind: 'timer', name: `fence-total ${operation.id}`, delay: Math.floor((sum || baseTimeout) * 1.2) })
  log(context, `Requesting peer fencing (${action}) targeting ${target}`)
  if (devices.length === 0 && waitForWatchdog(state, context, operation)) return
  attempt(state, context, operation)
}

/** A reboot by several devices is all off, then all on. Source: spec E-8.6. */
function toSteps(devices: readonly string[], action: FenceAction): readonly FenceStep[] {
  const all = (each: FenceAction, mayFail: boolean): readonly FenceStep[] =>
    devices.map((device) => ({ device, action: each, mayFail }))
  return action === 'reboot' && 1 < devices.length ? [...all('off', false), ...all('on', true)] : all(action, false)
}

/** Without a device, a node with a watchdog is taken to reset itself. Source: spec E-8.7. */
function waitForWatchdog(state: PacemakerState, context: DaemonContext, operation: FenceOperation): boolean {
  const wait = durationOption(state, 'stonith-watchdog-timeout', 0)
  if (property(state, 'have-watchdog') !== 'true' || wait <= 0) return false
  log(context, `Waiting ${Math.floor(wait / 1000)}s for ${operation.target} to self-fence (${operation.action})`)
  context.act({ kind: 'timer', name: `fence-watchdog ${operation.id}`, delay: wait })
  return true
}

/** The watchdog's time is over: its node is held for reset. */
export function watchdogOver(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation !== undefined) finish(state, context, operation, true, 'the watchdog has had its time')
}

/** Asks the next peer, device or level; ends the operation where there is none. */
function attempt(state: PacemakerState, context: DaemonContext, operation: FenceOperation): void {
  const chosen = choose(state, operation)
  if (chosen === undefined) {
    const steps = operation.levels[operation.level]
    if (operation.isTopology && steps?.[operation.step]?.mayFail === true) return stepDone(state, context, operation)
    if (operation.isTopology && operation.level + 1 < operation.levels.length) {
      operation.level += 1
      operation.step = 0
      operation.tried.clear()
      return attempt(state, context, operation)
    }
    log(context, `Couldn't find anyone to fence (${operation.action}) ${operation.target} using any device`, 'warning')
    return finish(state, context, operation, false, operation.lastText || 'No such device')
  }
  const { peer, steps, timeout } = chosen
  operation.peer = peer
  operation.tried.add(peer)
  const request: FenceRunRequest = {
    to: peer,
    operation: operation.id,
    leader: state.self,
    target: operation.target,
    steps,
    baseTimeout: operation.baseTimeout,
    delay: operation.hasDelayed ? undefined : operation.delay,
  }
  operation.hasDelayed = true
  log(context, `Requesting that ${peer} perform '${operation.action}' action targeting ${operation.target}`)
  context.act({ kind: 'timer', name: `fence-peer ${operation.id}`, delay: Math.floor(timeout * 1.2) })
  tell(state, context, 'fence-run', request)
}

interface Choice {
  readonly peer: NodeName
  readonly steps: readonly FenceStep[]
  readonly timeout: number
}

/** The best peer that has not been tried. Source: spec E-8.1, item 4. */
function choose(state: PacemakerState, operation: FenceOperation): Choice | undefined {
  const { target, action, tried, baseTimeout } = operation
  const step = operation.levels[operation.level]?.[operation.step]
  if (operation.isTopology && step === undefined) return undefined
  const devices = toDevices(state.cib.configuration).filter(
    (device) => canFence(device, target) && (step === undefined || device.id === step.device),
  )
  const isAlone = state.ring.members.length === 1
  const peers = state.ring.members.filter((peer) => !tried.has(peer) && (peer !== target || isAlone || action === 'on'))
  const choices = peers.flatMap((peer) => {
    const usable = devices.filter((device) => !device.banned.includes(peer))
    if (usable.length === 0) return []
    const isVerified = usable.some((device) => runsOn(state, device, peer))
    return [{ peer, usable, isVerified }]
  })
  choices.sort(
    (left, right) =>
      Number(right.isVerified) - Number(left.isVerified) ||
      right.usable.length - left.usable.length ||
      Number(left.peer === state.self) - Number(right.peer === state.self),
  )
  const [best] = choices
  if (best === undefined) return undefined
  const steps = step === undefined ? best.usable.map(({ id }) => ({ device: id, action, mayFail: false })) : [step]
  const timeout = best.usable.reduce((sum, device) => sum + timeoutOf(device, action, baseTimeout), 0)
  return { peer: best.peer, steps, timeout }
}

/** Verified: the device's resource runs there, so its agent has answered before. */
function runsOn(state: PacemakerState, { id }: Device, peer: NodeName): boolean {
  const history = nodeStatusOf(state.cib.status, keyOf(state, peer).id)?.history
  const ops = history?.find((entry) => entry.id === id)?.ops ?? []
  const last = ops.find((op) => op.id === `${id}_last_0`)
  return last !== undefined && last.rc === 0 && (last.operation === 'start' || last.operation === 'monitor')
}

/** A peer's answer arrived at whoever leads the operation. */
export function heardFenceResult(
  state: PacemakerState,
  context: DaemonContext,
  from: NodeName,
  result: FenceResult,
): void {
  const operation = state.fencer.led.get(result.operation)
  if (result.leader !== state.self || operation === undefined || operation.peer !== from) return
  context.act({ kind: 'cancel-timer', name: `fence-peer ${operation.id}` })
  operation.lastText = result.text
  if (!result.isOk) attempt(state, context, operation)
  else if (operation.isTopology) stepDone(state, context, operation)
  else finish(state, context, operation, true, result.text)
}

function stepDone(state: PacemakerState, context: DaemonContext, operation: FenceOperation): void {
  operation.step += 1
  operation.tried.clear()
  const steps = operation.levels[operation.level]!
  if (operation.step < steps.length) attempt(state, context, operation)
  else finish(state, context, operation, true, operation.lastText)
}

/** A peer did not answer in time, or is gone. */
export function peerSilent(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation === undefined) return
  operation.lastText = 'Timed out'
  attempt(state, context, operation)
}

/** Peers that are gone will not answer. */
export function peersGone(state: PacemakerState, context: DaemonContext, gone: readonly NodeName[]): void {
  for (const operation of [...state.fencer.led.values()])
    if (operation.peer !== undefined && gone.includes(operation.peer)) attempt(state, context, operation)
}

/** The whole operation took too long. */
export function totalOver(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation === undefined) return
  const text = 'Fencing did not complete within a total timeout'
  finish(state, context, operation, false, text)
}

function finish(
  state: PacemakerState,
  context: DaemonContext,
  operation: FenceOperation,
  isOk: boolean,
  text: string,
): void {
  const { id, target, action, actionId, peer } = operation
  state.fencer.led.delete(id)
  for (const name of [`fence-total ${id}`, `fence-peer ${id}`]) context.act({ kind: 'cancel-timer', name })
  const done: FenceDone = {
    target,
    action,
    isOk,
    hadDevice: peer !== undefined || isOk,
    by: peer ?? state.self,
    leader: state.self,
    life: state.controller.life,
    actionId,
    text,
  }
  context.act({ kind: 'believe', about: `fencing of ${target}`, state: `${action} ${isOk ? 'succeeded' : 'failed'}` })
  tell(state, context, 'fence-done', done)
}
