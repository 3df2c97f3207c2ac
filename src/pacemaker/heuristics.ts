/**
 * Heuristics of the quorum device: commands that a node runs to find out whether it is of any use to the outside, whose outcome the quorum
 * server weighs. They pass where all of them end well in time. They run at every new membership and when the server is heard anew, with
 * mode `on` from time to time, too.
 *
 * Differs: of commands only pings are simulated; every other counts as one that ends well. Source: spec E-3.2; corosync-qdevice(8).
 */
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { log, type PacemakerState } from './state.ts'

/** One ping: whom, and how long it waits for an answer by itself. */
export interface Ping {
  readonly name: string
  readonly host: string
  readonly waits: Millis
}

/** What corosync.conf says of them. */
export interface HeuristicsOptions {
  readonly mode: 'on' | 'sync'
  /** How long a regular run, and one for a membership, may take. */
  readonly timeout: Millis
  readonly syncTimeout: Millis
  readonly interval: Millis
  readonly pings: readonly Ping[]
}

/** What a node knows of its heuristics. */
export interface HeuristicsState {
  /** undefined: they have not ended for this membership. */
  result: boolean | undefined
  told: boolean | undefined
  /** Pings of the present run that were not answered yet, by name; undefined: none is under way. */
  open: Set<string> | undefined
}

/** Heuristics that have not run. */
export function createHeuristics(): HeuristicsState {
  return { result: undefined, told: undefined, open: undefined }
}

/** Reads `exec_NAME`; undefined for a command that is not simulated. */
export function toPing(name: string, command: string): Ping | undefined {
  const host = /^\S*ping\d?\s.*?(\S+)$/.exec(command.trim())?.[1]
  const seconds = /\s-[wW]\s*(\d+)/.exec(command)?.[1]
  return host === undefined ? undefined : { name, host, waits: seconds === undefined ? ALONE : Number(seconds) * 1000 }
}

/** How long a ping waits for an answer where nothing is said: ping(8). */
const ALONE = 10_000

const TIMER = 'qdevice heuristics'
const NEXT = 'qdevice again'

/** Begins a run; true where it has ended at once. What an earlier membership was worth says nothing of a new one. */
export function runHeuristics(state: PacemakerState, context: DaemonContext, why: 'membership' | 'regular'): boolean {
  const options = state.config.corosync.quorum.device?.heuristics
  const known = state.qdevice.heuristics
  if (options === undefined) return true
  if (why === 'membership') known.result = undefined
  if (options.mode === 'on') context.act({ kind: 'timer', name: NEXT, delay: options.interval })
  known.open = new Set(options.pings.map(({ name }) => name))
  if (known.open.size === 0) return ended(state, context, true)
  for (const host of new Set(options.pings.map((ping) => ping.host)))
    context.act({ kind: 'send', to: host, body: { type: 'ping', data: null }, routine: true })
  const first = Math.min(...options.pings.map(({ waits }) => waits))
  context.act({
    kind: 'timer',
    name: TIMER,
    delay: Math.min(first, why === 'membership' ? options.syncTimeout : options.timeout),
  })
  return false
}

/** A host has answered; true where the run has ended with that. */
export function hostAnswered(state: PacemakerState, context: DaemonContext, from: string): boolean {
  const { open } = state.qdevice.heuristics
  if (open === undefined) return false
  for (const { name, host } of state.config.corosync.quorum.device?.heuristics?.pings ?? [])
    if (host === from) open.delete(name)
  return open.size === 0 && ended(state, context, true)
}

/** A command has waited in vain, or the time for all is over. */
export function heuristicsLate(state: PacemakerState, context: DaemonContext): boolean {
  return state.qdevice.heuristics.open !== undefined && ended(state, context, false)
}

function ended(state: PacemakerState, context: DaemonContext, result: boolean): true {
  const known = state.qdevice.heuristics
  if (known.told !== result) log(context, `Heuristics of the quorum device: ${result ? 'Pass' : 'Fail'}`)
  known.told = result
  known.result = result
  known.open = undefined
  context.act({ kind: 'cancel-timer', name: TIMER })
  return true
}
