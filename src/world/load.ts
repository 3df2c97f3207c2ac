/**
 * How fast agents work. As a rule each has a processor of its own; where a scenario says that all nodes share a host's processors (virtual
 * machines, containers, a laboratory), calls that are under way together slow one another down, each having an equal share. Sleeping and
 * hanging use no processor. Decides only when calls end; what they do is `service.ts`.
 *
 * Source: the lab's recordings, in which an agent takes about as many times as long as there are agents at work (found by grouping the
 * run times of all recordings by the number of calls beside them).
 */
import type { WorldContext } from './context.ts'
import type { NodeTruth, Progress, RunningCall, World } from './state.ts'

/** Gives every call at work its share; schedules anew what is due of those whose share has changed. O(calls under way). */
function shareProcessors(world: World, context: WorldContext): void {
  const share = shareOfEach(world, context.processors)
  for (const node of world.nodes.values())
    for (const call of node.calls)
      if (call.progress.isAtWork && call.progress.share !== share) changeShare(context, node, call, share)
}

/** As {@link shareProcessors}, where a call begins to work: only that one changes where each has a processor of its own. */
export function takeProcessor(world: World, context: WorldContext, node: NodeTruth, call: RunningCall): void {
  if (context.processors < Number.POSITIVE_INFINITY) shareProcessors(world, context)
  else changeShare(context, node, call, 1)
}

/** As {@link shareProcessors}, after the end of a call: nobody gets more where each has a processor of its own. */
export function freeProcessor(world: World, context: WorldContext): void {
  if (context.processors < Number.POSITIVE_INFINITY) shareProcessors(world, context)
}

function shareOfEach({ nodes }: World, processors: number): number {
  let working = 0
  for (const { calls } of nodes.values()) for (const { progress } of calls) if (progress.isAtWork) working += 1
  return Math.min(1, processors / working)
}

function changeShare(context: WorldContext, node: NodeTruth, call: RunningCall, share: number): void {
  const { progress } = call
  const now = context.now()
  progress.done += (now - progress.since) * progress.share
  progress.since = now
  progress.share = share
  progress.version += 1
  const { tells, tellsAt, version, work } = progress
  const { id, beginSeq: cause } = call
  const { name, life } = node
  context.schedule(until(progress, work), { kind: 'call-ends', node: name, life, call: id, version, cause })
  if (tells === undefined || tellsAt === undefined || progress.hasTold) return
  const { name: about, value } = tells
  const told = { kind: 'call-tells', node: name, life, call: id, version, cause, name: about, value } as const
  context.schedule(until(progress, tellsAt), told)
}

function until({ done, share }: Progress, work: number): number {
  return Math.max(0, Math.ceil((work - done) / share))
}
