/**
 * Times whole runs, and says beside each figure what the machine gave meanwhile. A virtual processor is often half of a core whose other
 * half works for somebody else: for seconds or minutes everything then takes twice its time, and nothing on this side shows it but a loop
 * whose additions wait for nothing. That loop runs between the slices of each run. A clock is read here only.
 */
import { invariant } from '../../src/kernel/invariant.ts'
import { advance, createRun, finish, type SimulateOptions } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

/** One line of a table. */
export interface RunRow {
  readonly run: string
  readonly events: number
  /** Of the whole run, whatever the machine did meanwhile. */
  readonly eventsPerSecond: number
  /** Virtual time divided by wall time, of the whole run. */
  readonly virtualPerWall: number
  /** Events a second while the core was this process's alone: by the median of those slices; too few of them give no figure. */
  readonly undisturbed: number | string
  /** How fast the loop ran on average, as a share of the fastest of the table. */
  readonly core: string
}

/** One run as it was timed; {@link toRows} makes lines of a table of several. */
export interface TimedRun {
  readonly run: string
  /** Virtual milliseconds. */
  readonly until: number
  readonly slices: readonly Slice[]
  /** Milliseconds for making the run and closing its trace. */
  readonly rest: number
}

interface Slice {
  readonly events: number
  readonly milliseconds: number
  /** The slower of the loops before and after. */
  readonly loop: number
}

const SLICES = 48
/** So much slower than its fastest the loop may be where nobody disturbs it: disturbed it is slower by three quarters. */
const CALM = 1.2
/** With fewer calm slices than this nothing is said of them. */
const CALM_SLICES = 5

/** Simulates once and takes the time; making the run and closing its trace are part of it. */
export function timeRun(run: string, scenario: Scenario, options: SimulateOptions): TimedRun {
  const began = performance.now()
  const current = createRun(scenario, options)
  const made = performance.now() - began
  const slices: Slice[] = []
  let before = timeLoop()
  for (let slice = 1; slice <= SLICES; slice++) {
    const handled = current.loop.handled
    const milliseconds = timeOf(() => advance(current, Math.round((scenario.until * slice) / SLICES)))
    const after = timeLoop()
    slices.push({ events: current.loop.handled - handled, milliseconds, loop: Math.max(before, after) })
    before = after
  }
  const ended = timeOf(() => finish(current, 'time-limit'))
  return { run, until: scenario.until, slices, rest: made + ended }
}

/** Says how fast runs went, when all are over: only then is it known how fast the machine can be. */
export function toRows(runs: readonly TimedRun[]): readonly RunRow[] {
  const fastest = Math.min(...runs.flatMap(({ slices }) => slices.map(({ loop }) => loop)))
  return runs.map((run) => rowOf(run, fastest))
}

function rowOf({ run, until, slices, rest }: TimedRun, fastest: number): RunRow {
  const events = sum(slices.map((slice) => slice.events))
  const milliseconds = sum(slices.map((slice) => slice.milliseconds)) + rest
  const calm = slices.filter(({ loop }) => loop <= CALM * fastest)
  const each = median(calm.map((slice) => slice.milliseconds / slice.events))
  return {
    run,
    events,
    eventsPerSecond: Math.round((1000 * events) / milliseconds),
    virtualPerWall: Math.round(until / milliseconds),
    undisturbed:
      calm.length < CALM_SLICES
        ? `${calm.length} of ${SLICES} slices`
        : Math.round((1000 * events) / (each * events + rest)),
    core: `${Math.round((100 * fastest * slices.length) / sum(slices.map(({ loop }) => loop)))} %`,
  }
}

/** Milliseconds that six sums take which do not wait for one another: bound by how many instructions the core begins at once. */
function timeLoop(): number {
  return Math.min(timeOf(checkSum), timeOf(checkSum))
}

/** What {@link sumUp} gives: looked at, so that no compiler may leave the loop out. */
const SUM = 36_000_021

function checkSum(): void {
  invariant(sumUp() === SUM, 'the same sums give the same sum')
}

function sumUp(): number {
  let [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6]
  for (let index = 0; index < 2_000_000; index++) {
    a = (a + index) | 0
    b = (b ^ index) | 0
    c = (c + 7) | 0
    d = (d ^ 9) | 0
    e = (e + 11) | 0
    f = (f - index) | 0
  }
  return a + b + c + d + e + f
}

function timeOf(work: () => unknown): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
