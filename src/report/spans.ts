/** Stretches of time out of records: operations from begin to end, and the true state of each resource on each node. */
import type { Millis } from '../kernel/time.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { NodeState } from '../model/node.ts'
import type { Trace } from '../trace/record.ts'

/** One call of an agent. */
export interface OperationSpan {
  readonly from: Millis
  readonly to: Millis
  readonly node: string
  readonly resource: string
  readonly operation: string
  readonly rc: number | undefined
  readonly seq: number
}

/** One state of a node or of a resource on a node. */
export interface StateSpan<State> {
  readonly from: Millis
  readonly to: Millis
  readonly node: string
  readonly resource: string
  readonly state: State
  readonly seq: number
}

/**
 * Every call, in order of beginning. One that never ended lasts until its node goes down, else to the end of the run; then it has no
 * return code. O(records).
 */
export function operationSpans(trace: Trace): readonly OperationSpan[] {
  const open = new Map<string, number>()
  const spans: OperationSpan[] = []
  for (const record of trace.records) {
    if (record.kind === 'node' && DOWN.has(record.to)) cutOff(open, spans, record)
    if (record.kind !== 'operation') continue
    const key = `${record.node}\u0000${record.ticket}`
    const { node, resource, operation } = record
    if (record.phase === 'begin') {
      open.set(key, spans.length)
      spans.push({
        from: record.at,
        to: trace.footer.endedAt,
        node,
        resource,
        operation,
        rc: undefined,
        seq: record.seq,
      })
    } else {
      const index = open.get(key)
      if (index !== undefined) spans[index] = { ...spans[index]!, to: record.at, rc: record.rc }
      open.delete(key)
    }
  }
  return spans
}

const DOWN: ReadonlySet<NodeState> = new Set(['booting', 'dead', 'off'])

/** A node went down: its calls under way end with it. */
function cutOff(
  open: Map<string, number>,
  spans: OperationSpan[],
  { node, at }: { readonly node: string; readonly at: Millis },
): void {
  for (const [key, index] of open) {
    if (spans[index]!.node !== node) continue
    spans[index] = { ...spans[index]!, to: at }
    open.delete(key)
  }
}

/** Every stretch in which a resource was in one state other than stopped on one node. O(records). */
export function resourceSpans(trace: Trace): readonly StateSpan<LifecycleState>[] {
  return stretches(trace, (record) =>
    record.kind === 'lifecycle' ? { node: record.node, resource: record.resource, state: record.to } : undefined,
  ).filter((span) => span.state !== 'stopped')
}

/** Every stretch in which a node was in one state. O(records). */
export function nodeSpans(trace: Trace): readonly StateSpan<NodeState>[] {
  return stretches(trace, (record) =>
    record.kind === 'node' ? { node: record.node, resource: '', state: record.to } : undefined,
  )
}

interface Change<State> {
  readonly node: string
  readonly resource: string
  readonly state: State
}

function stretches<State>(
  trace: Trace,
  changeOf: (record: Trace['records'][number]) => Change<State> | undefined,
): readonly StateSpan<State>[] {
  const open = new Map<string, StateSpan<State>>()
  const spans: StateSpan<State>[] = []
  for (const record of trace.records) {
    const change = changeOf(record)
    if (change === undefined) continue
    const key = `${change.node}\u0000${change.resource}`
    const before = open.get(key)
    if (before !== undefined) spans.push({ ...before, to: record.at })
    open.set(key, { ...change, from: record.at, to: record.at, seq: record.seq })
  }
  for (const span of open.values()) spans.push({ ...span, to: trace.footer.endedAt })
  return spans.sort((a, b) => a.from - b.from || a.seq - b.seq)
}
