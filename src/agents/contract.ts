/**
 * What an agent is: a pure function from a call and the true state of the service to what the call does, returns and prints. It draws
 * nothing and keeps no time; the world draws how long a call takes and moves the lifecycle machine.
 */
import type { LifecycleEvent } from '../machines/lifecycle.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentClass, ResourceSpec } from '../model/resource.ts'

/** How a fault makes one resource's agent misbehave on one node. */
export type Misbehaviour =
  /** Returns `rc` (and prints `output`) whatever is so; what a failed start or stop leaves is the lifecycle's `failed` or `stuck`. */
  | { readonly kind: 'result'; readonly rc: number; readonly output?: string }
  /** Never returns; only a timeout ends the call. */
  | { readonly kind: 'hang' }
  /** The program is not installed: nothing is touched. */
  | { readonly kind: 'missing' }
  /** Reports, for a monitor or status, what it would report in another state. */
  | { readonly kind: 'lie'; readonly as: LifecycleState }

/** One call. */
export interface AgentCall {
  readonly spec: ResourceSpec
  readonly operation: OperationName
  /** The true state when the call begins. */
  readonly state: LifecycleState
  readonly misbehaviour: Misbehaviour | undefined
}

/** What a call does. */
export interface AgentPlan {
  /** Event for the lifecycle when the call begins; absent where nothing is touched. */
  readonly begins?: LifecycleEvent
  /** Event for the lifecycle when the call ends by itself. */
  readonly ends?: LifecycleEvent
  /** The exit code. */
  readonly rc: number
  /** Standard output. */
  readonly output: string
  /** True where the call never returns by itself. */
  readonly hangs: boolean
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
