/** What the fencer of one node keeps: operations that began here, those of others, and devices at work here. Plain data. */
import type { Millis } from '../kernel/time.ts'
import type { DeviceAction } from '../model/fence-agent-facts.ts'
import type { NodeName } from '../model/names.ts'
import type { Device, FenceAction } from './devices.ts'

/** What a fencer is asked for, by a controller or a tool. */
export interface FenceWish {
  readonly target: NodeName
  readonly action: FenceAction
  /** Seconds before the first device; −1 switches the devices' own delays off. */
  readonly delay: number
  /** The graph's action, or undefined where an administrator asked. */
  readonly actionId: number | undefined
  /** Who asks: the controller of one life, or one run of a tool. */
  readonly client: string
  /** A node may shoot itself where nobody else is there. */
  readonly maySelfFence: boolean
}

/** Which fencer leads an operation, under which of its numbers. */
export interface OperationKey {
  readonly leader: NodeName
  readonly operation: number
}

/** Who can fence the target? Asked of every fencer. Source: spec E-8.1, item 2. */
export interface FenceQuery extends OperationKey {
  readonly target: NodeName
  readonly action: FenceAction
  readonly client: string
  readonly baseTimeout: Millis
  readonly maySelfFence: boolean
}

/** A device as a peer reports it. */
export interface ReportedDevice {
  readonly id: string
  readonly timeout: Millis
  /** What the device's own delay adds to the total timeout, in seconds: a defect of 2.1.5 makes nothing of most (spec E-8.1, item 7). */
  readonly delay: number
  /** Its agent has answered there before. */
  readonly isVerified: boolean
}

/** What one peer can do. */
export interface FenceReply extends OperationKey {
  readonly devices: readonly ReportedDevice[]
}

/** One step of an operation: devices that must all succeed. */
export interface FenceStep {
  readonly device: string
  readonly action: FenceAction
  /** The `on` half of a reboot made of off and on: its failure changes nothing (spec E-8.6). */
  readonly mayFail: boolean
}

/** An operation that this node's fencer leads. */
export interface FenceOperation extends FenceWish {
  readonly id: number
  readonly baseTimeout: Millis
  /** Steps of each level in order; empty where there is no topology. */
  readonly levels: readonly (readonly FenceStep[])[]
  readonly isTopology: boolean
  level: number
  step: number
  /** Peers that have not answered yet. */
  readonly awaited: Set<NodeName>
  /** What peers have answered, in the order in which their answers came. */
  readonly replies: Map<NodeName, readonly ReportedDevice[]>
  /** It waits for answers before it asks anybody (again). */
  isQuerying: boolean
  /** Somebody has been asked, so there was a device. */
  hasBegun: boolean
  /** Peers that have been tried for the present step. */
  readonly tried: Set<NodeName>
  peer: NodeName | undefined
  lastText: string
}

/** What a peer is asked to do. */
export interface FenceRunRequest extends OperationKey {
  readonly to: NodeName
  readonly target: NodeName
  readonly action: FenceAction
  readonly client: string
  /** The one device of a level; undefined: every one that can, until one succeeds. */
  readonly device: string | undefined
  readonly baseTimeout: Millis
  /** Seconds before the first device; −1: no delay of any kind. */
  readonly delay: number
  readonly maySelfFence: boolean
  /** With its success the target is fenced. */
  readonly isLast: boolean
}

/** A request that is carried out on this node. */
export interface FenceRun {
  readonly id: number
  readonly request: FenceRunRequest
  /** Devices that are still to be tried, the present one first. */
  readonly devices: Device[]
  /** All of them must succeed: what unfences a node. */
  readonly needsAll: boolean
  hasDelayed: boolean
}

/** Devices of this node that are asked whether they can fence a target. Source: spec E-8.3. */
export interface DeviceSearch {
  readonly id: number
  /** An answer for the leader, or a request that is carried out with what is found. */
  readonly wanted:
    | { readonly kind: 'query'; readonly query: FenceQuery }
    | { readonly kind: 'run'; readonly request: FenceRunRequest }
  /** Devices that can, or may still say so. */
  readonly candidates: readonly Device[]
  readonly able: Set<string>
  readonly unanswered: Set<string>
}

/** An action of a device on this node: it waits for its turn, for its delay, or it runs. */
export interface DeviceCommand {
  readonly id: number
  readonly device: Device
  readonly action: DeviceAction
  readonly target: NodeName
  readonly timeout: Millis
  readonly attempts: number
  readonly owner: { readonly kind: 'run' | 'search'; readonly id: number }
  /** It must not begin before. */
  readonly notBefore: Millis
  attempt: number
  /** Undefined while it waits for its turn. */
  startedAt: Millis | undefined
  /** Of the agent at work; 0 where none is. */
  ticket: number
}

/** A request that joined an operation of the same target and action. Source: spec E-8.1, item 8. */
export interface MergedWish {
  readonly wish: FenceWish
  readonly into: OperationKey
}

export interface FencerState {
  /** Whether the process runs. */
  isUp: boolean
  /** Members whose fencer does not run. */
  readonly away: Set<NodeName>
  operations: number
  readonly led: Map<number, FenceOperation>
  /** Operations that other fencers lead, as they asked: `leader number`. */
  readonly heard: Map<string, FenceQuery>
  readonly merged: MergedWish[]
  /** What was asked while the process was away. */
  readonly waiting: FenceWish[]
  readonly searches: Map<number, DeviceSearch>
  readonly runs: Map<number, FenceRun>
  /** In the order in which they were asked for: each device's queue. */
  readonly commands: Map<number, DeviceCommand>
  /** The last number given to a search, run or command. */
  lastId: number
  /** Devices whose agent has answered here. */
  readonly verified: Set<string>
  /** What devices listed, and until when that holds. */
  readonly lists: Map<string, { readonly until: Millis; readonly nodes: readonly NodeName[] }>
  /** Nodes that were fenced at the wish of a fencer that has gone with them: the next DC must know (spec E-8.4). */
  readonly cleaned: Set<NodeName>
}

/** A device's answer, as it is told to all. */
export interface FenceResult extends OperationKey {
  readonly target: NodeName
  readonly action: FenceAction
  readonly isOk: boolean
  /** For whom: told where the leader cannot tell it any more. */
  readonly client: string
  /** The agent had to be killed. */
  readonly isTimeout: boolean
  readonly isLast: boolean
  readonly text: string
}

/** How an operation ended, for everybody. */
export interface FenceDone extends OperationKey {
  readonly target: NodeName
  readonly action: FenceAction
  readonly isOk: boolean
  readonly hadDevice: boolean
  readonly by: string
  readonly client: string
  /** The life of the controller that asked, and its action. */
  readonly life: string
  readonly actionId: number | undefined
  readonly isMerged: boolean
  /** `OK`, or what went wrong. */
  readonly text: string
}

/** A fencer at rest. */
export function createFencer(): FencerState {
  return {
    isUp: true,
    away: new Set(),
    operations: 0,
    led: new Map(),
    heard: new Map(),
    merged: [],
    waiting: [],
    searches: new Map(),
    runs: new Map(),
    commands: new Map(),
    lastId: 0,
    verified: new Set(),
    lists: new Map(),
    cleaned: new Set(),
  }
}

/** The next number for a search, run or command. */
export function nextId(fencer: FencerState): number {
  fencer.lastId += 1
  return fencer.lastId
}
