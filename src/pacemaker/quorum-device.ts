/**
 * The quorum device on a node: it tells the quorum server which ring it is in and hears whether the ring's partition has the device's
 * votes. A new membership waits for that answer before anybody is told of it, where the server was heard until then; votes of a server
 * that has fallen silent are withdrawn. Where heuristics are configured, the server hears of a ring when they have ended. Source: spec E-3.2 (qdevice), E-3.4.
 */
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import {
  createHeuristics,
  type HeuristicsOptions,
  type HeuristicsState,
  heuristicsLate,
  hostAnswered,
  runHeuristics,
} from './heuristics.ts'
import { tellPrimary } from './membership.ts'
import type { QdeviceReport, QdeviceVote } from './qnetd.ts'
import { judgeVotes } from './quorum.ts'
import type { Membership } from './ring-state.ts'
import { log, type PacemakerState } from './state.ts'

/** What corosync.conf says of the device. */
export interface DeviceOptions {
  readonly host: NodeName
  readonly votes: number
  readonly algorithm: 'ffsplit' | 'lms'
  /** `lowest`, `highest`, or a node id. */
  readonly tieBreaker: number | 'highest' | 'lowest'
  readonly timeout: Millis
  readonly syncTimeout: Millis
  readonly heuristics: HeuristicsOptions | undefined
}

/** What a node knows of its device. */
export interface QdeviceState {
  /** The server has answered lately. */
  isHeard: boolean
  /** A membership waits for the server's word. */
  isWaiting: boolean
  /** The next membership has had its answer. */
  isSettled: boolean
  readonly heuristics: HeuristicsState
}

/** A device that has heard nothing. */
export function createQdevice(): QdeviceState {
  return { isHeard: false, isWaiting: false, isSettled: false, heuristics: createHeuristics() }
}

/** How often a node reports, as a part of the timeout; and how often while it waits. */
const BEAT = 0.8
const HURRY: Millis = 500

/** Tells the server which ring this node is in, and will do so again. */
function report(state: PacemakerState, context: DaemonContext): void {
  const { device } = state.config.corosync.quorum
  if (device === undefined || state.ring.phase === 'stopped') return
  const delay = state.qdevice.isWaiting ? HURRY : Math.floor(device.timeout * BEAT)
  context.act({ kind: 'timer', name: 'qdevice report', delay })
  const { result: heuristics } = state.qdevice.heuristics
  // What this ring is worth is not known yet.
  if (device.heuristics !== undefined && heuristics === undefined) return
  const data: QdeviceReport = { ring: ringName(state), members: state.ring.members, heuristics }
  context.act({ kind: 'send', to: device.host, body: { type: 'qdevice-report', data }, routine: true })
}

/** A membership is to be told; true where it must wait for the server. */
export function waitsForDevice(state: PacemakerState, context: DaemonContext): boolean {
  const { device } = state.config.corosync.quorum
  if (device === undefined) return false
  if (state.qdevice.isWaiting) return true
  if (state.qdevice.isSettled) {
    state.qdevice.isSettled = false
    return false
  }
  // A vote for one ring says nothing of another.
  state.quorum.deviceGrants = false
  const { isHeard } = state.qdevice
  if (isHeard) {
    state.qdevice.isWaiting = true
    context.act({ kind: 'timer', name: 'qdevice sync', delay: device.syncTimeout })
  }
  runHeuristics(state, context, 'membership')
  report(state, context)
  return isHeard
}

/** A host that heuristics ping has answered. */
export function heardPong(state: PacemakerState, context: DaemonContext, from: NodeName): void {
  if (hostAnswered(state, context, from)) report(state, context)
}

/** The server's word. */
export function heardVote(state: PacemakerState, context: DaemonContext, { ring, grants }: QdeviceVote): void {
  const { device } = state.config.corosync.quorum
  if (device === undefined) return
  const { qdevice, quorum } = state
  context.act({ kind: 'timer', name: 'qdevice lost', delay: device.timeout })
  if (grants === undefined || ring !== ringName(state) || state.ring.phase !== 'operational') return
  if (!qdevice.isHeard) {
    log(context, `The quorum device is connected to ${device.host}`)
    qdevice.isHeard = true
    runHeuristics(state, context, 'regular')
  }
  if (qdevice.isWaiting) {
    quorum.deviceGrants = grants
    return goOn(state, context)
  }
  if (quorum.deviceGrants !== grants) grant(state, context, grants)
}

/** The membership that waited is told. */
function goOn(state: PacemakerState, context: DaemonContext): void {
  state.qdevice.isWaiting = false
  state.qdevice.isSettled = true
  context.act({ kind: 'cancel-timer', name: 'qdevice sync' })
}

/** A timer of the device is due. */
export function deviceTimer(state: PacemakerState, context: DaemonContext, name: string): void {
  const { qdevice } = state
  switch (name) {
    case 'qdevice report':
      return report(state, context)
    case 'qdevice heuristics':
      return heuristicsLate(state, context) ? report(state, context) : undefined
    case 'qdevice again':
      return runHeuristics(state, context, 'regular') ? report(state, context) : undefined
    case 'qdevice sync':
      return goOn(state, context)
    case 'qdevice lost':
      log(context, 'The quorum server does not answer: the votes of the quorum device are withdrawn', 'warning')
      qdevice.isHeard = false
      if (qdevice.isWaiting) return goOn(state, context)
      if (state.quorum.deviceGrants) grant(state, context, false)
  }
}

/** Votes come or go without a change of the ring. */
function grant(state: PacemakerState, context: DaemonContext, grants: boolean): void {
  const { ring, quorum, config } = state
  const had = quorum.isQuorate
  quorum.deviceGrants = grants
  const has = judgeVotes(quorum, config.corosync, ring.members)
  if (had === has) return
  context.act({ kind: 'believe', about: 'quorum', state: has ? 'acquired' : 'lost' })
  const membership: Membership = {
    members: ring.members,
    joined: [],
    left: [],
    leftCleanly: [],
    sequence: ring.ring.sequence,
    wasQuorate: false,
  }
  tellPrimary(context, has)
  ring.news.push({ kind: 'quorum', membership })
}

function ringName({ ring }: PacemakerState): string {
  return `${ring.ring.rep} ${ring.ring.sequence}`
}
