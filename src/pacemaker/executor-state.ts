/** What the executor of one node keeps: calls under way and waiting for each resource, recurring operations, and what it did. Plain data. */
import type { ResourceHistory } from '../cib/status.ts'
import type { Parameter } from '../model/resource.ts'
import type { HistoryAgent } from './store.ts'

/** One operation as the DC asks for it. */
export interface OpRequest {
  readonly agent: HistoryAgent
  /** The name under which the world knows the resource here. */
  readonly service: string
  readonly operation: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly startDelayMs: number
  readonly expectedRc: number
  /** The graph's action, transition and life of the DC; undefined for what was recorded before the run began. */
  readonly origin: OpOrigin | undefined
  readonly onFail: string | undefined
  /** False where nothing is to be recorded while it is under way. */
  readonly recordsPending?: boolean
  readonly digest: string | undefined
  /** What the digest is made of. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly migration: { readonly source: string; readonly target: string } | undefined
  readonly environment: readonly Parameter[] | undefined
}

/** Where a request comes from. */
export interface OpOrigin {
  readonly action: number
  readonly transition: number
  readonly dc: string
}

/** One call of an agent, waiting or under way. */
export interface Job {
  readonly request: OpRequest
  /** `operation_interval`. */
  readonly key: string
  readonly call: number
  /** What it is a run of, where it recurs. */
  readonly recurring: Recurring | undefined
  /** A repetition: reported only where its result differs from the last. */
  readonly isRepeat: boolean
  queuedAt: number
  startedAt: number
  ticket: number
  /** Its result is of no interest any more. */
  isCancelled: boolean
  /** Only of operations on units (spec E-7.6). */
  watch?: UnitWatch
}

/** How the end of an operation on a unit is waited for. */
export interface UnitWatch {
  /** When its time is over. */
  readonly until: number
  /** The call that began a job of the service manager. */
  readonly job: number | undefined
  /** A question for the unit's state is under way. */
  isAsking: boolean
}

/** A recurring operation between or during its runs. */
export interface Recurring {
  readonly request: OpRequest
  readonly call: number
  /** The name of the timer that repeats it. */
  readonly timer: string
  lastRc: number
  lastStatus: number
  /** Epoch seconds of the first run with the present result. */
  since: number
}

/** One resource. */
export interface Lane {
  readonly id: string
  readonly queue: Job[]
  running: Job | undefined
  /** By `operation_interval`. */
  readonly recurring: Map<string, Recurring>
  /** A job of the service manager that goes on though its operation's time was over. */
  leftover?: number | undefined
  /** What the resource was started with, for its stop. */
  parameters?: OpRequest['parameters']
}

export interface ExecutorState {
  /** The remote node that it works for; undefined: the node that it is on. */
  readonly node: string | undefined
  readonly lanes: Map<string, Lane>
  /** Those of the lanes in which a call is under way: few of many. */
  readonly busy: Lane[]
  /** Fence devices that were started here, or found so. */
  readonly devices: Set<string>
  /** Those of them that were there when the fencer died: nobody knows what has become of them until they are started again. */
  readonly lostDevices: Set<string>
  /** Agents whose metadata this controller has read, as `class:provider:type`. */
  readonly described: Set<string>
  calls: number
  /** Everything that this node would tell at a join. */
  history: readonly ResourceHistory[]
}

/** What a result means for the DC, beside its record. */
export interface OpEvent {
  readonly kind: 'pending' | 'result'
  readonly node: string
  readonly resource: string
  /** The resource as failures are counted: anonymous instances by their common name. */
  readonly service: string
  readonly operation: string
  readonly intervalMs: number
  readonly rc: number
  readonly status: number
  readonly expectedRc: number
  readonly origin: OpOrigin | undefined
  readonly onFail: string | undefined
  /** Refused before it began: no failure is counted. */
  readonly isNack: boolean
  readonly text: string
}

/** The agent of a resource, whatever the resource. */
export function agentKey(agent: Pick<HistoryAgent, 'class' | 'provider' | 'type'>): string {
  return `${agent.class ?? ''}:${agent.provider ?? ''}:${agent.type ?? ''}`
}

/** An executor that has done nothing. */
export function createExecutor(node?: string): ExecutorState {
  return {
    node,
    lanes: new Map(),
    busy: [],
    devices: new Set(),
    lostDevices: new Set(),
    described: new Set(),
    calls: 0,
    history: [],
  }
}

/** Nothing is under way in a lane any more. */
export function freeLane({ busy }: ExecutorState, lane: Lane): void {
  lane.running = undefined
  const place = busy.indexOf(lane)
  if (place < 0) return
  busy[place] = busy.at(-1)!
  busy.pop()
}

/** The id of the record of an operation. Source: spec D-9.1, E-7.9. */
export function recordId(resource: string, operation: string, intervalMs: number): string {
  if (operation === 'migrate_to' || operation === 'migrate_from') return `${resource}_${operation}_0`
  return intervalMs > 0 ? `${resource}_${operation}_${intervalMs}` : `${resource}_last_0`
}
