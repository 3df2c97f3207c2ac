/**
 * The worksheet of one decision: a mutable copy of the cluster's state with room for scores, assignments, actions and orderings.
 *
 * Made afresh for each decision by toWorksheet, filled by the passes in the order of schedule.ts, read for the results, dropped.
 * Node tables are dense arrays by node index; ABSENT marks a node that is not in the table. Indexes of nodes and resources are
 * those of the state, so that explanations can go back to it.
 *
 * Source: spec B-0.1, B-0.4, B-0.10; C-1.5.
 */

import type { DigestCache } from '../cib/digests.ts'
import type { Role } from '../cib/role.ts'
import type { ClusterOptions, ClusterState, Discovery, NodeState, ResourceState } from '../cib/state.ts'
import type { HistoryOp } from '../cib/status.ts'
import type { Action, Ordering, Origin } from './action.ts'
import type { NotificationSet } from './notify.ts'

/** The node is not in the table. */
export const ABSENT = -2_147_483_648

/** Scores by node index; ABSENT where the node is not allowed. */
export type Scores = Int32Array

/** Discovery modes as ranks: always < never < exclusive (spec B-4.13). */
export const ALWAYS = 0
export const NEVER = 1
export const EXCLUSIVE = 2

export const DISCOVERY_RANK: Readonly<Record<Discovery, number>> = {
  always: ALWAYS,
  never: NEVER,
  exclusive: EXCLUSIVE,
}

/** Variants in numeric order (spec C-1.5). */
export const PRIMITIVE = 0
export const GROUP = 1
export const CLONE = 2
export const BUNDLE = 3
export type Variant = 0 | 1 | 2 | 3

/** A node while a decision is made. */
export interface WorkNode {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly from: NodeState
  readonly isRemote: boolean
  /** Place in byte order of names, the last tie-break of every choice (spec B-10.6). */
  readonly rank: number
  /** The base score of the main object. */
  weight: number
  online: boolean
  unclean: boolean
  shutdown: boolean
  unseen: boolean
  requiresReset: boolean
  readonly standby: boolean
  readonly pending: boolean
  readonly maintenance: boolean
  readonly attributes: ReadonlyMap<string, string>
  /** What is left of the capacity, in order of insertion. */
  readonly capacity: Map<string, number>
  /** Primitives assigned here so far in this decision. */
  count: number
  connection: Resource | undefined
}

/** A resource while a decision is made. Fields without comment mean what they mean in ResourceState. */
export interface Resource {
  readonly index: number
  readonly id: string
  readonly from: ResourceState
  readonly variant: Variant
  parent: Resource | undefined
  /** For clones in the order of the last sort. */
  children: Resource[]
  /** The outermost ancestor below a bundle, itself where there is none. */
  top: Resource
  container: Resource | undefined
  fillers: Resource[]
  /** For a connection: its node, or −1. */
  readonly remoteNode: number

  managed: boolean
  blocked: boolean
  failed: boolean
  stopNeeded: boolean
  startPending: boolean
  migratable: boolean
  exclusiveDiscovery: boolean
  lockNode: number
  /** When it was locked, epoch seconds. */
  lockTime: number
  partialTarget: number
  partialSource: number
  role: Role
  nextRole: Role
  priority: number
  runningOn: readonly number[]
  knownOn: readonly number[]

  scores: Scores
  discovery: Uint8Array
  /** Instances counted on each node, for clones and bundles; empty for others (spec B-15.5, B-16.4). */
  counts: Int32Array
  /** Nodes of the table in order of insertion, for the two places where that shows (spec B-0.12). */
  inserted: number[]

  isProvisional: boolean
  isAssigning: boolean
  isMerging: boolean
  /** Primitives: the assigned node, or −1. */
  assigned: number
  /** The score of the assigned node's copy (spec B-10.11). */
  assignedScore: number
  /** The discovery mode of that copy, as a rank. */
  assignedDiscovery: number
  sortIndex: number

  /** Colocations in which it is the dependent / the primary, in the order of spec B-7.4. */
  thisWith: Colocation[]
  withThis: Colocation[]
  /** Location entries that name it, newest first. */
  locations: LocationEntry[]
  tickets: TicketConstraint[]
  readonly needs: ReadonlyMap<string, number>

  /** Its actions in order of creation, and by lower-case tail. */
  actions: Action[]
  byTail: Map<string, Action[]>
  isReloading: boolean
  stopsUnexpected: boolean
  isRestarting: boolean
}

/** One colocation "dependent with primary". Roles: 0 where none is given. Source: spec B-7.1. */
export interface Colocation {
  readonly id: string
  readonly dependent: Resource
  readonly primary: Resource
  readonly score: number
  readonly dependentRole: Role
  readonly primaryRole: Role
  readonly nodeAttribute: string | undefined
  readonly influence: boolean
  readonly origin: Origin
}

/** One location entry: scores for nodes, perhaps for one role only. Source: spec B-4.7. */
export interface LocationEntry {
  readonly resource: Resource
  readonly role: Role
  readonly nodes: readonly number[]
  readonly scores: readonly number[]
  readonly discovery: number
  readonly origin: Origin
}

/** What a ticket does to a resource. Source: spec B-6. */
export interface TicketConstraint {
  readonly ticket: string
  readonly role: Role
  readonly lossPolicy: 'stop' | 'demote' | 'fence' | 'freeze'
  readonly origin: Origin
}

/** One line of scores or utilization, in the order of events. Source: spec B-21. */
export type ScoreLine =
  | {
      readonly kind: 'score'
      readonly where: string
      readonly resource: string
      readonly node: string
      readonly score: number
    }
  | { readonly kind: 'promotion'; readonly resource: string; readonly node: string; readonly score: number }
  | {
      readonly kind: 'capacity'
      readonly when: 'Original' | 'Remaining'
      readonly node: string
      readonly values: Values
    }
  | { readonly kind: 'utilization'; readonly resource: string; readonly node: string; readonly values: Values }
  | { readonly kind: 'notice'; readonly text: string }

/** Names and amounts in the order in which they are printed. */
export type Values = readonly (readonly [name: string, amount: number])[]

/**
 * Why a score is what it is: one event of one resource's table. What is added and set, in order, gives the score.
 * `shown`: nothing changes, the score is `amount` here and is decided with, or printed. `undo`: an attempt failed; what was
 * recorded of the resource's scores since place `amount` of the list is void (node −1: on all nodes).
 */
export interface Contribution {
  readonly resource: number
  readonly node: number
  /** The amount added, or what the score was set to; ABSENT where the node was taken out of the table. */
  readonly amount: number
  readonly how: 'add' | 'set' | 'shown' | 'undo'
  /** The node table, or the scale on which instances are promoted. */
  readonly scale: 'node' | 'promotion'
  /** E.g. `location`, `resource-stickiness`, `colocation with A`. */
  readonly what: string
  readonly origin: Origin
}

/** How a primitive came to its node: the last choice counts. */
export interface Choice {
  readonly how: 'unmanaged' | 'stop-all-resources' | 'no partner' | 'preferred' | 'most capacity' | 'best' | 'stays'
  /** The node, or −1. */
  readonly node: number
  /** Where the resource was, or −1. */
  readonly current: number
  /** Which nodes were available at that moment, how many primitives each had, and which free capacity. By node index. */
  readonly available: readonly boolean[]
  readonly counts: readonly number[]
  readonly capacities: readonly ReadonlyMap<string, number>[]
  /** How many contributions there were when it was made. */
  readonly mark: number
  /** The colocation that found no partner. */
  readonly origin: Origin | undefined
}

/** Why an instance shall be promoted, or the first thing that stood against it. */
export type PromotionVerdict =
  | 'promoted'
  | 'negative score'
  | 'promoted-max reached'
  | 'promoted-node-max reached'
  | 'not running'
  | 'unmanaged'
  | 'node not available'
  | 'clone not allowed there'
  | 'quorum freeze'

/** All that one decision works on. */
export interface Worksheet {
  readonly state: ClusterState
  readonly options: ClusterOptions
  readonly nodes: readonly WorkNode[]
  /** "The node list": indexes in name order. */
  readonly nodeOrder: readonly number[]
  readonly resources: readonly Resource[]
  /** Ids and history names → resources, for constraints (find.ts). */
  readonly found: Map<string, Resource>
  /** "The resource list", re-sorted under a placement strategy. */
  readonly tops: Resource[]
  /** All location entries, newest last. */
  readonly locations: LocationEntry[]
  /** All colocations in order of creation. */
  readonly colocations: Colocation[]
  /** All recorded actions; id = index + 1. */
  readonly actions: Action[]
  /** Actions without resource by key. */
  readonly nodeActions: Map<string, Action[]>
  readonly orderings: Ordering[]
  /** The notification sets of clones with notifications (notify.ts). */
  readonly notifications: Map<Resource, NotificationSet[]>
  /** Digests worked out so far (cib/digests.ts); begins with what reading the status knew. */
  readonly digests: DigestCache
  /** Checks of bundle connections that wait for assignment (deferred.ts). */
  readonly deferredChecks: DeferredWork[]
  /** Attribute name → a number for each node's value (attributes.ts). */
  readonly classes: Map<string, Int32Array>
  /** Score lines; undefined unless asked for. */
  readonly lines: ScoreLine[] | undefined
  readonly wantScores: boolean
  readonly wantUtilization: boolean
  /** For explanations; undefined unless asked for. The maps are by resource index. */
  readonly contributions: Contribution[] | undefined
  readonly choices: Map<number, Choice> | undefined
  readonly verdicts: Map<number, PromotionVerdict> | undefined
  /** The earliest instant at which the decision may change by time alone; 0: none. */
  recheckAt: number
  /** The interval that was put in words last: the reference repeats it (changes.ts). */
  lastInterval: string
}

/** A check of parameters that waits until assignment is done. Source: spec C-5.10. */
export interface DeferredWork {
  readonly kind: 'last-failure' | 'active'
  readonly resource: Resource
  readonly node: WorkNode
  readonly op: HistoryOp
}

/** What is recorded beside the decision itself. */
export interface Recording {
  readonly scores?: boolean
  readonly utilization?: boolean
  readonly contributions?: boolean
}
