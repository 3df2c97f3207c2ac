/**
 * How fast whole runs are: a Heartbeat pair for two virtual days, with its routine traffic and one crash, with a trace and
 * without, on either engine. Prints nothing; the bench command does.
 */
import { HOUR } from '../../src/kernel/time.ts'
import { type SimulateOptions, simulate } from '../../src/run/simulate.ts'
import { fault, pairScenario } from '../support/pair.ts'
import { type RunRow, timeRun, toRows } from './timed.ts'

const CASES: readonly (readonly [string, SimulateOptions])[] = [
  ['table engine, no trace', { trace: 'none' }],
  ['table engine, notable messages', {}],
  ['table engine, every message', { messages: 'all' }],
  ['XState engine, notable messages', { engine: 'xstate' }],
]

/** Times every case on the same scenario. */
export function benchKernel(): readonly RunRow[] {
  const until = 48 * HOUR
  const timeline = [fault(HOUR, 'node-crash', { node: 'alice' }, HOUR)]
  const scenario = pairScenario({ until, timeline })
  return toRows(
    CASES.map(([run, options]) => {
      simulate({ ...scenario, until: 2 * HOUR }, options)
      return timeRun(run, scenario, options)
    }),
  )
}
