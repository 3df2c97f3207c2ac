/**
 * The decisions of a run as entries: what one manager decided at one instant, and the news that it had had since its last decision.
 * A Pacemaker DC decides many actions at once, under one number; other managers decide one thing at a time.
 */
import { countUpTo } from '../kernel/search.ts'
import type { Millis } from '../kernel/time.ts'
import type { NodeName } from '../model/names.ts'
import type { DecisionRecord, Trace, TraceRecord } from '../trace/record.ts'
import { isFailure, rootOf } from './roots.ts'

/** One decision. */
export interface DecisionEntry {
  /** The manager's node: a DC, or whoever decided for itself. */
  readonly node: NodeName
  readonly at: Millis
  /** Its first and its last record. */
  readonly first: number
  readonly seq: number
  /** The number of the transition, where it has one. */
  readonly transition: number | undefined
  /** The file that holds what was decided about, where one was written (spec pacemaker E-5.9). */
  readonly inputs?: string
  /** What is to be done; empty where everything is as it should be. */
  readonly actions: readonly DecisionRecord[]
  /** Records that the manager had not decided about yet, oldest first. */
  readonly news: readonly TraceRecord[]
}

const NEWS_MAX = 12
const LOOKED_AT = 200
const CALCULATED = /^Calculated transition (\d+)(?:.*, saving inputs in (\S+))?/

/** Every decision in order. O(records). */
export function decisionsOf(trace: Trace): readonly DecisionEntry[] {
  const entries: DecisionEntry[] = []
  const open = new Map<NodeName, DecisionRecord[]>()
  const news = new Map(trace.header.cluster.nodes.map((node) => [node, [] as TraceRecord[]]))
  const leaders = new Map<NodeName, NodeName>()
  const isPacemaker = trace.header.cluster.manager === 'pacemaker'
  const close = (node: NodeName, last: TraceRecord, transition: number | undefined, inputs?: string): void => {
    const actions = open.get(node) ?? []
    open.delete(node)
    const [first = last] = actions
    const told = newsFor(trace, news.get(node) ?? [])
    // What a DC has decided about is no news any more to those who follow it, should one of them lead next.
    for (const [other, dc] of leaders) if (dc === node) news.set(other, [])
    news.set(node, [])
    const file = inputs === undefined ? {} : { inputs }
    entries.push({ node, at: last.at, first: first.seq, seq: last.seq, transition, ...file, actions, news: told })
  }
  for (const record of trace.records) {
    if (record.kind === 'belief' && record.about === 'DC') leaders.set(record.node, record.state)
    if (record.kind === 'decision') {
      open.set(record.node, [...(open.get(record.node) ?? []), record])
      if (!isPacemaker || record.decision !== 'action') close(record.node, record, undefined)
      continue
    }
    const calculated = isPacemaker && record.kind === 'log' ? CALCULATED.exec(record.text) : null
    if (calculated !== null && 'node' in record) close(record.node, record, Number(calculated[1]), calculated[2])
    else for (const [node, list] of news) if (isNews(record, node)) list.push(record)
  }
  return entries
}

/** What a manager hears, or should hear: what happened to the world, and what made it think again. */
function isNews(record: TraceRecord, node: NodeName): boolean {
  switch (record.kind) {
    case 'fault':
    case 'command':
      return true
    case 'process':
      return record.state !== 'running'
    case 'membership':
      return record.node === node
    case 'fence':
      return record.phase === 'failed' || record.phase === 'succeeded'
    case 'operation':
      return isFailure(record)
    case 'log':
      return record.node === node && (record.level !== 'info' || /^Transition -?\d+ aborted/.test(record.text))
    default:
      return false
  }
}

/** The last of them, without repeats, and before them the fault that the oldest goes back to, where it came earlier. */
function newsFor(trace: Trace, all: readonly TraceRecord[]): readonly TraceRecord[] {
  const late = all.slice(-LOOKED_AT)
  const list = late
    .filter((record, index) => late.findIndex((other) => isSame(other, record)) === index)
    .slice(-NEWS_MAX)
  const roots = list.flatMap((record) => {
    const isDown = record.kind === 'membership' && record.status === 'dead'
    const root = isDown || isFailure(record) ? rootOf(trace, record.seq)?.record : undefined
    return root === undefined || list.includes(root) ? [] : [root]
  })
  return [...new Set(roots), ...list].sort((left, right) => left.seq - right.seq)
}

function isSame(left: TraceRecord, right: TraceRecord): boolean {
  if (left === right) return true
  return left.kind === 'log' && right.kind === 'log' && left.text === right.text
}

/**
 * The decision with which what `entry` is about began: itself where something new had happened, else the one before, and so on. A DC
 * thinks again about what it does itself (a score that an agent sets, a result); that is no beginning.
 */
export function originOf(entries: readonly DecisionEntry[], entry: DecisionEntry): DecisionEntry {
  const at = entries.indexOf(entry)
  for (let index = at; 0 <= index; index--) {
    const earlier = entries[index]!
    if (earlier.node === entry.node && earlier.news.some(isEvent)) return earlier
  }
  return entry
}

/** Something that happened to the cluster, as against what it says of it. */
export function isEvent({ kind }: TraceRecord): boolean {
  return kind !== 'log'
}

/** True where something new had happened and something is to be done: a decision that can be asked about before it is seen. */
export function isQuestion({ actions, news }: DecisionEntry): boolean {
  return actions.length > 0 && news.some(isEvent)
}

/** The last decision up to a record, or undefined. O(log entries). */
export function decisionAt(entries: readonly DecisionEntry[], seq: number): DecisionEntry | undefined {
  return entries[countUpTo(entries, seq, ({ first }) => first) - 1]
}
