/**
 * One scenario under several managers or settings: the same seed and the same misfortunes, what each made of them in figures, and what
 * each did first that the others did not, with its reason. Random draws are common where names are: nodes, links and boots always.
 */
import { absencesOf, createService, follow, serves } from '../checks/absences.ts'
import { expectationText, INVARIANTS, judge } from '../checks/catalogue.ts'
import type { Millis } from '../kernel/time.ts'
import { isServing } from '../model/lifecycle.ts'
import type { ManagerName } from '../model/names.ts'
import type { Scenario, Variant } from '../scenario/scenario.ts'
import { causeChain } from '../trace/diff.ts'
import type { DecisionRecord, Trace, TraceRecord } from '../trace/record.ts'
import { changesOf } from './changes.ts'
import { type SimulateOptions, simulate } from './simulate.ts'

/** How long a resource was away after the first misfortune; `isBack` is false where it still was at the end. */
export interface Downtime {
  /** As the scenario calls it. */
  readonly resource: string
  readonly total: Millis
  readonly isBack: boolean
  /** How often it came back where it was, and on another node. */
  readonly restarts: number
  readonly moves: number
}

/** One act of a manager: a call that changes something, or a fence request; with the decision behind it. */
export interface Act {
  readonly at: Millis
  readonly seq: number
  /** With the scenario's names, so that acts of two managers can be the same: `n1 stop script:httpd`. */
  readonly text: string
  readonly why: string
  /** Lines of the configuration behind it, once somebody has looked for them. */
  readonly lines?: readonly ActLine[]
}

/** A line of a file of the configuration, from 1, and its text. */
export interface ActLine {
  readonly file: string
  readonly line: number
  readonly source: string
}

/** What one variant came to. Times count from the first misfortune; undefined: it never happened. */
export interface Column {
  readonly name: string
  readonly manager: ManagerName
  /** What it changes of the scenario; empty in the first column. */
  readonly changes: readonly string[]
  readonly trace: Trace
  readonly downtimes: readonly Downtime[]
  readonly detect: Millis | undefined
  readonly fence: Millis | undefined
  /** Until nothing is away any more, for the first time. */
  readonly recover: Millis | undefined
  /** True where nothing went away, so that there was nothing to recover. */
  readonly isUnhurt: boolean
  readonly starts: number
  readonly stops: number
  readonly fences: number
  readonly violations: readonly string[]
  readonly acts: readonly Act[]
}

/** Where a variant parts from the first column; undefined acts: it did nothing any more. Both undefined: it does the same in the same order. */
export interface Parting {
  readonly name: string
  readonly left: Act | undefined
  readonly right: Act | undefined
  /** Where only one goes on: what the other, which is at rest, decided or said last. */
  readonly rest?: { readonly at: Millis; readonly text: string }
  /** The same acts in the same order, but from this one on at other times. */
  readonly shift?: { readonly left: Act; readonly right: Act }
}

export interface Comparison {
  readonly title: string
  readonly seed: number
  /** The first misfortune or command. */
  readonly from: Millis
  /** It is a command: there is nothing to detect. */
  readonly isCommanded: boolean
  readonly columns: readonly Column[]
  readonly partings: readonly Parting[]
}

/** Runs the scenario and all its variants. */
export function compare(scenario: Scenario, options: SimulateOptions = {}): Comparison {
  const { variants = [], ...base } = scenario
  const runs = [{ name: scenario.manager, scenario: base, names: new Map<string, string>() }, ...variants].map(
    (variant) => ({ ...variant, trace: simulate(variant.scenario, options).trace }),
  )
  return inColumns(runs.map((ran) => ({ ...ran, from: startOf(ran.trace) })))
}

/** What one run comes to, from its first misfortune on. */
export function measureAlone(scenario: Scenario, options: SimulateOptions = {}): Column {
  const { trace } = simulate(scenario, options)
  return measure({ name: scenario.manager, scenario, names: new Map(), trace, from: startOf(trace) }, [])
}

/** One run of a pair: a scenario without variants, by itself or chosen of them, and its seed. */
export interface Side {
  readonly name: string
  readonly scenario: Scenario
  readonly options: SimulateOptions
}

/** Holds two runs against one another, whatever was changed between them. Both count from the first misfortune of either. */
export function comparePair(left: Side, right: Side): Comparison {
  const runs = [left, right].map(({ name, scenario: { variants: _, ...scenario }, options }) => ({
    ...{ name, scenario, names: new Map<string, string>() },
    trace: simulate(scenario, options).trace,
  }))
  const blows = runs.flatMap(({ trace }) => firstBlow(trace)?.at ?? [])
  const from = blows.length === 0 ? 0 : Math.min(...blows)
  return inColumns(runs.map((ran) => ({ ...ran, from })))
}

/** A run to be measured, from an instant on. */
interface Ran extends Variant {
  readonly trace: Trace
  readonly from: Millis
}

function startOf(trace: Trace): Millis {
  return firstBlow(trace)?.at ?? trace.footer.endedAt
}

function inColumns(runs: readonly Ran[]): Comparison {
  const { scenario, from } = runs[0]!
  const columns = runs.map((ran, index) => measure(ran, index === 0 ? [] : changesOf(scenario, ran.scenario)))
  const [first, ...others] = columns
  return {
    title: scenario.title,
    seed: first!.trace.header.seed,
    from,
    isCommanded: firstBlow(first!.trace)?.kind === 'command',
    columns,
    partings: others.map((column) => part(first!, column)),
  }
}

function measure({ name, scenario, names, trace, from }: Ran, changes: readonly string[]): Column {
  const baseNames = new Map([...names].map(([before, after]) => [after, before]))
  const nameOf = (resource: string): string => baseNames.get(resource) ?? resource
  const after = trace.records.filter((record) => from <= record.at)
  const calls = (operation: string): number =>
    after.filter((r) => r.kind === 'operation' && r.phase === 'begin' && r.operation === operation).length
  const { recover, isUnhurt } = firstRecovery(trace, from)
  return {
    name,
    manager: scenario.manager,
    changes,
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

/** The first fault or command that the scenario brings. */
function firstBlow({ records }: Trace): TraceRecord | undefined {
  return records.find((r) => r.kind === 'command' || (r.kind === 'fault' && isBlow(r)))
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
    const isBack = !away.some(({ to }) => to === trace.footer.endedAt)
    return { resource: nameOf(resource), total, isBack, ...returnsOf(trace, from, resource) }
  })
}

/** How often a resource that served nowhere came back: on the node where it had been, and on another. */
function returnsOf(
  trace: Trace,
  from: Millis,
  resource: string,
): { readonly restarts: number; readonly moves: number } {
  const service = createService(resource)
  let [last, restarts, moves] = ['', 0, 0]
  for (const record of trace.records) {
    const didServe = serves(service)
    // A node that wakes up serves again, but nobody has brought anything back.
    if (!follow(service, record) || record.kind !== 'lifecycle' || !isServing(record.to)) continue
    if (!didServe && last !== '' && from <= record.at) {
      if (record.node === last) restarts += 1
      else moves += 1
    }
    last = record.node
  }
  return { restarts, moves }
}

/** The first stretch in which anything was away: from the blow to its end. */
function firstRecovery(
  trace: Trace,
  from: Millis,
): { readonly recover: Millis | undefined; readonly isUnhurt: boolean } {
  const away = servicesOf(trace)
    .flatMap((resource) => absencesOf(trace, resource).filter((absence) => from <= absence.from))
    .sort((a, b) => a.from - b.from || a.seq - b.seq)
  let until = away[0]?.to ?? from
  for (const absence of away) if (absence.from <= until) until = Math.max(until, absence.to)
  const isUnhurt = away.length === 0
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
    return text === undefined ? [] : [{ at: record.at, seq: record.seq, text, why: whyOf(trace, record) }]
  })
}

function actText(record: TraceRecord, nameOf: (resource: string) => string): string | undefined {
  if (record.kind === 'fence' && record.phase === 'requested') return `${record.by} fences ${record.target}`
  if (record.kind !== 'operation' || record.phase !== 'begin' || !CHANGES.has(record.operation)) return undefined
  return `${record.node} ${record.operation} ${nameOf(record.resource)}`
}

/** The nearest decision behind an act, with its reasons; empty where nobody decided anything. */
function whyOf(trace: Trace, act: TraceRecord): string {
  const nearest = causeChain(trace, act.seq).find((record): record is DecisionRecord => record.kind === 'decision')
  return nearest === undefined ? '' : decisionText(siblingFor(trace, nearest, act))
}

/** Of several decisions of one kind at one instant (a list of actions) the one that is about this act; else the nearest. */
function siblingFor(trace: Trace, nearest: DecisionRecord, act: TraceRecord): DecisionRecord {
  const subject = act.kind === 'fence' ? act.target : act.kind === 'operation' ? act.resource : ''
  const isAbout = (record: TraceRecord | undefined): record is DecisionRecord =>
    isSibling(record, nearest) && record.about.includes(subject) && (act.kind !== 'fence' || /fence/i.test(record.text))
  for (let seq = nearest.seq; isSibling(trace.records[seq - 1], nearest); seq--)
    if (isAbout(trace.records[seq - 1])) return trace.records[seq - 1] as DecisionRecord
  for (let seq = nearest.seq; isSibling(trace.records[seq - 1], nearest); seq++)
    if (isAbout(trace.records[seq - 1])) return trace.records[seq - 1] as DecisionRecord
  return nearest
}

function isSibling(record: TraceRecord | undefined, nearest: DecisionRecord): record is DecisionRecord {
  return (
    record?.kind === 'decision' &&
    record.at === nearest.at &&
    record.node === nearest.node &&
    record.decision === nearest.decision
  )
}

/** With its reasons, as far as its own words do not give them. */
function decisionText({ text: words, reasons }: DecisionRecord): string {
  const more = reasons.filter(({ text }) => !words.includes(text))
  return [words, ...more.map(({ text, source }) => `${text} (${source})`)].join('; ')
}

/** What somebody decided last, or said as a warning; what explains why nothing more is done. */
function lastWord({ trace }: Column): Parting['rest'] {
  const record = trace.records.findLast(
    (r) => r.kind === 'decision' || (r.kind === 'log' && (r.level === 'critical' || r.level === 'error')),
  )
  if (record?.kind === 'decision') return { at: record.at, text: `${record.node} ${decisionText(record)}` }
  return record?.kind === 'log' ? { at: record.at, text: `${record.node} ${record.text}` } : undefined
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
    if (ours[index]?.text !== theirs[index]?.text) {
      const parting = { name: right.name, left: ours[index], right: theirs[index] }
      const rest =
        parting.left === undefined ? lastWord(left) : parting.right === undefined ? lastWord(right) : undefined
      return rest === undefined ? parting : { ...parting, rest }
    }
  const first = ours.findIndex(({ at }, index) => at !== theirs[index]!.at)
  const same = { name: right.name, left: undefined, right: undefined }
  return first === -1 ? same : { ...same, shift: { left: ours[first]!, right: theirs[first]! } }
}
