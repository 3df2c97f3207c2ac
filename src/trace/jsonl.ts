/** A trace as JSON Lines: the header, one record a line, the footer. Reading checks what it can and returns problems. */
import type { Problem, Reading } from '../model/problem.ts'
import { traceDigest } from './digest.ts'
import type { Trace, TraceFooter, TraceHeader, TraceRecord } from './record.ts'

/** The trace as text; every line ends in a newline. */
export function toJsonLines(trace: Trace): string {
  const lines = [trace.header, ...trace.records, trace.footer].map((value) => JSON.stringify(value))
  return `${lines.join('\n')}\n`
}

/** Reads a trace back. A line that is no JSON, a missing end, a gap in the numbers or a digest that does not fit are problems. */
export function fromJsonLines(text: string, file: string): Reading<Trace> {
  const problems: Problem[] = []
  const complain = (line: number, what: string, advice: string): void => {
    problems.push({ severity: 'error', file, line, column: 1, what, advice })
  }
  const values: unknown[] = []
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    try {
      values.push(JSON.parse(line))
    } catch {
      complain(
        index + 1,
        'this line is not JSON',
        'a trace is written by `quorate run --trace FILE`; was the file cut or edited?',
      )
      return { value: undefined, problems }
    }
  }
  if (!hasKind(values[0], 'header')) complain(1, 'a trace begins with its header', 'is this a trace at all?')
  if (!hasKind(values.at(-1), 'footer'))
    complain(lines.length, 'the trace has no end', 'the run that wrote it was cut off; run it again')
  if (0 < problems.length) return { value: undefined, problems }

  // The kinds were checked above; the digest vouches for the rest.
  const trace: Trace = {
    header: values[0] as TraceHeader,
    records: values.slice(1, -1) as TraceRecord[],
    footer: values.at(-1) as TraceFooter,
  }
  trace.records.forEach((record, index) => {
    if (record.seq !== index + 1 && problems.length === 0)
      complain(index + 2, `record ${index + 1} is missing or out of place`, '')
  })
  if (problems.length === 0 && traceDigest(trace.header, trace.records) !== trace.footer.digest) {
    complain(
      lines.length,
      'the digest does not fit the records',
      'the trace was changed after it was written; run it again',
    )
  }
  return { value: trace, problems }
}

function hasKind(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}
