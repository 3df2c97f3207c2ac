/**
 * Recovery times: how long each service took to come back, split into what the time went to. A pure function of a trace, for every
 * manager alike: it reads faults, what nodes saw, decisions, fencing and calls of agents, and knows nothing of rules.
 *
 *   fault ──detect──▶ seen ──decide──▶ decided ──fence──▶ safe ──stop──▶ free ──start──▶ ──promote──▶ serves again
 *
 * The parts follow one another and add up; what goes on at the same time counts for the part that ends last. A stop that was over before
 * anybody asked for fencing (it failed, mostly, and is why) counts as stop, not as fence.
 */
import { durationText, type Millis } from '../kernel/time.ts'
import { isServing, type LifecycleState } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { ResourceSpec } from '../model/resource.ts'
import type { OperationRecord, Trace, TraceRecord } from '../trace/record.ts'
import { isFailure, type Root, rootOf } from './roots.ts'

/** The parts of a recovery in their order. */
export const PHASES = ['detect', 'decide', 'fence', 'stop', 'start', 'promote'] as const

export type Phase = (typeof PHASES)[number]

/** One service that was gone, and came back or did not. */
export interface Recovery {
  readonly resource: ResourceId
  /** When the fault struck; for a planned move, when the service went. */
  readonly from: Millis
  /** When it served no more: later than `from` where it went on for a while. */
  readonly lostAt: Millis
  /** When it served again; absent where it did not to the end of the run. */
  readonly to: Millis | undefined
  /** Where it served before, and after. */
  readonly before: NodeName
  readonly after: NodeName | undefined
  /** What was behind it, as a sentence; empty where the cluster moved it by itself. */
  readonly cause: string
  readonly isPlanned: boolean
  /** How long each part took; they add up to the whole. A service that did not come back has no parts after the last that ended. */
  readonly phases: Readonly<Record<Phase, Millis>>
}

/** Every recovery of every service, by its beginning. Fence devices are no services. O(records × services). */
export function recoveriesOf(trace: Trace): readonly Recovery[] {
  const found = trace.header.cluster.resources
    .filter((spec) => spec.agent.class !== 'stonith')
    .flatMap((spec) => ofService(trace, spec))
  return found.sort((left, right) => left.from - right.from || (left.to ?? 0) - (right.to ?? 0))
}

const LINES_MAX = 24

/** The recoveries as lines, empty where nothing was ever gone; of very many only the first. */
export function recoveryText(recoveries: readonly Recovery[]): string {
  const shown = recoveries.slice(0, LINES_MAX)
  const width = Math.max(0, ...shown.map(({ resource }) => resource.length))
  const lines = shown.map((recovery) => `↻ ${recovery.resource.padEnd(width)}  ${recoveryLine(recovery)}`)
  const more = recoveries.length - shown.length
  return [...lines, ...(0 < more ? [`↻ and ${more} more`] : [])].join('\n')
}

/** One recovery as a sentence without its resource: `back on bob 16.01s after alice loses power: detect 6.41s, …`. */
export function recoveryLine({ from, lostAt, to, after, cause, isPlanned, phases }: Recovery): string {
  const parts = PHASES.filter((phase) => 0 < phases[phase]).map((phase) => `${phase} ${shortText(phases[phase])}`)
  const split = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  if (to === undefined) return `does not come back${cause === '' ? '' : ` after ${cause}`}${split}`
  const whole = `${shortText(to - from)}${isPlanned || cause === '' ? '' : ` after ${cause}`}`
  const away = from < lostAt ? ` (away for ${shortText(to - lostAt)})` : ''
  return isPlanned ? `moved to ${after}, away for ${whole}${split}` : `back on ${after} ${whole}${away}${split}`
}

/** A duration to a hundredth of a second. */
export function shortText(duration: Millis): string {
  return durationText(duration < 100 ? duration : Math.round(duration / 10) * 10)
}

/** One stretch without service. */
interface Outage {
  readonly lost: TraceRecord
  readonly before: NodeName
  readonly back: { readonly record: TraceRecord; readonly node: NodeName } | undefined
}

function ofService(trace: Trace, spec: ResourceSpec): readonly Recovery[] {
  const roots = new Set<TraceRecord>()
  return outagesOf(trace, spec).flatMap((outage) => {
    const root = rootOf(trace, outage.lost.seq)
    const isNew = root !== undefined && !roots.has(root.record)
    if (root !== undefined) roots.add(root.record)
    // What an administrator took away, or what was under way to another place at the end, is no failed recovery.
    const wasStopped = outage.lost.kind === 'lifecycle' && outage.lost.event === 'stop'
    if (outage.back === undefined && (!isStrike(root) || (wasStopped && !isNew))) return []
    return [toRecovery(trace, spec, outage, isNew ? root : undefined)]
  })
}

/** Stretches in which a service that had served served nowhere. A promotable one serves where it is promoted. */
function outagesOf(trace: Trace, { id, promotable }: ResourceSpec): readonly Outage[] {
  const states = new Map<NodeName, LifecycleState>()
  const frozen = new Set<NodeName>()
  const found: Outage[] = []
  let serving: NodeName | undefined
  let open: Omit<Outage, 'back'> | undefined
  for (const record of trace.records) {
    if (record.kind === 'lifecycle' && record.resource === id)
      states.set(record.node, stateOf(record.to, states.get(record.node)))
    else if (record.kind !== 'node') continue
    else if (record.to === 'hung') frozen.add(record.node)
    else if (record.to === 'up') frozen.delete(record.node)
    const serves = (node: NodeName): boolean => !frozen.has(node) && doesServe(states.get(node), promotable)
    const now = serving !== undefined && serves(serving) ? serving : [...states.keys()].find(serves)
    if (serving !== undefined && now === undefined) open = { lost: record, before: serving }
    else if (now !== undefined && open !== undefined) {
      found.push({ ...open, back: { record, node: now } })
      open = undefined
    }
    serving = now
  }
  return open === undefined ? found : [...found, { ...open, back: undefined }]
}

/** What is demoted after it has failed does not serve again for it. */
function stateOf(state: LifecycleState, before: LifecycleState | undefined): LifecycleState {
  return state === 'demoting' && before !== 'promoted' ? 'failed-promoted' : state
}

function doesServe(state: LifecycleState | undefined, promotable: boolean): boolean {
  if (state === undefined) return false
  return promotable ? state === 'promoted' || state === 'demoting' : isServing(state)
}

function toRecovery(
  trace: Trace,
  { id }: ResourceSpec,
  { lost, before, back }: Outage,
  root: Root | undefined,
): Recovery {
  const behind = root?.record
  const isPlanned = !isStrike(root)
  const from = isPlanned ? lost.at : Math.min(lost.at, root?.since ?? lost.at)
  const end = back?.record.at ?? trace.footer.endedAt
  const first = isPlanned ? lost : (behind ?? lost)
  const records = trace.records.slice(first.seq - 1).filter(({ at }) => from <= at && at <= end)
  return {
    resource: id,
    from,
    lostAt: lost.at,
    to: back?.record.at,
    before,
    after: back?.node,
    cause: behind?.kind === 'command' ? `\`${behind.command}\`` : isPlanned ? '' : (behind?.text ?? ''),
    isPlanned,
    phases: phasesOf(records, { resource: id, from, end, isBack: back !== undefined, isPlanned }),
  }
}

/** A fault that began, as against its end, a command or nothing. */
function isStrike(root: Root | undefined): boolean {
  return root?.record.kind === 'fault' && root.record.phase === 'begin'
}

interface Stretch {
  readonly resource: ResourceId
  readonly from: Millis
  readonly end: Millis
  readonly isBack: boolean
  readonly isPlanned: boolean
}

/** Each part ends at its milestone; a milestone that is not there, or lies before the one before it, takes no time. */
function phasesOf(records: readonly TraceRecord[], stretch: Stretch): Readonly<Record<Phase, Millis>> {
  const { resource, from, end, isBack, isPlanned } = stretch
  const calls = records.filter((record) => record.kind === 'operation')
  const own = calls.filter((record) => record.resource === resource)
  const begins = (operation: string): Millis | undefined =>
    own.findLast((record) => record.phase === 'begin' && record.operation === operation)?.at
  const promotes = begins('promote')
  const upAt = (isBack ? (begins('start') ?? promotes) : undefined) ?? end
  const fenced = records.findLast(
    (record) => record.kind === 'fence' && record.phase === 'succeeded' && record.at <= upAt,
  )
  const stopsBy = (at: Millis): Millis => calls.findLast((record) => isStop(record) && record.at <= at)?.at ?? from
  const asked = records.find((record) => record.kind === 'fence' && record.phase === 'requested')?.at ?? from
  const [seen, decided] = isPlanned ? [from, from] : learned(records, end)
  const marks: readonly Mark[] = [
    ['detect', seen],
    ['decide', decided],
    ['stop', fenced === undefined ? from : stopsBy(asked)],
    ['fence', fenced?.at ?? from],
    ['stop', stopsBy(upAt)],
  ]
  if (!isBack) return lengths(from, marks)
  const started = own.findLast((record) => record.phase === 'end' && record.operation === 'start')
  return lengths(from, [...marks, ['start', promotes === undefined ? end : (started?.at ?? from)], ['promote', end]])
}

/** When a part was over. */
type Mark = readonly [phase: Phase, at: Millis]

/** When a manager learned of it, and when it decided. Where nobody was told, whatever made it act took until then. */
function learned(records: readonly TraceRecord[], end: Millis): readonly [seen: Millis, decided: Millis] {
  const sign = records.find(isSign)
  const acts = (since: Millis): Millis =>
    records.find((record) => since <= record.at && (record.kind === 'decision' || isAct(record)))?.at ?? end
  const seen = Math.min(sign?.at ?? end, acts(0))
  return [seen, acts(seen)]
}

function lengths(from: Millis, marks: readonly Mark[]): Readonly<Record<Phase, Millis>> {
  const found: Record<Phase, Millis> = { detect: 0, decide: 0, fence: 0, stop: 0, start: 0, promote: 0 }
  let at = from
  for (const [phase, mark] of marks) {
    found[phase] += Math.max(0, mark - at)
    at = Math.max(at, mark)
  }
  return found
}

/** The first that a manager learns of it: a member is gone, or an agent found something else than it should. */
function isSign(record: TraceRecord): boolean {
  return (record.kind === 'membership' && record.status === 'dead') || isFailure(record)
}

/** The first that is done about it. */
function isAct(record: TraceRecord): boolean {
  if (record.kind === 'fence') return record.phase === 'requested'
  return record.kind === 'operation' && record.phase === 'begin' && !LOOKS.has(record.operation)
}

const LOOKS: ReadonlySet<string> = new Set(['monitor', 'notify', 'status'])

function isStop({ phase, operation }: OperationRecord): boolean {
  return phase === 'end' && (operation === 'stop' || operation === 'demote')
}
