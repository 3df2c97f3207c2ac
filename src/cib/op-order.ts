/**
 * The order of one history entry's operations, and where its last start and stop are.
 *
 * The comparison is no total order; the merge sort's pattern counts. Source: spec A-13.
 */
import type { HistoryOp } from './status.ts'
import { isSameText, mergeSort } from './values.ts'

/** The entry's operations, oldest first. Source: spec. */
export function sortOps(ops: readonly HistoryOp[]): readonly HistoryOp[] {
  return mergeSort([...ops].reverse(), (left, right) => compareOps(left, right, true))
}

/** Negative where `a` came before `b`. `sameNode` counts where one does not say its node. Source: spec. */
export function compareOps(a: HistoryOp, b: HistoryOp, sameNode: boolean): number {
  const isSame = a.onNode !== undefined && b.onNode !== undefined ? isSameText(a.onNode, b.onNode) : sameNode
  if (isSame && a.id === b.id) return 0
  if (a.callId === -1 && b.callId === -1) return 0
  if (isSame && a.callId >= 0 && a.callId < b.callId) return -1
  if (isSame && b.callId >= 0 && a.callId > b.callId) return 1
  if (a.callId >= 0 && b.callId >= 0) {
    const ta = a.lastRcChange ?? -1
    const tb = b.lastRcChange ?? -1
    if (ta >= 0 && ta < tb) return -1
    return tb >= 0 && ta > tb ? 1 : 0
  }
  return comparePending(a, b)
}

function comparePending(a: HistoryOp, b: HistoryOp): number {
  const ka = parseMagic(a.transitionMagic)
  const kb = parseMagic(b.transitionMagic)
  if (ka === undefined || kb === undefined) return 0
  if (!isSameText(ka.uuid, kb.uuid) || ka.transition === kb.transition) {
    if (b.callId === -1) return -1
    return a.callId === -1 ? 1 : 0
  }
  if ((ka.transition >= 0 && ka.transition < kb.transition) || kb.transition === -1) return -1
  return (kb.transition >= 0 && ka.transition > kb.transition) || ka.transition === -1 ? 1 : 0
}

/** Source: spec. */
function parseMagic(magic: string | undefined): { readonly transition: number; readonly uuid: string } | undefined {
  const match = /^-?\d+:-?\d+;-?\d+:(-?\d+):-?\d+:(\S{1,36})$/.exec(magic ?? '')
  return match === null ? undefined : { transition: Number(match[1]), uuid: match[2]! }
}

/** The return code that the transition expected, −1 where it cannot be told. Source: spec. */
export function expectedRc(op: HistoryOp): number {
  const match = /^-?\d+:-?\d+:(-?\d+):\S{1,36}$/.exec(op.transitionKey ?? '')
  return match === null ? -1 : Number(match[1])
}

/** Indexes of the last start and the last successful stop, −1 where there is none. Source: spec. */
export function startAndStop(ops: readonly HistoryOp[]): { readonly start: number; readonly stop: number } {
  let start = -1
  let stop = -1
  let monitor = -1
  let clone = -1
  for (const [at, op] of ops.entries()) {
    const task = op.operation?.toLowerCase()
    if (task === 'stop' && op.statusText === '0') stop = at
    else if (task === 'start' || task === 'migrate_from') start = at
    else if (task === 'monitor' && monitor <= stop && (op.rcText === '0' || op.rcText === '8')) monitor = at
    else if (task === 'promote' || task === 'demote') clone = at
  }
  if (start === -1) start = clone === -1 ? monitor : clone
  return { start, stop }
}
