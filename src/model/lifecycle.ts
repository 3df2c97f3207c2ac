/**
 * The states of one resource instance on one node: what really runs there, whatever a cluster manager believes. The machine that
 * moves between them is `machines/lifecycle.ts`; the names stand here because traces and views speak of them too.
 */

export type LifecycleState =
  | 'demoting'
  /** Was started (or unpromoted) and no longer works; some of it may still be there. */
  | 'failed'
  /** Was promoted and no longer works. */
  | 'failed-promoted'
  /** Answers no operation: every one ends by its timeout. */
  | 'hung'
  | 'hung-promoted'
  | 'migrating'
  | 'promoted'
  | 'promoting'
  /** Started; for a promotable resource: unpromoted. */
  | 'started'
  | 'starting'
  | 'stopped'
  | 'stopping'
  /** A stop failed: the service may still hold its data. */
  | 'stuck'
  /** An operation timed out: nobody knows. */
  | 'unknown'

/** True where the instance holds, or may hold, what it manages: its data must not be used by another. */
export function mayHoldData(state: LifecycleState): boolean {
  return state !== 'stopped'
}

/** True where users are served. */
export function isServing(state: LifecycleState): boolean {
  return state === 'started' || state === 'promoting' || state === 'promoted' || state === 'demoting'
}
