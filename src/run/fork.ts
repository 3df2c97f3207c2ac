/**
 * Branching: a run stopped at an instant, copied as plain data, and gone on from, as often as wanted, as it was or with more steps on
 * its timeline. A branch without changes ends with the digest of the run that was never stopped.
 */
import type { LoopSnapshot } from '../kernel/loop.ts'
import type { StreamSnapshot } from '../kernel/random.ts'
import type { Scenario, Step } from '../scenario/scenario.ts'
import type { WriterSnapshot } from '../trace/writer.ts'
import { growWorld } from '../world/state.ts'
import type { RunEvent } from './events.ts'
import { scheduleSteps } from './inject.ts'
import { prepareRun, type SimulateOptions } from './simulate.ts'
import type { Run, RunState } from './state.ts'

/** A run at an instant, as plain data: structured-cloneable, so that it can cross to a worker or be stored. */
export interface RunSnapshot {
  readonly scenario: Scenario
  readonly seed: number
  readonly messages: 'all' | 'notable'
  readonly loop: LoopSnapshot<RunEvent>
  readonly streams: readonly StreamSnapshot[]
  readonly writer: WriterSnapshot
  readonly state: RunState
}

/** The host's copying of plain data, Maps and Sets included; the same in Node and in browsers. */
declare function structuredClone<T>(value: T): T

/** Copies a run between two events. The run itself goes on unharmed. */
export function snapshot(run: Run): RunSnapshot {
  return {
    scenario: run.scenario,
    seed: run.seed,
    messages: run.messages,
    loop: copyTimers(run.loop.snapshot()),
    streams: run.streams.snapshot(),
    writer: run.writer.snapshot(),
    state: structuredClone(run.state),
  }
}

/** Events never change but for those of timers, which each run uses again. */
function copyTimers(loop: LoopSnapshot<RunEvent>): LoopSnapshot<RunEvent> {
  const entries = loop.queue.entries.map((entry) =>
    entry.event.kind === 'timer' ? { ...entry, event: { ...entry.event } } : entry,
  )
  return { ...loop, queue: { ...loop.queue, entries } }
}

/**
 * A run of its own that goes on where `from` was taken, with `more` steps on its timeline, none of them earlier than that instant. The
 * same snapshot can be forked many times. `engine` chooses how machines run; both give the same trace.
 */
export function fork(from: RunSnapshot, more: readonly Step[] = [], engine?: SimulateOptions['engine']): Run {
  const known = from.scenario.timeline.length
  // Steps are known by their index, so that new ones go behind the old, whatever their instants.
  const scenario =
    more.length === 0 ? from.scenario : { ...from.scenario, timeline: [...from.scenario.timeline, ...more] }
  const options = { seed: from.seed, messages: from.messages, ...(engine === undefined ? {} : { engine }) }
  const run = prepareRun(scenario, options, structuredClone(from.state))
  if (more.length > 0) growWorld(run.state.world, run.manager.shape(run.config))
  run.loop.restore(copyTimers(from.loop))
  run.streams.restore(from.streams)
  run.writer.restore(from.writer)
  scheduleSteps(run, known)
  return run
}
