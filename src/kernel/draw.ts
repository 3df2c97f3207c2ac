/**
 * Distributions of durations, and drawing from them. Only + − × ÷ and tables: logarithms and powers may differ in the last bit
 * between engines, and then a browser's run would differ from Node's.
 */
import { invariant } from './invariant.ts'
import type { Stream } from './random.ts'
import type { Millis } from './time.ts'

/** How long something takes, or how long until something happens; all figures in milliseconds. */
export type Distribution =
  | { readonly kind: 'fixed'; readonly value: Millis }
  /** Every whole millisecond from `min` to `max`, both included, is equally likely. */
  | { readonly kind: 'uniform'; readonly min: Millis; readonly max: Millis }
  /** Waiting time for events that come at random, once every `mean` on average; cut off at 4.16 means. */
  | { readonly kind: 'exponential'; readonly mean: Millis }
  /** Measured quantiles at equal steps of probability (first = minimum, last = maximum), joined by straight lines. */
  | { readonly kind: 'quantiles'; readonly values: readonly Millis[] }

/** A distribution that always gives `value`. */
export function fixed(value: Millis): Distribution {
  return { kind: 'fixed', value }
}

/** A distribution in which every whole millisecond from `min` to `max` is equally likely. */
export function uniform(min: Millis, max: Millis): Distribution {
  return min === max ? fixed(min) : { kind: 'uniform', min, max }
}

/** Draws a whole number of milliseconds. A fixed distribution takes nothing from the stream; every other takes one number. */
export function draw(distribution: Distribution, stream: Stream): Millis {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.value
    case 'uniform':
      return distribution.min + Math.floor(stream() * (distribution.max - distribution.min + 1))
    case 'exponential':
      return Math.round(distribution.mean * interpolate(EXPONENTIAL, stream()))
    case 'quantiles':
      return Math.round(interpolate(distribution.values, stream()))
  }
}

/** The smallest and largest value that {@link draw} can give. */
export function rangeOf(distribution: Distribution): readonly [min: Millis, max: Millis] {
  switch (distribution.kind) {
    case 'fixed':
      return [distribution.value, distribution.value]
    case 'uniform':
      return [distribution.min, distribution.max]
    case 'exponential':
      return [0, Math.round(distribution.mean * EXPONENTIAL.at(-1)!)]
    case 'quantiles':
      return [distribution.values[0]!, distribution.values.at(-1)!]
  }
}

function interpolate(table: readonly number[], chance: number): number {
  invariant(2 <= table.length, 'a table of quantiles has at least two entries')
  const position = chance * (table.length - 1)
  const index = Math.floor(position)
  const low = table[index]!
  const high = table[index + 1] ?? low
  return low + (high - low) * (position - index)
}

/** −ln(1 − i/64) for i = 0 … 63: the inverse of the exponential distribution function, written out so that no engine computes it. */
const EXPONENTIAL: readonly number[] = [
  0, 0.015748, 0.031749, 0.048009, 0.064539, 0.081346, 0.09844, 0.115832, 0.133531, 0.15155, 0.169899, 0.188591,
  0.207639, 0.227057, 0.24686, 0.267063, 0.287682, 0.308735, 0.330242, 0.352221, 0.374693, 0.397683, 0.421213, 0.445311,
  0.470004, 0.495321, 0.521297, 0.547965, 0.575364, 0.603535, 0.632523, 0.662376, 0.693147, 0.724896, 0.757686,
  0.791587, 0.826679, 0.863046, 0.900787, 0.940007, 0.980829, 1.023389, 1.067841, 1.114361, 1.163151, 1.214444,
  1.268511, 1.32567, 1.386294, 1.450833, 1.519826, 1.593934, 1.673976, 1.760988, 1.856298, 1.961659, 2.079442, 2.212973,
  2.367124, 2.549445, 2.772589, 3.060271, 3.465736, 4.158883,
]
