/**
 * The time axis with its quiet stretches folded. Positions on the axis are "shown milliseconds": like virtual ones, but a stretch in
 * which nothing happens takes only a little of them. Knows nothing of pixels.
 */
import type { Millis } from '../../src/kernel/time.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'

/** Calls that are no work. */
export const QUIET: ReadonlySet<string> = new Set(['monitor', 'notify', 'status'])

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

/** The instants that an axis does not fold away, sorted: all but messages and calls that find what everybody knows. O(records). */
export function instantsOf({ records }: Trace, lines: readonly StoryLine[]): readonly Millis[] {
  return records
    .filter(
      (record) =>
        record.kind !== 'message' &&
        !(record.kind === 'operation' && QUIET.has(record.operation) && lines[record.seq - 1]!.tone === 'quiet'),
    )
    .map(({ at }) => at)
}

/** Builds the axis from the instants at which something happens, sorted. Stretches longer than a twelfth of the run are folded. */
export function foldAxis(instants: readonly Millis[], end: Millis, folding: boolean): Axis {
  const folds = folding ? foldsOf(instants, end) : []
  const busy = folds.reduce((sum, [from, to]) => sum - (to - from), end)
  const foldShown = Math.max(FOLD_LEAST, Math.min(busy * FOLD_PART, (busy * FOLDS_PART) / Math.max(1, folds.length)))
  const stretches: Stretch[] = []
  let shown = 0
  let from = 0
  const push = (to: Millis, folded: boolean, length: number) => {
    if (to <= from) return
    stretches.push({ from, to, shownFrom: shown, shownTo: shown + length, folded })
    shown += length
    from = to
  }
  for (const [begin, until] of folds) {
    push(begin, false, begin - from)
    push(until, true, foldShown)
  }
  push(Math.max(end, 1), false, Math.max(end, 1) - from)
  return { stretches, length: Math.max(shown, 1) }
}

function foldsOf(instants: readonly Millis[], end: Millis): readonly (readonly [from: Millis, to: Millis])[] {
  const quiet = Math.max(QUIET_LEAST, end / 12)
  const found: (readonly [Millis, Millis])[] = []
  let last = 0
  for (const at of [...instants, end]) {
    if (quiet < at - last) found.push([last + MARGIN, at - MARGIN])
    last = Math.max(last, at)
  }
  return found
}

const QUIET_LEAST = 8_000
const MARGIN = 1_500
/** A fold is as wide as its length needs to be written, all together no wider than a third of the axis. */
const FOLD_LEAST = 500
const FOLD_PART = 0.07
const FOLDS_PART = 0.5

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
