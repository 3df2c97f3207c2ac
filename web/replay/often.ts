/**
 * How often something happens: many seeds of one scenario, or of several settings of it, as figures. The same seed meets the same chances
 * in each of them, so that they can be held against one another. Functions of what was measured.
 */
import type { Millis } from '../../src/kernel/time.ts'
import type { Column } from '../../src/run/compare.ts'

/** What one seed came to. */
export interface SeedRun {
  /** Which of the settings. */
  readonly name: string
  readonly seed: number
  readonly violations: readonly string[]
  /** Until nothing was away any more; undefined where that never came, 0 where nothing went away. */
  readonly recover: Millis | undefined
  readonly fences: number
  readonly away: readonly { readonly resource: string; readonly total: Millis }[]
}

/** A figure over all seeds, with a seed that shows its worst. */
export interface Spread {
  readonly median: number
  /** What 95 of 100 seeds do not exceed. */
  readonly high: number
  readonly most: number
  readonly worst: number
}

/** One setting over all its seeds so far. */
export interface Summary {
  readonly name: string
  readonly seeds: number
  readonly violated: readonly { readonly text: string; readonly seeds: readonly number[] }[]
  /** Seeds in which something does not hold. */
  readonly bad: number
  /** Seeds after which something stays away. */
  readonly never: readonly number[]
  readonly recover: Spread | undefined
  readonly fences: Spread | undefined
  readonly away: readonly { readonly resource: string; readonly spread: Spread | undefined }[]
}

/** What is kept of a run that was measured. */
export function toSeedRun(name: string, seed: number, column: Column): SeedRun {
  const { violations, recover, isUnhurt, fences, downtimes } = column
  return {
    ...{ name, seed, violations, fences },
    recover: isUnhurt ? 0 : recover,
    away: downtimes.map(({ resource, total }) => ({ resource, total })),
  }
}

/** Every setting, in the order in which they first appear. O(runs log runs). */
export function summarize(runs: readonly SeedRun[]): readonly Summary[] {
  const names = [...new Set(runs.map(({ name }) => name))]
  return names.map((name) =>
    summaryOf(
      name,
      runs.filter((run) => run.name === name),
    ),
  )
}

function summaryOf(name: string, runs: readonly SeedRun[]): Summary {
  const texts = [...new Set(runs.flatMap(({ violations }) => violations))]
  const resources = [...new Set(runs.flatMap(({ away }) => away.map(({ resource }) => resource)))]
  return {
    name,
    seeds: runs.length,
    violated: texts.map((text) => ({
      text,
      seeds: runs.filter(({ violations }) => violations.includes(text)).map(({ seed }) => seed),
    })),
    bad: runs.filter(({ violations }) => 0 < violations.length).length,
    never: runs.filter(({ recover }) => recover === undefined).map(({ seed }) => seed),
    recover: spreadOf(runs.flatMap(({ seed, recover }) => (recover === undefined ? [] : [{ seed, value: recover }]))),
    fences: spreadOf(runs.map(({ seed, fences }) => ({ seed, value: fences }))),
    away: resources.map((resource) => ({
      resource,
      spread: spreadOf(
        runs.flatMap(({ seed, away }) =>
          away.filter((entry) => entry.resource === resource).map(({ total }) => ({ seed, value: total })),
        ),
      ),
    })),
  }
}

/** Nearest ranks; of equal worst ones the first seed. Undefined of nothing. */
export function spreadOf(values: readonly { readonly seed: number; readonly value: number }[]): Spread | undefined {
  const sorted = [...values].sort((one, other) => one.value - other.value || other.seed - one.seed)
  const rank = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!.value
  const last = sorted.at(-1)
  return last === undefined ? undefined : { median: rank(0.5), high: rank(0.95), most: last.value, worst: last.seed }
}
