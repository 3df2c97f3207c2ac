/**
 * The one adapter through which machines run. An XState machine is the single definition of a lifecycle; two engines run it: XState's
 * own transition function, and a table compiled from the very same machine, for long runs and sweeps.
 *
 * Why no actors: a live actor drops an event that no state handles without a word, and throws on a host timer. Here an ignored event
 * is a value, and an error is a throw at the sender. Machines are flat; they keep no context, no time and no children, so that a
 * state's name and an event's type decide everything. Source: the design, "Machines"; traps 1 to 3 of the style.
 */
import { type AnyStateMachine, transition } from 'xstate'
import { invariant } from '../kernel/invariant.ts'
import type { MachineChart } from '../model/chart.ts'

/** What runs a machine. States and events are plain names, so an instance is nothing but a string that its owner keeps. */
export interface Engine {
  readonly id: string
  readonly initial: string
  readonly states: readonly string[]
  readonly events: readonly string[]
  /** The state after `event` in `state`, or undefined where that state ignores the event. Throws for a state that does not exist. */
  readonly next: (state: string, event: string) => string | undefined
}

/** An engine that asks XState at every step. Slow (tens of thousands of steps a second) and beyond doubt. */
export function interpret(machine: AnyStateMachine): Engine {
  const states = flatStates(machine)
  const snapshots = new Map(states.map((state) => [state, machine.resolveState({ value: state, context: {} })]))
  return {
    id: machine.id,
    initial: initialOf(machine),
    states,
    events: machine.events.filter((event) => event !== '*'),
    next: (state, event) => {
      const snapshot = snapshots.get(state)
      invariant(snapshot !== undefined, `machine ${machine.id} has a state "${state}"`)
      if (!snapshot.can({ type: event })) return undefined
      const [after] = transition(machine, snapshot, { type: event })
      return String(after.value)
    },
  }
}

/** An engine that looks every step up in a table, filled once by asking XState for every state and event. Millions of steps a second. */
export function compile(machine: AnyStateMachine): Engine {
  const source = interpret(machine)
  const table = new Map<string, ReadonlyMap<string, string>>()
  for (const state of source.states) {
    const row = new Map<string, string>()
    for (const event of source.events) {
      const next = source.next(state, event)
      if (next !== undefined) row.set(event, next)
    }
    table.set(state, row)
  }
  return {
    ...source,
    next: (state, event) => {
      const row = table.get(state)
      invariant(row !== undefined, `machine ${machine.id} has a state "${state}"`)
      return row.get(event)
    },
  }
}

/** The machine's states and transitions, for drawing. Transitions stand in the order of states, then of events. */
export function chartOf(engine: Engine): MachineChart {
  const transitions = engine.states.flatMap((from) =>
    engine.events.flatMap((event) => {
      const to = engine.next(from, event)
      return to === undefined ? [] : [{ from, event, to }]
    }),
  )
  return { id: engine.id, initial: engine.initial, states: engine.states, transitions }
}

/** The machine's state names, after a check that a state's name and an event's type decide everything. */
function flatStates(machine: AnyStateMachine): readonly string[] {
  for (const node of [machine.root, ...Object.values(machine.states)]) {
    const where = node === machine.root ? `machine ${machine.id}` : `machine ${machine.id}, state ${node.key},`
    invariant(node === machine.root || Object.keys(node.states).length === 0, `${where} is flat`)
    invariant(node.after.length === 0, `${where} keeps no time (after)`)
    invariant(node.invoke.length === 0, `${where} has no children (invoke)`)
    invariant((node.always ?? []).length === 0, `${where} moves by events only (always)`)
    for (const transition of [...node.transitions.values()].flat())
      invariant(transition.guard === undefined, `${where} decides by state and event type only (guard)`)
  }
  return Object.keys(machine.states)
}

function initialOf(machine: AnyStateMachine): string {
  const target = machine.root.initial.target[0]
  invariant(target !== undefined, `machine ${machine.id} has an initial state`)
  return target.key
}
