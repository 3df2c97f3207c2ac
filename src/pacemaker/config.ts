/**
 * A Pacemaker cluster as its files describe it: the CIB and, where given, corosync.conf; and what exists in its world.
 * Without corosync.conf the nodes of the CIB form the ring with corosync's defaults. Source: spec A, E-1.
 */
import type { Configuration } from '../cib/configuration.ts'
import type { ClusterState, ResourceState } from '../cib/state.ts'
import type { Status } from '../cib/status.ts'
import type { CloneShape, ClusterShape, FenceDeviceShape, RemoteShape } from '../model/cluster.ts'
import type { AgentClass, ResourceSpec } from '../model/resource.ts'
import { toStorage } from '../model/storage.ts'
import type { CorosyncConfig } from './corosync-conf.ts'
import { limitOf, targetsOf, toDevices } from './devices.ts'
import { isConnection } from './remote-shape.ts'

/** The version of a CIB. Source: spec E-4.5. */
export interface CibVersion {
  readonly adminEpoch: number
  readonly epoch: number
  readonly updates: number
}

/** Everything that a daemon begins with. */
export interface PacemakerConfig {
  readonly corosync: CorosyncConfig
  readonly configuration: Configuration
  /** Empty unless the run goes on from it. */
  readonly status: Status
  readonly version: CibVersion
  /** The DC of the state that the run goes on from. */
  readonly dc: string | undefined
  /** Epoch seconds at virtual time 0. */
  readonly clockStart: number
  /** Nodes in the order in which they win elections among equals; others follow by name. Source: spec E-4.4. */
  readonly electionOrder: readonly string[]
  /** Which of the two that tell a controller of a loss comes first; undefined: chance. Source: spec E-2.7. */
  readonly lossOrder: 'cpg' | 'quorum' | undefined
  /** Nodes that are no members, now or later. */
  readonly remotes: readonly RemoteShape[]
  /** Cores of each node: what limits the operations at a time. */
  readonly cores: number
  /** What exists in the cluster's world, now or later. */
  readonly shape: ClusterShape
}

/** The instant 0 of a run whose CIB tells no time: 2026-01-01. */
export const CLOCK_START = 1_767_225_600

/** What exists in the cluster's world by one configuration, of which `state` is made. */
export function shapeOf(config: Omit<PacemakerConfig, 'shape'>, state: ClusterState): ClusterShape {
  const { device } = config.corosync.quorum
  const server = device === undefined ? [] : [{ node: device.host, process: 'corosync-qnetd' }]
  const remotes = [...config.remotes, ...server]
  const members = config.corosync.nodes.map((node) => node.name)
  const fenceable = [
    ...members,
    ...config.remotes.flatMap(({ node, container }) => (container === undefined ? [node] : [])),
  ]
  const nodes = [...members, ...remotes.map((remote) => remote.node)]
  const resources = toSpecs(state)
  const pinged = [...new Set(device?.heuristics?.pings.map(({ host }) => host))]
  return {
    manager: 'pacemaker',
    nodes,
    ...(remotes.length === 0 ? {} : { remotes }),
    media: Array.from({ length: config.corosync.links }, (_, index) => ({
      id: `ring${index}`,
      kind: 'ethernet',
      members: [...nodes, ...pinged],
    })),
    pingTargets: pinged.map((name) => ({ name, members: [name] })),
    resources,
    groups: state.resources
      .filter((resource) => resource.kind === 'group' && resource.parent < 0)
      .map((group) => ({ id: group.id, resources: group.children.map((child) => worldId(state.resources[child]!)) })),
    clones: toClones(state),
    fenceDevices: toFenceDevices(config, members, fenceable),
    storage: toStorage(resources),
    processes: ['corosync', 'pacemaker-controld'],
  }
}

/** The name under which the world knows an instance: anonymous instances of a clone are one service on each node. */
export function worldId({ unique, id, xmlId }: Pick<ResourceState, 'id' | 'unique' | 'xmlId'>): string {
  return unique ? id : xmlId
}

function toClones({ resources }: ClusterState): readonly CloneShape[] {
  const below = (resource: ResourceState): readonly string[] =>
    resource.kind === 'primitive'
      ? isConnection(resource)
        ? []
        : [worldId(resource)]
      : resource.children.flatMap((child) => below(resources[child]!))
  return resources.flatMap((resource) =>
    resource.parent < 0 && (resource.kind === 'clone' || resource.kind === 'bundle')
      ? [{ id: resource.id, kind: resource.kind, resources: [...new Set(below(resource))] }]
      : [],
  )
}

function toSpecs(state: ClusterState): readonly ResourceSpec[] {
  const specs = new Map<string, ResourceSpec>()
  for (const resource of state.resources) {
    if (resource.kind !== 'primitive' || resource.type === undefined || isConnection(resource)) continue
    const id = worldId(resource)
    if (specs.has(id)) continue
    specs.set(id, {
      id,
      agent: {
        class: toClass(resource.class),
        ...(resource.provider === undefined ? {} : { provider: resource.provider }),
        type: resource.type,
      },
      parameters: resource.config.instance.flatMap((set) => set.pairs.map(({ name, value }) => ({ name, value }))),
      promotable: isPromotable(state, resource),
    })
  }
  return [...specs.values()]
}

function isPromotable(state: ClusterState, resource: ResourceState): boolean {
  for (let at: ResourceState | undefined = resource; at !== undefined; at = state.resources[at.parent])
    if (at.kind === 'clone' && at.promotable) return true
  return false
}

/** Classes that Quorate has no agents of work like init scripts. */
function toClass(name: string | undefined): AgentClass {
  switch (name) {
    case 'lsb':
    case 'nagios':
    case 'ocf':
    case 'stonith':
    case 'systemd':
      return name
    case 'service':
      return 'systemd'
    default:
      return 'lsb'
  }
}

/** Guests are not fenced: their container is. */
function toFenceDevices(
  config: Pick<PacemakerConfig, 'configuration'>,
  nodes: readonly string[],
  targets: readonly string[],
): readonly FenceDeviceShape[] {
  return toDevices(config.configuration).map((device) => ({
    id: device.id,
    agent: { class: 'stonith', type: device.agent },
    targets: targetsOf(device, targets),
    hosts: nodes,
    // Who lets several actions run at a time has a device that can.
    ...(limitOf(device) === 1 ? {} : { isParallel: true }),
  }))
}
