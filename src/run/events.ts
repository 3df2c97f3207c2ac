/** Every event of the kernel's queue, as plain data: a closed union, so that a run can be stored, forked and switched over. */
import type { NodeName } from '../model/names.ts'
import type { WorldEvent } from '../world/context.ts'

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
  | {
      readonly kind: 'daemon-timer'
      readonly node: NodeName
      readonly name: string
      /** Which setting of the timer: one that was replaced or cancelled meanwhile is void. */
      readonly timer: number
      readonly cause: number
    }
  | { readonly kind: 'daemon-start'; readonly node: NodeName; readonly life: number; readonly cause: number }
