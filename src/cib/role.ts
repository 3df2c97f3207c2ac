/**
 * Resource roles as Pacemaker orders them, and the score arithmetic that every part of the scheduler shares.
 *
 * Roles are small integers because rules compare them ("at least Promoted"). Scores are integers from −INFINITY to INFINITY;
 * nothing here knows the health words, which depend on the cluster's options (see values.ts).
 *
 * Source: spec, B-0.1 to B-0.4.
 */

/** Unknown 0 < Stopped 1 < Started 2 < Unpromoted 3 < Promoted 4. */
export type Role = 0 | 1 | 2 | 3 | 4

export const UNKNOWN: Role = 0
export const STOPPED: Role = 1
export const STARTED: Role = 2
export const UNPROMOTED: Role = 3
export const PROMOTED: Role = 4

const ROLE_NAMES = ['Unknown', 'Stopped', 'Started', 'Unpromoted', 'Promoted'] as const

/** The role's name as it is printed. */
export function roleText(role: Role): string {
  return ROLE_NAMES[role]
}

/** The role that `text` names in any letter case (also the old words Slave and Master), or Unknown. Source: spec. */
export function toRole(text: string): Role {
  switch (text.toLowerCase()) {
    case 'stopped':
      return STOPPED
    case 'started':
      return STARTED
    case 'unpromoted':
    case 'slave':
      return UNPROMOTED
    case 'promoted':
    case 'master':
      return PROMOTED
    default:
      return UNKNOWN
  }
}

/** A score of this size or more means "always", of minus this size or less "never". */
export const INFINITY = 1_000_000

/** Adds two scores: −INFINITY wins over everything, then INFINITY, else the clamped sum. Source: spec. */
export function addScores(left: number, right: number): number {
  if (left <= -INFINITY || right <= -INFINITY) return -INFINITY
  if (left >= INFINITY || right >= INFINITY) return INFINITY
  return clampScore(left + right)
}

/** `value` limited to ±INFINITY. */
export function clampScore(value: number): number {
  return Math.max(-INFINITY, Math.min(INFINITY, value))
}

/** A score as it is printed: INFINITY, -INFINITY or the number. Source: spec. */
export function scoreText(score: number): string {
  if (score >= INFINITY) return 'INFINITY'
  return score <= -INFINITY ? '-INFINITY' : String(score)
}
