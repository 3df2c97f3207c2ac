/**
 * How busy a node is with what no cluster manager has to do with: processes that want a processor, and the load average of the last
 * minute that they make, as Linux reckons it. Slows nothing down by itself: that is what the faults of agents are for.
 *
 * Source: proc(5), loadavg; the kernel's documentation of it (every 5 s, in fixed point).
 */
import type { Millis } from '../kernel/time.ts'
import type { NodeName } from '../model/names.ts'
import type { NodeLoad } from '../model/node.ts'
import type { WorldContext } from './context.ts'
import type { Business, NodeTruth, World } from './state.ts'

/** Between two reckonings; the part of the old average that is kept, and what one process counts, in fixed point. */
const STEP: Millis = 5000
const ONE = 2048
const KEPT = 1884

/** So many more (or fewer) processes want a processor from now on, and the process that keeps the configuration uses more of one. */
export function addBusiness(
  world: World,
  context: WorldContext,
  name: NodeName,
  more: Pick<Business, 'cibShare' | 'processes'>,
): void {
  const { business } = world.nodes.get(name)!
  reckon(business, context.now())
  business.processes += more.processes
  business.cibShare += more.cibShare
}

/** What a daemon reads on its node. */
export function loadOf({ business }: NodeTruth, now: Millis): NodeLoad {
  reckon(business, now)
  return { average: business.average / ONE, cibShare: business.cibShare }
}

/** The average begins anew with the node. */
export function forgetLoad({ business }: NodeTruth, now: Millis): void {
  business.average = 0
  business.reckonedAt = now
}

/** Brings the average up to `now`; it stands still once it is what it will be. */
function reckon(business: Business, now: Millis): void {
  const wanted = business.processes * ONE
  for (let at = business.reckonedAt + STEP; at <= now; at += STEP) {
    const next = Math.floor((business.average * KEPT + wanted * (ONE - KEPT)) / ONE)
    if (next === business.average) break
    business.average = next
  }
  business.reckonedAt = now - (now % STEP)
}
