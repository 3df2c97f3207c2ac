/**
 * What is really so, as plain data: nodes, services, network, storage, fence devices. Owned by the composition root, changed in place by
 * the verbs of this room, structured-cloneable for forks. No manager ever sees it.
 */
import type { Misbehaviour } from '../agents/contract.ts'
import type { Millis } from '../kernel/time.ts'
import type { ClusterShape, FenceDeviceShape, StorageShape } from '../model/cluster.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { NodeState } from '../model/node.ts'
import type { OperationName } from '../model/operation.ts'
import type { Parameter, ResourceSpec } from '../model/resource.ts'

/** What a daemon asks for. */
export interface CallRequest {
  readonly ticket: number
  readonly resource: ResourceId
  readonly operation: OperationName
  /** 0 where absent. */
  readonly interval?: Millis | undefined
  readonly timeout?: Millis | undefined
  readonly environment?: readonly Parameter[] | undefined
  /** Its agent's metadata are read first. */
  readonly describes?: boolean | undefined
}

/** How far a call has come. Work in milliseconds of a processor of its own. */
export interface Progress {
  /** Sleeping and hanging calls do not work. */
  isAtWork: boolean
  /** All of it, and after how much of it the agent tells its manager something. */
  readonly work: number
  readonly tellsAt: number | undefined
  readonly tells: { readonly name: string; readonly value: string | undefined } | undefined
  hasTold: boolean
  done: number
  /** The share of a processor that it has since `since`. */
  share: number
  since: number
  /** Of the events that say how it goes on, only those of the present share count. */
  version: number
}

/** A call of an agent that has not ended. */
export interface RunningCall {
  /** Unique on its node for the whole run. */
  readonly id: number
  /** The daemon's own number; tickets of an earlier daemon mean nothing to the present one. */
  readonly ticket: number
  readonly daemonLife: number
  readonly resource: ResourceId
  readonly operation: OperationName
  readonly interval: Millis
  readonly begunAt: Millis
  /** The record of its beginning. */
  readonly beginSeq: number
  readonly ends: string | undefined
  /** How long after its end the service crashes, where it does. */
  readonly crashesAfter: Millis | undefined
  readonly rc: number
  readonly output: string
  readonly isMissing: boolean
  /** It has changed the service, or is about to. */
  readonly touches: boolean
  readonly progress: Progress
  /** Only the agent's metadata is being read: what is to be called then. */
  readonly described: CallRequest | undefined
}

/** The hardware watchdog of a node. */
export interface Watchdog {
  armed: boolean
  timeout: Millis
  /** The instant at which it bites unless fed. */
  deadline: Millis
}

export interface NodeTruth {
  readonly name: NodeName
  state: NodeState
  /** Rises when everything on the node ends (power, reset): events of an earlier life are void. */
  life: number
  /** Daemon starts so far; the daemon's own generation number. */
  generation: number
  daemon: 'hung' | 'running' | 'stopped'
  /** Rises when the daemon ends: its timers are void then. */
  daemonLife: number
  /** Processes beside the main one. */
  readonly processes: Map<string, 'crashed' | 'hung' | 'running'>
  /** By resource: those of {@link World.services} that are here. */
  readonly services: Map<ResourceId, ServiceTruth>
  /** In the order in which they began. */
  readonly calls: RunningCall[]
  callsBegun: number
  readonly watchdog: Watchdog
  /** False while the cluster manager is not started at boot. */
  bootDaemon: boolean
  /** What to do when the daemon has exited: a shutdown or reboot in order is under way. */
  afterExit: 'halt' | 'nothing' | 'reboot'
  /** What its daemon has written to its disk. */
  readonly disk: Map<string, string>
  /** How far the node's wall clock is ahead of virtual time (negative: behind). Timers do not care; what compares dates does. */
  clockOffset: Millis
  readonly business: Business
}

/** What keeps a node busy beside the cluster, and the load average that comes of it. */
export interface Business {
  /** Processes that want a processor. */
  processes: number
  /** How much of a processor the manager's process that keeps the configuration uses. */
  cibShare: number
  /** In fixed point (`busy.ts`), as of `reckonedAt`. */
  average: number
  reckonedAt: Millis
}

/** How a fault makes calls of one resource misbehave; `times` counts down. */
export interface Script {
  readonly id: number
  readonly operation: OperationName | 'any'
  readonly misbehaviour: Misbehaviour | undefined
  /** Multiplies the drawn duration. */
  readonly slowness: number
  /** Time on top of that. */
  readonly delay?: Millis
  times: number
}

/** One resource on one node. */
export interface ServiceTruth {
  readonly node: NodeName
  readonly spec: ResourceSpec
  state: LifecycleState
  scripts: Script[]
  /** The call that brought up what will crash by itself; undefined once it no longer runs. */
  crashDue: number | undefined
}

/** What a fault does to one direction of one link. */
export interface Impairment {
  readonly id: number
  readonly medium: string
  readonly from: string
  readonly to: string
  readonly cut: boolean
  readonly delay: Millis
  readonly lossChance: number
}

export interface FenceDeviceTruth {
  readonly id: string
  readonly targets: readonly NodeName[]
  state: string
  scripts: FenceScript[]
  readonly isParallel: boolean
  readonly waiting: FenceRequest[]
  /** What it works on: one request, or several where it is made for that. */
  readonly current: FenceRequest[]
  /** Nodes that it is not wired to, by the fault that says so. */
  unwired: readonly { readonly id: number; readonly node: NodeName }[]
}

/** How a fault makes a fence device misbehave. */
export interface FenceScript {
  readonly id: number
  readonly kind: 'fail' | 'lie' | 'slow'
  /** For `slow`: extra time; for `fail`: how soon it answers, 0 where that is as usual. */
  readonly delay: Millis
  times: number
}

/** One request, from asking to answering. */
export interface FenceRequest {
  readonly ticket: number
  readonly by: NodeName
  readonly byLife: number
  readonly target: NodeName
  readonly action: 'off' | 'on' | 'reboot'
  readonly cause: number
  /** The power is cut already, before the device has answered. */
  cut?: boolean
  /** The line to the device was cut while it worked on this: it fails, even where the line is whole again by then. */
  interrupted?: boolean
}

export interface StorageTruth {
  readonly id: string
  readonly concurrent: boolean
  readonly usedBy: readonly ResourceId[]
  /** Nodes that have it open. */
  readonly openOn: Set<NodeName>
  /** Nodes that cannot reach it. */
  readonly lostOn: Set<NodeName>
}

/** Everything that is so. */
export interface World {
  shape: ClusterShape
  readonly nodes: Map<NodeName, NodeTruth>
  /** By {@link serviceKey}. */
  readonly services: Map<string, ServiceTruth>
  impairments: Impairment[]
  readonly deadPingTargets: Set<string>
  readonly devices: Map<string, FenceDeviceTruth>
  readonly storage: Map<string, StorageTruth>
  /** The last id given to a script or impairment. */
  lastId: number
}

/** The key of a resource on a node. */
export function serviceKey(node: NodeName, resource: ResourceId): string {
  return `${node}\u0000${resource}`
}

/** A world in which everything is off, stopped, whole and connected. */
export function createWorld(shape: ClusterShape): World {
  const world: World = {
    shape,
    nodes: new Map(),
    services: new Map(),
    impairments: [],
    deadPingTargets: new Set(),
    devices: new Map(),
    storage: new Map(),
    lastId: 0,
  }
  growWorld(world, shape)
  return world
}

/** What a larger `shape` has beside what is there comes into being: off, stopped, idle and whole. */
export function growWorld(world: World, shape: ClusterShape): void {
  world.shape = shape
  const [, ...helpers] = shape.processes
  for (const name of shape.nodes) {
    const node = world.nodes.get(name) ?? createNode(name, helpers)
    world.nodes.set(name, node)
    for (const spec of shape.resources) {
      if (node.services.has(spec.id)) continue
      const service = createService(spec, name)
      node.services.set(spec.id, service)
      world.services.set(serviceKey(name, spec.id), service)
    }
  }
  for (const device of shape.fenceDevices)
    if (!world.devices.has(device.id)) world.devices.set(device.id, createDevice(device))
  for (const entry of shape.storage) if (!world.storage.has(entry.id)) world.storage.set(entry.id, createStorage(entry))
}

function createService(spec: ResourceSpec, node: NodeName): ServiceTruth {
  return { node, spec, state: 'stopped', scripts: [], crashDue: undefined }
}

function createDevice({ id, targets, isParallel = false }: FenceDeviceShape): FenceDeviceTruth {
  return { id, targets, state: 'idle', scripts: [], isParallel, waiting: [], current: [], unwired: [] }
}

function createStorage(entry: StorageShape): StorageTruth {
  return { ...entry, openOn: new Set(), lostOn: new Set() }
}

function createNode(name: NodeName, helpers: readonly string[]): NodeTruth {
  return {
    name,
    state: 'off',
    life: 0,
    generation: 0,
    daemon: 'stopped',
    daemonLife: 0,
    processes: new Map(helpers.map((process) => [process, 'running'])),
    services: new Map(),
    calls: [],
    callsBegun: 0,
    watchdog: { armed: false, timeout: 0, deadline: 0 },
    bootDaemon: true,
    afterExit: 'nothing',
    disk: new Map(),
    clockOffset: 0,
    business: { processes: 0, cibShare: 0, average: 0, reckonedAt: 0 },
  }
}
