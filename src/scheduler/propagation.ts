/** What the parts of propagation tell one another. Source: spec C-15. */
import type { Action, Link } from './action.ts'
import type { Worksheet } from './worksheet.ts'

/** Which end changed, as bits. */
export const FIRST = 1
export const THEN = 2

/** What the effects need of propagation: to go on at once from an action that changed. */
export interface Propagation {
  readonly sheet: Worksheet
  readonly update: (action: Action) => void
}

/** One bit of one record at work. */
export interface Step {
  readonly bit: number
  readonly record: Link
  /** First's ordering flags. */
  readonly flags: number
  /** Node to which the effect on members is restricted, or −1. */
  readonly node: number
}

/** Updates what follows an action, the newest link first. */
export function updateFollowers(run: Propagation, { after }: Action): void {
  for (let at = after.length - 1; 0 <= at; at--) run.update(after[at]!.then)
}
