/**
 * The records of a trace: a closed union. A trace is the only thing that leaves a run; viewers, checks and reports read nothing
 * else. Every record but an injected one names the record that caused it, so that a chain of reasons can be walked.
 */
import type { Millis } from '../kernel/time.ts'
import type { ClusterShape } from '../model/cluster.ts'
import type { Expectation } from '../model/expectation.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { NodeState } from '../model/node.ts'
import type { OperationName, OperationStatus } from '../model/operation.ts'
import type { Parameter } from '../model/resource.ts'

/** What every record has. */
export interface RecordBase {
  /** Position in the trace, from 1, without gaps. */
  readonly seq: number
  readonly at: Millis
  /** The record that caused this one; 0 for what the scenario injected. */
  readonly cause: number
}

/** A fault of the scenario or of chaos begins or ends. */
export interface FaultRecord extends RecordBase {
  readonly kind: 'fault'
  readonly phase: 'begin' | 'end'
  /** The fault's name in the catalogue, say `link-down`. */
  readonly fault: string
  /** What it strikes: nodes, links, resources, devices. */
  readonly targets: readonly string[]
  /** What happened, as a sentence without a full stop. */
  readonly text: string
  /** The scenario's `why`, empty where it gives none. */
  readonly why: string
  /** Present at the beginning of a fault that goes on until an end names this record as its cause. */
  readonly lasting?: true
}

/** An administrator did something. */
export interface CommandRecord extends RecordBase {
  readonly kind: 'command'
  readonly node: NodeName
  readonly command: string
  readonly why: string
}

/** The true state of a node changed. */
export interface NodeRecord extends RecordBase {
  readonly kind: 'node'
  readonly node: NodeName
  readonly from: NodeState
  readonly to: NodeState
  readonly text: string
}

/** A process of the cluster manager began, ended or hung. */
export interface ProcessRecord extends RecordBase {
  readonly kind: 'process'
  readonly node: NodeName
  readonly process: string
  readonly state: 'crashed' | 'exited' | 'hung' | 'running'
}

/** The condition of one direction of one link, of a ping target or of a storage path changed. */
export interface LinkRecord extends RecordBase {
  readonly kind: 'link'
  readonly medium: string
  readonly from: string
  readonly to: string
  readonly up: boolean
  /** Extra one-way delay. */
  readonly delay: Millis
  readonly lossChance: number
}

/** A message between daemons. Routine traffic (heartbeats) is recorded only where the run asks for it. */
export interface MessageRecord extends RecordBase {
  readonly kind: 'message'
  readonly phase: 'delivered' | 'lost' | 'sent'
  readonly from: string
  readonly to: string
  readonly medium: string
  /** The message's type in the manager's words. */
  readonly type: string
  readonly routine: boolean
}

/** An agent is called, or its call ends. `ticket` ties begin and end. */
export interface OperationRecord extends RecordBase {
  readonly kind: 'operation'
  readonly phase: 'begin' | 'end'
  readonly ticket: number
  readonly node: NodeName
  readonly resource: ResourceId
  readonly operation: OperationName
  /** The command as the agent gets it, say `Filesystem /dev/drbd0 /grp ext3 start`. */
  readonly call: string
  readonly interval: Millis
  /** What the agent was told beside its parameters, at the beginning of a notification. */
  readonly environment?: readonly Parameter[]
  /** Absent at the beginning. */
  readonly status?: OperationStatus
  readonly rc?: number
  readonly output?: string
}

/** What really runs changed: one resource instance on one node. */
export interface LifecycleRecord extends RecordBase {
  readonly kind: 'lifecycle'
  readonly node: NodeName
  readonly resource: ResourceId
  readonly from: LifecycleState
  readonly to: LifecycleState
  /** The event that moved the machine. */
  readonly event: string
}

/** A fence request and its fate. */
export interface FenceRecord extends RecordBase {
  readonly kind: 'fence'
  readonly phase: 'attempt' | 'failed' | 'requested' | 'succeeded'
  readonly device: string
  readonly target: NodeName
  readonly action: 'off' | 'on' | 'reboot'
  /** Who asked. */
  readonly by: NodeName
  readonly text: string
}

/** Two nodes used one storage at a time, or its access was lost or came back. */
export interface StorageRecord extends RecordBase {
  readonly kind: 'storage'
  readonly phase: 'access-lost' | 'access-restored' | 'closed' | 'corrupted' | 'opened'
  readonly storage: string
  readonly nodes: readonly NodeName[]
  readonly text: string
}

/** What one node's manager now holds to be true of another member or of a ping target. */
export interface MembershipRecord extends RecordBase {
  readonly kind: 'membership'
  /** Whose view it is. */
  readonly node: NodeName
  readonly member: string
  /** In the manager's words: `up`, `active`, `dead`, `ping`, … */
  readonly status: string
  readonly text: string
}

/** What one node's manager now holds to be true of a resource, group or service. */
export interface BeliefRecord extends RecordBase {
  readonly kind: 'belief'
  readonly node: NodeName
  /** A resource's or group's id, or a fact of the manager's own (`I hold`). */
  readonly about: string
  readonly state: string
}

/** One reason behind a decision. */
export interface Reason {
  /** As a sentence without a full stop. */
  readonly text: string
  /** The option, constraint or rule behind it: `auto_failback`, `spec heartbeat 8`. */
  readonly source: string
}

/** A manager decided. */
export interface DecisionRecord extends RecordBase {
  readonly kind: 'decision'
  readonly node: NodeName
  /** A short code that filters and tests use: `takeover`, `failback`, `give-up-group`. */
  readonly decision: string
  /** What it is about: groups, resources, nodes. */
  readonly about: readonly string[]
  readonly text: string
  readonly reasons: readonly Reason[]
}

/** A machine of the manager's own moved: a controller, a service, a node's resource work. */
export interface MachineRecord extends RecordBase {
  readonly kind: 'machine'
  readonly node: NodeName
  readonly machine: string
  readonly from: string
  readonly to: string
  readonly event: string
}

/** A line of a manager's log. */
export interface LogRecord extends RecordBase {
  readonly kind: 'log'
  readonly node: NodeName
  readonly level: 'critical' | 'error' | 'info' | 'warning'
  readonly text: string
}

/** Every record of a trace. */
export type TraceRecord =
  | BeliefRecord
  | CommandRecord
  | DecisionRecord
  | FaultRecord
  | FenceRecord
  | LifecycleRecord
  | LinkRecord
  | LogRecord
  | MachineRecord
  | MembershipRecord
  | MessageRecord
  | NodeRecord
  | OperationRecord
  | ProcessRecord
  | StorageRecord

export type RecordKind = TraceRecord['kind']

/** A record before the writer gives it its number. */
export type RecordDraft = TraceRecord extends infer R
  ? R extends TraceRecord
    ? Omit<R, 'at' | 'cause' | 'seq'>
    : never
  : never

/** The first line of a trace. */
export interface TraceHeader {
  readonly kind: 'header'
  readonly format: 1
  /** Quorate's version. */
  readonly version: string
  readonly title: string
  readonly seed: number
  readonly until: Millis
  /** Digest of the scenario with all its files. */
  readonly scenarioDigest: string
  readonly cluster: ClusterShape
  /** The expectations of the scenario, for the checks. */
  readonly expectations: readonly Expectation[]
}

/** The last line of a trace. */
export interface TraceFooter {
  readonly kind: 'footer'
  readonly records: number
  readonly events: number
  readonly endedAt: Millis
  readonly reason: 'event-limit' | 'idle' | 'time-limit'
  /** Digest over the header and every record, as lower-case hexadecimal. */
  readonly digest: string
}

/** A whole trace. */
export interface Trace {
  readonly header: TraceHeader
  readonly records: readonly TraceRecord[]
  readonly footer: TraceFooter
}
