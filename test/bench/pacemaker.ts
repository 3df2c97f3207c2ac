/**
 * The budget case with the real Pacemaker as manager: a quiet cluster, and one in which a service crashes every ten minutes, so that
 * graphs are made and carried out. Prints nothing; the bench command does. Budget: the design, section 5.
 */
import { draw, fixed } from '../../src/kernel/draw.ts'
import { Streams } from '../../src/kernel/random.ts'
import { HOUR, MINUTE } from '../../src/kernel/time.ts'
import { type SimulateOptions, simulate } from '../../src/run/simulate.ts'
import { SCENARIO_DEFAULTS, type Scenario, type Step } from '../../src/scenario/scenario.ts'
import { fault } from '../support/pair.ts'
import { budgetCib } from './pacemaker-text.ts'
import { type RunRow, timeRun, toRows } from './timed.ts'

/** The scenario; `crashEvery` is how often a service crashes, from ten minutes on. */
export function budgetScenario(until: number, crashEvery = Number.POSITIVE_INFINITY): Scenario {
  const timing = (operation: string, takes: number) => ({ operation, subject: '*', distribution: fixed(takes) })
  return {
    title: 'budget case',
    question: '',
    description: '',
    manager: 'pacemaker',
    files: [{ name: 'cib.xml', text: budgetCib() }],
    options: [],
    until,
    seed: 1,
    eventsMax: 1_000_000_000,
    timings: [timing('boot', 20_000), timing('monitor', 50), timing('start', 200), timing('stop', 200)],
    power: [],
    timeline: crashes(until, crashEvery),
    chaos: [],
    expectations: [],
  }
}

/** Crashes that are the same in every run, of services that run on every node; every tenth is a whole node's. */
function crashes(until: number, every: number): readonly Step[] {
  const stream = new Streams(SCENARIO_DEFAULTS.seed).stream('bench', 'crash')
  const pick = (count: number): number => draw({ kind: 'uniform', min: 1, max: count }, stream)
  const steps: Step[] = []
  for (let at = 10 * MINUTE; at < until; at += every) {
    const node = `n${pick(3)}`
    if (steps.length % 10 === 9) steps.push(fault(at, 'node-crash', { node }))
    else steps.push(fault(at, 'service-crash', { node, resource: pick(2) === 1 ? 'ping' : 'store' }))
  }
  return steps
}

interface Case {
  readonly run: string
  readonly options: SimulateOptions
  readonly hours: number
  readonly crashEvery?: number
}

/** Without a trace the engine's own compiling would be much of twelve hours; with one, more would not fit into memory. */
const CASES: readonly Case[] = [
  { run: 'table engine, no trace', options: { trace: 'none' }, hours: 48 },
  { run: 'table engine, full trace', options: { messages: 'all' }, hours: 12 },
  { run: 'XState engine, no trace', options: { trace: 'none', engine: 'xstate' }, hours: 48 },
  { run: 'XState engine, full trace', options: { messages: 'all', engine: 'xstate' }, hours: 12 },
  { run: 'a crash every ten minutes, no trace', options: { trace: 'none' }, hours: 48, crashEvery: 10 * MINUTE },
  { run: 'a crash every ten minutes, full trace', options: { messages: 'all' }, hours: 12, crashEvery: 10 * MINUTE },
]

/** Times every case after a warm-up of a quarter of it; before that, what a new process does with twelve hours. */
export function benchPacemaker(): readonly RunRow[] {
  const first = timeRun('first run of a process, no trace', budgetScenario(12 * HOUR), { trace: 'none' })
  const others = CASES.map(({ run, options, hours, crashEvery }) => {
    simulate(budgetScenario((hours / 4) * HOUR, crashEvery), options)
    return timeRun(run, budgetScenario(hours * HOUR, crashEvery), options)
  })
  return toRows([first, ...others])
}
