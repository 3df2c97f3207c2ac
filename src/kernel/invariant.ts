/**
 * The one way to say that something must be true. A broken invariant is a bug of ours, never bad input and never simulated
 * misfortune; nobody catches it inside a run.
 */

/** Thrown by {@link invariant}; only the composition root catches it, to add the scenario, the seed and the last records. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Throws an {@link InvariantError} unless `condition` holds. `what` says what must be true, as a sentence without a full stop. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InvariantError(`invariant broken: ${what}`)
}

/** For the end of a switch over a closed union: does not compile while a member is unhandled. */
export function unreachable(value: never): never {
  throw new InvariantError(`invariant broken: unexpected ${JSON.stringify(value)}`)
}
