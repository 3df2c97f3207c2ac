/**
 * Collects the records of one run and numbers them. It is the only maker of records; a run without a trace uses a writer that keeps
 * nothing but still numbers, so that causes and behaviour are the same with and without a trace.
 */
import type { StopReason } from '../kernel/loop.ts'
import type { Millis } from '../kernel/time.ts'
import { traceDigest } from './digest.ts'
import type { RecordDraft, Trace, TraceHeader, TraceRecord } from './record.ts'

/** How a run ended, for the footer. */
export interface RunEnd {
  readonly at: Millis
  readonly events: number
  readonly reason: StopReason
}

/** What a writer holds, as plain data. */
export interface WriterSnapshot {
  readonly seq: number
  /** Absent where the writer keeps nothing. */
  readonly records: readonly TraceRecord[] | undefined
}

/** Takes drafts, gives records. One owner: the composition root. */
export class TraceWriter {
  #kept: TraceRecord[] | undefined
  #seq = 0

  /** With `keep` set to `none`, records are numbered and dropped. */
  constructor(keep: 'all' | 'none') {
    this.#kept = keep === 'all' ? [] : undefined
  }

  /** True where records are kept: callers may skip the making of costly texts otherwise. */
  get isKeeping(): boolean {
    return this.#kept !== undefined
  }

  /** Appends a record and returns its number. `cause` is the number of the record behind it, 0 for what the scenario injected. */
  append(at: Millis, cause: number, draft: RecordDraft): number {
    this.#seq += 1
    // A draft is a record without these three fields, so the spread is one.
    this.#kept?.push({ seq: this.#seq, at, cause, ...draft } as TraceRecord)
    return this.#seq
  }

  /** Numbers a record that nobody keeps; only where {@link isKeeping} is false. */
  skip(): number {
    this.#seq += 1
    return this.#seq
  }

  /** The last `count` records, for the report of a bug. */
  last(count: number): readonly TraceRecord[] {
    return this.#kept?.slice(-count) ?? []
  }

  /** What was written so far, for a fork. Records are shared: they never change. */
  snapshot(): WriterSnapshot {
    return { seq: this.#seq, records: this.#kept?.slice() }
  }

  /** Goes on where `snapshot` was taken, keeping records or not as that writer did. */
  restore(snapshot: WriterSnapshot): void {
    this.#seq = snapshot.seq
    this.#kept = snapshot.records?.slice()
  }

  /** Closes the trace. The writer must not be used afterwards. */
  finish(header: TraceHeader, end: RunEnd): Trace {
    const records = this.#kept ?? []
    const digest = traceDigest(header, records)
    return {
      header,
      records,
      footer: {
        kind: 'footer',
        records: records.length,
        events: end.events,
        endedAt: end.at,
        reason: end.reason,
        digest,
      },
    }
  }
}
