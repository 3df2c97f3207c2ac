/**
 * A trace in the Trace Event Format (JSON), which the Perfetto viewer opens: nodes as processes, resources as threads, operations as
 * slices, faults, fencing and decisions as instants. Times are microseconds.
 */
import type { Trace } from '../trace/record.ts'
import { nodeSpans, operationSpans, resourceSpans } from './spans.ts'
import { storyLines } from './story.ts'

/** The file as text. */
export function toPerfetto(trace: Trace): string {
  const { nodes, resources } = trace.header.cluster
  const pid = (node: string): number => nodes.indexOf(node) + 1
  const tid = (resource: string): number => resources.findIndex((spec) => spec.id === resource) + 2
  const names = nodes.flatMap((node) => [
    meta('process_name', pid(node), 0, node),
    meta('thread_name', pid(node), 1, 'node and cluster manager'),
    ...resources.map((spec) => meta('thread_name', pid(node), tid(spec.id), spec.id)),
  ])
  const slice = (
    name: string,
    category: string,
    span: { readonly from: number; readonly to: number; readonly node: string },
    thread: number,
    args: object,
  ): object => ({
    name,
    cat: category,
    ph: 'X',
    ts: span.from * 1000,
    dur: (span.to - span.from) * 1000,
    pid: pid(span.node),
    tid: thread,
    args,
  })
  const spans = [
    ...nodeSpans(trace).map((span) => slice(span.state, 'node', span, 1, { seq: span.seq })),
    ...resourceSpans(trace).map((span) => slice(span.state, 'state', span, tid(span.resource), { seq: span.seq })),
    ...operationSpans(trace).map((span) =>
      slice(span.operation, 'operation', span, tid(span.resource), { seq: span.seq, rc: span.rc ?? null }),
    ),
  ]
  const marks = storyLines(trace)
    .filter((line) => line.tone === 'fault' || line.tone === 'decision' || line.kind === 'fence' || line.tone === 'bad')
    .map((line) => ({
      name: line.text,
      cat: line.kind,
      ph: 'i',
      s: line.node === '' ? 'g' : 'p',
      ts: line.at * 1000,
      pid: Math.max(1, pid(line.node)),
      tid: 1,
      args: { seq: line.seq },
    }))
  return JSON.stringify({
    displayTimeUnit: 'ms',
    otherData: { title: trace.header.title, seed: trace.header.seed },
    traceEvents: [...names, ...spans, ...marks],
  })
}

function meta(name: string, pid: number, tid: number, value: string): object {
  return { name, ph: 'M', pid, tid, args: { name: value } }
}
