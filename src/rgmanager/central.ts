/**
 * Central processing: one master handles every event of the cluster, one after the other, and has the workers start and stop. Whoever
 * takes the role first keeps it until it is gone. An operator hears from the master how it went. Source: spec rgmanager 16.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { answer, put, type Question } from './answers.ts'
import { planEvent, planService, refusalOf } from './central-plan.ts'
import { tell, tellAll } from './ring.ts'
import { type CentralEvent, type CentralStep, onlineOf, type RgState, recordOf, rgOf } from './state.ts'

/** Who serves has changed: where there is no master any more, the node with the lowest id is it. */
export function centralChanged(state: RgState, context: DaemonContext): void {
  if (state.phase !== 'running' || !rgOf(state).centralProcessing) return
  const { central } = state
  const online = onlineOf(state)
  if (central.waiting !== undefined && !online.includes(central.waiting.node))
    centralAnswered(state, context, central.waiting.id, { text: 'gone', owner: undefined })
  if (central.master !== undefined && online.includes(central.master)) return
  central.master = undefined
  if (online[0] !== state.self) return
  central.master = state.self
  decide(context, {
    decision: 'central-master',
    about: [state.self],
    text: 'is the event master',
    reasons: [{ text: 'nobody else is, and its id is the lowest', source: 'central_processing' }],
  })
  tellAll(state, context, 'central-master', null)
  add(state, context, { kind: 'node', node: state.self, up: true })
}

/** Another node is the master. Of two that took the role at once, the one with the lower id is. */
export function centralMasterIs(state: RgState, context: DaemonContext, node: NodeName): void {
  const { central } = state
  if (central.master === state.self && onlineOf(state).indexOf(state.self) < onlineOf(state).indexOf(node)) return
  central.master = node
  const waiting = central.queue.splice(0)
  for (const event of waiting) tellMaster(state, context, event)
}

/** Hands an event to the master; of nodes the master itself knows best. */
export function tellMaster(state: RgState, context: DaemonContext, event: CentralEvent): void {
  const { master } = state.central
  if (master === state.self) return add(state, context, event)
  if (event.kind === 'node') return
  if (master === undefined) state.central.queue.push(event)
  else tell(state, context, master, 'central-event', event)
}

/** An event from another node. */
export function centralTold(state: RgState, context: DaemonContext, body: unknown): void {
  // Only `tellMaster` makes such messages.
  if (state.central.master === state.self) add(state, context, body as CentralEvent)
}

function add(state: RgState, context: DaemonContext, event: CentralEvent): void {
  state.central.queue.push(event)
  work(state, context)
}

/** A worker has done what it was asked for. */
export function centralAnswered(
  state: RgState,
  context: DaemonContext,
  id: number,
  outcome: RgState['central']['outcome'],
): void {
  const { central } = state
  if (central.waiting?.id !== id) return
  const { step } = central.waiting
  central.waiting = undefined
  central.outcome = outcome
  if (step.kind === 'start') afterStart(state, step, outcome.text)
  // What could not be stopped must not be started elsewhere, nor that for which it was to make room.
  else if (outcome.text !== 'ok') {
    const blocked = [step.service, ...(step.kind === 'stop' && step.for !== undefined ? [step.for] : [])]
    central.steps = central.steps.filter((other) => !blocked.includes(other.service))
  }
  work(state, context)
}

function afterStart({ central }: RgState, step: Extract<CentralStep, { kind: 'start' }>, text: string): void {
  const [, ...rest] = step.candidates
  if (['failed', 'dependency', 'exclusive', 'gone', 'not serving', 'again'].includes(text) && 0 < rest.length)
    central.steps.unshift({ ...step, candidates: rest })
}

function work(state: RgState, context: DaemonContext): void {
  const { central } = state
  while (central.waiting === undefined && central.master === state.self) {
    const step = central.steps.shift()
    if (step !== undefined) take(state, context, step)
    else {
      endEvent(state, context)
      central.current = central.queue.shift()
      if (central.current === undefined) return
      beginEvent(state, context, central.current)
    }
  }
}

function beginEvent(state: RgState, context: DaemonContext, event: CentralEvent): void {
  const { central } = state
  const refusal = event.kind === 'operator' ? refusalOf(state, event) : undefined
  central.outcome = { text: refusal ?? 'ok', owner: undefined }
  central.steps = refusal === undefined ? [...planEvent(state, context, event)] : []
  if (refusal === undefined && event.kind === 'operator' && central.steps.length === 0)
    central.outcome = { text: 'failed', owner: undefined }
}

/** Nothing is left to do for the present event: an operator is told how its last step ended. */
function endEvent(state: RgState, context: DaemonContext): void {
  const { current, outcome } = state.central
  if (current?.kind === 'operator') answer(state, context, current.reply, outcome)
}

function take(state: RgState, context: DaemonContext, step: CentralStep): void {
  const { central } = state
  if (step.kind === 'evaluate') {
    central.steps.unshift(...planService(state, context, step.service))
    return
  }
  // An operator's lock stops every start but those after a failure (spec 9b).
  if (step.kind === 'start' && state.startsLocked && central.current?.kind !== 'recover') {
    central.outcome = { text: 'again', owner: undefined }
    return
  }
  const { owner } = recordOf(state, step.service)
  const online = onlineOf(state)
  const to =
    step.kind === 'start' ? step.candidates[0] : owner !== undefined && online.includes(owner) ? owner : state.self
  if (to === undefined || !online.includes(to)) return
  decide(context, {
    decision: `central-${step.kind}`,
    about: [step.service, to],
    text: `has ${to} ${step.kind === 'pass' ? step.op : step.kind} ${step.service}`,
    reasons: [{ text: step.why, source: 'spec rgmanager 16' }],
  })
  // The answer may come at once, where the worker is this node's own and has nothing to do: the number is known before.
  central.waiting = { id: state.ticket + 1, node: to, step }
  put(state, context, to, step.service, questionOf(step))
}

function questionOf(step: Exclude<CentralStep, { kind: 'evaluate' }>): Question {
  switch (step.kind) {
    case 'start':
      return { kind: 'central-start' }
    case 'stop':
      return { kind: 'central-stop', mode: step.mode }
    case 'pass':
      return { kind: 'operator', op: step.op, target: step.target }
  }
}
