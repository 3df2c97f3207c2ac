/** One call of an agent, and how it ends. */
import type { Millis } from '../kernel/time.ts'

/**
 * What an agent can be asked to do. `status` is the word of LSB, RGManager and Heartbeat; `monitor` that of OCF. `recover` and
 * `reconfig` are RGManager's: mend in place, take changed attributes.
 */
export type OperationName =
  | 'demote'
  | 'meta-data'
  | 'migrate_from'
  | 'migrate_to'
  | 'monitor'
  | 'notify'
  | 'promote'
  | 'reconfig'
  | 'recover'
  | 'reload'
  | 'start'
  | 'status'
  | 'stop'
  | 'validate-all'

/** How a call ended: the agent returned, or it was killed at its timeout, or it died with its node, or its manager took it back. */
export type OperationStatus = 'cancelled' | 'done' | 'lost' | 'timed-out'

/** The end of one call. */
export interface OperationResult {
  readonly status: OperationStatus
  /** The agent's exit code; meaningless unless `status` is `done`. */
  readonly rc: number
  /** What the agent printed on standard output. */
  readonly output: string
  /** How long the call took. */
  readonly took: Millis
  /** There was no program to call. */
  readonly isMissing?: true
}
