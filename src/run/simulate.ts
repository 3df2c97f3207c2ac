/**
 * One run: a scenario and a seed in, a trace out. This is the composition root: the only place that knows every room. Pure: the same
 * arguments give the same trace, byte for byte, in every engine.
 */
import { InvariantError } from '../kernel/invariant.ts'
import { Loop, type StopReason } from '../kernel/loop.ts'
import { Streams } from '../kernel/random.ts'
import { clockText, type Millis } from '../kernel/time.ts'
import { compile, interpret } from '../machines/engine.ts'
import { fenceDevice } from '../machines/fence-device.ts'
import { lifecycle } from '../machines/lifecycle.ts'
import { nodeMachine } from '../machines/node.ts'
import { commandsOf, type Scenario } from '../scenario/scenario.ts'
import { textDigest } from '../trace/digest.ts'
import type { Trace, TraceHeader } from '../trace/record.ts'
import { TraceWriter } from '../trace/writer.ts'
import type { Engines } from '../world/context.ts'
import { createContext } from './context.ts'
import { handleEvent } from './dispatch.ts'
import { scheduleScenario } from './inject.ts'
import { type AnyManager, findManager } from './managers.ts'
import { createState, type Run, type RunState } from './state.ts'
import { VERSION } from './version.ts'

/** How to run. */
export interface SimulateOptions {
  /** Overrides the scenario's seed. */
  readonly seed?: number
  /** Keep the records (the default) or only run. */
  readonly trace?: 'all' | 'none'
  /** Record routine messages (heartbeats) too; default: only those that mean something. */
  readonly messages?: 'all' | 'notable'
  /** Which engine runs the machines; both give the same trace. */
  readonly engine?: 'table' | 'xstate'
  /** A manager that is in no catalogue, for measurements and for trying a new one. */
  readonly manager?: AnyManager
  /** Called now and then with the virtual time reached; for progress. */
  readonly onProgress?: (at: Millis) => void
}

/** What a run gives. */
export interface Simulation {
  readonly trace: Trace
  readonly events: number
  readonly reason: StopReason
}

const TABLE: Engines = { node: compile(nodeMachine), lifecycle: compile(lifecycle), fenceDevice: compile(fenceDevice) }
const XSTATE: Engines = {
  node: interpret(nodeMachine),
  lifecycle: interpret(lifecycle),
  fenceDevice: interpret(fenceDevice),
}

/**
 * Runs a scenario to its end. Throws an Error whose text is the whole bug report where an invariant of Quorate's own breaks; bad
 * configuration must have been refused before (see `checkScenario`).
 */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): Simulation {
  const run = createRun(scenario, options)
  const reason = advance(run, scenario.until, options.onProgress)
  return finish(run, reason)
}

/** A run at instant 0, with everything scheduled and nothing handled. */
export function createRun(scenario: Scenario, options: SimulateOptions = {}): Run {
  const run = prepareRun(scenario, options)
  scheduleScenario(run)
  return run
}

/** A run with nothing scheduled: at its very beginning, or, for a fork, with the state that it goes on from. */
export function prepareRun(scenario: Scenario, options: SimulateOptions, state?: RunState): Run {
  const manager = options.manager ?? findManager(scenario.manager)
  const config = manager?.read(scenario.files, scenario.options, commandsOf(scenario)).value
  if (manager === undefined || config === undefined)
    throw new TypeError('the scenario cannot run; call checkScenario first')
  const seed = options.seed ?? scenario.seed
  const run: Run = {
    scenario,
    seed,
    manager,
    config,
    loop: new Loop((event) => handleEvent(run, event)),
    streams: new Streams(seed),
    writer: new TraceWriter(options.trace ?? 'all'),
    engines: options.engine === 'xstate' ? XSTATE : TABLE,
    state: state ?? createState(manager.shape(config)),
    context: createContext(() => run),
    seats: new Map(),
    messages: options.messages ?? 'notable',
  }
  return run
}

/** Goes on to `until`, or to the scenario's limit of events, and says which one it was. */
export function advance(run: Run, until: Millis, onProgress?: (at: Millis) => void): StopReason {
  try {
    for (let eventsMax = run.loop.handled + PROGRESS_EVENTS; ; eventsMax += PROGRESS_EVENTS) {
      const reason = run.loop.run({ until, eventsMax: Math.min(eventsMax, run.scenario.eventsMax) })
      if (reason !== 'event-limit' || run.scenario.eventsMax <= run.loop.handled) return reason
      onProgress?.(run.loop.now)
    }
  } catch (error) {
    throw error instanceof InvariantError ? new Error(bugReport(run, error), { cause: error }) : error
  }
}

/** Closes a run and gives its trace. The run must not be used afterwards. */
export function finish(run: Run, reason: StopReason): Simulation {
  const end = { at: reason === 'time-limit' ? run.scenario.until : run.loop.now, events: run.loop.handled, reason }
  return { trace: run.writer.finish(headerOf(run), end), events: run.loop.handled, reason }
}

const PROGRESS_EVENTS = 50_000

function headerOf({ scenario, seed, state }: Run): TraceHeader {
  return {
    kind: 'header',
    format: 1,
    version: VERSION,
    title: scenario.title,
    seed,
    until: scenario.until,
    scenarioDigest: textDigest(JSON.stringify(scenario)),
    cluster: state.world.shape,
    expectations: scenario.expectations,
  }
}

function bugReport(run: Run, error: InvariantError): string {
  const last = run.writer.last(20).map((entry) => `  ${JSON.stringify(entry)}`)
  return [
    error.message,
    `This is a fault of Quorate ${VERSION}, not of your scenario. Please report it with everything below.`,
    `scenario: ${run.scenario.title}`,
    `seed: ${run.seed}, at ${clockText(run.loop.now)}, event ${run.loop.handled}`,
    'last records:',
    ...last,
  ].join('\n')
}
