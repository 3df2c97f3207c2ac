/**
 * How fast the two engines run: the same events through XState's own transition function and through the compiled table. Prints
 * nothing; the bench command does. The only place for machines where a clock is read. Budget: the style's trap 3.
 */
import { MACHINES } from '../../src/machines/catalogue.ts'
import { compile, type Engine, interpret } from '../../src/machines/engine.ts'

/** One line of the table. */
export interface MachineRow {
  readonly machine: string
  readonly engine: 'table' | 'xstate'
  readonly steps: number
  readonly stepsPerSecond: number
}

const STEPS = { table: 5_000_000, xstate: 50_000 } as const

/** Times both engines on every machine, with events in a fixed order that visits ignored events as well as real moves. */
export function benchMachines(): readonly MachineRow[] {
  return MACHINES.flatMap((machine) => [
    time(machine.id, 'xstate', interpret(machine)),
    time(machine.id, 'table', compile(machine)),
  ])
}

function time(machine: string, name: keyof typeof STEPS, engine: Engine): MachineRow {
  const steps = STEPS[name]
  drive(engine, steps / 10)
  const began = performance.now()
  drive(engine, steps)
  const seconds = (performance.now() - began) / 1000
  return { machine, engine: name, steps, stepsPerSecond: Math.round(steps / seconds) }
}

/** Walks from the initial state by a small congruential sequence of events, the same for both engines. */
function drive(engine: Engine, steps: number): string {
  const events = engine.events
  let state = engine.initial
  let number = 1
  for (let step = 0; step < steps; step++) {
    number = (number * 1103 + 12345) % 65536
    state = engine.next(state, events[number % events.length]!) ?? state
  }
  return state
}
