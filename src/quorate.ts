/**
 * Quorate as a library: run a scenario, read and check its trace.
 *
 * ```ts
 * import { simulate } from 'quorate'
 * const { trace } = simulate(scenario, { seed: 7 })
 * ```
 */
export type { StopReason } from './kernel/loop.ts'
export type { Millis } from './kernel/time.ts'
export type { ClusterShape } from './model/cluster.ts'
export type { Problem, Reading } from './model/problem.ts'
export { hasErrors, problemText } from './model/problem.ts'
export type { SourceFile } from './model/source.ts'
export { checkConfiguration, type SimulateOptions, type Simulation, simulate } from './run/simulate.ts'
export { VERSION } from './run/version.ts'
export type { Scenario } from './scenario/scenario.ts'
export { fromJsonLines, toJsonLines } from './trace/jsonl.ts'
export type { Trace, TraceFooter, TraceHeader, TraceRecord } from './trace/record.ts'
