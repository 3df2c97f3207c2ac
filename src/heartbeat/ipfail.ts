/**
 * ipfail: compares how many ping members each node reaches; the node that reaches fewer gives everything up. Source: spec heartbeat 10.
 * Differs: with equal counts a node goes standby `foreign` only where it claims foreign groups (spec 15.4 leaves the other case open).
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import { sendControl } from './members.ts'
import { goStandby } from './standby.ts'
import { type HeartbeatState, peerOf, type StandbyType } from './state.ts'

const RECOUNT_DELAY = 10_000

/** A ping member came or went, or the peer joined: its count is compared. */
export function countChanged(state: HeartbeatState, context: DaemonContext): void {
  if (!isWatching(state)) return
  sendControl(state, context, 'ipfail-count', countOf(state))
}

/** The peer's count. */
export function heardCount(state: HeartbeatState, context: DaemonContext, count: number): void {
  if (!isWatching(state)) return
  const own = countOf(state)
  if (count < own) {
    sendControl(state, context, 'ipfail-verdict', 'fewer')
  } else if (own < count) {
    planGiveUp(state, context, 'all', `it reaches ${own} ping members, ${state.peer} reaches ${count}`)
  } else {
    const hadPending = state.giveUpPending !== undefined
    cancelGiveUp(state, context)
    sendControl(state, context, 'ipfail-verdict', 'equal')
    const returns =
      !hadPending && state.config.cf.autoFailback === 'on' && state.phase === 'stable' && state.holds.foreign
    if (returns)
      planGiveUp(state, context, 'foreign', 'both nodes reach equally many ping members, and auto_failback is on')
  }
}

/** The peer compared and says how this node stands. */
export function heardVerdict(state: HeartbeatState, context: DaemonContext, verdict: string): void {
  if (verdict === 'fewer')
    planGiveUp(state, context, 'all', `${state.peer} reaches more ping members (decision row 19)`)
  else cancelGiveUp(state, context)
}

/** The wait before giving up is over. */
export function giveUp(state: HeartbeatState, context: DaemonContext): void {
  const type = state.giveUpPending
  if (type === undefined) return
  state.giveUpPending = undefined
  if (state.phase !== 'stable' || !state.otherStable || state.standby !== 'none') {
    // The recount asks the peer anew, and its verdict plans anew.
    context.act({ kind: 'timer', name: 'ipfail-recount', delay: RECOUNT_DELAY })
    return
  }
  goStandby(state, context, type, {
    text: 'ipfail compared the ping members that each node reaches',
    source: 'spec heartbeat 10',
  })
}

/** ipfail itself crashed, hangs or runs again. */
export function ipfailChanged(state: HeartbeatState, context: DaemonContext, running: boolean): void {
  state.ipfailAlive = running
  if (running) countChanged(state, context)
  else cancelGiveUp(state, context)
}

function planGiveUp(state: HeartbeatState, context: DaemonContext, type: StandbyType, why: string): void {
  if (state.giveUpPending !== undefined) return
  state.giveUpPending = type
  decide(context, {
    decision: 'ipfail',
    about: [state.self],
    text: `will go standby [${type}]`,
    reasons: [{ text: why, source: 'spec heartbeat 10, ipfail' }],
  })
  context.act({ kind: 'timer', name: 'ipfail', delay: 2 * state.config.cf.keepalive })
}

function cancelGiveUp(state: HeartbeatState, context: DaemonContext): void {
  if (state.giveUpPending === undefined) return
  state.giveUpPending = undefined
  context.act({ kind: 'cancel-timer', name: 'ipfail' })
  log(context, 'info', 'ipfail: giving up is cancelled, the counts are equal')
}

function isWatching(state: HeartbeatState): boolean {
  return state.ipfailAlive && state.communicationUp && peerOf(state).status !== 'dead' && state.phase !== 'shutdown'
}

function countOf(state: HeartbeatState): number {
  return [...state.members.values()].filter((member) => member.status === 'ping').length
}
