/**
 * Where a resource is taken to be, of all the nodes it is active on. Pure; nodes and resources may be at any stage of work.
 *
 * Source: spec B-0.20, C-4.4, D-4.2, D-4.8.
 */

/** What of a node tells whether a resource that needs no fencing may be taken to be there. */
interface Standing {
  readonly online: boolean
  readonly unclean: boolean
}

/** The index of the node where a resource is taken to be, of all it is active on, or −1. Source: spec B-0.20, D-4.8. */
export function currentNodeOf(
  nodes: readonly Standing[],
  { runningOn, partialSource }: { readonly runningOn: readonly number[]; readonly partialSource: number },
  needsFencing: boolean,
): number {
  const first = runningOn[0] ?? -1
  if (partialSource >= 0) return runningOn.includes(partialSource) ? partialSource : first
  if (needsFencing || runningOn.length < 2) return first
  return runningOn.find((at) => nodes[at]!.online && !nodes[at]!.unclean) ?? first
}

/** Active somewhere: where a node is online or unclean, or it is unmanaged. Source: spec C-4.4, D-4.2. */
export function isActiveOn(
  nodes: readonly Standing[],
  { runningOn, managed }: { readonly runningOn: readonly number[]; readonly managed: boolean },
): boolean {
  return runningOn.some((at) => nodes[at]!.unclean || nodes[at]!.online || !managed)
}
