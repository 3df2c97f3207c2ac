/** Replay: the same scenario and seed again, to an instant, there to be looked at or branched from. Cheaper than storing every instant. */
import type { Millis } from '../kernel/time.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type RunSnapshot, snapshot } from './fork.ts'
import { advance, createRun, type SimulateOptions } from './simulate.ts'

/** The run as it stands when everything up to and at `at` has happened. */
export function replayTo(scenario: Scenario, at: Millis, options: SimulateOptions = {}): RunSnapshot {
  const run = createRun(scenario, options)
  advance(run, at, options.onProgress)
  return snapshot(run)
}
