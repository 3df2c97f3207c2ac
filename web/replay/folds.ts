/**
 * The time axis with its quiet stretches folded. Positions on the axis are "shown milliseconds": like virtual ones, but a stretch in
 * which nothing happens takes only a little of them. Knows nothing of pixels.
 */
import type { Millis } from '../../src/kernel/time.ts'

/** One stretch of the axis; `folded` where it shows less time than it holds. */
export interface Stretch {
  readonly from: Millis
  readonly to: Millis
  readonly shownFrom: number
  readonly shownTo: number
  readonly folded: boolean
}

/** The axis of one run. */
export interface Axis {
  readonly stretches: readonly Stretch[]
  /** Length of the axis in shown milliseconds. */
  readonly length: number
}

/** Builds the axis from the instants at which something happens, sorted. Stretches longer than a tenth of the run's busy time are folded. */
export function foldAxis(instants: readonly Millis[], end: Millis, folding: boolean): Axis {
  const stretches: Stretch[] = []
  let shown = 0
  let from = 0
  const push = (to: Millis, folded: boolean, length: number) => {
    if (to <= from) return
    stretches.push({ from, to, shownFrom: shown, shownTo: shown + length, folded })
    shown += length
    from = to
  }
  const quiet = Math.max(QUIET_LEAST, end / 12)
  let last = 0
  if (folding) {
    for (const at of [...instants, end]) {
      if (quiet < at - last) {
        push(last + MARGIN, false, last + MARGIN - from)
        push(at - MARGIN, true, FOLD_SHOWN)
      }
      last = Math.max(last, at)
    }
  }
  push(Math.max(end, 1), false, Math.max(end, 1) - from)
  return { stretches, length: Math.max(shown, 1) }
}

const QUIET_LEAST = 8_000
const MARGIN = 1_500
const FOLD_SHOWN = 3_000

/** From virtual time to the axis. O(log stretches). */
export function toShown(axis: Axis, at: Millis): number {
  const stretch = find(axis, (entry) => entry.to < at)
  const part = (at - stretch.from) / Math.max(1, stretch.to - stretch.from)
  return stretch.shownFrom + part * (stretch.shownTo - stretch.shownFrom)
}

/** From the axis to virtual time, rounded to a whole millisecond. */
export function fromShown(axis: Axis, shown: number): Millis {
  const stretch = find(axis, (entry) => entry.shownTo < shown)
  const part = (shown - stretch.shownFrom) / Math.max(1, stretch.shownTo - stretch.shownFrom)
  return Math.round(stretch.from + Math.min(1, Math.max(0, part)) * (stretch.to - stretch.from))
}

function find(axis: Axis, isBefore: (entry: Stretch) => boolean): Stretch {
  let low = 0
  let high = axis.stretches.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(axis.stretches[middle]!)) low = middle + 1
    else high = middle
  }
  return axis.stretches[low]!
}
