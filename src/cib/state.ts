/**
 * A cluster's working state: what unpack.ts makes of configuration and status at one instant, and all that the scheduler reads.
 *
 * Layout. Nodes, resources and early actions are arrays; an element's `index` is its place in its array, and every reference
 * from one element to another is such an index (−1: none). Names are looked up through Maps. Two orders must not be mixed up:
 * - `nodes` is in order of creation. "The node list" of the specification, sorted by name, is `nodeOrder`.
 * - `resources` is in order of creation (parents before children). "Resource order" is `tops`, children depth-first inside.
 * Both arrays hold resources and nodes that were never in the configuration: clone instances, bundle parts, guest connections,
 * orphans. A resource that could not be unpacked is not here.
 *
 * The state is plain, structured-cloneable and immutable for its readers: the scheduler makes a worksheet of its own from it
 * for each decision, and never needs XML. `changes` tells why each table has its scores, for explanations.
 *
 * Source: spec; B-2, B-3; C-3.2 step 1, C-5.1, C-5.2.
 */

import type { WatchedClock } from './clock.ts'
import type {
  BundleConfig,
  CloneConfig,
  Configuration,
  GroupConfig,
  OpConfig,
  Place,
  PrimitiveConfig,
} from './configuration.ts'
import type { DigestedOp, Digests } from './digests.ts'
import type { Role } from './role.ts'
import type { HistoryOp, Status } from './status.ts'

/**
 * T as the code that builds it sees it: fields, maps of texts and lists of numbers are writable; all else stays as it is.
 */
export type Draft<T> = { -readonly [K in keyof T]: DraftField<T[K]> }

type DraftField<F> =
  F extends ReadonlyMap<string, infer V>
    ? Map<string, V>
    : F extends readonly number[]
      ? number[]
      : F extends NodeTable
        ? { nodes: number[]; scores: number[]; discovery: Discovery[] }
        : F

/** Everything the scheduler reads. */
export interface ClusterState {
  /** The instant that all rules and time-outs are judged at. */
  readonly clock: WatchedClock
  readonly options: ClusterOptions
  /** The partition has quorum (root attribute `have-quorum`). */
  readonly quorum: boolean
  /** A fence device (or watchdog) is known (spec ). */
  readonly fencingDevice: boolean
  /** Some resource needs unfencing, or a device provides it (spec ). */
  readonly unfencing: boolean

  readonly nodes: readonly NodeState[]
  /** Indexes of `nodes` by name: "the node list" (spec ). */
  readonly nodeOrder: readonly number[]
  /** The DC's node, or −1. */
  readonly dcNode: number

  readonly resources: readonly ResourceState[]
  /** Top-level resources: by descending priority, else in document order; then orphans as they were found. */
  readonly tops: readonly number[]

  readonly tickets: ReadonlyMap<string, TicketState>
  /** Tag id → names. */
  readonly tags: ReadonlyMap<string, readonly string[]>
  /** Template id → ids of the primitives made from it, in order of unpacking (an instance's with `:N`); empty where none. */
  readonly templates: ReadonlyMap<string, readonly string[]>

  /** Actions asked for while status was read, in order of creation: the first is action 1 (spec C-3.2). */
  readonly earlyActions: readonly EarlyAction[]
  /** Connection checks put off until after assignment, in order of registration (spec, C-5.10). */
  readonly deferredChecks: readonly DeferredCheck[]
  /** Digests worked out so far, by node and key: a decision goes on with a copy (digests.ts, spec C-5.5). */
  readonly digests: ReadonlyMap<number, ReadonlyMap<string, Digests>>
  /** Recurring failures that have expired: they compare as changed so that a restart is due (spec, C-5.5). */
  readonly expiredOps: ReadonlySet<DigestedOp>
  /** Failures that are passed over: by their on-fail (spec ), or as probes that say no more than that nothing is there. */
  readonly ignoredOps: ReadonlySet<object>
  /** Every score change made while status was read, in order (spec B-3). The tables already hold them. */
  readonly changes: readonly ScoreChange[]

  /** What failed and what it means, in the order in which it was read, for explanations (spec ). */
  readonly failures: readonly Failure[]
  /** Failed operations for the display, in order of discovery (spec ). */
  readonly failedOps: readonly FailedOp[]
  /** Earliest instant at which something of this state may change by time alone, epoch seconds; 0: none (spec ). */
  readonly recheckAt: number
  /** Lines that the reference tool prints on stdout while it unpacks (unfencing notices). */
  readonly notices: readonly string[]

  readonly configuration: Configuration
  readonly status: Status
  /** Lower-case node id or, failing that, name → node. */
  readonly nodeById: ReadonlyMap<string, number>
  readonly nodeByName: ReadonlyMap<string, number>
  /** Exact internal id (instances with `:N`) → resource. */
  readonly resourceById: ReadonlyMap<string, number>
}

/** What cluster options mean now; times in the unit named. Source: spec A-6. */
export interface ClusterOptions {
  /** Every option as read, known or not. */
  readonly all: ReadonlyMap<string, string>
  /** The policy in force (spec ), whether or not there is quorum. */
  readonly noQuorumPolicy: 'stop' | 'freeze' | 'ignore' | 'demote' | 'suicide'
  readonly symmetric: boolean
  readonly maintenanceMode: boolean
  readonly startFailureIsFatal: boolean
  readonly enableStartupProbes: boolean
  readonly shutdownLock: boolean
  readonly shutdownLockLimitSeconds: number
  readonly fencing: boolean
  /** `reboot` or `off`. */
  readonly fencingAction: string
  readonly fencingTimeoutMs: number
  readonly haveWatchdog: boolean
  readonly concurrentFencing: boolean
  readonly startupFencing: boolean
  readonly priorityFencingDelaySeconds: number
  readonly clusterDelayMs: number
  readonly batchLimit: string
  readonly migrationLimit: string
  readonly stopAllResources: boolean
  readonly stopOrphanResources: boolean
  readonly stopOrphanActions: boolean
  readonly removeAfterStop: boolean
  readonly healthStrategy: 'none' | 'migrate-on-red' | 'only-green' | 'progressive' | 'custom'
  readonly healthBase: number
  /** What the words red, yellow and green mean in every score text (spec ). */
  readonly health: HealthScores
  readonly placementStrategy: 'default' | 'utilization' | 'minimal' | 'balanced'
  readonly clusterName: string | undefined
}

/** The numbers behind the health words. */
export interface HealthScores {
  readonly red: number
  readonly yellow: number
  readonly green: number
}

/** One node as the cluster sees it. */
export interface NodeState extends Place {
  readonly index: number
  readonly id: string
  readonly uname: string
  readonly type: 'member' | 'remote' | 'ping'
  /** The score as configured: what tables made before node states were read begin with. */
  readonly baseScore: string | undefined
  /** Base score of the main node object; −INFINITY once offline or shutting down (spec, B-2.1). */
  readonly weight: number
  /** Discovery mode of the main object: 'never' for bundle nodes. */
  readonly discovery: Discovery
  readonly online: boolean
  readonly standby: boolean
  readonly standbyOnFail: boolean
  readonly pending: boolean
  readonly unclean: boolean
  readonly unseen: boolean
  readonly shutdown: boolean
  readonly expectedUp: boolean
  readonly maintenance: boolean
  readonly isDc: boolean
  /** Resource discovery (probes) is enabled here (spec ). */
  readonly discoveryEnabled: boolean
  /** Guest or remote: must be reset before it is trusted again (spec ). */
  readonly requiresReset: boolean
  /** Remote: `node_fenced` of its status (spec ). */
  readonly wasFenced: boolean
  /** Remote: the status says so; what the graph's maintenance_nodes compares with (spec ). */
  readonly remoteInMaintenance: boolean
  /** Its history was read. */
  readonly historyRead: boolean
  /** Permanent and transient attributes merged, in order of insertion (spec ). */
  readonly attributes: ReadonlyMap<string, string>
  /** Capacity, as written. */
  readonly utilization: ReadonlyMap<string, string>
  /** Primitives running here, in order of discovery. */
  readonly running: readonly number[]
  /** Remote-type node: its connection resource, or −1. */
  readonly connection: number
  /** Sum for priority-fencing-delay (spec ). */
  readonly priority: number
}

/** Where probes run: everywhere, not on this node, only on nodes marked so. Ordered always < never < exclusive. */
export type Discovery = 'always' | 'never' | 'exclusive'

/** The allowed nodes of a resource: parallel arrays in order of insertion. */
export interface NodeTable {
  readonly nodes: readonly number[]
  readonly scores: readonly number[]
  readonly discovery: readonly Discovery[]
}

/** One resource, primitive or collective, also one instance of a clone. */
export interface ResourceState extends Place {
  readonly index: number
  /** Internal id: instances carry `:N`. */
  readonly id: string
  /** The id without `:N`. */
  readonly xmlId: string
  /** What it is shown as: the internal id when unique, else the XML id (spec ). */
  readonly shownId: string
  readonly kind: 'primitive' | 'group' | 'clone' | 'bundle'
  readonly parent: number
  readonly children: readonly number[]
  /** The outermost ancestor below a bundle, itself where there is none ("uber-parent", spec ). */
  readonly top: number
  /** The outermost ancestor, bundles included. */
  readonly root: number
  /** Agent; undefined for collectives. */
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
  /** The configuration element, effective (template merged); made up for implicit and orphan resources. */
  readonly config: PrimitiveConfig | GroupConfig | CloneConfig | BundleConfig
  readonly ops: readonly OpConfig[]
  readonly meta: ReadonlyMap<string, string>
  readonly utilization: ReadonlyMap<string, string>

  readonly managed: boolean
  readonly blocked: boolean
  readonly maintenance: boolean
  readonly orphan: boolean
  /** An orphan that was a guest's connection (spec ). */
  readonly orphanFiller: boolean
  readonly failed: boolean
  /** Failed so that it must be stopped even if it stays ("stop needed"). */
  readonly stopNeeded: boolean
  readonly failureIgnored: boolean
  readonly startPending: boolean
  readonly unique: boolean
  readonly notify: boolean
  readonly critical: boolean
  readonly promotable: boolean
  /** allow-migrate, in effect (spec ), unless history forbade it (spec ). */
  readonly migratable: boolean
  readonly exclusiveDiscovery: boolean
  readonly needsQuorum: boolean
  readonly needsFencing: boolean
  readonly needsUnfencing: boolean
  readonly fenceDevice: boolean
  /** ocf:pacemaker:remote. */
  readonly remoteConnection: boolean
  /** Implicit (guest connection, bundle part). */
  readonly internal: boolean
  /** A connection whose node may be on another host than its container (bundles, spec ). */
  readonly mayRunRemote: boolean

  readonly priority: number
  readonly stickiness: number
  /** 0: off; INFINITY: default. */
  readonly migrationThreshold: number
  readonly failureTimeoutSeconds: number
  readonly reconnectIntervalMs: number
  readonly multipleActive: 'stop_start' | 'stop_only' | 'block' | 'stop_unexpected'
  readonly restartType: 'ignore' | 'restart'

  readonly role: Role
  readonly nextRole: Role
  readonly allowed: NodeTable
  readonly knownOn: readonly number[]
  readonly runningOn: readonly number[]
  readonly pendingTask: string | undefined
  readonly pendingNode: number
  /** The pending task's operation is recurring (display only). */
  readonly pendingIntervalMs: number
  /** The id under which history knows it, where that differs (spec ). */
  readonly historyName: string | undefined
  readonly lockNode: number
  readonly lockTime: number
  readonly partialTarget: number
  readonly partialSource: number
  /** Nodes with a dangling migration, newest first. */
  readonly dangling: readonly number[]

  /** The resource that contains it (guest, bundle part), or −1. */
  readonly container: number
  /** Resources contained in it. */
  readonly fillers: readonly number[]
  /** For a connection: its remote-type node, or −1. */
  readonly remoteNode: number

  /** Groups only. */
  readonly ordered: boolean
  readonly collocated: boolean
  readonly clone: CloneState | undefined
  readonly bundle: BundleState | undefined
  /** For parts of a bundle: the bundle and the replica's number, else −1. */
  readonly bundleIndex: number
  readonly replica: number
}

/** What only clones have. */
export interface CloneState {
  readonly max: number
  readonly nodeMax: number
  readonly min: number
  readonly promotedMax: number
  readonly promotedNodeMax: number
  readonly interleave: boolean
  readonly ordered: boolean
}

/** What only bundles have. */
export interface BundleState {
  readonly technology: 'docker' | 'rkt' | 'podman'
  readonly image: string | undefined
  readonly replicas: readonly Replica[]
  readonly replicasPerHost: number
  readonly promotedMax: number
  /** The implicit clone, or −1. */
  readonly clone: number
  readonly addHost: boolean
}

/** One replica of a bundle; indexes of resources and of the node, −1 where there is none. */
export interface Replica {
  readonly number: number
  readonly container: number
  readonly ip: number
  readonly remote: number
  readonly child: number
  readonly node: number
  readonly ipAddress: string | undefined
}

/** A ticket of the status section. Tickets named only in constraints are not here: they are not granted. */
export interface TicketState {
  readonly granted: boolean
  readonly lastGranted: number
  readonly standby: boolean
  readonly attributes: ReadonlyMap<string, string>
}

/**
 * An action that reading the status created (spec C-3.2 step 1). Take them over in order, so that the first gets id 1.
 * `optional` and `runnable` are as they stood when everything was read.
 */
export interface EarlyAction {
  readonly index: number
  readonly kind: 'resource' | 'fence'
  /** E.g. `rsc_monitor_10000` or `stonith-node1-reboot`. */
  readonly key: string
  readonly task: string
  readonly intervalMs: number
  /** −1 for fencing. */
  readonly resource: number
  readonly node: number
  readonly optional: boolean
  readonly runnable: boolean
  readonly reason: string | undefined
  /** Extra meta of the action, in order of insertion (op_no_wait, stonith_action, digests-all, priority-fencing-delay …). */
  readonly meta: readonly (readonly [name: string, value: string])[]
  /** clear_failcount only: the fence action (an index of earlyActions) that it is ordered after, or −1 (spec ). */
  readonly after: number
  /** The history operation or resource that asked for it, for explanations. */
  readonly line: number
  readonly column: number
}

/** A check of a bundle connection that needs the host's address (spec ). */
export interface DeferredCheck {
  readonly kind: 'last-failure' | 'active'
  readonly resource: number
  readonly node: number
  readonly op: HistoryOp
}

/** A score change made while status was read (spec B-3). */
export interface ScoreChange extends Place {
  readonly resource: number
  /** −1: every node of the list. */
  readonly node: number
  readonly score: number
  /** How many resources there were: later ones are not concerned, even below this one. */
  readonly known: number
  /** The table was replaced, not added to (spec B-3.4, B-3.8). */
  readonly replaced: boolean
  readonly reason:
    | 'unmanaged where active'
    | 'failed stop'
    | 'on-fail=migrate'
    | 'on-fail=stop'
    | 'not installed'
    | 'hard error'
    | 'fatal error'
    | 'failed probe'
    | 'multiple-active=stop_only'
    | 'orphan'
    | 'bundle node'
    | 'base score'
    | 'fail role Stopped'
}

/** One failure that has consequences; the place is that of the operation, or of what else shows it. */
export interface Failure extends Place {
  readonly resource: number
  readonly node: number
  /** The on-fail response in the end, e.g. `restart`. */
  readonly response: string
  /** Where no operation failed: why the node is not trusted. */
  readonly reason: string | undefined
}

/** A failed operation as the display lists it. */
export interface FailedOp {
  readonly op: HistoryOp
  /** Id of the history entry. */
  readonly resourceName: string
  readonly resource: number
  readonly node: number
  readonly uname: string
}
