/** What a pair of Heartbeat nodes is configured to do: the two files together, checked against one another. Source: spec heartbeat 1. */
import type { Millis } from '../kernel/time.ts'
import type { ClusterShape } from '../model/cluster.ts'
import type { NodeName } from '../model/names.ts'
import type { ResourceSpec } from '../model/resource.ts'
import { toStorage } from '../model/storage.ts'

/** One line of haresources: resources that move together, and the node that owns them. */
export interface ResourceGroup {
  /** The first resource of the line as written; every command names the group by it. */
  readonly key: string
  readonly owner: NodeName
  readonly resources: readonly ResourceSpec[]
  readonly line: number
}

/** One way in which nodes hear one another. */
export interface HeartbeatMedium {
  readonly id: string
  readonly kind: 'ethernet' | 'serial'
}

/** A pseudo member that answers pings; a group is up while any of its hosts answers. */
export interface PingMember {
  readonly name: string
  readonly hosts: readonly string[]
}

/** A device that resets a node, and who may use it. */
export interface StonithDevice {
  readonly id: string
  readonly type: string
  readonly hosts: readonly NodeName[]
  readonly targets: readonly NodeName[]
}

/** ha.cf with every default filled in. */
export interface HaCf {
  readonly keepalive: Millis
  readonly warntime: Millis
  readonly deadtime: Millis
  readonly initdead: Millis
  readonly deadping: Millis
  readonly autoFailback: 'legacy' | 'off' | 'on'
  readonly nodes: readonly NodeName[]
  readonly media: readonly HeartbeatMedium[]
  readonly pings: readonly PingMember[]
  readonly stonith: readonly StonithDevice[]
  readonly watchdog: boolean
  readonly ipfail: boolean
}

/** Version switches (spec heartbeat 4 and 12). */
export interface HeartbeatSwitches {
  readonly era: '1.2' | '3.0'
  /** 3.0.6 asks for standby `foreign` after every start failure, whatever was meant. */
  readonly standbyTypeBug: boolean
}

export interface HeartbeatConfig {
  readonly cf: HaCf
  readonly groups: readonly ResourceGroup[]
  readonly switches: HeartbeatSwitches
}

/** What exists in the pair's world. */
export function shapeOf({ cf, groups }: HeartbeatConfig): ClusterShape {
  const resources = uniqueResources(groups)
  const pingHosts = cf.pings.flatMap((ping) => ping.hosts)
  return {
    manager: 'heartbeat',
    nodes: cf.nodes,
    // Ping targets answer on every network; a serial cable leads to the peer only.
    media: cf.media.map(({ id, kind }) => ({
      id,
      kind,
      members: kind === 'serial' ? cf.nodes : [...cf.nodes, ...pingHosts],
    })),
    pingTargets: cf.pings.map(({ name, hosts }) => ({ name, members: hosts })),
    resources,
    groups: groups.map(({ key, owner, resources: members }) => ({
      id: key,
      preferredNode: owner,
      resources: members.map((spec) => spec.id),
    })),
    fenceDevices: cf.stonith.map(({ id, type, hosts, targets }) => ({
      id,
      agent: { class: 'stonith', type },
      hosts,
      targets,
    })),
    storage: toStorage(resources),
    processes: cf.ipfail ? ['heartbeat', 'ipfail'] : ['heartbeat'],
  }
}

function uniqueResources(groups: readonly ResourceGroup[]): readonly ResourceSpec[] {
  const byId = new Map<string, ResourceSpec>()
  for (const group of groups) for (const spec of group.resources) if (!byId.has(spec.id)) byId.set(spec.id, spec)
  return [...byId.values()]
}
