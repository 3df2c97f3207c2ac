/**
 * The shape of a cluster: what exists, as its manager's configuration tells it. The world is built from it, and it stands in a
 * trace's header, so that a viewer needs nothing but the trace.
 */
import type { ManagerName, NodeName, ResourceId } from './names.ts'
import type { AgentRef, ResourceSpec } from './resource.ts'

/** One way by which nodes reach one another: a network or a serial cable. */
export interface MediumShape {
  readonly id: string
  readonly kind: 'ethernet' | 'serial'
  /** Who is attached, ping targets included where they can be reached by it. */
  readonly members: readonly string[]
}

/** A host outside the cluster that nodes ping to learn whether their network works; a group is up while any member answers. */
export interface PingTargetShape {
  readonly name: string
  readonly members: readonly string[]
}

/** Resources that belong together, in start order. */
export interface GroupShape {
  readonly id: string
  readonly resources: readonly ResourceId[]
  /** The node that owns the group where nothing is wrong; absent where scores decide. */
  readonly preferredNode?: NodeName
}

/** What runs on several nodes at once: the services that its instances are. */
export interface CloneShape {
  readonly id: string
  readonly kind: 'bundle' | 'clone'
  readonly resources: readonly ResourceId[]
}

/** A device that can cut a node off. */
export interface FenceDeviceShape {
  readonly id: string
  readonly agent: AgentRef
  /** The nodes it can fence. */
  readonly targets: readonly NodeName[]
  /** The nodes that are configured to use it. */
  readonly hosts: readonly NodeName[]
  /** It carries out several requests at a time; absent: one after the other. */
  readonly isParallel?: boolean
}

/** A disk or replicated volume. Two nodes that use it at once corrupt it, unless it is made for that. */
export interface StorageShape {
  readonly id: string
  readonly usedBy: readonly ResourceId[]
  /** True for what is meant to be open on several nodes at once (a cluster file system). */
  readonly concurrent: boolean
}

/** A node that runs only an executor: behind a connection, without membership or vote. */
export interface RemoteShape {
  readonly node: NodeName
  /** A guest: the resource whose service it is; it has power while that runs. */
  readonly container?: ResourceId
  /** Its one process. */
  readonly process: string
}

/** Everything that exists in one simulated cluster. */
export interface ClusterShape {
  readonly manager: ManagerName
  readonly nodes: readonly NodeName[]
  /** Those of `nodes` that are no members; absent where there are none. */
  readonly remotes?: readonly RemoteShape[]
  readonly media: readonly MediumShape[]
  readonly pingTargets: readonly PingTargetShape[]
  readonly resources: readonly ResourceSpec[]
  readonly groups: readonly GroupShape[]
  /** Absent where the manager knows no such thing. */
  readonly clones?: readonly CloneShape[]
  readonly fenceDevices: readonly FenceDeviceShape[]
  readonly storage: readonly StorageShape[]
  /** The manager's processes on every node, the main one first (`heartbeat`, `ipfail`). */
  readonly processes: readonly string[]
}
