/**
 * When the scheduler is asked, and what with: aborts, the question for the CIB, the run on that snapshot, the reply that may be obsolete
 * by then. Source: spec E-5.1 to E-5.6, E-5.8, E-5.9.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { type SummaryItem, summaryTexts } from '../scheduler/summary-items.ts'
import type { DcState, FollowUp } from './dc-state.ts'
import { decide } from './decide.ts'
import { durationOption, move } from './machine.ts'
import { calculatedText, saveInput } from './pe-files.ts'
import { log, type PacemakerState, tell, wallClock } from './state.ts'

/** The priority of whatever is not a failed action. */
export const INFINITY = 1_000_000

/** How long the local CIB takes to answer, the scheduler to decide, and a controller that met its own write stands still. */
const QUERY = 4
const RUN = 16
const STANDSTILL = 1000
/** A scheduler that does not answer for so long is not waited for any more (spec E-4.3). */
const SILENT = 120_000

/** Why a graph must not go on. */
export interface Abort {
  readonly text: string
  readonly by?: string
  readonly priority?: number
  readonly followUp?: FollowUp
}

const FOLLOW_UPS: readonly FollowUp[] = ['done', 'wait', 'restart', 'shutdown']

/** Something changed that the graph did not know: stops it, or asks the scheduler where none runs. Source: spec E-5.1, E-5.5. */
export function abort(state: PacemakerState, context: DaemonContext, { text, by, priority, followUp }: Abort): void {
  const { dc, controller } = state
  if (dc === undefined) return
  const graph = dc.graph
  const about = by === undefined ? '' : ` by ${by}`
  log(context, `Transition ${graph?.number ?? dc.lastNumber} aborted${about}: ${text}`)
  context.act({ kind: 'cancel-timer', name: 'quorum gained' })
  if (graph !== undefined) {
    graph.abortPriority = Math.max(graph.abortPriority, priority ?? INFINITY)
    const next = followUp ?? 'restart'
    if (FOLLOW_UPS.indexOf(graph.followUp) < FOLLOW_UPS.indexOf(next)) graph.followUp = next
    return
  }
  if (followUp === 'wait') return
  if (controller.state === 'S_IDLE' || controller.state === 'S_POLICY_ENGINE') calculateLater(state, context, dc)
}

/** Wants a calculation after `transition-delay`; what comes meanwhile begins the delay anew. Source: spec E-4.3, E-5.1. */
export function calculateLater(state: PacemakerState, context: DaemonContext, dc: DcState): void {
  const delay = durationOption(state, 'transition-delay', 0)
  if (delay === 0) return calculate(state, context)
  forgetAnswer(context, dc)
  context.act({ kind: 'timer', name: 'transition-delay', delay })
}

/** Wants a calculation. */
export function calculate(state: PacemakerState, context: DaemonContext): void {
  const { dc } = state
  if (dc === undefined) return
  if (state.controller.state !== 'S_POLICY_ENGINE' && !move(state, context, 'I_PE_CALC')) return
  ask(state, context, dc)
}

/** Asks for the CIB; whatever was asked before is obsolete. */
export function ask(_state: PacemakerState, context: DaemonContext, dc: DcState): void {
  forgetAnswer(context, dc)
  dc.asking = 'query'
  context.act({ kind: 'timer', name: 'pe query', delay: QUERY })
}

/** What was asked on older data is obsolete. */
function forgetAnswer(context: DaemonContext, dc: DcState): void {
  if (dc.pending !== undefined) log(context, `pe_calc calculation ${dc.pending.number} is obsolete`)
  dc.pending = undefined
  dc.asking = undefined
  for (const name of ['pe query', 'pe reply', 'pe silent']) context.act({ kind: 'cancel-timer', name })
}

/** The CIB has answered. Where a write of this controller's own is unanswered, it stands still and asks again. */
export function queryAnswered(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller } = state
  if (dc === undefined || controller.state !== 'S_POLICY_ENGINE') return
  if (dc.isSlow || dc.awaited !== undefined) {
    dc.isSlow = false
    dc.asking = 'asleep'
    controller.isAsleep = true
    context.act({ kind: 'timer', name: 'pe awake', delay: STANDSTILL })
    return
  }
  if (0 < dc.unwritten) {
    context.act({ kind: 'timer', name: 'pe query', delay: QUERY })
    return
  }
  if (state.scheduler.isHung) {
    dc.asking = 'reply'
    context.act({ kind: 'timer', name: 'pe silent', delay: SILENT })
    return
  }
  const { items, remarks, plan, recheckAt, series } = decide(state, wallClock(state, context))
  const number = state.scheduler.next
  state.scheduler.next += 1
  dc.recheckAt = recheckAt
  for (const remark of remarks) if (!dc.remarks.includes(remark)) log(context, remark, 'warning')
  dc.remarks = remarks
  for (const { action } of plan.synapses)
    if (action.operation === 'do_shutdown') log(context, ` * Shutdown ${action.node}`)
  tellActions(context, items)
  const file = saveInput(state, context, series)
  log(context, calculatedText(number, series, file), LEVELS[series])
  dc.pending = { number, graph: plan, file }
  dc.asking = 'reply'
  context.act({ kind: 'timer', name: 'pe reply', delay: RUN })
}

/** Has the scheduler wait until what this controller has written so far has come back. */
export function awaitWrites(state: PacemakerState, context: DaemonContext): void {
  if (state.dc === undefined) return
  state.dc.unwritten += 1
  tell(state, context, 'written', state.controller.life)
}

/**
 * Looks what the scheduler would say now: true where it would have anything done, or wants what it may not do. Notes when to look again;
 * asks and tells nobody.
 */
export function hasWork(state: PacemakerState, context: DaemonContext): boolean {
  const { items, plan, recheckAt } = decide(state, wallClock(state, context))
  if (state.dc !== undefined) state.dc.recheckAt = recheckAt
  return items.length > 0 || plan.synapses.some(({ action }) => action.element !== 'pseudo_event')
}

const LEVELS = { error: 'error', warn: 'warning', input: 'info' } as const

function tellActions(context: DaemonContext, items: readonly SummaryItem[]): void {
  for (const item of items) {
    const [text = ''] = summaryTexts([item])
    context.act({
      kind: 'decide',
      decision: 'action',
      about: aboutOf(item),
      text: `Actions: ${text.replace(/\s+/g, ' ')}`,
      reasons: reasonOf(item),
    })
  }
}

function aboutOf(item: SummaryItem): readonly string[] {
  return [item.kind === 'node' ? item.node : item.resource]
}

function reasonOf(item: SummaryItem): readonly { readonly text: string; readonly source: string }[] {
  return item.reason === undefined ? [] : [{ text: item.reason, source: 'scheduler' }]
}
