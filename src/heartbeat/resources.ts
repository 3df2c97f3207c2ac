/**
 * Who holds what: start-up, the peer's death and its clean leave, failback. Holdings are claims: they are set before the work, and a
 * failed start does not take them back. Source: spec heartbeat 3, 6, 7, 8 and 10.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import { countChanged } from './ipfail.ts'
import { sendControl } from './members.ts'
import { goStandby, standbyCancelled } from './standby.ts'
import {
  claim,
  enterPhase,
  groupsOf,
  type HeartbeatState,
  type Holdings,
  holdingsText,
  peerOf,
  type Step,
} from './state.ts'
import { addWork, isIdle } from './work.ts'

/** RQSTDELAY: how long two nodes that start together wait for one that is stable. */
const BOTH_STARTING_DELAY = 10_000
const STONITH_RETRY = 5000
const FAILBACK_RETRY = 1000

/** What a node says of its resource work. */
export interface ResourceMessage {
  readonly phase: 'stable' | 'starting'
  readonly holds: Holdings
  /** True for an answer, which wants no answer. */
  readonly answer: boolean
}

/** Communication is complete: resource work begins (spec 6). */
export function communicationIsUp(state: HeartbeatState, context: DaemonContext): void {
  const alone = peerOf(state).status === 'dead'
  if (state.config.cf.autoFailback === 'legacy') return startLegacy(state, context, alone)
  enterPhase(state, context, 'starting', 'communication up')
  if (alone) peerDied(state, context)
  else tell(state, context, 'request')
}

/** The peer speaks of its resource work. */
export function heardResources(state: HeartbeatState, context: DaemonContext, message: ResourceMessage): void {
  Object.assign(state.otherHolds, message.holds)
  state.otherStable = message.phase === 'stable'
  state.otherShutDown = false
  if (state.config.cf.autoFailback === 'legacy' || state.phase === 'shutdown' || state.phase === 'init') return
  if (state.phase === 'received') return
  if (state.phase === 'stable') {
    if (!message.answer) tell(state, context, 'answer')
    tryFailback(state, context)
  } else if (message.phase === 'stable') joinStablePeer(state, context)
  else if (state.phase === 'starting') {
    enterPhase(state, context, 'bothstarting', 'peer starts too')
    context.act({ kind: 'timer', name: 'both-starting', delay: BOTH_STARTING_DELAY })
    if (!message.answer) tell(state, context, 'answer')
  }
}

/** Nobody was stable in time: each takes its own groups (decision row 16). */
export function bothStarted(state: HeartbeatState, context: DaemonContext): void {
  if (state.phase !== 'bothstarting') return
  takeLocal(state, context, 'both nodes start; each takes its own groups', 'decision row 16')
}

/** The peer runs, but in a new life: what it held is gone (spec 2, S14). */
export function peerRestarted(state: HeartbeatState, context: DaemonContext): void {
  log(context, 'info', `${state.peer} has restarted`)
  Object.assign(state.otherHolds, { local: false, foreign: false })
  state.otherStable = false
  // Its clean leave was in the life before: a death from now on is a death.
  state.otherShutDown = false
  standbyCancelled(state, context, `${state.peer} has restarted`)
}

/** The peer is heard for the first time in its life: its ipfail joins, and it is asked what it holds. */
export function peerJoined(state: HeartbeatState, context: DaemonContext): void {
  if (state.config.cf.autoFailback !== 'legacy' && state.phase === 'stable') tell(state, context, 'request')
  countChanged(state, context)
}

/** The peer is dead (spec 8). */
export function peerDied(state: HeartbeatState, context: DaemonContext): void {
  standbyCancelled(state, context, `${state.peer} is dead`)
  if (state.phase === 'shutdown') return
  if (state.otherShutDown) {
    log(context, 'info', `${state.peer} is dead, but gave up its resources before`)
    return
  }
  if (!needsStonith(state)) {
    decide(context, {
      decision: 'no-fencing-needed',
      about: [state.peer],
      text: `needs not reset ${state.peer}, which holds nothing`,
      reasons: [{ text: `${state.peer} was heard and claimed to hold nothing`, source: 'decision row 11' }],
    })
    return takeOver(state, context)
  }
  const device = state.config.cf.stonith.find(
    (entry) => entry.hosts.includes(state.self) && entry.targets.includes(state.peer),
  )
  if (device === undefined) {
    log(context, 'warning', 'no STONITH device is configured: shared disks are not protected')
    return takeOver(state, context)
  }
  decide(context, {
    decision: 'fence',
    about: [state.peer],
    text: `will reset ${state.peer} before it takes anything over`,
    reasons: [{ text: `${state.peer} may still hold resources`, source: 'decision row 8' }],
  })
  fencePeer(state, context)
}

/** Asks the device to reset the peer; again after 5 s for as long as it fails. */
export function fencePeer(state: HeartbeatState, context: DaemonContext): void {
  const device = state.config.cf.stonith.find(
    (entry) => entry.hosts.includes(state.self) && entry.targets.includes(state.peer),
  )
  if (device === undefined || peerOf(state).status !== 'dead' || state.phase === 'shutdown') return
  state.ticket += 1
  state.fencing = state.ticket
  context.act({ kind: 'fence', ticket: state.ticket, device: device.id, target: state.peer, action: 'reboot' })
}

/** The device has answered. */
export function fenceAnswered(state: HeartbeatState, context: DaemonContext, ok: boolean, text: string): void {
  state.fencing = undefined
  if (ok) {
    log(context, 'info', text)
    takeOver(state, context)
    return
  }
  log(context, 'error', `${text}; trying again in 5 s, and taking nothing over until it works`)
  context.act({ kind: 'timer', name: 'fence-again', delay: STONITH_RETRY })
}

/** The peer has shut down in order: everything is ours at once (decision row 12). */
export function peerLeft(state: HeartbeatState, context: DaemonContext): void {
  Object.assign(state.otherHolds, { local: false, foreign: false })
  state.otherShutDown = true
  state.otherStable = true
  standbyCancelled(state, context, `${state.peer} shuts down`)
  if (state.phase === 'shutdown' || state.phase === 'init' || state.healing) return
  decide(context, {
    decision: 'takeover',
    about: groupKeys(state, 'foreign'),
    text: `takes everything over from ${state.peer}, which shut down in order`,
    reasons: [{ text: 'a clean shutdown needs neither deadtime nor fencing', source: 'decision row 12' }],
  })
  claim(state, context, { local: true, foreign: true })
  state.failbackArmed = true
  enterPhase(state, context, 'stable', 'peer left')
  addWork(state, context, 'main', [
    ...groupsOf(state, 'local').map((group): Step => ({ kind: 'acquire', group: group.key })),
    ...groupsOf(state, 'foreign').map((group): Step => ({ kind: 'acquire', group: group.key })),
    ...checkKeys(state),
    { kind: 'end', what: 'taken' },
  ])
}

/** A takeover is done, or local groups are taken: the node is stable and says so. */
export function workTaken(state: HeartbeatState, context: DaemonContext): void {
  if (state.phase !== 'shutdown') enterPhase(state, context, 'stable', 'resources taken')
  if (peerOf(state).status !== 'dead' && state.config.cf.autoFailback !== 'legacy') tell(state, context, 'answer')
  tryFailback(state, context)
}

/** Failback (decision row 13): the holder goes standby `foreign` once both are stable; tried again every second until then. */
export function tryFailback(state: HeartbeatState, context: DaemonContext): void {
  if (!state.failbackArmed || state.config.cf.autoFailback !== 'on' || !state.holds.foreign) return
  const { status } = peerOf(state)
  if (status === 'dead' || state.otherShutDown || state.phase === 'shutdown') return
  if (state.phase !== 'stable' || !state.otherStable || state.standby !== 'none' || !isIdle(state)) {
    context.act({ kind: 'timer', name: 'failback', delay: FAILBACK_RETRY })
    return
  }
  state.failbackArmed = false
  goStandby(state, context, 'foreign', {
    text: `${state.peer} is back, and auto_failback is on`,
    source: 'decision row 13',
  })
}

/** Tells the peer what this node holds and whether it is stable. */
export function tell(state: HeartbeatState, context: DaemonContext, mode: 'answer' | 'request'): void {
  const message: ResourceMessage = {
    phase: state.phase === 'stable' ? 'stable' : 'starting',
    holds: { ...state.holds },
    answer: mode === 'answer',
  }
  sendControl(state, context, 'resources', message)
}

/** Legacy: the peer asks for one of its groups; it is given up where it runs here (decision row 15). */
export function groupAsked(state: HeartbeatState, context: DaemonContext, group: string): void {
  addWork(state, context, 'check', [{ kind: 'answer-request', group }])
}

/** Legacy: the peer has answered; the group is taken. */
export function groupAnswered(state: HeartbeatState, context: DaemonContext, group: string): void {
  addWork(state, context, 'main', [{ kind: 'acquire', group }])
}

function joinStablePeer(state: HeartbeatState, context: DaemonContext): void {
  context.act({ kind: 'cancel-timer', name: 'both-starting' })
  if (!state.otherHolds.foreign)
    return takeLocal(state, context, `${state.peer} is stable and holds only its own`, 'spec heartbeat 6')
  decide(context, {
    decision: 'take-nothing',
    about: groupKeys(state, 'local'),
    text: `takes nothing, because ${state.peer} holds ${holdingsText(state.otherHolds)}`,
    reasons: [{ text: 'the holder gives back, or keeps, by auto_failback', source: 'spec heartbeat 6' }],
  })
  enterPhase(state, context, 'stable', 'peer holds all')
  tell(state, context, 'answer')
}

function takeLocal(state: HeartbeatState, context: DaemonContext, why: string, source: string): void {
  enterPhase(state, context, 'received', 'takes local')
  decide(context, {
    decision: 'take-local',
    about: groupKeys(state, 'local'),
    text: 'takes its own groups',
    reasons: [{ text: why, source }],
  })
  claim(state, context, { local: true })
  addWork(state, context, 'check', [...checkKeys(state), { kind: 'end', what: 'local-taken' }])
}

/** Spec 8.4: flags first, then mach_down for the dead node's groups, and beside it the key checks of our own. */
function takeOver(state: HeartbeatState, context: DaemonContext): void {
  decide(context, {
    decision: 'takeover',
    about: groupKeys(state, 'foreign'),
    text: `takes over from ${state.peer}`,
    reasons: [{ text: `${state.peer} is dead`, source: 'spec heartbeat 8' }],
  })
  claim(state, context, { foreign: true })
  Object.assign(state.otherHolds, { local: false, foreign: false })
  state.otherStable = true
  state.failbackArmed = true
  const main: Step[] = [
    ...groupsOf(state, 'foreign').map((group): Step => ({ kind: 'acquire', group: group.key })),
    { kind: 'end', what: 'died-and-taken' },
  ]
  addWork(state, context, 'main', main)
  claim(state, context, { local: true })
  addWork(state, context, 'check', [...checkKeys(state), { kind: 'end', what: 'local-taken' }])
}

function startLegacy(state: HeartbeatState, context: DaemonContext, alone: boolean): void {
  enterPhase(state, context, 'stable', 'communication up')
  claim(state, context, { local: true })
  if (alone) return peerDied(state, context)
  for (const group of groupsOf(state, 'local')) {
    decide(context, {
      decision: 'ask-for-group',
      about: [group.key],
      text: `asks ${state.peer} for ${group.key}`,
      reasons: [{ text: 'legacy: the owner asks for its groups one by one', source: 'decision row 15' }],
    })
    addWork(state, context, 'check', [{ kind: 'check-own', group: group.key }])
  }
}

/** Heard since our start and known to hold nothing: no reset. In legacy mode only a clean shutdown spares the node (spec 8.2). */
function needsStonith(state: HeartbeatState): boolean {
  if (state.config.cf.autoFailback === 'legacy') return !state.otherShutDown
  return !peerOf(state).everHeard || state.otherHolds.local || state.otherHolds.foreign
}

function checkKeys(state: HeartbeatState): readonly Step[] {
  return groupsOf(state, 'local').map((group): Step => ({ kind: 'check-key', group: group.key }))
}

function groupKeys(state: HeartbeatState, whose: 'foreign' | 'local'): readonly string[] {
  return groupsOf(state, whose).map((group) => group.key)
}
