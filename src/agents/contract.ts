/**
 * What an agent is: a pure function from a call and the true state of the service to what the call does, returns and prints. It draws
 * nothing and keeps no time; the world draws how long a call takes (`defaults.ts`, or the scenario's timings), moves the lifecycle
 * machine, and kills what exceeds its timeout. Sources: design "World", seeds 000 and 002 to 004.
 */
import type { Millis } from '../kernel/time.ts'
import type { LifecycleEvent } from '../machines/lifecycle.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentClass, ResourceSpec } from '../model/resource.ts'

/** How a fault makes one resource's agent misbehave on one node. Slowness is the world's, which draws durations. */
export type Misbehaviour =
  /**
   * Returns `rc` (and prints `output`), whatever is so. A change that returns 0 has worked; what another code leaves behind is the
   * lifecycle's business: `failed`, or `stuck` after a stop. A call that had nothing to change changes nothing.
   */
  | { readonly kind: 'result'; readonly rc: number; readonly output?: string }
  /** Never returns; only a timeout ends the call. */
  | { readonly kind: 'hang' }
  /** The program is not installed: nothing is touched. */
  | { readonly kind: 'missing' }
  /** Reports, for a monitor or status, what it would report in another state. Changes are not affected. */
  | { readonly kind: 'lie'; readonly as: LifecycleState }
  /** Claims that a change has worked and touches nothing. Reports are not affected. */
  | { readonly kind: 'pretend' }
  /** Works now; the service crashes so long after the call has ended. For start, promote and the receiving half of a migration. */
  | { readonly kind: 'crash-later'; readonly after: Millis }

/** One call. */
export interface AgentCall {
  readonly spec: ResourceSpec
  readonly operation: OperationName
  /** The true state when the call begins. */
  readonly state: LifecycleState
  readonly misbehaviour: Misbehaviour | undefined
  /** Of a fence device: whether anybody can reach it. Absent for everything else. */
  readonly isReachable?: boolean | undefined
}

/**
 * What a call does. `begins` is always an event that the lifecycle accepts in the call's state, and `ends` one that it accepts in the
 * state that `begins` leads to; either none or both are there, except where the call never returns: then only `begins` may be.
 */
export interface AgentPlan {
  /** Event for the lifecycle when the call begins; absent where nothing is touched. */
  readonly begins?: LifecycleEvent
  /** Event for the lifecycle when the call ends by itself. */
  readonly ends?: LifecycleEvent
  /** The exit code; meaningless where the call hangs. */
  readonly rc: number
  /** Standard output. */
  readonly output: string
  /** True where the call never returns by itself. */
  readonly hangs: boolean
  /** True where there is no program to call. */
  readonly isMissing?: true
  /** Time beyond what such calls usually take; absent: none. */
  readonly delay?: Millis
  /** What the agent tells its cluster manager of this node shortly before it ends; a value of undefined deletes. */
  readonly tells?: { readonly name: string; readonly value: string | undefined }
  /** Send the lifecycle a `crash` so long after the call has ended by itself. */
  readonly crashesAfter?: Millis
}

/** One class of agents. */
export interface AgentFamily {
  readonly class: AgentClass
  /** What administrators should know of it, as one sentence. */
  readonly about: string
  /** The command line as the agent gets it. */
  readonly callText: (spec: ResourceSpec, operation: OperationName) => string
  readonly plan: (call: AgentCall) => AgentPlan
}
