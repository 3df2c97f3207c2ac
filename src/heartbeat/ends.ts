/** What follows when a piece of resource work is done, and the beginning and end of a daemon's life. Source: spec heartbeat 6 and 10. */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import { beginBeating, sendControl } from './members.ts'
import { tell, workTaken } from './resources.ts'
import { standbyGiven, standbyTaken } from './standby.ts'
import { claim, type End, enterPhase, groupsOf, type HeartbeatState, type Step } from './state.ts'
import { addWork, dropWork, isIdle } from './work.ts'

/** How long a clean stop waits for resource work before it ends all the same. */
const SHUTDOWN_LIMIT = 3_600_000

/** The init script looks whether anything runs already (`verifyallidle`), then the daemon begins to beat. */
export function beginLife(state: HeartbeatState, context: DaemonContext, generation: number): void {
  state.generation = generation
  addWork(state, context, 'check', [
    ...groupsOf(state, 'all').map((group): Step => ({ kind: 'check-idle', group: group.key })),
    { kind: 'end', what: 'began' },
  ])
}

/** A piece of work has ended. */
export function endWork(state: HeartbeatState, context: DaemonContext, what: End): void {
  switch (what) {
    case 'began':
      beginBeating(state, context)
      break
    case 'local-taken':
    case 'taken':
      workTaken(state, context)
      break
    case 'died-and-taken':
      log(context, 'info', `mach_down: takeover from ${state.peer} is complete`)
      break
    case 'standby-given':
      standbyGiven(state, context)
      break
    case 'standby-taken':
      standbyTaken(state, context)
      break
    case 'healed':
    case 'restart':
      sendControl(state, context, 'shutdone', '')
      context.act({
        kind: 'exit',
        reason: what === 'healed' ? 'the partition has healed' : 'restart',
        restartAfter: state.config.cf.deadtime + 1000,
      })
      return
    case 'shutdown':
      sendControl(state, context, 'shutdone', '')
      context.act({
        kind: 'exit',
        reason: 'shutdown',
        ...(state.restartAfter === undefined ? {} : { restartAfter: state.restartAfter }),
      })
      return
  }
  if (state.shutdownWanted) beginShutdown(state, context)
}

/** A clean stop: waits for work under way, then gives up every line, also those never held (spec 10, S9, S10). */
export function beginShutdown(state: HeartbeatState, context: DaemonContext): void {
  if (state.phase === 'shutdown') return
  if (!isIdle(state)) {
    if (!state.shutdownWanted) {
      log(context, 'info', 'shutdown delayed until resource work is idle')
      context.act({ kind: 'timer', name: 'shutdown-limit', delay: SHUTDOWN_LIMIT })
    }
    state.shutdownWanted = true
    return
  }
  decide(context, {
    decision: 'shutdown',
    about: [state.self],
    text: 'shuts down and gives up every resource group',
    reasons: [{ text: 'a clean stop gives up all lines of haresources', source: 'spec heartbeat 10' }],
  })
  letGo(state, context, 'shutdown')
}

/** The init script's restart: a clean stop, then a wait that outlasts the peer's patience, then a start (spec 10). */
export function beginRestart(state: HeartbeatState, context: DaemonContext): void {
  state.restartAfter = state.config.cf.deadtime + 10_000
  beginShutdown(state, context)
}

/** Gives everything up and restarts: after a healed partition, or where this node did not hear itself (decision rows 21 and 22). */
export function releaseAllAndRestart(state: HeartbeatState, context: DaemonContext, what: 'healed' | 'restart'): void {
  dropWork(state)
  letGo(state, context, what)
}

function letGo(state: HeartbeatState, context: DaemonContext, what: 'healed' | 'restart' | 'shutdown'): void {
  if (state.config.cf.watchdog) context.act({ kind: 'watchdog', action: 'close', timeout: 0 })
  enterPhase(state, context, 'shutdown', what)
  claim(state, context, { local: false, foreign: false })
  tell(state, context, 'answer')
  addWork(state, context, 'main', [
    ...groupsOf(state, 'all').map((group): Step => ({ kind: 'release', group: group.key })),
    { kind: 'end', what },
  ])
}
