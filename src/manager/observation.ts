/** What one node's daemon can know: everything it is told comes as one of these. A manager never sees the world. */
import type { NodeName, ResourceId } from '../model/names.ts'
import type { OperationName, OperationResult } from '../model/operation.ts'

/** The daemon begins: its node booted, or it was started or restarted by hand or by itself. */
export interface BootObservation {
  readonly kind: 'boot'
  /** Rises with every start on this node, like a generation number kept on disk. */
  readonly generation: number
  /** The run goes on from a recorded state: everything stood for a while already, nothing starts now. */
  readonly resumed?: true
}

/** A message arrived by one medium. Its body is the manager's own, plain data. */
export interface MessageObservation {
  readonly kind: 'message'
  readonly from: string
  readonly medium: string
  readonly body: MessageBody
}

/** The body of a message: a type that traces show, and plain data that only the manager reads. */
export interface MessageBody {
  readonly type: string
  readonly data: unknown
}

/** An agent operation that this daemon asked for has ended. */
export interface ResultObservation {
  readonly kind: 'result'
  readonly ticket: number
  readonly resource: ResourceId
  readonly operation: OperationName
  readonly result: OperationResult
}

/** The metadata of the agent of an operation that this daemon asked for have been read; the operation itself begins. */
export interface DescribedObservation {
  readonly kind: 'described'
  readonly ticket: number
}

/** An agent told its manager something of this node while it ran: Pacemaker's promotion score. Comes before the call's result. */
export interface AttributeObservation {
  readonly kind: 'attribute'
  readonly name: string
  /** Absent: the attribute is deleted. */
  readonly value?: string
}

/** A fence request of this daemon has ended. */
export interface FencedObservation {
  readonly kind: 'fenced'
  readonly ticket: number
  readonly target: NodeName
  /** What the device answered; a lying device says true and does nothing. */
  readonly ok: boolean
  readonly text: string
}

/** A fence device has answered a question of this daemon. */
export interface DeviceToldObservation {
  readonly kind: 'device-told'
  readonly ticket: number
  readonly ok: boolean
  /** The nodes that it lists; empty where it was asked for one. */
  readonly listed: readonly NodeName[]
}

/** A timer that this daemon set has run out. */
export interface TimerObservation {
  readonly kind: 'timer'
  readonly name: string
}

/** An administrator typed a command on this node. */
export interface CommandObservation {
  readonly kind: 'command'
  /** The words, say `hb_standby`, `foreign`. */
  readonly words: readonly string[]
}

/** A process of the manager's, other than the main one, crashed, hung, or was put right; the main one cannot watch itself. */
export interface ProcessObservation {
  readonly kind: 'process'
  readonly process: string
  readonly state: 'crashed' | 'hung' | 'running'
}

/** The node shuts down in order; the daemon says `exit` when it has let go of everything. */
export interface ShutdownObservation {
  readonly kind: 'shutdown'
}

export type Observation =
  | AttributeObservation
  | DescribedObservation
  | DeviceToldObservation
  | BootObservation
  | CommandObservation
  | FencedObservation
  | MessageObservation
  | ProcessObservation
  | ResultObservation
  | ShutdownObservation
  | TimerObservation
