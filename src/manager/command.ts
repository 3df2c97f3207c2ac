/** What a daemon can ask for: plain data, carried out by the composition root on the daemon's node. */
import type { Millis } from '../kernel/time.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { OperationName } from '../model/operation.ts'
import type { Parameter } from '../model/resource.ts'
import type { Reason } from '../trace/record.ts'
import type { MessageBody } from './observation.ts'

/** Call an agent. Exactly one result observation with the same ticket follows, unless the daemon or its node ends first. */
export interface RunCommand {
  readonly kind: 'run'
  /** Chosen by the daemon, unique within its life. */
  readonly ticket: number
  readonly resource: ResourceId
  readonly operation: OperationName
  readonly interval?: Millis
  /** Kill the agent after so long; absent: wait for ever. */
  readonly timeout?: Millis | undefined
  /** What the agent is told beside its parameters, for the trace: the variables of a notification. */
  readonly environment?: readonly Parameter[] | undefined
  /** The agent's metadata are read before; an observation says when they have been. */
  readonly describes?: boolean
}

/** Kill a running agent call; its result comes with status `cancelled`. Or a request to a fence device: nothing comes of it then. */
export interface CancelCommand {
  readonly kind: 'cancel'
  readonly ticket: number
}

/** Ask a fence device to cut a node off. */
export interface FenceCommand {
  readonly kind: 'fence'
  readonly ticket: number
  readonly device: string
  readonly target: NodeName
  readonly action: 'off' | 'on' | 'reboot'
}

/** Ask a fence device which nodes it knows, or whether it knows `target`. One observation says what it answers. */
export interface AskDeviceCommand {
  readonly kind: 'ask-device'
  readonly ticket: number
  readonly device: string
  readonly question: 'list' | 'status'
  readonly target: NodeName
}

/** Send a message to a member, a ping target, or `*` (all other members), by one medium or, where absent, by every one. */
export interface SendCommand {
  readonly kind: 'send'
  readonly to: string
  readonly medium?: string
  readonly body: MessageBody
  /** Routine traffic is left out of traces unless asked for. */
  readonly routine: boolean
}

/** Set a timer; a timer of the same name is replaced. */
export interface TimerCommand {
  readonly kind: 'timer'
  readonly name: string
  readonly delay: Millis
}

export interface CancelTimerCommand {
  readonly kind: 'cancel-timer'
  readonly name: string
}

/** Use the node's hardware watchdog: once armed it reboots the node when it is not fed for `timeout`. */
export interface WatchdogCommand {
  readonly kind: 'watchdog'
  readonly action: 'arm' | 'close' | 'feed'
  readonly timeout: Millis
}

/** Reboot this node at once, without goodbye. */
export interface RebootCommand {
  readonly kind: 'reboot'
  readonly reason: string
}

/** End this daemon; `restartAfter` has it started again after so long. Agents' services stay as they are. */
export interface ExitCommand {
  readonly kind: 'exit'
  readonly reason: string
  readonly restartAfter?: Millis
}

/** Tell the trace what was decided and why. */
export interface DecideCommand {
  readonly kind: 'decide'
  readonly decision: string
  readonly about: readonly string[]
  readonly text: string
  readonly reasons: readonly Reason[]
}

/** Tell the trace what this daemon now believes of a member. */
export interface MembershipCommand {
  readonly kind: 'membership'
  readonly member: string
  readonly status: string
  readonly text: string
}

/** Tell the trace what this daemon now believes of a resource, group or service. */
export interface BelieveCommand {
  readonly kind: 'believe'
  readonly about: string
  readonly state: string
}

/** Tell the trace that one of the daemon's own machines moved. */
export interface MachineCommand {
  readonly kind: 'machine'
  readonly machine: string
  readonly from: string
  readonly to: string
  readonly event: string
}

/** Tell that one of the manager's processes, other than the main one, has been started again by the manager itself. */
export interface RespawnCommand {
  readonly kind: 'respawn'
  readonly process: string
}

/** Write a log line. */
export interface LogCommand {
  readonly kind: 'log'
  readonly level: 'critical' | 'error' | 'info' | 'warning'
  readonly text: string
}

export type Command =
  | AskDeviceCommand
  | BelieveCommand
  | CancelCommand
  | CancelTimerCommand
  | DecideCommand
  | ExitCommand
  | FenceCommand
  | LogCommand
  | MachineCommand
  | MembershipCommand
  | RebootCommand
  | RespawnCommand
  | RunCommand
  | SendCommand
  | TimerCommand
  | WatchdogCommand
