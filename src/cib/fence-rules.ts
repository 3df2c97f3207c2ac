/**
 * What decides about fencing one node, whoever asks: reading the status or the scheduler. Pure.
 *
 * Source: spec, C-17.1, C-17.12.
 */
import type { ClusterOptions } from './state.ts'

/** A cluster in which nodes may be fenced. */
export interface Fencing {
  readonly options: ClusterOptions
  readonly quorum: boolean
  readonly fencingDevice: boolean
}

/** A node that is no guest could be fenced now. Source: spec, C-17.1. */
export function mayFenceNode({ options, quorum, fencingDevice }: Fencing, isOnline: boolean): boolean {
  if (!options.fencing || !(fencingDevice || options.haveWatchdog)) return false
  return quorum || options.noQuorumPolicy === 'ignore' || isOnline
}

/** A cluster node, as the delay sees it. */
export interface Rival {
  readonly online: boolean
  readonly priority: number
}

/** Seconds for which fencing a cluster node waits; `members` are all cluster nodes. Source: spec, C-17.12. */
export function fencingDelay(options: ClusterOptions, node: Rival, members: readonly Rival[]): number {
  if (options.priorityFencingDelaySeconds <= 0 || node.online) return 0
  if (Math.floor(members.length / 2) < members.filter(({ online }) => online).length) return 0
  const priorities = members.map(({ priority }) => priority)
  const top = Math.max(...priorities)
  return top === Math.min(...priorities) || node.priority < top ? 0 : options.priorityFencingDelaySeconds
}
