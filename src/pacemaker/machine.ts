/**
 * Moves of the controller: one input, one new state, and the timers that belong to states. What else an input leads to is the caller's.
 * Source: spec E-4.2, E-4.3, E-4.7.
 */
import { isSameText, parseInterval } from '../cib/values.ts'
import type { Millis } from '../kernel/time.ts'
import { type ControllerInput, controller } from '../machines/controller.ts'
import { compile } from '../machines/engine.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { type PacemakerState, tell } from './state.ts'

const ENGINE = compile(controller)

/** States of a node that leads. */
const LEADING = new Set(['S_IDLE', 'S_INTEGRATION', 'S_FINALIZE_JOIN', 'S_POLICY_ENGINE', 'S_TRANSITION_ENGINE'])

/** True in the states of a DC. */
export function leads({ controller: { state } }: PacemakerState): boolean {
  return LEADING.has(state)
}

/** Gives the machine an input; false where its state ignores it. */
export function move(state: PacemakerState, context: DaemonContext, input: ControllerInput): boolean {
  const { controller: own } = state
  const from = own.state
  const to = ENGINE.next(from, input)
  if (to === undefined) return false
  own.state = to
  context.act({ kind: 'machine', machine: 'controller', from, to, event: input })
  if (from !== to) switchTimers(state, context, from, to)
  // Whoever wants to leave says so to a new DC, and again when nothing else is left to do (spec E-4.7). Who has become DC himself meanwhile
  // says it when all have joined: he would else plan for ever what he refuses to start here (found by random faults).
  const isHeard = to === 'S_NOT_DC' || to === 'S_IDLE' || (from === 'S_FINALIZE_JOIN' && to === 'S_POLICY_ENGINE')
  if (own.shutdownWanted && isHeard) tell(state, context, 'shutdown-request', state.self)
  return true
}

function switchTimers(state: PacemakerState, context: DaemonContext, from: string, to: string): void {
  const { act } = context
  const leave = new Map([
    ['S_PENDING', 'dc-deadtime'],
    ['S_IDLE', 'recheck'],
    ['S_ELECTION', 'election'],
    ['S_INTEGRATION', 'integration'],
    ['S_FINALIZE_JOIN', 'finalization'],
  ]).get(from)
  if (leave !== undefined) act({ kind: 'cancel-timer', name: leave })
  switch (to) {
    case 'S_PENDING':
      return act({ kind: 'timer', name: 'dc-deadtime', delay: 1000 + durationOption(state, 'dc-deadtime', 20_000) })
    case 'S_ELECTION':
      return act({ kind: 'timer', name: 'election', delay: durationOption(state, 'election-timeout', 120_000) })
    case 'S_INTEGRATION':
      return act({
        kind: 'timer',
        name: 'integration',
        delay: durationOption(state, 'join-integration-timeout', 180_000),
      })
    case 'S_FINALIZE_JOIN':
      return act({
        kind: 'timer',
        name: 'finalization',
        delay: durationOption(state, 'join-finalization-timeout', 1_800_000),
      })
    case 'S_IDLE':
      return startRecheck(state, context)
  }
}

/**
 * Sets an idle DC's timer for looking again by itself: after the interval, or when the scheduler has asked for it, whichever is sooner.
 * An interval of 0 leaves only what the scheduler asks for. Source: spec E-4.3, E-9.7; Pacemaker Explained, cluster options.
 */
export function startRecheck(state: PacemakerState, context: DaemonContext): void {
  const interval = durationOption(state, 'cluster-recheck-interval', 900_000)
  const at = state.dc?.recheckAt ?? 0
  const left = at === 0 ? Number.POSITIVE_INFINITY : (at - state.config.clockStart) * 1000 - context.clock
  const delay = Math.min(interval > 0 ? interval : Number.POSITIVE_INFINITY, left <= 0 ? PAST : left)
  if (delay < Number.POSITIVE_INFINITY) context.act({ kind: 'timer', name: 'recheck', delay })
}

/** How soon an idle DC looks again for what was due before. Source: spec E-4.3. */
const PAST: Millis = 500

/** A cluster property, as written. */
export function property({ cib }: PacemakerState, name: string): string | undefined {
  for (const set of cib.configuration.properties)
    for (const pair of set.pairs) if (isSameText(pair.name, name)) return pair.value
  return undefined
}

/** A cluster property that is a duration. */
export function durationOption(state: PacemakerState, name: string, absent: Millis): Millis {
  const text = property(state, name)
  return text === undefined ? absent : (parseInterval(text) ?? absent)
}
