/**
 * Return codes of resource agents, as data. OCF codes with the recovery Pacemaker chooses for each (seed 002, Table B.4) and the
 * role a monitor's code means (seed 004, Table 10.10); the exit codes of LSB `status` (the Linux Standard Base, init script actions).
 */
import type { Role } from './role.ts'

/** Soft: restart or move. Hard: move, never again on this node. Fatal: stop, nowhere again. */
export type RecoveryType = 'fatal' | 'hard' | 'none' | 'soft'

/** One OCF return code. */
export interface OcfCode {
  readonly rc: number
  readonly name: string
  /** Pacemaker's words for it in logs and status displays. */
  readonly text: string
  readonly recovery: RecoveryType
  /** The role that a monitor of a promotable resource reports by this code; every other code means failed and unpromoted. */
  readonly role: Role
}

export const OCF_OK = 0
export const OCF_ERR_GENERIC = 1
export const OCF_ERR_ARGS = 2
export const OCF_ERR_UNIMPLEMENTED = 3
export const OCF_ERR_PERM = 4
export const OCF_ERR_INSTALLED = 5
export const OCF_ERR_CONFIGURED = 6
export const OCF_NOT_RUNNING = 7
export const OCF_RUNNING_PROMOTED = 8
export const OCF_FAILED_PROMOTED = 9

/** The codes of seed 002's table with the texts of current versions, in numeric order. */
export const OCF_CODES: readonly OcfCode[] = [
  { rc: 0, name: 'OCF_SUCCESS', text: 'ok', recovery: 'soft', role: 'Unpromoted' },
  { rc: 1, name: 'OCF_ERR_GENERIC', text: 'error', recovery: 'soft', role: 'Unpromoted' },
  { rc: 2, name: 'OCF_ERR_ARGS', text: 'invalid parameter', recovery: 'hard', role: 'Unpromoted' },
  { rc: 3, name: 'OCF_ERR_UNIMPLEMENTED', text: 'unimplemented feature', recovery: 'hard', role: 'Unpromoted' },
  { rc: 4, name: 'OCF_ERR_PERM', text: 'insufficient privileges', recovery: 'hard', role: 'Unpromoted' },
  { rc: 5, name: 'OCF_ERR_INSTALLED', text: 'not installed', recovery: 'hard', role: 'Unpromoted' },
  { rc: 6, name: 'OCF_ERR_CONFIGURED', text: 'not configured', recovery: 'fatal', role: 'Unpromoted' },
  { rc: 7, name: 'OCF_NOT_RUNNING', text: 'not running', recovery: 'none', role: 'Stopped' },
  { rc: 8, name: 'OCF_RUNNING_MASTER', text: 'promoted', recovery: 'soft', role: 'Promoted' },
  { rc: 9, name: 'OCF_FAILED_MASTER', text: 'promoted (failed)', recovery: 'soft', role: 'Promoted' },
]

/** It runs, or is promoted, but its agent warns that it may soon not: taken as 0 and 8. */
const OCF_DEGRADED = 190
const OCF_DEGRADED_PROMOTED = 191

/** The code that a result is compared by: a degraded service does what is expected of it. Source: spec E-7.6. */
export function undegraded(rc: number): number {
  return rc === OCF_DEGRADED ? OCF_OK : rc === OCF_DEGRADED_PROMOTED ? OCF_RUNNING_PROMOTED : rc
}

/** What a return code means in words; codes outside the table are an agent's own. */
export function ocfText(rc: number): string {
  return OCF_CODES[rc]?.text ?? `custom error ${rc}`
}

/** Exit codes of LSB `status`: 0 running, 1 dead with a PID file, 2 dead with a lock file, 3 not running, 4 unknown. */
export const LSB_STATUS_RUNNING = 0
export const LSB_STATUS_DEAD_PID = 1
export const LSB_STATUS_DEAD_LOCK = 2
export const LSB_STATUS_STOPPED = 3
export const LSB_STATUS_UNKNOWN = 4
