/**
 * A fencer among others: what it hears, and the death of its process: pacemakerd starts it again at once, its devices are registered anew from the configuration, and all that
 * it had under way is lost. Agents at work are nobody's children then: what they do they do, but nobody hears of it.
 *
 * Inferred: other fencers treat the process as they treat a node that is gone, for both leave the same process group; the controller
 * hands in what it is asked meanwhile once it is connected again. Source: spec E-7.6 (stonith), E-8.4 (fencer died).
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { heardDone, heardQuery, leadersGone } from './fence-merge.ts'
import { answerQuery, beginRun } from './fence-run.ts'
import { fencersGone, heardReply, heardResult, requestFence } from './fencer.ts'
import type { FenceDone, FenceQuery, FenceReply, FenceResult, FenceRunRequest, FencerState } from './fencer-state.ts'
import { abort } from './policy.ts'
import type { RingMessage } from './ring-state.ts'
import { log, type PacemakerState, tell } from './state.ts'
import { actionEnded, walk } from './transition.ts'

/** The process of this node's fencer is killed. */
export function fencerDied(state: PacemakerState, context: DaemonContext): void {
  const { fencer } = state
  if (!fencer.isUp) return
  dropTimers(fencer, context)
  fencer.isUp = false
  for (const all of [fencer.led, fencer.heard, fencer.searches, fencer.runs, fencer.commands, fencer.lists]) all.clear()
  fencer.merged.length = 0
  fencer.verified.clear()
  tell(state, context, 'fencer-group', false)
  requestsLost(state, context)
}

function dropTimers({ led, commands }: FencerState, context: DaemonContext): void {
  const drop = (name: string): void => context.act({ kind: 'cancel-timer', name })
  for (const id of led.keys())
    for (const name of ['fence-query', 'fence-total', 'fence-peer', 'fence-watchdog']) drop(`${name} ${id}`)
  for (const { id, ticket } of commands.values()) {
    for (const name of ['fence-delay', 'fence-again']) drop(`${name} ${id}`)
    if (ticket !== 0) drop(`fence-limit ${ticket}`)
  }
}

/** What the graph waited for from this fencer will not come. */
function requestsLost(state: PacemakerState, context: DaemonContext): void {
  const graph = state.dc?.graph
  if (graph === undefined) return
  const lost = graph.graph.synapses.filter(
    ({ action }, place) => graph.states[place] === 'pending' && action.operation === 'stonith',
  )
  if (lost.length === 0) return
  log(context, 'The fencer is gone: what it was asked for is lost', 'error')
  for (const { action } of lost) {
    if (action.node !== undefined) state.dc!.downfalls.delete(action.node)
    actionEnded(state, context, action.id, true)
  }
  abort(state, context, { text: 'Fencer connection lost' })
  walk(state, context)
}

/** The process runs again. */
export function fencerReady(state: PacemakerState, context: DaemonContext): void {
  const { fencer } = state
  fencer.isUp = true
  log(context, 'Pacemaker fencer successfully started and accepting connections')
  tell(state, context, 'fencer-group', true)
  for (const wish of fencer.waiting.splice(0)) requestFence(state, context, wish)
}

/** What fencers tell one another; a dead one hears nothing. */
export function hearFencer(state: PacemakerState, context: DaemonContext, { type, data, from }: RingMessage): void {
  if (type === 'fencer-group') return fencerGroupChanged(state, context, from, data === true)
  if (!state.fencer.isUp) return
  // Each type of message carries what its verb takes.
  switch (type) {
    case 'fence-query':
      heardQuery(state, data as FenceQuery)
      return answerQuery(state, context, data as FenceQuery)
    case 'fence-reply':
      return heardReply(state, context, from, data as FenceReply)
    case 'fence-run': {
      const request = data as FenceRunRequest
      return request.to === state.self ? beginRun(state, context, request) : undefined
    }
    case 'fence-result':
      return heardResult(state, context, from, data as FenceResult)
    case 'fence-done':
      return heardDone(state, context, data as FenceDone)
  }
}

/** A fencer came into the process group, or left it with its node still in the ring. */
function fencerGroupChanged(state: PacemakerState, context: DaemonContext, node: NodeName, isIn: boolean): void {
  const { away } = state.fencer
  if (isIn) {
    away.delete(node)
    return
  }
  away.add(node)
  groupLost(state, context, [node])
}

/** Nodes are gone, and their fencers with them. */
export function fencersLost(state: PacemakerState, context: DaemonContext, gone: readonly NodeName[]): void {
  for (const node of gone) state.fencer.away.delete(node)
  groupLost(state, context, gone)
}

function groupLost(state: PacemakerState, context: DaemonContext, gone: readonly NodeName[]): void {
  fencersGone(state, context, gone)
  leadersGone(state, context, gone)
}
