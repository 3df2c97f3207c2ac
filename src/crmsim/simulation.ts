/**
 * One run of the simulator, from a CIB to what was shown, decided and executed: data in, data out, in the order of events.
 *
 * Prints nothing and touches no file; the text of a run is made by simulation-text.ts. Times come in as arguments.
 * Source: spec D-1.1.
 */
import type { Cib } from '../cib/read.ts'
import type { ClusterState } from '../cib/state.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { scanInteger } from '../cib/values.ts'
import { type Decision, schedule } from '../scheduler/schedule.ts'
import { type Execution, executeTransition } from './execute.ts'
import { hasInjections, type InjectionResult, type Injections, injectEvents, makesNodes } from './inject.ts'
import { type SummaryItem, summaryItems } from './summary.ts'

/** What a run is asked to do. */
export interface SimulationRequest {
  /** `-R`, or anything that implies it. */
  readonly schedules: boolean
  /** `-S`, or anything that implies it. */
  readonly executes: boolean
  readonly showScores: boolean
  readonly showUtilization: boolean
  readonly injections: Injections
  /** `-F`. */
  readonly failures: readonly string[]
  /** `-t`: the effective time, epoch seconds. */
  readonly time: number | undefined
  /** Contributions to scores are recorded, for explanations. */
  readonly explains?: boolean
}

/** What happened. Parts that were not asked for are undefined. */
export interface Simulation {
  /** The CIB's `execution-date`, 0 for none. */
  readonly executionDate: number
  readonly before: ClusterState
  readonly injected: InjectionResult | undefined
  /** The state that was scheduled: `before`, or what injections made of it. */
  readonly scheduled: ClusterState
  readonly decision: Decision | undefined
  readonly summary: readonly SummaryItem[]
  readonly execution: Execution | undefined
  readonly after: ClusterState | undefined
  /** The CIB as it is at the end. */
  readonly cib: Cib
}

/** Runs everything that was asked for. `wall` is the host's clock in epoch seconds. */
export function simulateCib(cib: Cib, request: SimulationRequest, wall: number): Simulation {
  const executionDate = scanInteger(cib.configuration.root.executionDate) ?? 0
  const now = request.time ?? (executionDate === 0 ? wall : executionDate)
  const before = unpackCluster(cib, now)
  const { injections } = request
  const injected = hasInjections(injections) ? injectEvents({ cib, injections, state: before, now: wall }) : undefined
  const current = injected?.cib ?? cib
  const scheduled = injected === undefined ? before : unpackCluster(current, now)
  const nothing = { executionDate, before, injected, scheduled, decision: undefined, summary: [] }
  if (!request.schedules) return { ...nothing, execution: undefined, after: undefined, cib: current }
  const decision = schedule(scheduled, {
    scores: request.showScores,
    utilization: request.showUtilization,
    contributions: request.explains === true,
  })
  const summary = summaryItems(decision.sheet)
  const decided = { ...nothing, decision, summary }
  if (!request.executes) return { ...decided, execution: undefined, after: undefined, cib: current }
  const execution = executeTransition({
    graph: decision.graph,
    cib: current,
    state: scheduled,
    fail: request.failures,
    makesNodes: makesNodes(injections),
    now: wall,
  })
  return { ...decided, execution, after: unpackCluster(execution.cib, now), cib: execution.cib }
}
