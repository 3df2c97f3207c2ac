/** What the fencer of one node keeps: operations that began here, and devices at work here. Plain data. */
import type { NodeName } from '../model/names.ts'
import type { FenceAction } from './devices.ts'

/** One step of an operation: devices that must all succeed. */
export interface FenceStep {
  readonly device: string
  readonly action: FenceAction
  /** The `on` half of a reboot made of off and on: its failure changes nothing (spec E-8.6). */
  readonly mayFail: boolean
}

/** An operation that this node's fencer leads. */
export interface FenceOperation {
  readonly id: number
  readonly target: NodeName
  readonly action: FenceAction
  readonly baseTimeout: number
  /** Further delay that the scheduler asks for; −1 switches the devices' own off. */
  readonly delay: number
  /** The graph's action, or undefined where an administrator asked. */
  readonly actionId: number | undefined
  /** Steps of each level in order; one level with one step a device where there is no topology. */
  readonly levels: readonly (readonly FenceStep[])[]
  readonly isTopology: boolean
  level: number
  step: number
  /** Peers that have been tried for the present step. */
  readonly tried: Set<NodeName>
  peer: NodeName | undefined
  hasDelayed: boolean
  lastText: string
}

/** A device at work on this node for whoever leads the operation. */
export interface DeviceRun {
  readonly operation: number
  readonly leader: NodeName
  readonly target: NodeName
  readonly devices: readonly FenceStep[]
  readonly timeout: number
  index: number
  attempt: number
  ticket: number
  startedAt: number
}

export interface FencerState {
  operations: number
  readonly led: Map<number, FenceOperation>
  /** By ticket of the request to the device, or negative while it waits. */
  readonly runs: Map<number, DeviceRun>
  /** Nodes that were fenced at the wish of a fencer that has gone with them: the next DC must know (spec E-8.4). */
  readonly cleaned: Set<NodeName>
}

/** A device's answer, as it is told to all. */
export interface FenceResult {
  readonly leader: NodeName
  readonly operation: number
  readonly target: NodeName
  readonly action: FenceAction
  readonly isOk: boolean
  readonly text: string
}

/** A fencer at rest. */
export function createFencer(): FencerState {
  return { operations: 0, led: new Map(), runs: new Map(), cleaned: new Set() }
}
