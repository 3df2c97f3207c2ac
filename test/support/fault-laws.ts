/**
 * The laws of faults as functions over what a run with one fault left, beside the same run without it. Complaints where a law is broken,
 * none where it holds; they judge traces and the fault's own words only, so that broken ones can be put before them.
 */
import type { Fault } from '../../src/faults/contract.ts'
import type { Trace } from '../../src/trace/record.ts'

/** One fault that struck at `at`, for `lasts` where it is lasting. */
export interface Strike {
  readonly entry: Fault
  readonly at: number
  readonly lasts: number
  /** The run without it, with it, with it again, and with it on the other engine. */
  readonly calm: Trace
  readonly struck: Trace
  readonly again: Trace
  readonly other: Trace
}

export interface FaultLaw {
  readonly name: string
  readonly complaints: (strike: Strike) => readonly string[]
}

export const FAULT_LAWS: readonly FaultLaw[] = [
  { name: 'changes nothing before it begins', complaints: pastIsCalm },
  { name: 'is told when it begins, by nobody caused, and when it ends', complaints: isTold },
  { name: 'gives the same trace again, and with the other engine', complaints: repeats },
  { name: 'says in its description what it strikes, in one sentence with its parameters', complaints: isDescribed },
]

function pastIsCalm({ at, calm, struck }: Strike): readonly string[] {
  const until = ({ records }: Trace) => records.filter((record) => record.at < at)
  const before = until(struck)
  return [
    ...(JSON.stringify(before) === JSON.stringify(until(calm)) ? [] : ['the past is another one']),
    ...(before.length > 10 ? [] : ['nothing had happened before, so nothing is shown']),
  ]
}

function isTold({ entry, at, lasts, struck }: Strike): readonly string[] {
  const told = struck.records.filter((record) => record.kind === 'fault')
  const lines = told.map((record) => `${record.at} ${record.phase} ${record.fault}`)
  const expected = [`${at} begin ${entry.name}`, ...(entry.lasting ? [`${at + lasts} end ${entry.name}`] : [])]
  return [
    ...(lines.join() === expected.join() ? [] : [`it tells ${lines.join() || 'nothing'}, not ${expected.join()}`]),
    ...(told[0] === undefined || told[0].cause === 0 ? [] : ['something caused it']),
  ]
}

function repeats({ struck, again, other }: Strike): readonly string[] {
  const { digest } = struck.footer
  return [
    ...(again.footer.digest === digest ? [] : ['the second run is another one']),
    ...(other.footer.digest === digest ? [] : ['the other engine gives another trace']),
  ]
}

function isDescribed({ entry }: Strike): readonly string[] {
  return [
    ...(/^[A-Z].*\.$/.test(entry.about) ? [] : ['it is not described by a sentence']),
    ...(entry.lasting === (entry.end !== undefined) ? [] : ['it ends without lasting, or lasts without an end']),
    ...entry.parameters.flatMap(({ name, about }) => (about === '' ? [`its parameter ${name} is not described`] : [])),
  ]
}
