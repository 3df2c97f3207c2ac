/** What only the leading controller keeps: the join, the question to the scheduler, the graph in execution. Plain data. */
import type { NodeName } from '../model/names.ts'
import type { CibVersion } from './config.ts'
import type { Plan } from './plan.ts'

export type JoinPhase = 'confirmed' | 'finalized' | 'integrated' | 'welcomed'

/** What follows when a graph ends; a graph keeps the greatest. Source: spec E-5.1. */
export type FollowUp = 'done' | 'wait' | 'restart' | 'shutdown'

/** One graph in execution. Lists go by place of the synapse. */
export interface RunningGraph {
  readonly number: number
  readonly graph: Plan
  /** What it was calculated from (spec E-5.9). */
  readonly file: string
  /** Action id → place. */
  readonly places: ReadonlyMap<number, number>
  readonly states: ('confirmed' | 'lost' | 'pending' | 'waiting')[]
  /** Actions that ended otherwise than expected, by id. */
  readonly failed: Set<number>
  /** Jobs under way by node. */
  readonly jobs: Map<NodeName, number>
  abortPriority: number
  followUp: FollowUp
  skipped: number
}

/** Why a node is expected to go down, and by which action of which graph. */
export interface Downfall {
  readonly reason: 'fencing' | 'shutdown'
  readonly actionId: number
}

export interface DcState {
  joinId: number
  readonly phases: Map<NodeName, JoinPhase>
  readonly versions: Map<NodeName, CibVersion>
  /** What is asked: the CIB, then the scheduler. */
  asking: 'asleep' | 'query' | 'reply' | undefined
  /** The next query meets an unanswered write of this controller's own (spec E-5.8). */
  isSlow: boolean
  /** Writes of this controller's own that have not come back: the scheduler must see them. */
  unwritten: number
  /** What the scheduler remarked the last time. */
  remarks: readonly string[]
  /** Calculated, not yet executed; `file` holds what it was calculated from. */
  pending: { readonly number: number; readonly graph: Plan; readonly file: string } | undefined
  graph: RunningGraph | undefined
  lastNumber: number
  recheckAt: number
  readonly downfalls: Map<NodeName, Downfall>
  /** Whose CIB has been asked for and has not come: until its time is over, no scheduler runs (spec E-4.5, E-5.8). */
  awaited: NodeName | undefined
}

/** A controller that has just taken over. */
export function createDc(): DcState {
  return {
    joinId: 0,
    phases: new Map(),
    versions: new Map(),
    asking: undefined,
    isSlow: false,
    unwritten: 0,
    remarks: [],
    pending: undefined,
    graph: undefined,
    lastNumber: -1,
    recheckAt: 0,
    downfalls: new Map(),
    awaited: undefined,
  }
}
