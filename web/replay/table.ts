/**
 * The laboratory table: one run, one cursor, one choice, shared by every view. A small store; views read it with {@link useTable} and
 * change it with its verbs. It knows no pixels and no address bar.
 */
import { useSyncExternalStore } from 'react'
import type { Verdict } from '../../src/checks/contract.ts'
import type { Millis } from '../../src/kernel/time.ts'
import type { Problem } from '../../src/model/problem.ts'
import { type StoryLine, storyLines } from '../../src/report/story.ts'
import { type Frame, Frames, lastSeqAt } from '../../src/trace/frames.ts'
import type { Trace } from '../../src/trace/record.ts'
import type { Job, Outcome } from './contract.ts'

/** A finished run with what views need of it, made once. */
export interface RunOnTable {
  readonly trace: Trace
  readonly frames: Frames
  readonly lines: readonly StoryLine[]
  readonly expected: readonly Verdict[]
  readonly invariants: readonly Verdict[]
  /** Record numbers to step and jump to, ascending. */
  readonly stops: Readonly<Record<Stop, readonly number[]>>
}

/** What a step can lead to. */
export type Stop = 'decision' | 'event' | 'fault' | 'violation'

/** What is chosen: a node, or a resource on a node. */
export interface Choice {
  readonly node: string
  readonly resource: string
}

export type Dialog = 'editor' | 'help' | 'library' | 'none'
export type Tab = 'chart' | 'facts' | 'verdict'

export interface TableState {
  readonly job: Job
  readonly run: RunOnTable | undefined
  readonly status: 'broken' | 'ready' | 'refused' | 'running'
  /** From 0 to 1 while a run is under way. */
  readonly progress: number
  readonly problems: readonly Problem[]
  /** The text of a fault of our own, when `status` is broken. */
  readonly message: string
  readonly at: Millis
  readonly seq: number
  readonly playing: boolean
  readonly speed: number
  readonly choice: Choice
  /** The story's open record, 0 for none. */
  readonly open: number
  readonly tab: Tab
  readonly dialog: Dialog
  readonly folding: boolean
  readonly messages: boolean
  readonly theme: 'dark' | 'light'
}

export class Table {
  #state: TableState
  #frame: { readonly run: RunOnTable; readonly seq: number; readonly frame: Frame } | undefined
  readonly #listeners = new Set<() => void>()

  constructor(state: TableState) {
    this.#state = state
  }

  get state(): TableState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes some of the state and tells everybody. */
  set(change: Partial<TableState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  /** The frame at the cursor, or undefined where no run lies on the table. Made once for each record. */
  frame(): Frame | undefined {
    const { run, seq } = this.#state
    if (run === undefined) return undefined
    if (this.#frame?.run !== run || this.#frame.seq !== seq) this.#frame = { run, seq, frame: run.frames.atSeq(seq) }
    return this.#frame.frame
  }

  /** Moves the cursor to an instant. */
  seek(at: Millis): void {
    const { run } = this.#state
    if (run === undefined) return
    const inside = Math.max(0, Math.min(run.trace.footer.endedAt, Math.round(at)))
    this.set({ at: inside, seq: lastSeqAt(run.trace.records, inside) })
  }

  /** Moves the cursor to just after a record. */
  seekRecord(seq: number): void {
    const record = this.#state.run?.trace.records[seq - 1]
    if (record !== undefined) this.set({ at: record.at, seq, playing: false })
  }

  /** Steps to the next or previous stop; stays where there is none. Says whether it moved. */
  step(stop: Stop, direction: -1 | 1): boolean {
    const { run, seq } = this.#state
    if (run === undefined) return false
    const stops = run.stops[stop]
    const target = direction === 1 ? stops.find((entry) => seq < entry) : stops.findLast((entry) => entry < seq)
    if (target === undefined) return false
    this.seekRecord(target)
    return true
  }

  /** Lays an outcome on the table; the last good run stays where it is refused. */
  take(outcome: Outcome, at: Millis | undefined): void {
    const { trace, problems, expected, invariants } = outcome
    if (trace === undefined) return this.set({ status: 'refused', problems, dialog: 'editor' })
    const run: RunOnTable = {
      trace,
      frames: new Frames(trace),
      lines: storyLines(trace),
      expected,
      invariants,
      stops: stopsOf(trace, [...expected, ...invariants]),
    }
    const inside = Math.max(0, Math.min(trace.footer.endedAt, at ?? this.#state.at))
    this.set({ run, problems, status: 'ready', at: inside, seq: lastSeqAt(trace.records, inside), open: 0 })
  }
}

function stopsOf({ records }: Trace, verdicts: readonly Verdict[]): RunOnTable['stops'] {
  const of = (wanted: (kind: string) => boolean) =>
    records.filter((record) => wanted(record.kind)).map((record) => record.seq)
  const violations = verdicts.flatMap((verdict) => verdict.violations)
  const numbers = violations.map((violation) => violation.seq || lastSeqAt(records, violation.at))
  return {
    event: of((kind) => kind !== 'message' && kind !== 'log'),
    decision: of((kind) => kind === 'decision'),
    fault: records.filter((record) => record.kind === 'fault' && record.phase === 'begin').map((record) => record.seq),
    violation: [...new Set(numbers)].sort((left, right) => left - right),
  }
}

let shared: Table | undefined

/** Makes the one table of the page. */
export function createTable(state: TableState): Table {
  shared = new Table(state)
  return shared
}

/** The page's table. */
export function table(): Table {
  if (shared === undefined) throw new Error('createTable comes first')
  return shared
}

/** Reads the table and follows it; `select` must give the same value for the same state. */
export function useTable<T>(select: (state: TableState) => T): T {
  return useSyncExternalStore(table().subscribe, () => select(table().state))
}

/** The frame at the cursor. */
export function useFrame(): Frame | undefined {
  return useSyncExternalStore(table().subscribe, () => table().frame())
}
