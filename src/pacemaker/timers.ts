/** Every timer to the verb that it is for. A switch, no rules. */

import type { DaemonContext } from '../manager/contract.ts'
import { dampened } from './attributes.ts'
import { actionLost } from './confirm.ts'
import { callElection } from './election.ts'
import { delayOver, repeatOp, unitDue } from './executor.ts'
import { delayOver as fenceDelayOver, tryAgain } from './fence-queue.ts'
import { deviceLate } from './fence-run.ts'
import { peerSilent, queryOver, totalOver, watchdogOver } from './fencer.ts'
import { consensusLost, gather, sayJoin } from './gather.ts'
import {
  checkIntegrated,
  finalize,
  offerToAll,
  offerToNew,
  sendConfirm,
  sendRequest,
  syncLost,
  takeOver,
} from './join.ts'
import { controllerReady, daemonsReady, leave, leaveNow } from './life.ts'
import { mergeRings, ping } from './links.ts'
import { move } from './machine.ts'
import { lateDue, tellHeld } from './news.ts'
import { abort, ask, calculate, queryAnswered } from './policy.ts'
import { respawned, schedulerSilent } from './processes.ts'
import { shrinkExpected } from './quorum.ts'
import { deviceTimer } from './quorum-device.ts'
import { remoteTimer } from './remote-connection.ts'
import { onSeat } from './remote-seat.ts'
import { pauseOf, type RingHand, release, repeatToken, stillWaits } from './ring.ts'
import { log, type PacemakerState, ringHand, tell } from './state.ts'
import { lookAtLoad } from './throttle.ts'
import { beginGraph } from './transition.ts'
import { feedWatchdog } from './watchdog.ts'

/** What names are made of. A few names come a million times, so their words are kept: this changes nothing but the time it takes. */
const WORDS = new Map<string, Words>()
const WORDS_MAX = 10_000

interface Words {
  readonly word: string
  readonly first: string
  readonly second: string
}

function wordsOf(name: string): Words {
  const known = WORDS.get(name)
  if (known !== undefined) return known
  if (WORDS.size === WORDS_MAX) WORDS.clear()
  const [word = '', first = '', second = ''] = name.split(' ')
  const words = { word, first, second }
  WORDS.set(name, words)
  return words
}

/** A timer has run out. */
export function timerDue(state: PacemakerState, context: DaemonContext, name: string): void {
  const { word, first, second } = wordsOf(name)
  switch (word) {
    case 'ring':
      return ringTimer(state, context, first)
    case 'recur':
      return repeatOp(state, context, first, second)
    case 'last-man-standing':
      return shrinkExpected(state.quorum, state.config.corosync, state.ring.members)
    case 'qdevice':
      return deviceTimer(state, context, name)
    case 'at': {
      const seat = state.seats.get(first)
      if (seat === undefined) return
      const rest = name.slice(`at ${first} `.length)
      return onSeat(state, context, seat, (there, line) => timerDue(there, line, rest))
    }
    case 'remote-again':
    case 'remote-dead':
    case 'remote-done':
    case 'remote-late':
    case 'remote-resend':
    case 'remote-try':
      return remoteTimer(state, context, word, first, second)
    case 'op-delay':
      return delayOver(state, context, first)
    case 'respawn':
      return respawned(state, context, first)
    case 'unit':
      return unitDue(state, context, first)
    case 'action':
      return actionLost(state, context, Number(first))
    case 'dampen':
      return dampened(state, context, name.slice('dampen '.length))
    case 'sbd':
      return feedWatchdog(state, context)
    case 'fence-query':
      return queryOver(state, context, Number(first))
    case 'fence-total':
      return totalOver(state, context, Number(first))
    case 'fence-peer':
      return peerSilent(state, context, Number(first))
    case 'fence-watchdog':
      return watchdogOver(state, context, Number(first))
    case 'fence-delay':
      return fenceDelayOver(state, context, Number(first))
    case 'fence-again':
      return tryAgain(state, context, Number(first))
    case 'fence-limit':
      return deviceLate(state, context, Number(first))
    case 'join':
      return joinTimer(state, context, first)
    case 'pe':
      return policyTimer(state, context, first)
    default:
      return controllerTimer(state, context, name)
  }
}

function ringTimer(state: PacemakerState, context: DaemonContext, name: string): void {
  const hand = ringHand(state, context)
  switch (name) {
    case 'token':
      return tokenLate(state, context, hand)
    case 'hold':
      return release(hand)
    case 'retransmit':
      return repeatToken(hand)
    case 'join':
      return sayJoin(hand)
    case 'consensus':
      return consensusLost(hand)
    case 'merge':
      return mergeRings(hand)
    case 'ping':
      return ping(hand)
  }
}

/** Source: spec E-2.2. */
function tokenLate({ ring }: PacemakerState, context: DaemonContext, hand: RingHand): void {
  const { token, consensus } = hand.timers
  if (stillWaits(hand)) {
    if (ring.phase === 'operational')
      log(context, `Token has not been received in ${context.now - ring.tokenAt} ms`, 'warning')
    return
  }
  tellPause(context, pauseOf(hand))
  if (ring.phase === 'operational') {
    const waits = `token timed out (${token}ms), waiting ${consensus}ms for consensus.`
    log(context, `A processor failed, forming new configuration: ${waits}`, 'warning')
  }
  gather(hand)
}

/** Source: spec E-2.5. */
function tellPause(context: DaemonContext, pause: number | undefined): void {
  if (pause === undefined) return
  log(context, `Process pause detected for ${pause} ms, flushing membership messages.`, 'warning')
}

function joinTimer(state: PacemakerState, context: DaemonContext, name: string): void {
  switch (name) {
    case 'all':
      return offerToAll(state, context)
    case 'offer':
      return offerToNew(state, context)
    case 'request':
      return sendRequest(state, context)
    case 'finalize':
      return finalize(state, context)
    case 'confirm':
      return sendConfirm(state, context)
  }
}

function policyTimer(state: PacemakerState, context: DaemonContext, name: string): void {
  switch (name) {
    case 'query':
      return queryAnswered(state, context)
    case 'reply':
      return beginGraph(state, context)
    case 'silent':
      return schedulerSilent(state, context)
    case 'awake':
      state.controller.isAsleep = false
      tellHeld(state, context)
      // Nothing came meanwhile that asked anew.
      if (state.dc?.asking === 'asleep' && state.controller.state === 'S_POLICY_ENGINE') ask(state, context, state.dc)
  }
}

function controllerTimer(state: PacemakerState, context: DaemonContext, name: string): void {
  switch (name) {
    case 'controller':
      return daemonsReady(state, context)
    case 'controller-again':
      return controllerReady(state, context)
    case 'announce':
      return state.controller.dc === undefined ? tell(state, context, 'announce', null) : undefined
    case 'calm':
      return lookAtLoad(state, context)
    case 'dc-deadtime':
      if (move(state, context, 'I_DC_TIMEOUT')) callElection(state, context)
      return
    case 'cib-sync':
      return syncLost(state, context)
    case 'election':
      return state.controller.state === 'S_ELECTION' ? takeOver(state, context) : undefined
    case 'integration':
      return integrationOver(state, context)
    case 'finalization':
      if (move(state, context, 'I_ELECTION')) callElection(state, context)
      return
    case 'recheck':
    case 'transition-delay':
      return calculate(state, context)
    case 'quorum gained':
      return abort(state, context, { text: 'Quorum gained' })
    case 'late news':
      return lateDue(state, context)
    case 'escalation':
    case 'leave':
      return leave(state, context)
    case 'gone':
      return leaveNow(state, context)
  }
}

/** Goes on with those who answered. Source: spec E-4.3. */
function integrationOver(state: PacemakerState, context: DaemonContext): void {
  const phases = state.dc?.phases
  if (phases === undefined) return
  for (const [node, phase] of phases) if (phase === 'welcomed') phases.delete(node)
  checkIntegrated(state, context)
}
