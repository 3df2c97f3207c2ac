/**
 * Each device's queue on this node: so many actions at a time as the device takes, delays before they begin, attempts, timeouts.
 * Source: spec E-8.2.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { actionOf, type Device, type FenceAction, limitOf } from './devices.ts'
import { type DeviceCommand, type FencerState, nextId } from './fencer-state.ts'
import { log, nextTicket, type PacemakerState } from './state.ts'

/** Between two attempts. */
const AGAIN = 1000
/** No further attempt once so much of the time is used. */
const LATEST = 0.7

/** What a device or its agent says. */
export interface DeviceAnswer {
  readonly isOk: boolean
  readonly text: string
  /** The nodes that it lists, where it was asked for that. */
  readonly listed?: readonly string[]
}

/** A command that has ended. */
export interface Ended extends DeviceAnswer {
  readonly command: DeviceCommand
  readonly isTimeout: boolean
}

/** Queues an action; it begins when its delay is over and the device has a place for it. */
export function enqueue(
  state: PacemakerState,
  context: DaemonContext,
  wish: Omit<DeviceCommand, 'attempt' | 'id' | 'startedAt' | 'ticket'>,
): void {
  const { fencer } = state
  const command: DeviceCommand = { ...wish, id: nextId(fencer), attempt: 1, startedAt: undefined, ticket: 0 }
  fencer.commands.set(command.id, command)
  const wait = command.notBefore - context.now
  if (0 < wait) context.act({ kind: 'timer', name: `fence-delay ${command.id}`, delay: wait })
  else pump(state, context, command.device)
}

/** A delay is over. */
export function delayOver(state: PacemakerState, context: DaemonContext, id: number): void {
  const command = state.fencer.commands.get(id)
  if (command !== undefined) pump(state, context, command.device)
}

/** The pause between two attempts is over. */
export function tryAgain(state: PacemakerState, context: DaemonContext, id: number): void {
  const command = state.fencer.commands.get(id)
  if (command !== undefined) callAgent(state, context, command)
}

/** The device has answered. Undefined where it goes on, or nobody waits for it. */
export function answered(
  state: PacemakerState,
  context: DaemonContext,
  ticket: number,
  answer: DeviceAnswer,
): Ended | undefined {
  const command = commandOf(state.fencer, ticket)
  if (command === undefined) return undefined
  context.act({ kind: 'cancel-timer', name: `fence-limit ${ticket}` })
  command.ticket = 0
  if (answer.isOk) return end(state, context, { command, ...answer, isTimeout: false })
  const { action, device, attempt, attempts, timeout, startedAt } = command
  const used = context.now - startedAt!
  if (attempt < attempts && used < timeout * LATEST) {
    command.attempt += 1
    const left = Math.floor((timeout - used - AGAIN) / 1000)
    log(context, `Attempt ${command.attempt} to execute ${device.agent} (${action}). remaining timeout is ${left}`)
    context.act({ kind: 'timer', name: `fence-again ${command.id}`, delay: AGAIN })
    return undefined
  }
  if (attempts <= attempt)
    log(
      context,
      `Attempted to execute agent ${device.agent} (${action}) the maximum number of times (${attempts}) allowed`,
    )
  return end(state, context, { command, ...answer, isTimeout: false })
}

/** The agent is killed; what the device has not done by now it does not do. There is no second attempt after that. */
export function late(state: PacemakerState, context: DaemonContext, ticket: number): Ended | undefined {
  const command = commandOf(state.fencer, ticket)
  if (command === undefined) return undefined
  context.act({ kind: 'cancel', ticket })
  return end(state, context, { command, isOk: false, isTimeout: true, text: 'Fence agent did not complete in time' })
}

function end(state: PacemakerState, context: DaemonContext, ended: Ended): Ended {
  const { id, device } = ended.command
  state.fencer.commands.delete(id)
  pump(state, context, device)
  return ended
}

function commandOf({ commands }: FencerState, ticket: number): DeviceCommand | undefined {
  for (const command of commands.values()) if (command.ticket === ticket) return command
  return undefined
}

/** Begins what the device has a place for, in the order in which it was asked for. */
function pump(state: PacemakerState, context: DaemonContext, device: Device): void {
  const own = [...state.fencer.commands.values()].filter((command) => command.device.id === device.id)
  let places = limitOf(device) - own.filter((command) => command.startedAt !== undefined).length
  for (const command of own) {
    if (places <= 0) return
    if (command.startedAt !== undefined || context.now < command.notBefore) continue
    places -= 1
    command.startedAt = context.now
    callAgent(state, context, command)
  }
}

function callAgent(state: PacemakerState, context: DaemonContext, command: DeviceCommand): void {
  const { action, device, target, timeout, startedAt } = command
  command.ticket = nextTicket(state)
  const { ticket } = command
  const delay = Math.max(1, timeout - (context.now - startedAt!))
  context.act({ kind: 'timer', name: `fence-limit ${ticket}`, delay })
  if (action === 'list' || action === 'status')
    return context.act({ kind: 'ask-device', ticket, device: device.id, question: action, target })
  context.act({ kind: 'fence', ticket, device: device.id, target, action: actionOf(device, action as FenceAction) })
}
