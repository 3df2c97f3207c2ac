/** Comparing traces, and walking from a record back to what caused it. */
import type { Trace, TraceRecord } from './record.ts'

/** Where two traces part. */
export interface Difference {
  /** Index of the first record that differs; the length of the shorter trace where one simply goes on. */
  readonly index: number
  readonly before: readonly TraceRecord[]
  readonly left: TraceRecord | undefined
  readonly right: TraceRecord | undefined
}

/** The first difference between two traces with the `context` records before it, or undefined where they are the same. O(records). */
export function firstDifference(left: Trace, right: Trace, context = 5): Difference | undefined {
  const length = Math.max(left.records.length, right.records.length)
  for (let index = 0; index < length; index++) {
    const a = left.records[index]
    const b = right.records[index]
    if (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b)) continue
    return { index, before: left.records.slice(Math.max(0, index - context), index), left: a, right: b }
  }
  return undefined
}

/** The chain of causes of a record: itself first, then what caused it, up to what the scenario injected. */
export function causeChain(trace: Trace, seq: number): readonly TraceRecord[] {
  const chain: TraceRecord[] = []
  // A cause is always an earlier record, so the chain ends.
  for (let record = trace.records[seq - 1]; record !== undefined; record = trace.records[record.cause - 1])
    chain.push(record)
  return chain
}
