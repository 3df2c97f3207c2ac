/** Every event of the kernel's queue, as plain data: a closed union, so that a run can be stored, forked and switched over. */
import type { NodeName } from '../model/names.ts'
import type { WorldEvent } from '../world/context.ts'

/**
 * A timer of a daemon is due, and what the daemon observes then. The one event that changes while it waits: a timer that is set anew, as
 * most are, uses its event again.
 */
export interface TimerEvent {
  readonly kind: 'timer'
  readonly node: NodeName
  readonly name: string
  /** Which setting of the timer: one that was replaced or cancelled meanwhile is void. */
  timer: number
  cause: number
}

export type RunEvent =
  | WorldEvent
  /** A step of the scenario's timeline. */
  | { readonly kind: 'step'; readonly index: number }
  | { readonly kind: 'switch-on'; readonly node: NodeName }
  /** The run goes on from a recorded state: its nodes are up, its services run. */
  | { readonly kind: 'go-on' }
  | { readonly kind: 'fault-ends'; readonly id: number; readonly cause: number }
  /** A fault drawn by chance is due. */
  | { readonly kind: 'chaos'; readonly rule: number }
  | TimerEvent
  | { readonly kind: 'daemon-start'; readonly node: NodeName; readonly life: number; readonly cause: number }
