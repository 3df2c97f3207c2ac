/**
 * The order in which a simulated transition carries out a graph: passes over the list of synapses, each action ending at once.
 *
 * Not a walk over the whole list for each pass: each synapse counts its unconfirmed inputs, and waits in a queue for the pass
 * and place at which the walk would find it ready. O(n log n) for n synapses and inputs. Source: spec D-7.2 to D-7.5.
 */
import { EventQueue } from '../kernel/queue.ts'
import type { Graph, GraphAction, Synapse } from '../scheduler/graph.ts'

/** The priority that survives a failure. */
export const INFINITY = 1_000_000

/** How a transition ended: `terminated` where some synapse could never become ready and nothing had failed. */
export type TransitionEnd = 'complete' | 'terminated'

/** Calls `perform` for every action in its turn; it says whether the action succeeded. */
export function runPasses({ synapses }: Graph, perform: (action: GraphAction) => boolean): TransitionEnd {
  const followers = toFollowers(synapses)
  const waiting = synapses.map(({ inputs }) => inputs.length)
  // An entry's instant is its pass, its priority the place in the list.
  const queue = new EventQueue<number>()
  let left = synapses.length
  let hasFailed = false
  waiting.forEach((count, place) => {
    if (count === 0) queue.push(0, place, place)
  })
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { at: pass, event: place } = next
    const synapse = synapses[place]!
    left--
    // After a failure real actions go on only at the highest priority; what is skipped never confirms anything.
    if (hasFailed && synapse.priority < INFINITY && synapse.action.element !== 'pseudo_event') continue
    const isDone = perform(synapse.action)
    if (!isDone) hasFailed = true
    for (const follower of followers.get(synapse.action.id) ?? []) {
      if (!isDone && synapses[follower]!.priority < INFINITY) continue
      waiting[follower]!--
      if (waiting[follower] === 0) queue.push(follower > place ? pass : pass + 1, follower, follower)
    }
  }
  return left > 0 && !hasFailed ? 'terminated' : 'complete'
}

/** Action id → places of the synapses that wait for it, once for each input. */
function toFollowers(synapses: readonly Synapse[]): ReadonlyMap<number, readonly number[]> {
  const followers = new Map<number, number[]>()
  synapses.forEach(({ inputs }, place) => {
    for (const { id } of inputs) {
      const list = followers.get(id)
      if (list === undefined) followers.set(id, [place])
      else list.push(place)
    }
  })
  return followers
}
