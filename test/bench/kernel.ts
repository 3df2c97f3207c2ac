/**
 * How fast whole runs are: a Heartbeat pair for two virtual days, with its routine traffic and one crash, with a trace and
 * without, on either engine. Prints nothing; the bench command does. A clock is read here only.
 */
import { HOUR } from '../../src/kernel/time.ts'
import { type SimulateOptions, simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { fault, pairScenario } from '../support/pair.ts'

/** One line of the table. */
export interface KernelRow {
  readonly run: string
  readonly events: number
  readonly eventsPerSecond: number
  /** Virtual time divided by wall time. */
  readonly virtualPerWall: number
}

const CASES: readonly (readonly [string, SimulateOptions])[] = [
  ['table engine, no trace', { trace: 'none' }],
  ['table engine, notable messages', {}],
  ['table engine, every message', { messages: 'all' }],
  ['XState engine, notable messages', { engine: 'xstate' }],
]

/** Times every case on the same scenario. */
export function benchKernel(): readonly KernelRow[] {
  const until = 48 * HOUR
  const timeline = [fault(HOUR, 'node-crash', { node: 'alice' }, HOUR)]
  const scenario = pairScenario({ until, timeline })
  return CASES.map(([run, options]) => {
    simulate({ ...scenario, until: 2 * HOUR }, options)
    return timeRun(run, scenario, options)
  })
}

/** Simulates once, and says how fast that went. */
export function timeRun(run: string, scenario: Scenario, options: SimulateOptions): KernelRow {
  const began = performance.now()
  const { events } = simulate(scenario, options)
  const seconds = (performance.now() - began) / 1000
  return {
    run,
    events,
    eventsPerSecond: Math.round(events / seconds),
    virtualPerWall: Math.round(scenario.until / 1000 / seconds),
  }
}
