/**
 * A trace in the record format of the laboratory's recordings, to be held against one: results of operations, fencing, what the
 * scheduler decided, and what was injected. Instants count from the first injected fault. Of Heartbeat's agents the ends of calls are
 * told, calls of `status` left out as in the recordings. Source: the laboratory's README.
 */
import type { Millis } from '../kernel/time.ts'
import type { OperationRecord, Trace, TraceRecord } from '../trace/record.ts'

/** One record of a timeline. */
interface TimelineRecord {
  readonly t_ms_since_injection: Millis
  readonly node: string
  readonly kind: string
  readonly phase: string
  readonly resource: string | null
  readonly operation: string | null
  readonly interval: number | null
  readonly rc: number | null
  readonly target: string | null
  readonly text: string
}

/** The timeline as a JSON array, one record a line. */
export function toTimeline({ header, records }: Trace): string {
  const { manager } = header.cluster
  const start = records.find((record) => record.cause === 0 && isInjected(record))?.at ?? 0
  const lines = records.flatMap((record) => {
    const entry =
      manager === 'heartbeat' && record.kind === 'operation' ? fromCall(record, start) : toRecord(record, start)
    return entry === undefined ? [] : [JSON.stringify(entry)]
  })
  return `[\n${lines.join(',\n')}\n]\n`
}

function isInjected({ kind }: TraceRecord): boolean {
  return kind === 'fault' || kind === 'command'
}

const NOTHING = { phase: '', resource: null, operation: null, interval: null, rc: null, target: null, text: '' }

function toRecord(record: TraceRecord, start: Millis): TimelineRecord | undefined {
  const base = { t_ms_since_injection: record.at - start, node: 'node' in record ? record.node : '', ...NOTHING }
  switch (record.kind) {
    case 'fault':
      return { ...base, kind: 'inject', phase: record.phase, operation: record.fault, text: record.text }
    case 'command':
      return { ...base, kind: 'inject', operation: 'command', text: record.command }
    case 'belief':
      return fromBelief({ ...base, kind: '' }, record.about, record.state)
    case 'decision':
      return record.decision === 'action'
        ? { ...base, kind: 'transition', operation: 'decide', resource: record.about[0] ?? null, text: record.text }
        : undefined
    case 'machine':
      return { ...base, kind: 'state', operation: record.event, text: `${record.from} -> ${record.to}` }
    case 'membership':
      return { ...base, kind: 'membership', operation: record.status, target: record.member, text: record.text }
    case 'log':
      return { ...base, kind: 'log', text: record.text }
    default:
      return undefined
  }
}

/** A script of Heartbeat's has returned; what its manager makes of that it does not tell. */
function fromCall(record: OperationRecord, start: Millis): TimelineRecord | undefined {
  const { at, node, phase, operation, resource, rc = null } = record
  if (phase !== 'end' || operation === 'status') return undefined
  const when = { t_ms_since_injection: at - start, node }
  return { ...NOTHING, ...when, kind: 'op', phase: 'result', resource, operation, interval: 0, rc, target: node }
}

/** What a node's manager holds to be the result of an operation, or of fencing, is how results stand in a trace. */
function fromBelief(base: TimelineRecord, about: string, state: string): TimelineRecord | undefined {
  const fence = /^fencing of (\S+)$/.exec(about)
  if (fence !== null) {
    const [operation = '', how = ''] = state.split(' ')
    const rc = how === 'succeeded' ? 0 : 1
    return { ...base, kind: 'fence', phase: 'finalized', operation, target: fence[1]!, rc }
  }
  const result = /^(\S+) (\S+)\/(\d+)$/.exec(about)
  if (result === null) return undefined
  const rc = /^rc=(\d+)$/.exec(state)
  return {
    ...base,
    kind: 'op',
    phase: 'result',
    resource: result[1]!,
    operation: result[2]!,
    interval: Number(result[3]),
    rc: rc === null ? null : Number(rc[1]),
    target: base.node,
    text: state,
  }
}
