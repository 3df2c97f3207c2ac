/** Words of the status display that more than one section needs. Source: spec D-4.7. */
import type { HistoryOp } from '../cib/status.ts'

const RC_TEXTS = new Map([
  [0, 'ok'],
  [1, 'error'],
  [2, 'invalid parameter'],
  [3, 'unimplemented feature'],
  [4, 'insufficient privileges'],
  [5, 'not installed'],
  [6, 'not configured'],
  [7, 'not running'],
  [8, 'promoted'],
  [9, 'promoted (failed)'],
  [190, 'OCF_DEGRADED'],
  [191, 'promoted (degraded)'],
])

/** The words for an agent's return code. Those of old releases (194 to 199) are not known any more. */
export function rcText(rc: number): string {
  return RC_TEXTS.get(rc) ?? 'unknown'
}

/** True for a probe whose failure only says that the resource cannot be there. */
export function isMaskable({ operation, intervalMs, rc, status }: HistoryOp): boolean {
  return operation === 'monitor' && intervalMs === 0 && (rc === 5 || rc === 2 || status === 7)
}
