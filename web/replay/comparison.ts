/** Two runs held side by side: what each came to in figures, and where they part. A function of two traces. */
import type { Verdict } from '../../src/checks/contract.ts'
import { isServing } from '../../src/model/lifecycle.ts'
import { recoveriesOf } from '../../src/report/recovery.ts'
import { resourceSpans } from '../../src/report/spans.ts'
import { storyLines } from '../../src/report/story.ts'
import { firstDifference } from '../../src/trace/diff.ts'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'

/** A run to be compared. */
export interface Side {
  readonly trace: Trace
  readonly expected: readonly Verdict[]
  readonly invariants: readonly Verdict[]
}

/** One figure of both. */
export interface Figure {
  readonly name: string
  /** Absent where that run knows no such service. */
  readonly left: number | undefined
  readonly right: number | undefined
  readonly unit: 'count' | 'time'
}

/** Something that happened in one of them; empty where that run had come to its end. */
export interface Parting {
  readonly at: number
  readonly text: string
}

/** A stretch of service. */
export interface Served {
  readonly from: number
  readonly to: number
  readonly node: string
}

/** One service in both runs. */
export interface ServiceLane {
  readonly resource: string
  readonly left: readonly Served[]
  readonly right: readonly Served[]
}

export interface Comparison {
  readonly isSame: boolean
  /** Where records first differ; two managers differ from the beginning on. */
  readonly first: readonly [left: Parting, right: Parting] | undefined
  /** Where decisions first differ. */
  readonly decision: readonly [left: Parting, right: Parting] | undefined
  readonly figures: readonly Figure[]
  /** Services that were not served alike. */
  readonly lanes: readonly ServiceLane[]
  readonly alike: number
  readonly end: number
}

/** Holds two runs side by side. O(records). */
export function compareRuns(left: Side, right: Side): Comparison {
  const difference = firstDifference(left.trace, right.trace)
  const isOneManager = left.trace.header.cluster.manager === right.trace.header.cluster.manager
  const isSame = difference === undefined
  const served = servedIn(left.trace)
  const servedThere = servedIn(right.trace)
  const lanes = [...new Set([...served.keys(), ...servedThere.keys()])].map((resource) => ({
    resource,
    left: served.get(resource) ?? [],
    right: servedThere.get(resource) ?? [],
  }))
  const unlike = lanes.filter((lane) => JSON.stringify(lane.left) !== JSON.stringify(lane.right))
  return {
    isSame,
    first:
      isSame || !isOneManager
        ? undefined
        : [partingOf(left.trace, difference.left), partingOf(right.trace, difference.right)],
    decision: isOneManager ? decisionsPart(left.trace, right.trace) : undefined,
    figures: figuresOf(left, right),
    lanes: unlike,
    alike: lanes.length - unlike.length,
    end: Math.max(left.trace.footer.endedAt, right.trace.footer.endedAt),
  }
}

function partingOf(trace: Trace, record: TraceRecord | undefined): Parting {
  if (record === undefined) return { at: trace.footer.endedAt, text: 'nothing more happens' }
  const line = storyLines({ ...trace, records: [record] })[0]!
  return { at: line.at, text: `${line.node === '' ? '' : `${line.node}: `}${line.text}` }
}

/** The first decisions that are not the same in words and in whose they are; when they fell does not count. */
function decisionsPart(left: Trace, right: Trace): Comparison['decision'] {
  const [ours, theirs] = [left, right].map(({ records }) => records.filter(({ kind }) => kind === 'decision'))
  for (let index = 0; index < Math.max(ours!.length, theirs!.length); index++) {
    const [one, other] = [ours![index], theirs![index]]
    if (saying(one) !== saying(other)) return [partingOf(left, one), partingOf(right, other)]
  }
  return undefined
}

function saying(record: TraceRecord | undefined): string {
  return record?.kind === 'decision' ? `${record.node} ${record.text}` : ''
}

function servedIn(trace: Trace): ReadonlyMap<string, readonly Served[]> {
  const found = new Map<string, Served[]>()
  for (const { from, to, node, resource, state } of resourceSpans(trace)) {
    if (!isServing(state)) continue
    const list = found.get(resource) ?? []
    found.set(resource, list)
    const last = list.findLast((span) => span.node === node)
    if (last?.to === from) list[list.indexOf(last)] = { ...last, to }
    else list.push({ from, to, node })
  }
  return found
}

function figuresOf(left: Side, right: Side): readonly Figure[] {
  const count = (name: string, of: (side: Side) => number): Figure => ({
    name,
    left: of(left),
    right: of(right),
    unit: 'count',
  })
  const away = [left, right].map(({ trace }) => awayIn(trace))
  const resources = [...new Set(away.flatMap((times) => [...times.keys()]))]
  const awayFor = (side: number, resource: string): number | undefined => {
    const known = [left, right][side]!.trace.header.cluster.resources.some(({ id }) => id === resource)
    return known ? (away[side]!.get(resource) ?? 0) : undefined
  }
  return [
    ...resources.map((resource) => ({
      name: `${resource} away for`,
      left: awayFor(0, resource),
      right: awayFor(1, resource),
      unit: 'time' as const,
    })),
    count('nodes fenced', ({ trace }) => fencings(trace)),
    count('decisions', ({ trace }) => trace.records.filter(({ kind }) => kind === 'decision').length),
    count('violations', (side) => violations(side)),
  ]
}

/** How long each service was away in all. */
function awayIn(trace: Trace): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { resource, lostAt, to } of recoveriesOf(trace))
    found.set(resource, (found.get(resource) ?? 0) + (to ?? trace.footer.endedAt) - lostAt)
  return found
}

function fencings({ records }: Trace): number {
  return records.filter((record) => record.kind === 'fence' && record.phase === 'succeeded').length
}

function violations({ expected, invariants }: Side): number {
  const found = new Set(
    [...expected, ...invariants].flatMap((verdict) => verdict.violations.map(({ seq, text }) => `${seq} ${text}`)),
  )
  return found.size
}
