/**
 * One scenario under several managers or settings: the same seed and the same misfortunes, what each made of them in figures, and what
 * each did first that the others did not, with its reason. Random draws are common where names are: nodes, links and boots always.
 */
import { absencesOf } from '../checks/absences.ts'
import { expectationText, INVARIANTS, judge } from '../checks/catalogue.ts'
import type { Millis } from '../kernel/time.ts'
import type { ManagerName } from '../model/names.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { causeChain } from '../trace/diff.ts'
import type { DecisionRecord, Trace, TraceRecord } from '../trace/record.ts'
import { type SimulateOptions, simulate } from './simulate.ts'

/** How long a resource was away after the first misfortune; `isBack` is false where it still was at the end. */
export interface Downtime {
  /** As the scenario calls it. */
  readonly resource: string
  readonly total: Millis
  readonly isBack: boolean
}

/** One act of a manager: a call that changes something, or a fence request; with the decision behind it. */
export interface Act {
  readonly at: Millis
  readonly seq: number
  /** With the scenario's names, so that acts of two managers can be the same: `n1 stop script:httpd`. */
  readonly text: string
  readonly why: string
}

/** What one variant came to. Times count from the first misfortune; undefined: it never happened. */
export interface Column {
  readonly name: string
  readonly manager: ManagerName
  readonly trace: Trace
  readonly downtimes: readonly Downtime[]
  readonly detect: Millis | undefined
  readonly fence: Millis | undefined
  /** Until everything that went away first is back. */
  readonly recover: Millis | undefined
  /** True where nothing went away, so that there was nothing to recover. */
  readonly isUnhurt: boolean
  readonly starts: number
  readonly stops: number
  readonly fences: number
  readonly violations: readonly string[]
  readonly acts: readonly Act[]
}

/** Where a variant parts from the first column; undefined acts: it did nothing any more. */
export interface Parting {
  readonly name: string
  readonly left: Act | undefined
  readonly right: Act | undefined
}

export interface Comparison {
  readonly title: string
  readonly seed: number
  /** The first misfortune or command. */
  readonly from: Millis
  readonly columns: readonly Column[]
  readonly partings: readonly Parting[]
}

/** Runs the scenario and all its variants. */
export function compare(scenario: Scenario, options: SimulateOptions = {}): Comparison {
  const { variants = [], ...base } = scenario
  const columns = [
    measure(scenario.manager, base, new Map(), options),
    ...variants.map((variant) => measure(variant.name, variant.scenario, variant.names, options)),
  ]
  const [first, ...others] = columns
  return {
    title: scenario.title,
    seed: first!.trace.header.seed,
    from: firstBlow(first!.trace),
    columns,
    partings: others.map((column) => part(first!, column)),
  }
}

function measure(
  name: string,
  scenario: Scenario,
  names: ReadonlyMap<string, string>,
  options: SimulateOptions,
): Column {
  const { trace } = simulate(scenario, options)
  const from = firstBlow(trace)
  const baseNames = new Map([...names].map(([before, after]) => [after, before]))
  const nameOf = (resource: string): string => baseNames.get(resource) ?? resource
  const after = trace.records.filter((record) => from <= record.at)
  const calls = (operation: string): number =>
    after.filter((r) => r.kind === 'operation' && r.phase === 'begin' && r.operation === operation).length
  const { recover, isUnhurt } = firstRecovery(trace, from)
  return {
    name,
    manager: scenario.manager,
    trace,
    downtimes: downtimesOf(trace, from, nameOf),
    detect: sinceBlow(after.find(isNotice), from),
    fence: fenceTime(after),
    recover,
    isUnhurt,
    starts: calls('start'),
    stops: calls('stop'),
    fences: after.filter((r) => r.kind === 'fence' && r.phase === 'succeeded').length,
    violations: violationsOf(trace),
    acts: actsOf(trace, after, nameOf),
  }
}

/** The instant of the first fault or command that the scenario brings. */
function firstBlow({ records, footer }: Trace): Millis {
  return records.find((r) => r.kind === 'command' || (r.kind === 'fault' && isBlow(r)))?.at ?? footer.endedAt
}

/** Preparations (an agent or fence device that will fail when it is called) are no blow. */
function isBlow(record: Extract<TraceRecord, { kind: 'fault' }>): boolean {
  return record.phase === 'begin' && !/^(agent|fence)-/.test(record.fault)
}

/** What shows that a manager has noticed: it decides, it holds a member for dead, or it asks for fencing. */
function isNotice(record: TraceRecord): boolean {
  if (record.kind === 'membership') return record.status === 'dead' || record.status === 'lost'
  return record.kind === 'decision' || (record.kind === 'fence' && record.phase === 'requested')
}

function sinceBlow(record: TraceRecord | undefined, from: Millis): Millis | undefined {
  return record === undefined ? undefined : record.at - from
}

/** From the first request to the last success. */
function fenceTime(after: readonly TraceRecord[]): Millis | undefined {
  const asked = after.find((r) => r.kind === 'fence' && r.phase === 'requested')
  const done = after.findLast((r) => r.kind === 'fence' && r.phase === 'succeeded')
  return asked === undefined || done === undefined ? undefined : done.at - asked.at
}

function servicesOf(trace: Trace): readonly string[] {
  return trace.header.cluster.resources.filter(({ agent }) => agent.class !== 'stonith').map(({ id }) => id)
}

function downtimesOf(trace: Trace, from: Millis, nameOf: (resource: string) => string): readonly Downtime[] {
  return servicesOf(trace).map((resource) => {
    const away = absencesOf(trace, resource).filter((absence) => from <= absence.to)
    const total = away.reduce((sum, absence) => sum + absence.to - Math.max(from, absence.from), 0)
    return { resource: nameOf(resource), total, isBack: !away.some(({ to }) => to === trace.footer.endedAt) }
  })
}

/** Until the last of those that went away first is back. */
function firstRecovery(
  trace: Trace,
  from: Millis,
): { readonly recover: Millis | undefined; readonly isUnhurt: boolean } {
  const firsts = servicesOf(trace).flatMap((resource) =>
    absencesOf(trace, resource)
      .filter((absence) => from <= absence.from)
      .slice(0, 1),
  )
  const until = Math.max(from, ...firsts.map(({ to }) => to))
  const isUnhurt = firsts.length === 0
  return { recover: isUnhurt || until === trace.footer.endedAt ? undefined : until - from, isUnhurt }
}

/** What was expected and did not hold, and what no run should show. */
function violationsOf(trace: Trace): readonly string[] {
  const expected = judge(trace).filter(({ held }) => !held)
  const known = new Set(trace.header.expectations.map(({ check }) => check))
  const others = judge(trace, INVARIANTS).filter(({ held, expectation }) => !held && !known.has(expectation.check))
  return [...expected, ...others].map(({ expectation }) => expectationText(expectation))
}

const CHANGES = new Set(['demote', 'migrate_from', 'migrate_to', 'promote', 'recover', 'start', 'stop'])

function actsOf(trace: Trace, after: readonly TraceRecord[], nameOf: (resource: string) => string): readonly Act[] {
  return after.flatMap((record): readonly Act[] => {
    const text = actText(record, nameOf)
    return text === undefined ? [] : [{ at: record.at, seq: record.seq, text, why: whyOf(trace, record.seq) }]
  })
}

function actText(record: TraceRecord, nameOf: (resource: string) => string): string | undefined {
  if (record.kind === 'fence' && record.phase === 'requested') return `${record.by} fences ${record.target}`
  if (record.kind !== 'operation' || record.phase !== 'begin' || !CHANGES.has(record.operation)) return undefined
  return `${record.node} ${record.operation} ${nameOf(record.resource)}`
}

/** The nearest decision behind a record, with its reasons; empty where nobody decided anything. */
function whyOf(trace: Trace, seq: number): string {
  const decision = causeChain(trace, seq).find((record): record is DecisionRecord => record.kind === 'decision')
  if (decision === undefined) return ''
  const reasons = decision.reasons.map(({ text, source }) => `${text} (${source})`)
  return [decision.text, ...reasons].join('; ')
}

/** The first act in which a column differs from the first one. Service roots of RGManager have no counterpart elsewhere. */
function part(left: Column, right: Column): Parting {
  const known = new Set(right.downtimes.map(({ resource }) => resource))
  const isShared = ({ text }: Act): boolean =>
    text.includes(' fences ') || known.has(text.split(' ').slice(2).join(' '))
  const ours = left.acts.filter(isShared)
  const shared = new Set(left.downtimes.map(({ resource }) => resource))
  const theirs = right.acts.filter(
    ({ text }) => text.includes(' fences ') || shared.has(text.split(' ').slice(2).join(' ')),
  )
  const length = Math.max(ours.length, theirs.length)
  for (let index = 0; index < length; index++)
    if (ours[index]?.text !== theirs[index]?.text) return { name: right.name, left: ours[index], right: theirs[index] }
  return { name: right.name, left: undefined, right: undefined }
}
