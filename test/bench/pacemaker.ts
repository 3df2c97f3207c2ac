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
import { type KernelRow, timeRun } from './kernel.ts'
import { budgetCib } from './pacemaker-text.ts'

const UNTIL = 12 * HOUR

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

const CASES: readonly (readonly [run: string, options: SimulateOptions, crashEvery?: number])[] = [
  ['table engine, no trace', { trace: 'none' }],
  ['table engine, full trace', { messages: 'all' }],
  ['XState engine, no trace', { trace: 'none', engine: 'xstate' }],
  ['XState engine, full trace', { messages: 'all', engine: 'xstate' }],
  ['a crash every ten minutes, no trace', { trace: 'none' }, 10 * MINUTE],
  ['a crash every ten minutes, full trace', { messages: 'all' }, 10 * MINUTE],
]

/** Times every case over the same twelve virtual hours, after a warm-up of each. */
export function benchPacemaker(): readonly KernelRow[] {
  return CASES.map(([run, options, crashEvery]) => {
    simulate(budgetScenario(HOUR, crashEvery), options)
    return timeRun(run, budgetScenario(UNTIL, crashEvery), options)
  })
}
