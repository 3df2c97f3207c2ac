/**
 * What a worker is doing, as plain data: a stack of procedures, each with the step at which it goes on. A procedure pushes another and
 * gets its answer, waits for an agent, a lock, another node or a pause, or returns an answer of its own.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { Service } from './config.ts'
import type { Request, RgState, Why, Worker } from './state.ts'

/** Requests that stop, with their rows in the advice table (spec 9a). */
export type StopMode = 'disable' | 'recover' | 'relocate' | 'stop' | 'user-stop'
/** Requests that start, with their rows in the advice table (spec 9b). */
export type StartMode = 'automatic' | 'enable' | 'recover'

/** Starts or stops nodes one by one. */
export interface WalkFrame {
  readonly proc: 'walk'
  at: 'called' | 'next'
  readonly op: 'start' | 'stop'
  readonly order: readonly number[]
  index: number
  failed: boolean
}

/** Checks the tree, and recovers parts in place. */
export interface StatusFrame {
  readonly proc: 'status'
  at: 'checked' | 'next' | 'recovered'
  readonly order: readonly number[]
  index: number
  /** The depth of the check under way, and its result. */
  depth: number
  rc: number
  readonly marks: Mark[]
  /** Nodes that are not looked at any more this round. */
  readonly skip: Set<number>
}

/** A subtree that failed: restarted in place, or stopped for good. */
export interface Mark {
  readonly node: number
  what: 'disable' | 'restart'
}

export interface InlineFrame {
  readonly proc: 'inline'
  at: 'locked' | 'next-start' | 'next-stop' | 'started' | 'stopped'
  readonly marks: readonly Mark[]
  index: number
}

export interface StopFrame {
  readonly proc: 'stop'
  at: 'begin' | 'decide' | 'end' | 'walked'
  readonly mode: StopMode
  /** Only the record is to change: a stop went before. */
  readonly skipsWalk: boolean
  from: 'failed' | 'other'
  ok: boolean
}

export interface StartFrame {
  readonly proc: 'start'
  at: 'begin' | 'decide' | 'end' | 'walked'
  readonly mode: StartMode
  restarts: number
  ok: boolean
}

/** Start here, and what follows where that fails (spec 10a). */
export interface StartHereFrame {
  readonly proc: 'start-here'
  at: 'begin' | 'give-up' | 'gone' | 'started' | 'stopped'
  readonly mode: StartMode
}

/** Find another node that starts the service (spec 10b, 11). */
export interface RelocateFrame {
  readonly proc: 'relocate'
  at: 'answered' | 'begin' | 'give-up' | 'local' | 'local-stopped' | 'retry'
  readonly struck: NodeName[]
  /** How often the present candidate was asked again because it does not know the service yet. */
  retries: number
  /** Whom an operator names. */
  target: NodeName | undefined
  /** An operator's relocation ends with an attempt here, whatever the list says. */
  readonly localLast: boolean
  /** Why the target is it: an operator, or a better score. */
  readonly why: Why
  /** Why it does not stay here. */
  readonly because: readonly Why[]
  /** Why the present candidate is asked. */
  asked: readonly Why[]
  tried: boolean
}

/** A status failed: stop everything, then what the policy says (spec 10). */
export interface RecoverFrame {
  readonly proc: 'recover'
  at: 'begin' | 'gone' | 'stopped'
}

/** The request itself. */
export interface RequestFrame {
  readonly proc: 'request'
  at: string
  readonly request: Request
}

export type Frame =
  | InlineFrame
  | RecoverFrame
  | RelocateFrame
  | RequestFrame
  | StartFrame
  | StartHereFrame
  | StatusFrame
  | StopFrame
  | WalkFrame

/** What a procedure that waited is told. */
export interface Value {
  readonly text: string
  readonly rc?: number
  readonly owner?: NodeName
}

/** What a procedure wants next. */
export type Next =
  | { readonly kind: 'push'; readonly frame: Frame }
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'wait' }

/** What a procedure works with. */
export interface Step {
  readonly state: RgState
  readonly context: DaemonContext
  readonly worker: Worker
  readonly service: Service
}

export const WAIT: Next = { kind: 'wait' }

/** Ends a procedure with an answer. */
export function done(text: string, owner?: NodeName): Next {
  return { kind: 'return', value: { text, ...(owner === undefined ? {} : { owner }) } }
}

/** Begins a walk over some nodes. */
export function walk(op: 'start' | 'stop', order: readonly number[]): WalkFrame {
  return { proc: 'walk', at: 'next', op, order, index: 0, failed: false }
}

export function stopBy(mode: StopMode): StopFrame {
  return { proc: 'stop', at: 'begin', mode, skipsWalk: false, from: 'other', ok: false }
}

export function startBy(mode: StartMode): StartFrame {
  return { proc: 'start', at: 'begin', mode, restarts: 0, ok: false }
}

export function startHere(mode: StartMode): StartHereFrame {
  return { proc: 'start-here', at: 'begin', mode }
}
