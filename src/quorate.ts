/**
 * Quorate as a library: run a scenario, read and check its trace.
 *
 * ```ts
 * import { judge, readScenario, simulate, VOCABULARY } from 'quorate'
 * const { value: scenario, problems } = readScenario({ name, text, fileBeside }, VOCABULARY)
 * const { trace } = simulate(scenario, { seed: 7 })
 * const verdicts = judge(trace)
 * ```
 */

export { judge } from './checks/catalogue.ts'
export type { Verdict } from './checks/contract.ts'
export type { StopReason } from './kernel/loop.ts'
export type { Millis } from './kernel/time.ts'
export type { ClusterShape } from './model/cluster.ts'
export type { Problem, Reading } from './model/problem.ts'
export { hasErrors, problemText } from './model/problem.ts'
export type { SourceFile } from './model/source.ts'
export { fork, type RunSnapshot, snapshot } from './run/fork.ts'
export { replayTo } from './run/replay.ts'
export { advance, createRun, finish, type SimulateOptions, type Simulation, simulate } from './run/simulate.ts'
export type { Run } from './run/state.ts'
export { VERSION } from './run/version.ts'
export { checkScenario, VOCABULARY } from './run/vocabulary.ts'
export { readScenario, type ScenarioSource } from './scenario/reader.ts'
export type { Scenario } from './scenario/scenario.ts'
export { fromJsonLines, toJsonLines } from './trace/jsonl.ts'
export type { Trace, TraceFooter, TraceHeader, TraceRecord } from './trace/record.ts'
