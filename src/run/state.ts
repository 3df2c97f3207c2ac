/** Everything that one run is made of. Owned by `simulate` and `fork`; the verbs of this room change it in place. */
import type { Loop } from '../kernel/loop.ts'
import type { Streams } from '../kernel/random.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import type { ClusterShape } from '../model/cluster.ts'
import type { NodeName } from '../model/names.ts'
import type { Argument } from '../model/vocabulary.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { TraceWriter } from '../trace/writer.ts'
import type { Engines, WorldContext } from '../world/context.ts'
import { createWorld, type NodeTruth, type World } from '../world/state.ts'
import type { RunEvent, TimerEvent } from './events.ts'
import type { AnyManager } from './managers.ts'

/** A fault that has begun. */
export interface ActiveFault {
  readonly id: number
  readonly fault: string
  readonly arguments: readonly Argument[]
  /** The record of its beginning. */
  readonly seq: number
}

/** What a hung daemon will be told when it goes on. */
export interface HeldObservation {
  readonly observation: Observation
  readonly cause: number
  /** For a timer: its event, so that it can still be cancelled. */
  readonly timer?: TimerEvent
}

/** A timer that a daemon set; changed in place where it is set anew, which is most of what happens to timers. */
export interface WaitingTimer {
  /** Unique in a run; the event carries it. 0 where it does not run. */
  id: number
  /** Its place in the queue. */
  readonly handle: number
  /** Its event, for the next time that it is set; undefined where somebody holds the last one. */
  event: TimerEvent | undefined
}

/** The part of a run that changes and is plain data: what a snapshot copies. */
export interface RunState {
  readonly world: World
  /** States of the daemons that run. */
  readonly daemons: Map<NodeName, unknown>
  /** Waiting timers of daemons, by node, then by name. */
  readonly timers: Map<NodeName, Map<string, WaitingTimer>>
  timersSet: number
  readonly heldObservations: Map<NodeName, HeldObservation[]>
  readonly heldEvents: Map<NodeName, RunEvent[]>
  readonly faults: Map<number, ActiveFault>
  faultsBegun: number
  /**
   * The last thing that silenced a member, by its name: power, freeze, a killed daemon, a cut link. No daemon sees this; it is why a
   * peer that falls silent is told in the trace with its true cause.
   */
  readonly blows: Map<string, number>
  /** The record that caused what is being handled. */
  cause: number
}

/** The state before anything has happened. */
export function createState(shape: ClusterShape): RunState {
  return {
    world: createWorld(shape),
    daemons: new Map(),
    timers: new Map(),
    timersSet: 0,
    heldObservations: new Map(),
    heldEvents: new Map(),
    faults: new Map(),
    faultsBegun: 0,
    blows: new Map(),
    cause: 0,
  }
}

/** One life of a daemon as this room handles it: everything that is looked up for each event, at one place. Derived, never stored. */
export interface Seat {
  readonly name: NodeName
  readonly node: NodeTruth
  /** The daemon's own state. */
  readonly daemon: unknown
  readonly timers: Map<string, WaitingTimer>
  readonly context: DaemonContext
}

/** One run. */
export interface Run {
  readonly scenario: Scenario
  readonly seed: number
  readonly manager: AnyManager
  readonly config: unknown
  readonly loop: Loop<RunEvent>
  readonly streams: Streams
  readonly writer: TraceWriter
  readonly engines: Engines
  readonly state: RunState
  readonly context: WorldContext
  /** Of the daemons that run; made on first use. */
  readonly seats: Map<NodeName, Seat>
  /** Whether routine messages (heartbeats) are recorded too. */
  readonly messages: 'all' | 'notable'
}
