/** Where the time axis bears its clock: instants at round distances, as many as there is room for, none in folded stretches. */
import { clockText, MINUTE, type Millis, SECOND } from '../../src/kernel/time.ts'
import { type Axis, toShown } from '../replay/folds.ts'
import type { Window } from './paint.ts'

/** One mark of the clock. */
export interface Tick {
  readonly at: Millis
  readonly label: string
  /** Place on the axis, in shown milliseconds. */
  readonly shown: number
}

/** Distances that people count in. */
const STEPS: readonly Millis[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440].map((minutes) => minutes * MINUTE),
]

/** The ticks of a view, from left to right, at least `apart` shown milliseconds from one another. */
export function ticksOf(axis: Axis, view: Window, apart: number): readonly Tick[] {
  const step = STEPS.find((each) => apart <= each) ?? STEPS.at(-1)!
  const [left, right] = [view.from, view.from + axis.length / view.zoom]
  const found: Tick[] = []
  for (const { from, to, shownFrom, shownTo, folded } of axis.stretches) {
    if (folded || shownTo < left || right < shownFrom) continue
    const begin = Math.max(from, from + left - shownFrom)
    for (let at = Math.ceil(begin / step) * step; at <= to; at += step) {
      const shown = toShown(axis, at)
      if (right < shown) break
      const last = found.at(-1)
      if (last === undefined || apart <= shown - last.shown) found.push({ at, shown, label: labelOf(at, step) })
    }
  }
  return found
}

/** As short as the distance allows. */
function labelOf(at: Millis, step: Millis): string {
  const text = clockText(at)
  return step < SECOND ? text : text.slice(0, -4)
}
