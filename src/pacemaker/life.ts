/**
 * Beginning and end of a node's daemons: start after boot, going on from a recorded state, graceful stop, being fenced.
 * Source: spec E-4.6, E-8.4, E-9.3, E-10.1.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { setAttribute, tellOwnValues } from './attributes.ts'
import { rankAt } from './election.ts'
import { cancelAll } from './executor.ts'
import type { FenceDone } from './fencer-state.ts'
import { gather, recallSequence } from './gather.ts'
import { recallCib } from './kept-cib.ts'
import { durationOption, move, property } from './machine.ts'
import { recallExpected } from './quorum.ts'
import { dropSeats } from './remote-seat.ts'
import { resume } from './resume.ts'
import { sendTo } from './ring.ts'
import { keyOf, log, type PacemakerState, ringHand, tell, updateCib, wallClock } from './state.ts'
import { LOOK_AGAIN } from './throttle.ts'
import { armWatchdog, closeWatchdog } from './watchdog.ts'

/** From corosync's ring of its own to the controller's readiness; medians of the recordings (spec E-9.3). */
const CONTROLLER_AFTER = 2000
const ANNOUNCE_AFTER = 1000

/** From the controller's end to that of all daemons: 380 to 770 ms in the recordings of five graceful stops (spec E-10.1). */
const DAEMONS_END = 450

/** The daemons begin. */
export function beginLife(state: PacemakerState, context: DaemonContext, generation: number, isResumed: boolean): void {
  const { controller, self } = state
  controller.life = `${self}-${generation}`
  armWatchdog(state, context)
  if (isResumed) return resume(state, context)
  recallExpected(state.quorum, state.config.corosync, context)
  recallCib(state, context)
  // What a node knew of the others' status died with it.
  state.cib = { ...state.cib, status: { nodeStates: [], tickets: state.cib.status.tickets, order: [] } }
  const hand = ringHand(state, context)
  recallSequence(hand)
  gather(hand)
  context.act({ kind: 'timer', name: 'controller', delay: CONTROLLER_AFTER })
}

/** All daemons have started. */
export function daemonsReady(state: PacemakerState, context: DaemonContext): void {
  controllerReady(state, context)
  tellOwnValues(state, context)
}

/** The controller has started, with the others or again: it joins its group and asks who leads. */
export function controllerReady(state: PacemakerState, context: DaemonContext): void {
  const { controller, quorum } = state
  controller.startedAt = context.now
  controller.ownLoad = undefined
  controller.rank = rankAt(state, context.now)
  controller.isIn = true
  controller.hasQuorum = quorum.isQuorate
  if (quorum.isQuorate) controller.everQuorate = true
  move(state, context, 'I_PENDING')
  tell(state, context, 'cpg', true)
  context.act({ kind: 'timer', name: 'announce', delay: ANNOUNCE_AFTER })
  context.act({ kind: 'timer', name: 'calm', delay: LOOK_AGAIN })
}

/** A graceful stop begins: the DC is asked to empty this node. */
export function beginShutdown(state: PacemakerState, context: DaemonContext): void {
  const { controller, self } = state
  if (controller.shutdownWanted) return
  controller.shutdownWanted = true
  if (!controller.isIn) return leave(state, context)
  const delay = durationOption(state, 'shutdown-escalation', 1_200_000)
  log(context, `Initiating controller shutdown sequence | limit=${delay}ms`)
  context.act({ kind: 'timer', name: 'escalation', delay })
  log(context, `Sending shutdown request to all peers (DC is ${controller.dc ?? 'not set'})`)
  tell(state, context, 'shutdown-request', self)
}

/** A node asks to be emptied, or is told that it is. */
export function shutdownAsked(
  state: PacemakerState,
  context: DaemonContext,
  type: 'do-shutdown' | 'shutdown-request',
  node: NodeName,
): void {
  if (type === 'do-shutdown') {
    if (node !== state.self) return
    log(context, `Shutting down controller after confirmation from ${state.controller.dc ?? 'nobody'}`)
    return leave(state, context)
  }
  // Who asks again because a DC is new, or because nothing is left to do, has been heard already (spec E-4.7).
  if (state.dc === undefined || state.attributes.values.get('shutdown')?.has(node)) return
  log(context, `Creating shutdown request for ${node} (state=${state.controller.state})`)
  setAttribute(state, context, { node, name: 'shutdown', value: String(wallClock(state, context)) })
}

/** Leaves the process group; the rest follows when that has been told. */
export function leave(state: PacemakerState, context: DaemonContext): void {
  const { controller, self } = state
  cancelAll(state, context)
  dropSeats(state, context)
  // A DC that leaves says so itself: nobody else has told that it goes (spec E-10.1).
  if (state.dc !== undefined) {
    const fields = { expected: 'down', join: 'down' }
    updateCib(state, context, { kind: 'node', node: keyOf(state, self), fields })
  }
  move(state, context, 'I_STOP')
  context.act({ kind: 'timer', name: 'gone', delay: 2000 })
  if (controller.isIn) {
    // The attribute daemon goes too, and with it what it told; one that outlives its controller keeps everything.
    tell(state, context, 'attributes-gone', self)
    tell(state, context, 'cpg', false)
  } else leaveNow(state, context)
}

/**
 * This node's own goodbye has been delivered: the controller has gone. The daemons beside it end one after the other, and only when they have
 * gone, too, corosync says goodbye: whoever leaves has told everything by then.
 */
export function leaveIfTold(state: PacemakerState, context: DaemonContext, node: NodeName, isIn: boolean): void {
  const { controller } = state
  if (node !== state.self || isIn || controller.state !== 'S_STOPPING') return
  controller.isIn = false
  controller.dc = undefined
  state.dc = undefined
  context.act({ kind: 'timer', name: 'gone', delay: DAEMONS_END })
}

/** Corosync says goodbye and everything ends. */
export function leaveNow(state: PacemakerState, context: DaemonContext): void {
  const hand = ringHand(state, context)
  for (const member of state.ring.members) if (member !== state.self) sendTo(hand, member, 'ring-leave', null)
  if (state.ring.phase !== 'stopped') log(context, `Node ${keyOf(state, state.self).id} was shut down by sysadmin`)
  state.ring.phase = 'stopped'
  closeWatchdog(state, context)
  context.act({ kind: 'exit', reason: 'Pacemaker and corosync have stopped' })
}

/** A member says goodbye: nobody waits for it. */
export function heardLeave(state: PacemakerState, context: DaemonContext, from: NodeName): void {
  if (!state.ring.members.includes(from)) return
  state.ring.goodbyes.add(from)
  gather(ringHand(state, context), [], [from])
}

/** A fencing operation has ended, maybe this node's own. Source: spec E-8.4. */
export function heardFenced(state: PacemakerState, context: DaemonContext, done: FenceDone): void {
  if (!done.isOk || done.action === 'on' || done.target !== state.self) return
  log(context, `We were allegedly just fenced by ${done.by} for ${done.leader}!`, 'critical')
  if (property(state, 'fence-reaction') === 'panic') return context.act({ kind: 'reboot', reason: 'allegedly fenced' })
  state.ring.phase = 'stopped'
  context.act({ kind: 'exit', reason: 'allegedly fenced' })
}
