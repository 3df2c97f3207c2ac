/**
 * From a record back to the fault or command behind it. Causes in a trace are what a daemon was told; where an agent finds that a
 * service is no longer what it was, the way goes on from what happened to the service, not from the timer that made the agent look.
 */
import type { Millis } from '../kernel/time.ts'
import { isServing } from '../model/lifecycle.ts'
import type {
  CommandRecord,
  DecisionRecord,
  FaultRecord,
  LifecycleRecord,
  OperationRecord,
  Trace,
  TraceRecord,
} from '../trace/record.ts'

/** What happens to a service without its manager's doing. */
const BLOWS: ReadonlySet<string> = new Set([
  'appeared',
  'appeared-promoted',
  'crash',
  'hang',
  'power-lost',
  'resume',
  'vanish',
])

/** What is behind a record. */
export interface Root {
  readonly record: CommandRecord | FaultRecord
  /** From when on it had an effect: a fault that makes an agent fail has none until the agent is called. */
  readonly since: Millis
}

/**
 * The fault or command that a record goes back to. Undefined where it goes back to a node that came up: what follows from that is no
 * longer the fault's doing. O(records).
 */
export function rootOf(trace: Trace, seq: number): Root | undefined {
  let record = trace.records[seq - 1]
  let since: Millis | undefined
  // A cause, a blow and a sign are always earlier records: the walk ends.
  while (record !== undefined) {
    if (record.kind === 'fault' || record.kind === 'command') return { record, since: since ?? record.at }
    if (record.kind === 'node' && (record.to === 'booting' || record.to === 'up')) return undefined
    const blow: TraceRecord | undefined = isFailure(record) ? blowBefore(trace, record) : undefined
    const sign: TraceRecord | undefined = record.kind === 'decision' ? signBefore(trace, record) : undefined
    since = blow?.kind === 'fault' ? record.at : undefined
    record = blow ?? sign ?? trace.records[record.cause - 1]
  }
  return undefined
}

/** What a manager last learned before it decided: a DC waits for others before it does, and what it is told last is not what counts. */
function signBefore({ records }: Trace, { seq, at: decidedAt, node }: DecisionRecord): TraceRecord | undefined {
  for (let at = seq - 2; 0 <= at; at--) {
    const record = records[at]!
    if (record.kind === 'decision' && record.node === node && record.at < decidedAt) return undefined
    if (record.kind === 'membership' && record.node === node && record.status === 'dead') return record
    if (record.kind === 'command' || isFailure(record)) return record
  }
  return undefined
}

/** True for the end of an operation that did not go well (one that was taken back did not go at all), and for a check that did not find its service well. */
export function isFailure(record: TraceRecord): record is OperationRecord {
  if (record.kind !== 'operation' || record.phase !== 'end' || record.status === 'cancelled') return false
  return record.status !== 'done' || !isFine(record)
}

/** A first look at a service that is not there is no failure. */
function isFine({ operation, rc, interval }: OperationRecord): boolean {
  if (rc === 0) return true
  const looks = operation === 'monitor' || operation === 'status'
  return looks && (rc === 8 || interval === 0)
}

/** What last befell the service since it last went well, or a fault that names it and makes its agent fail. */
function blowBefore(
  { records }: Trace,
  { seq, node, resource }: OperationRecord,
): FaultRecord | LifecycleRecord | undefined {
  let wentWell = false
  for (let at = seq - 2; 0 <= at; at--) {
    const record = records[at]!
    if (record.kind === 'lifecycle' && record.node === node && record.resource === resource) {
      if (!wentWell && BLOWS.has(record.event)) return record
      wentWell ||= isServing(record.to)
    } else if (record.kind === 'fault' && record.phase === 'begin' && record.targets.includes(resource)) return record
  }
  return undefined
}
