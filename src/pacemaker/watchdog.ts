/**
 * Nodes that reset themselves: sbd feeds the hardware watchdog while its node is well, and whoever wants such a node fenced only waits.
 * Well means: the daemons run, and the partition has quorum or never had. Only where the cluster relies on it (have-watchdog, and
 * stonith-watchdog-timeout is not 0): elsewhere nothing is armed and no time passes for it.
 *
 * Differs: sbd watches quorum and daemons only; its disks are not modelled. Source: spec E-8.7; sbd(8) (default of SBD_WATCHDOG_TIMEOUT).
 */
import { isTrue, parseInterval } from '../cib/values.ts'
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { property } from './machine.ts'
import type { PacemakerState } from './state.ts'

/** SBD_WATCHDOG_TIMEOUT. */
const BITES_AFTER = 5000
const FEEDS_EVERY = 1000

/** How long to wait until a node without a fence device has reset itself; undefined where nobody may rely on that. */
export function watchdogWait(state: PacemakerState): Millis | undefined {
  const text = property(state, 'stonith-watchdog-timeout')
  if (text === undefined || !isTrue(property(state, 'have-watchdog'))) return undefined
  if (text.trim().startsWith('-')) return 2 * BITES_AFTER
  const wait = parseInterval(text) ?? 0
  return wait <= 0 ? undefined : wait
}

/** sbd begins with the node's daemons. */
export function armWatchdog(state: PacemakerState, context: DaemonContext): void {
  if (watchdogWait(state) === undefined) return
  context.act({ kind: 'watchdog', action: 'arm', timeout: BITES_AFTER })
  context.act({ kind: 'timer', name: 'sbd', delay: FEEDS_EVERY })
}

/** sbd looks whether its node is well. */
export function feedWatchdog(state: PacemakerState, context: DaemonContext): void {
  const { controller, quorum } = state
  if (!controller.everQuorate || quorum.isQuorate)
    context.act({ kind: 'watchdog', action: 'feed', timeout: BITES_AFTER })
  context.act({ kind: 'timer', name: 'sbd', delay: FEEDS_EVERY })
}

/** sbd ends in order with the node's daemons. */
export function closeWatchdog(state: PacemakerState, context: DaemonContext): void {
  if (watchdogWait(state) !== undefined) context.act({ kind: 'watchdog', action: 'close', timeout: 0 })
}
