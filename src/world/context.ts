/**
 * What the world's verbs may use: time, chance, records, and the way to the daemons. The composition root provides it; the events are
 * plain data, so that a waiting queue can be stored.
 */
import type { Distribution } from '../kernel/draw.ts'
import type { Stream } from '../kernel/random.ts'
import type { Millis } from '../kernel/time.ts'
import type { Engine } from '../machines/engine.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { OperationResult } from '../model/operation.ts'
import type { RecordDraft } from '../trace/record.ts'
import type { RunningCall } from './state.ts'

/** What will happen to the world by itself. `life` is that of the node when the event was scheduled. */
export type WorldEvent =
  /** The container of a guest has changed. */
  | { readonly kind: 'container-changed'; readonly guest: NodeName; readonly cause: number }
  | { readonly kind: 'booted'; readonly node: NodeName; readonly life: number; readonly cause: number }
  | { readonly kind: 'powered-off'; readonly node: NodeName; readonly life: number; readonly cause: number }
  | {
      readonly kind: 'call-ends'
      readonly node: NodeName
      readonly life: number
      readonly call: number
      readonly version: number
      readonly cause: number
    }
  /** A call that slept first begins to work. */
  | {
      readonly kind: 'call-works'
      readonly node: NodeName
      readonly life: number
      readonly call: number
      readonly cause: number
    }
  | {
      readonly kind: 'call-tells'
      readonly node: NodeName
      readonly life: number
      readonly call: number
      readonly version: number
      readonly name: string
      readonly value: string | undefined
      readonly cause: number
    }
  | {
      readonly kind: 'call-times-out'
      readonly node: NodeName
      readonly life: number
      readonly call: number
      readonly cause: number
    }
  | {
      readonly kind: 'service-crashes'
      readonly node: NodeName
      readonly life: number
      readonly resource: ResourceId
      /** The call that brought it up. */
      readonly call: number
      readonly cause: number
    }
  | Packet
  | {
      readonly kind: 'fence-ends'
      readonly device: string
      readonly ticket: number
      readonly by: NodeName
      readonly cause: number
    }
  | {
      readonly kind: 'fence-cuts'
      readonly device: string
      readonly ticket: number
      readonly by: NodeName
      readonly cause: number
    }
  /** A fence device answers a question. */
  | {
      readonly kind: 'device-tells'
      readonly device: string
      readonly ticket: number
      readonly by: NodeName
      readonly byLife: number
      readonly target: NodeName
      readonly asks: 'list' | 'status'
      readonly cause: number
    }
  | { readonly kind: 'watchdog-bites'; readonly node: NodeName; readonly life: number; readonly cause: number }

/** A message on its way: the event of its arrival, and what its receiver observes then. Most of what happens in a run are messages. */
export interface Packet {
  readonly kind: 'message'
  readonly from: string
  readonly to: string
  readonly medium: string
  readonly body: { readonly type: string; readonly data: unknown }
  readonly routine: boolean
  readonly cause: number
}

/** One direction of one link. */
export interface Route {
  readonly medium: string
  readonly from: string
  readonly to: string
  /** Its component of chance. */
  readonly name: string
  readonly latency: Distribution
  /** The chance that latencies are drawn from. */
  readonly stream: Stream
}

/** The engines by which the three true machines run. */
export interface Engines {
  readonly node: Engine
  readonly lifecycle: Engine
  readonly fenceDevice: Engine
}

/** The hands and eyes of the world's verbs. */
export interface WorldContext {
  readonly now: () => Millis
  /** Appends a record caused by what is being handled. */
  readonly record: (draft: RecordDraft) => number
  /** False where records are only numbered: whoever makes many of them need not make them then, but {@link skipRecord} instead. */
  readonly keepsRecords: boolean
  /** Numbers a record that nobody keeps. */
  readonly skipRecord: () => number
  /** Whether routine messages (heartbeats) are recorded too. */
  readonly recordsRoutine: boolean
  /** Has `act` carried out with another record as the cause. */
  readonly because: (cause: number, act: () => void) => void
  /** The record that caused what is being handled. */
  readonly cause: () => number
  readonly schedule: (delay: Millis, event: WorldEvent) => void
  /** How many agents of all nodes work at full speed at a time; Infinity where each has a processor of its own. */
  readonly processors: number
  readonly draw: (component: string, purpose: string, distribution: Distribution) => Millis
  /** A uniform number in [0, 1). */
  readonly chance: (component: string, purpose: string) => number
  /** Where those numbers come from, for what is drawn very often. */
  readonly stream: (component: string, purpose: string) => Stream
  /** How long `operation` takes (of `subject`, where the scenario says so). */
  readonly timing: (operation: string, subject: string) => Distribution
  readonly engines: Engines
  /** The daemon on `node` begins; its node is up. */
  readonly startDaemon: (node: NodeName) => void
  /** Everything of the daemon on `node` is gone. */
  readonly loseDaemon: (node: NodeName) => void
  /** Hands a message to the daemon that it is for; false where that is no node's. */
  readonly deliver: (packet: Packet) => boolean
  /** Routes by sender, then by whom it sends to, worked out on first use. */
  readonly routes: Map<string, Map<string, readonly Route[]>>
  /** An agent tells its manager something of its node. */
  readonly callTells: (node: NodeName, name: string, value: string | undefined) => void
  /** The agent of the call with this ticket has been described; the call itself follows. */
  readonly agentDescribed: (node: NodeName, ticket: number) => void
  readonly callEnded: (node: NodeName, call: RunningCall, result: OperationResult) => void
  readonly fenceEnded: (
    node: NodeName,
    answer: { readonly ticket: number; readonly target: NodeName; readonly ok: boolean; readonly text: string },
  ) => void
  /** A fence device has answered a question of the daemon on `node`. */
  readonly deviceTold: (
    node: NodeName,
    answer: { readonly ticket: number; readonly ok: boolean; readonly listed: readonly NodeName[] },
  ) => void
  /** A process of the manager on `node` crashed, hung or was put right; the main one is the daemon itself. */
  readonly processChanged: (node: NodeName, process: string, state: 'crashed' | 'hung' | 'running') => void
  /** A node goes on after a freeze: what was held for it happens now. */
  readonly nodeResumed: (node: NodeName) => void
}
