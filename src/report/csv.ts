/** A trace as comma-separated values: one row a record, with its story sentence. RFC 4180. */
import type { Trace } from '../trace/record.ts'
import { storyLines } from './story.ts'

/** Columns: seq, at_ms, cause, kind, node, about, tone, text. Lines end in CR LF, as the format wants. */
export function toCsv(trace: Trace): string {
  const rows = storyLines(trace).map((line, index) => [
    line.seq,
    line.at,
    trace.records[index]!.cause,
    line.kind,
    line.node,
    line.about,
    line.tone,
    line.text,
  ])
  return [['seq', 'at_ms', 'cause', 'kind', 'node', 'about', 'tone', 'text'], ...rows]
    .map((row) => row.map(quote).join(','))
    .join('\r\n')
}

function quote(value: number | string): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
