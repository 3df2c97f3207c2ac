/**
 * Guests: nodes that are virtual machines or containers which the cluster itself runs as resources. A guest has power while its container
 * runs anywhere, and none once it runs nowhere. What a container is to its host, it is to its guest: a host that dies takes it along.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import type { NodeName } from '../model/names.ts'
import type { WorldContext } from './context.ts'
import { cutPower, powerOn } from './node.ts'
import { serviceKey, type World } from './state.ts'

/** States in which a container holds nothing any more. What failed to stop may still be there. */
const GONE: ReadonlySet<LifecycleState> = new Set<LifecycleState>(['failed', 'failed-promoted', 'starting', 'stopped'])

/** States in which a container gives its guest power. */
const RUNS: ReadonlySet<LifecycleState> = new Set<LifecycleState>(['promoted', 'started'])

/** A guest's container has changed: gives the guest power, or takes it away. */
export function settleGuest(world: World, context: WorldContext, guest: NodeName): void {
  const container = world.shape.remotes?.find((remote) => remote.node === guest)?.container
  if (container === undefined) return
  const states = [...world.nodes.keys()].map((node) => world.services.get(serviceKey(node, container))!.state)
  if (states.some((state) => RUNS.has(state))) powerOn(world, context, guest)
  else if (states.every((state) => GONE.has(state)))
    cutPower(world, context, guest, `${guest} ends with its container ${container}`)
}
