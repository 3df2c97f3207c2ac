/**
 * How fast a trace of a million records is to look at: building its frames, one seek to anywhere, one step of the cursor, and the time from a
 * scenario to its first frame. The traces are Pacemaker's budget case with every message. Prints nothing; the bench command does.
 */
import { HOUR, MINUTE } from '../../src/kernel/time.ts'
import { simulate } from '../../src/run/simulate.ts'
import { Frames } from '../../src/trace/frames.ts'
import type { Trace } from '../../src/trace/record.ts'
import { budgetScenario } from './pacemaker.ts'
import type { Row } from './scheduler.ts'

const RECORDS = 1_000_000
const SEEKS = 500

/** Times each, on one trace. */
export function benchReplay(): readonly Row[] {
  // Before the heap is full of records, as a page or a command begins.
  const first = timed(() => new Frames(simulate(budgetScenario(10 * MINUTE)).trace).atSeq(1))
  const trace = firstRecords(simulate(budgetScenario(16 * HOUR, 10 * MINUTE), { messages: 'all' }).trace)
  const { records } = trace
  const began = performance.now()
  const frames = new Frames(trace)
  const building = performance.now() - began
  // The congruential walk of the machines' bench: anywhere, the same places every time.
  let number = 1
  const seeks = Array.from({ length: SEEKS }, () => {
    number = (number * 1103 + 12345) % 65536
    return timed(() => frames.atSeq(Math.floor((number / 65536) * records.length)))
  })
  const from = Math.floor(records.length / 2)
  const steps = Array.from({ length: SEEKS }, (_, index) => timed(() => frames.atSeq(from + index)))
  return [
    row('building frames', records.length, [building]),
    row('a seek to anywhere', records.length, seeks),
    row('a step of the cursor', records.length, steps),
    row('from a scenario of ten minutes to its first frame', 0, [first]),
  ]
}

function firstRecords(trace: Trace): Trace {
  return { ...trace, records: trace.records.slice(0, RECORDS) }
}

function timed(act: () => unknown): number {
  const began = performance.now()
  act()
  return performance.now() - began
}

function row(what: string, records: number, times: readonly number[]): Row {
  const sorted = [...times].sort((left, right) => left - right)
  const figure = (share: number): number => Number(sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2))
  return { what, records, 'median ms': figure(0.5), '99 % ms': figure(0.99), 'worst ms': figure(1) }
}
