/**
 * A graph in execution: the walk over its synapses, the limits, and what an action's end means for the rest.
 *
 * Source: spec E-6.1 (rules a to f), E-6.2, E-6.4 to E-6.8.
 */

import { scanInteger } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { DcState, RunningGraph } from './dc-state.ts'
import { initiate, tellMaintenance } from './initiate.ts'
import { move } from './machine.ts'
import type { PlanStep } from './plan.ts'
import { calculateLater, INFINITY } from './policy.ts'
import { log, type PacemakerState } from './state.ts'
import { batchLimit, jobLimit } from './throttle.ts'

/** Takes the scheduler's reply and begins to carry it out. */
export function beginGraph(state: PacemakerState, context: DaemonContext): void {
  const { dc } = state
  const pending = dc?.pending
  if (dc === undefined || pending === undefined || !move(state, context, 'I_PE_SUCCESS')) return
  dc.pending = undefined
  dc.asking = undefined
  dc.lastNumber = pending.number
  dc.graph = toRunning(pending)
  log(context, `Processing graph ${pending.number} derived from ${pending.file}`)
  walk(state, context)
}

function toRunning({ number, graph, file }: NonNullable<DcState['pending']>): RunningGraph {
  return {
    number,
    graph,
    file,
    places: new Map(graph.synapses.map(({ action }, place) => [action.id, place])),
    states: graph.synapses.map(() => 'waiting'),
    failed: new Set(),
    jobs: new Map(),
    abortPriority: 0,
    followUp: 'done',
    skipped: 0,
  }
}

/** Fires whatever is ready, until nothing fires; ends the graph where nothing is under way then. */
export function walk(state: PacemakerState, context: DaemonContext): void {
  const { dc } = state
  const running = dc?.graph
  if (dc === undefined || running === undefined) return
  for (let fired = true; fired; ) {
    fired = false
    running.skipped = 0
    for (const [place, synapse] of running.graph.synapses.entries()) {
      if (running.states[place] !== 'waiting' || !isReady(running, synapse)) continue
      if (synapse.action.element === 'pseudo_event') {
        running.states[place] = 'confirmed'
        tellMaintenance(state, context, synapse.action)
      } else if (synapse.priority < running.abortPriority) {
        running.skipped += 1
        continue
      } else if (!mayBegin(state, running, synapse)) continue
      else {
        running.states[place] = 'pending'
        for (const node of jobNodes(synapse)) running.jobs.set(node, (running.jobs.get(node) ?? 0) + 1)
        if (initiate(state, context, running.number, synapse.action)) endAction(running, place, false)
      }
      fired = true
    }
  }
  if (!running.states.includes('pending')) endGraph(state, context, dc, running)
}

/** All inputs have ended, and well; what has the highest priority goes on after failures, too. */
function isReady({ places, states, failed }: RunningGraph, { inputs, priority }: PlanStep): boolean {
  return inputs.every((id) => {
    const place = places.get(id)
    const state = place === undefined ? undefined : states[place]
    if (state === 'lost') return priority >= INFINITY
    return state === 'confirmed' && (priority >= INFINITY || !failed.has(id))
  })
}

/** Source: spec E-6.2. */
function mayBegin(state: PacemakerState, running: RunningGraph, synapse: PlanStep): boolean {
  const nodes = jobNodes(synapse)
  const header = new Map(running.graph.header)
  const batch = batchLimit(state, scanInteger(header.get('batch-limit')) ?? 0)
  const pending = running.states.filter((entry) => entry === 'pending').length
  if (batch > 0 && batch <= pending) return false
  if (nodes.some((node) => jobLimit(state, node) <= (running.jobs.get(node) ?? 0))) return false
  const migrations = scanInteger(header.get('migration-limit')) ?? 0
  if (migrations <= 0 || !synapse.action.operation.startsWith('migrate_')) return true
  const moving = running.graph.synapses.filter(
    ({ action }, place) => running.states[place] === 'pending' && action.operation.startsWith('migrate_'),
  )
  return nodes.every((node) => moving.filter((other) => jobNodes(other).includes(node)).length < migrations)
}

/** The nodes whose share of jobs an action uses. */
function jobNodes({ action }: PlanStep): readonly NodeName[] {
  if (action.element !== 'rsc_op') return []
  const node = action.routerNode ?? action.node
  if (!action.operation.startsWith('migrate_')) return node === undefined ? [] : [node]
  const ends = action.attributes.flatMap(([name, value]) =>
    name === 'CRM_meta_migrate_source' || name === 'CRM_meta_migrate_target' ? [value] : [],
  )
  return [...new Set(ends)]
}

/** An action has ended; `isFailed` where otherwise than expected. Rule e: it counts as done all the same. */
export function actionEnded(
  state: PacemakerState,
  context: DaemonContext,
  actionId: number,
  isFailed: boolean,
): boolean {
  const running = state.dc?.graph
  const place = running?.places.get(actionId)
  if (running === undefined || place === undefined || running.states[place] !== 'pending') return false
  context.act({ kind: 'cancel-timer', name: `action ${actionId}` })
  endAction(running, place, isFailed)
  return true
}

function endAction(running: RunningGraph, place: number, isFailed: boolean): void {
  const synapse = running.graph.synapses[place]!
  running.states[place] = 'confirmed'
  if (isFailed) running.failed.add(synapse.action.id)
  for (const node of jobNodes(synapse)) running.jobs.set(node, (running.jobs.get(node) ?? 1) - 1)
}

/** A node is lost: what was under way there, or was still to be done there, never will be. Source: spec E-6.6. */
export function nodeActionsLost(state: PacemakerState, context: DaemonContext, node: NodeName): boolean {
  const running = state.dc?.graph
  if (running === undefined) return false
  let lost = false
  for (const [place, { action }] of running.graph.synapses.entries()) {
    const isOpen = running.states[place] === 'pending' || running.states[place] === 'waiting'
    if (!isOpen || action.element === 'pseudo_event' || action.operation === 'stonith') continue
    if (action.node !== node && action.routerNode !== node) continue
    context.act({ kind: 'cancel-timer', name: `action ${action.id}` })
    running.states[place] = 'lost'
    running.failed.add(action.id)
    lost = true
  }
  return lost
}

/** Source: spec E-6.5, rule f. */
function endGraph(state: PacemakerState, context: DaemonContext, dc: DcState, running: RunningGraph): void {
  const complete = running.states.filter((entry) => entry === 'confirmed').length
  const incomplete = running.states.length - complete
  const isAborted = running.abortPriority > 0
  const how = running.skipped > 0 ? 'Stopped' : incomplete > 0 && !isAborted ? 'Terminated' : 'Complete'
  const counts = `Complete=${complete}, Pending=0, Fired=0, Skipped=${running.skipped}, Incomplete=${incomplete}, Source=${running.file}`
  log(context, `Transition ${running.number} (${counts}): ${how}`)
  dc.graph = undefined
  if (state.controller.state !== 'S_TRANSITION_ENGINE') return
  switch (running.followUp) {
    case 'done':
    case 'wait':
      move(state, context, 'I_TE_SUCCESS')
      return
    case 'restart':
      restart(state, context, dc)
      return
    case 'shutdown':
      context.act({ kind: 'timer', name: 'leave', delay: 0 })
      move(state, context, 'I_TE_SUCCESS')
  }
}

function restart(state: PacemakerState, context: DaemonContext, dc: DcState): void {
  if (move(state, context, 'I_PE_CALC')) calculateLater(state, context, dc)
}
