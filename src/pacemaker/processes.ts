/**
 * One of a node's daemons dies, or stands still: what goes down with it, what the others lose, and what is there again when pacemakerd has
 * started it anew. Services go on all the while. Not told here: corosync's end, with which everything ends, and pacemakerd's own, of which
 * nobody takes notice (nothing is started again then, but nothing dies either).
 *
 * Source: spec E-1.1, E-9.4, E-12.16; the lab's recording of a killed controller; Pacemaker Administration and Pacemaker Explained on
 * what each daemon is for. The controller cannot do without the CIB manager, without the local executor or, where it leads, without the
 * scheduler: it goes through RECOVERY, ends with status 1 and is started again. One whose scheduler does not answer for two minutes ends with
 * status 100, after which nothing is started again (spec E-4.2, E-4.3).
 *
 * Differs: with status 100 corosync leaves, too.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import { cancelAll } from './executor.ts'
import { fencerDied, fencerReady } from './fencer-life.ts'
import { leave, leaveNow } from './life.ts'
import { move } from './machine.ts'
import { tellHeld } from './news.ts'
import { createScheduler } from './pe-files.ts'
import { ask } from './policy.ts'
import { dropSeats } from './remote-seat.ts'
import { keyOf, log, type PacemakerState, tell, updateCib } from './state.ts'

/** Daemons of a node beside corosync and the controller. Source: spec E-1.1. */
export const DAEMONS: readonly string[] = [
  'pacemakerd',
  'pacemaker-based',
  'pacemaker-fenced',
  'pacemaker-execd',
  'pacemaker-attrd',
  'pacemaker-schedulerd',
]

/** From the death of a daemon until pacemakerd has started it again; the controller is in its group so long after that. */
const RESPAWN = 40
const CONTROLLER_READY = 250

/** A process died, stands still or goes on. */
export function processChanged(
  state: PacemakerState,
  context: DaemonContext,
  process: string,
  what: 'crashed' | 'hung' | 'running',
): void {
  if (what === 'crashed') died(state, context, process)
  else if (process === 'pacemaker-schedulerd') schedulerHung(state, context, what === 'hung')
  else if (process === 'pacemaker-controld') freeze(state, context, what === 'hung')
}

function died(state: PacemakerState, context: DaemonContext, process: string): void {
  log(context, `${process} terminated with signal 9 (Killed)`, 'warning')
  if (process === 'pacemakerd') return
  context.act({ kind: 'timer', name: `respawn ${process}`, delay: RESPAWN })
  switch (process) {
    case 'pacemaker-attrd':
      return attributesLost(state, context)
    case 'pacemaker-based':
      attributesLost(state, context)
      return controllerFailed(state, context, 'Connection to the CIB manager terminated')
    case 'pacemaker-fenced':
      for (const device of state.executor.devices) state.executor.lostDevices.add(device)
      return fencerDied(state, context)
    case 'pacemaker-execd':
      state.executor.devices.clear()
      state.executor.lostDevices.clear()
      return controllerFailed(state, context, 'Lost connection to local executor')
    case 'pacemaker-schedulerd':
      Object.assign(state.scheduler, createScheduler())
      return state.dc === undefined ? undefined : controllerFailed(state, context, 'Connection to the scheduler failed')
    case 'pacemaker-controld':
      return controllerDied(state, context, 'crash')
  }
}

/** pacemakerd has started a process again. What its predecessor wrote of this node as an attribute daemon it erases first (spec E-9.4). */
export function respawned(state: PacemakerState, context: DaemonContext, process: string): void {
  log(context, `Respawning ${process} subdaemon after unexpected exit`)
  context.act({ kind: 'respawn', process })
  if (process === 'pacemaker-fenced') fencerReady(state, context)
  if (process === 'pacemaker-attrd' || process === 'pacemaker-based')
    updateCib(state, context, { kind: 'erase-attributes', node: keyOf(state, state.self) })
}

/** Everybody forgets this node's values, as with any attribute daemon that has left its group. */
function attributesLost(state: PacemakerState, context: DaemonContext): void {
  for (const name of state.attributes.dampening.keys()) context.act({ kind: 'cancel-timer', name: `dampen ${name}` })
  tell(state, context, 'attributes-gone', state.self)
}

const CONTROLLER_TIMERS = [
  'pe query',
  'pe reply',
  'pe silent',
  'pe awake',
  'late news',
  'quorum gained',
  'join all',
  'join offer',
  'join request',
  'join finalize',
  'join confirm',
  'cib-sync',
  'announce',
  'recheck',
  'transition-delay',
]

/** An error that the controller does not get over: it ends in order, and begins anew. Source: spec E-4.2 (I_ERROR). */
function controllerFailed(state: PacemakerState, context: DaemonContext, text: string): void {
  const { controller } = state
  if (!controller.isIn) return
  log(context, text, 'error')
  log(context, `Input I_ERROR received in state ${controller.state}`, 'error')
  move(state, context, 'I_ERROR')
  if (controller.state === 'S_TERMINATE') return leaveNow(state, context)
  if (controller.shutdownWanted) {
    move(state, context, 'I_SHUTDOWN')
    return leave(state, context)
  }
  log(context, 'Fast-tracking shutdown in response to errors', 'warning')
  move(state, context, 'I_TERMINATE')
  log(context, 'pacemaker-controld exited with status 1 (Error occurred)', 'error')
  controllerDied(state, context, 'exit')
}

/** A scheduler that stands still does not answer; once it goes on, it is asked anew. */
function schedulerHung(state: PacemakerState, context: DaemonContext, isHung: boolean): void {
  const { scheduler, dc } = state
  scheduler.isHung = isHung
  if (!isHung && dc?.asking === 'reply' && dc.pending === undefined) ask(state, context, dc)
}

/** The scheduler has not answered in time. Source: spec E-4.3. */
export function schedulerSilent(state: PacemakerState, context: DaemonContext): void {
  if (state.dc?.asking !== 'reply') return
  log(context, 'The scheduler does not answer', 'critical')
  move(state, context, 'I_ERROR')
  move(state, context, 'I_TERMINATE')
  log(context, 'pacemaker-controld exited with status 100 (Fatal error occurred, will not respawn)', 'critical')
  leaveNow(state, context)
}

/** The controller has ended; it is started again with nothing in mind. Source: spec E-12.16; the lab's `kill9_controld`. */
function controllerDied(state: PacemakerState, context: DaemonContext, event: 'crash' | 'exit'): void {
  const { controller, executor } = state
  if (!controller.isIn) return
  tell(state, context, 'cpg', false)
  for (const name of CONTROLLER_TIMERS) context.act({ kind: 'cancel-timer', name })
  cancelAll(state, context)
  // What the executor has begun for it ends unheard; what waits is never begun.
  for (const lane of executor.lanes.values()) {
    lane.queue.length = 0
    if (lane.running !== undefined) lane.running.isCancelled = true
  }
  dropSeats(state, context)
  executor.history = []
  executor.described.clear()
  controller.loads.clear()
  controller.fenceFailures.clear()
  state.dc = undefined
  controller.isIn = false
  controller.isAsleep = false
  controller.isFrozen = false
  controller.held.length = 0
  controller.late.length = 0
  controller.second = undefined
  controller.dc = undefined
  context.act({ kind: 'machine', machine: 'controller', from: controller.state, to: 'S_STARTING', event })
  controller.state = 'S_STARTING'
  context.act({ kind: 'timer', name: 'controller-again', delay: RESPAWN + CONTROLLER_READY })
}

/** True for what only the controller can do: its timers, and what its calls of agents come to. */
export function waitsForController(observation: Observation): boolean {
  if (observation.kind === 'result' || observation.kind === 'described') return true
  return observation.kind === 'timer' && !OTHERS_TIMERS.test(observation.name)
}

const OTHERS_TIMERS = /^(?:ring|recur|last-man-standing|qdevice|dampen|fence-\S+|op-delay|respawn|sbd|unit)(?: |$)/

/** The controller stands still, or goes on and hears everything that it missed, in order. */
function freeze(state: PacemakerState, context: DaemonContext, isFrozen: boolean): void {
  const { controller } = state
  if (controller.isFrozen === isFrozen) return
  controller.isFrozen = isFrozen
  if (isFrozen) return
  if (!controller.isAsleep) tellHeld(state, context)
}
