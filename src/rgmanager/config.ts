/** What a cluster.conf says once it is read, as plain data; and what exists in the world of such a cluster. Source: spec rgmanager 1 to 5, 12. */
import type { Millis } from '../kernel/time.ts'
import type { ClusterShape, FenceDeviceShape, MediumShape } from '../model/cluster.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Parameter, ResourceSpec } from '../model/resource.ts'
import { toStorage } from '../model/storage.ts'
import { type ActionRule, childTypes } from './rules.ts'

/** One fence device as one node's method uses it. */
export interface FenceStep {
  readonly device: string
  readonly action: 'off' | 'on' | 'reboot'
  /** How long the agent waits before it acts; the field's means against fence races. */
  readonly delay: Millis
}

export interface ClusterNode {
  readonly name: NodeName
  readonly id: number
  readonly votes: number
  /** Fence methods in order: the next is tried when one fails. */
  readonly methods: readonly (readonly FenceStep[])[]
}

/** A fence device by name, with its agent. */
export interface FenceDevice {
  readonly name: string
  readonly agent: string
}

/** A program whose success makes a node fit; absent host: it is not simulated and always succeeds. */
export interface Heuristic {
  readonly host: string | undefined
  readonly score: number
  readonly interval: Millis
  readonly tko: number
}

/** The quorum disk. Cycles count in intervals. */
export interface QuorumDisk {
  readonly name: string
  readonly votes: number
  readonly interval: Millis
  readonly tko: number
  readonly tkoUp: number
  readonly masterWait: number
  readonly minScore: number
  readonly heuristics: readonly Heuristic[]
  readonly masterWins: boolean
  /** A node whose score falls too low reboots. */
  readonly reboots: boolean
  /** The master removes nodes that are silent on the disk. */
  readonly kills: boolean
}

export interface FailoverDomain {
  readonly name: string
  readonly ordered: boolean
  readonly restricted: boolean
  readonly nofailback: boolean
  /** In document order; priority 0 where there is none or it does not count. */
  readonly members: readonly { readonly node: NodeName; readonly priority: number }[]
}

/** One resource where it stands in a service's tree. Index 0 of a service is the service itself. */
export interface TreeNode {
  readonly index: number
  readonly id: ResourceId
  readonly type: string
  readonly name: string
  readonly parent: number | undefined
  /** Children in document order. */
  readonly children: readonly number[]
  /** The parent's levels for this type; 0 where it has none. */
  readonly startLevel: number
  readonly stopLevel: number
  readonly actions: readonly ActionRule[]
  readonly independent: 'independent' | 'no' | 'non-critical'
  readonly enforceTimeouts: boolean
  readonly maxRestarts: number
  readonly restartExpire: Millis
  readonly maxFailures: number
  readonly failureExpire: Millis
  readonly attributes: readonly Parameter[]
  /** How often its definition stands in the tree. */
  readonly references: number
}

/** The words of `recovery`, as they are acted on. */
export type RecoveryPolicy = 'disable' | 'relocate' | 'restart' | 'restart-disable'

/** A root of the tree: a service or virtual machine. */
export interface Service {
  /** `service:web`. */
  readonly id: string
  readonly type: string
  readonly name: string
  readonly nodes: readonly TreeNode[]
  readonly domain: string | undefined
  readonly autostart: boolean
  /** 0: not exclusive. */
  readonly exclusive: number
  readonly recovery: RecoveryPolicy
  readonly depend: string | undefined
  readonly dependMode: 'hard' | 'soft'
  readonly maxRestarts: number
  readonly restartExpire: Millis
  readonly priority: number
  readonly line: number
}

/** Version switches (spec 0). */
export interface RgSwitches {
  readonly depthClear: boolean
  readonly relocateTie: 'highest-id' | 'shuffle'
  readonly recoverCacheBug: boolean
  readonly notInstalledStopOk: boolean
  readonly doubleStopOnDisable: boolean
  /** False: as with `rgmanager -N` (spec 14, boot 4). */
  readonly stopBeforeStart: boolean
  /** `file`: as `<rm>` says. */
  readonly centralProcessing: 'false' | 'file' | 'true'
}

/** One version of the resource section. */
export interface RgConfig {
  readonly version: number
  readonly services: readonly Service[]
  readonly domains: readonly FailoverDomain[]
  readonly statusInterval: Millis
  /** 0: no cap. */
  readonly statusChildMax: number
  readonly throttling: Millis
  readonly centralProcessing: boolean
  readonly disabled: boolean
}

export interface RgmanagerConfig {
  readonly clusterName: string
  readonly nodes: readonly ClusterNode[]
  readonly rings: number
  readonly expectedVotes: number
  readonly twoNode: boolean
  readonly token: Millis
  readonly consensus: Millis
  readonly postFailDelay: Millis
  readonly postJoinDelay: Millis
  readonly cleanStart: boolean
  readonly fenceDevices: readonly FenceDevice[]
  readonly quorumDisk: QuorumDisk | undefined
  /** The configuration at boot, then those that `cman_tool version -r` loads, in order. */
  readonly versions: readonly RgConfig[]
  readonly switches: RgSwitches
}

/** What exists in the cluster: of every version of the configuration. */
export function shapeOf(config: RgmanagerConfig): ClusterShape {
  const nodes = config.nodes.map((node) => node.name)
  const resources = new Map<ResourceId, ResourceSpec>()
  const services = new Map<string, Service>()
  for (const version of config.versions)
    for (const service of version.services) {
      if (!services.has(service.id)) services.set(service.id, service)
      for (const node of service.nodes) if (!resources.has(node.id)) resources.set(node.id, toSpec(node))
    }
  const specs = [...resources.values()]
  return {
    manager: 'rgmanager',
    nodes,
    media: mediaOf(config, nodes),
    pingTargets: targetsOf(config).map((name) => ({ name, members: [name] })),
    resources: specs,
    groups: [...services.values()].map((service) => ({
      id: service.id,
      resources: startOrder(service).map((index) => service.nodes[index]!.id),
      ...preferred(config, service),
    })),
    fenceDevices: toFenceDevices(config),
    storage: toStorage(specs),
    processes: ['corosync', 'rgmanager'],
  }
}

/** The rings, with the hosts that heuristics ping; and the way to the quorum disk. */
function mediaOf({ rings, quorumDisk }: RgmanagerConfig, nodes: readonly NodeName[]): ClusterShape['media'] {
  const hosts = pinged(quorumDisk)
  const made: MediumShape[] = Array.from({ length: rings }, (_, index) => ({
    id: `ring${index}`,
    kind: 'ethernet',
    members: [...nodes, ...hosts],
  }))
  return quorumDisk === undefined
    ? made
    : [...made, { id: 'qdisk', kind: 'ethernet', members: [...nodes, quorumDisk.name] }]
}

function targetsOf({ quorumDisk }: RgmanagerConfig): readonly string[] {
  return quorumDisk === undefined ? [] : [quorumDisk.name, ...pinged(quorumDisk)]
}

function pinged(quorumDisk: QuorumDisk | undefined): readonly string[] {
  return [...new Set(quorumDisk?.heuristics.flatMap(({ host }) => host ?? []))]
}

/** The nodes below and including `from`, in the order in which they start (spec 4). */
export function startOrder(service: Service, from = 0): readonly number[] {
  return [from, ...childrenInOrder(service, from, 'start').flatMap((child) => startOrder(service, child))]
}

/** The nodes below and including `from`, in the order in which they stop; not the reverse of starting (spec 4). */
export function stopOrder(service: Service, from = 0): readonly number[] {
  return [...childrenInOrder(service, from, 'stop').flatMap((child) => stopOrder(service, child)), from]
}

/** Children of one node: by level, then the untyped ones; for stop the untyped first, and siblings in reverse document order. */
export function childrenInOrder(service: Service, parent: number, op: 'start' | 'stop'): readonly number[] {
  const { children } = service.nodes[parent]!
  const levelOf = (index: number): number => service.nodes[index]![op === 'start' ? 'startLevel' : 'stopLevel']
  const rank = (index: number): number => (levelOf(index) === 0 ? (op === 'start' ? 101 : 0) : levelOf(index))
  const ordered = op === 'start' ? [...children] : [...children].reverse()
  return ordered
    .map((index, position) => ({ index, position }))
    .sort((a, b) => rank(a.index) - rank(b.index) || typeRank(service, parent, a, b) || a.position - b.position)
    .map(({ index }) => index)
}

/** Types that share a level go one after the other, in the order of the parent's table (spec 4). */
function typeRank(service: Service, parent: number, a: { index: number }, b: { index: number }): number {
  const [left, right] = [service.nodes[a.index]!, service.nodes[b.index]!]
  if (left.type === right.type || left.startLevel === 0 || right.startLevel === 0) return 0
  const order = childTypes(service.nodes[parent]!.type)
  return order.indexOf(left.type) - order.indexOf(right.type)
}

function preferred(config: RgmanagerConfig, { domain: name }: Service): { readonly preferredNode?: NodeName } {
  const domain = config.versions[0]!.domains.find((entry) => entry.name === name)
  if (domain === undefined || !domain.ordered) return {}
  const best = [...domain.members].sort((a, b) => a.priority - b.priority)[0]
  return best === undefined ? {} : { preferredNode: best.node }
}

function toSpec(node: TreeNode): ResourceSpec {
  return {
    id: node.id,
    agent: { class: 'rgmanager', type: node.type },
    parameters: node.attributes,
    promotable: false,
  }
}

function toFenceDevices(config: RgmanagerConfig): readonly FenceDeviceShape[] {
  return config.fenceDevices.map(({ name, agent }) => ({
    id: name,
    agent: { class: 'stonith', type: agent },
    targets: config.nodes
      .filter((node) => node.methods.some((method) => method.some((step) => step.device === name)))
      .map((node) => node.name),
    hosts: config.nodes.map((node) => node.name),
  }))
}
