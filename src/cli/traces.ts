/** Commands on stored traces: `replay`, `diff`, `export`. */
import { INVARIANTS, judge } from '../checks/catalogue.ts'
import { toCsv } from '../report/csv.ts'
import { toPerfetto } from '../report/perfetto.ts'
import { storyText } from '../report/story.ts'
import { toSvg } from '../report/svg.ts'
import { toTimeline } from '../report/timeline.ts'
import { toJsonLines } from '../trace/jsonl.ts'
import type { Trace } from '../trace/record.ts'
import { CommandError, EXIT, print } from './console.ts'
import { loadTrace } from './load.ts'
import { differenceText, verdictText } from './run.ts'

/** Tells a stored trace's story up to an instant, and its verdicts. */
export function replayCommand(path: string, flags: { readonly json?: true }): number {
  const trace = loadTrace(path)
  const verdicts = judge(trace)
  if (flags.json) print(JSON.stringify({ footer: trace.footer, verdicts }))
  else print(`${storyText(trace)}\n${verdictText(verdicts, judge(trace, INVARIANTS))}`)
  return verdicts.every((verdict) => verdict.held) ? EXIT.held : EXIT.violated
}

/** Compares two stored traces. */
export function diffCommand(left: string, right: string, flags: { readonly json?: true }): number {
  const a = loadTrace(left)
  const b = loadTrace(right)
  const same = a.footer.digest === b.footer.digest
  if (flags.json) print(JSON.stringify({ same }))
  else print(same ? `same: digest ${a.footer.digest}` : differenceText(a, b))
  return same ? EXIT.held : EXIT.violated
}

const FORMATS: ReadonlyMap<string, (trace: Trace) => string> = new Map([
  ['jsonl', toJsonLines],
  ['csv', toCsv],
  ['perfetto', toPerfetto],
  ['svg', toSvg],
  ['story', storyText],
  ['timeline', toTimeline],
])

/** The names of the formats. */
export const FORMAT_NAMES: readonly string[] = [...FORMATS.keys()]

/** Writes a stored trace in another form to stdout. */
export function exportCommand(path: string, flags: { readonly as: string }): number {
  const format = FORMATS.get(flags.as)
  if (format === undefined)
    throw new CommandError(`there is no format "${flags.as}"; known are ${FORMAT_NAMES.join(', ')}`)
  print(format(loadTrace(path)))
  return EXIT.held
}
