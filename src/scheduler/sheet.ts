/**
 * Makes the worksheet of one decision from the cluster's state. Shares nothing with it that is changed.
 *
 * Source: spec B-2, B-9.1; the layout is told in worksheet.ts.
 */
import { copyCache } from '../cib/digests.ts'
import type { ClusterState, NodeTable, ResourceState } from '../cib/state.ts'
import { scanInteger } from '../cib/values.ts'
import { initialContributions } from './contributions.ts'
import { indexNames } from './find.ts'
import {
  ABSENT,
  BUNDLE,
  CLONE,
  DISCOVERY_RANK,
  GROUP,
  PRIMITIVE,
  type Recording,
  type Resource,
  type Scores,
  type Variant,
  type WorkNode,
  type Worksheet,
} from './worksheet.ts'

const VARIANTS: Readonly<Record<ResourceState['kind'], Variant>> = {
  primitive: PRIMITIVE,
  group: GROUP,
  clone: CLONE,
  bundle: BUNDLE,
}

/** A fresh worksheet. O(resources × nodes). */
export function toWorksheet(state: ClusterState, recording: Recording = {}): Worksheet {
  const nodes = toNodes(state)
  const resources = state.resources.map((resource) => toResource(state, resource))
  for (const resource of resources) connect(resource, resources)
  for (const node of nodes) node.connection = resources[node.from.connection]
  const sheet: Worksheet = {
    state,
    options: state.options,
    nodes,
    nodeOrder: state.nodeOrder,
    resources,
    found: new Map(),
    tops: state.tops.map((top) => resources[top]!),
    locations: [],
    colocations: [],
    actions: [],
    nodeActions: new Map(),
    orderings: [],
    notifications: new Map(),
    digests: copyCache(state.digests),
    deferredChecks: [],
    classes: new Map(),
    lines: recording.scores === true || recording.utilization === true ? [] : undefined,
    wantScores: recording.scores === true,
    wantUtilization: recording.utilization === true,
    contributions: recording.contributions === true ? initialContributions(state) : undefined,
    choices: recording.contributions === true ? new Map() : undefined,
    verdicts: recording.contributions === true ? new Map() : undefined,
    recheckAt: state.recheckAt,
    lastInterval: '0s',
  }
  indexNames(sheet)
  return sheet
}

function toNodes(state: ClusterState): WorkNode[] {
  const byBytes = [...state.nodes].sort((left, right) =>
    left.uname < right.uname ? -1 : left.uname > right.uname ? 1 : 0,
  )
  const ranks = new Map(byBytes.map((node, rank) => [node.index, rank]))
  return state.nodes.map((from) => ({
    index: from.index,
    id: from.id,
    name: from.uname,
    from,
    isRemote: from.type === 'remote',
    rank: ranks.get(from.index)!,
    weight: from.weight,
    online: from.online,
    unclean: from.unclean,
    shutdown: from.shutdown,
    unseen: from.unseen,
    requiresReset: from.requiresReset,
    standby: from.standby || from.standbyOnFail || from.pending,
    pending: from.pending,
    maintenance: from.maintenance,
    attributes: from.attributes,
    capacity: toAmounts(from.utilization),
    count: 0,
    connection: undefined,
  }))
}

function toAmounts(texts: ReadonlyMap<string, string>): Map<string, number> {
  const amounts = new Map<string, number>()
  for (const [name, text] of texts) amounts.set(name, scanInteger(text) ?? 0)
  return amounts
}

function toScores(table: NodeTable, nodes: number): Scores {
  const scores = new Int32Array(nodes).fill(ABSENT)
  for (let at = 0; at < table.nodes.length; at++) scores[table.nodes[at]!] = table.scores[at]!
  return scores
}

function toDiscovery(table: NodeTable, nodes: number): Uint8Array {
  const ranks = new Uint8Array(nodes)
  for (let at = 0; at < table.nodes.length; at++) ranks[table.nodes[at]!] = DISCOVERY_RANK[table.discovery[at]!]
  return ranks
}

const NONE = new Int32Array(0)

function toResource(state: ClusterState, from: ResourceState): Resource {
  const variant = VARIANTS[from.kind]
  const nodes = state.nodes.length
  const resource: Omit<Resource, 'top'> = {
    index: from.index,
    id: from.id,
    from,
    variant,
    parent: undefined,
    children: [],
    container: undefined,
    fillers: [],
    remoteNode: from.remoteNode,
    managed: from.managed,
    blocked: from.blocked,
    failed: from.failed,
    stopNeeded: from.stopNeeded,
    startPending: from.startPending,
    migratable: from.migratable,
    exclusiveDiscovery: from.exclusiveDiscovery,
    lockNode: from.lockNode,
    lockTime: from.lockTime,
    partialTarget: from.partialTarget,
    partialSource: from.partialSource,
    role: from.role,
    nextRole: from.nextRole,
    priority: from.priority,
    runningOn: from.runningOn,
    knownOn: from.knownOn,
    scores: toScores(from.allowed, nodes),
    discovery: toDiscovery(from.allowed, nodes),
    counts: variant === CLONE || variant === BUNDLE ? new Int32Array(nodes) : NONE,
    inserted: [...from.allowed.nodes],
    isProvisional: true,
    isAssigning: false,
    isMerging: false,
    assigned: -1,
    assignedScore: 0,
    assignedDiscovery: 0,
    sortIndex: 0,
    thisWith: [],
    withThis: [],
    locations: [],
    tickets: [],
    needs: toAmounts(from.utilization),
    actions: [],
    byTail: new Map(),
    isReloading: false,
    stopsUnexpected: false,
    isRestarting: false,
  }
  // `top` is set by connect, before anybody can read it.
  return resource as Resource
}

function connect(resource: Resource, resources: readonly Resource[]): void {
  const { from } = resource
  resource.parent = resources[from.parent]
  resource.top = resources[from.top]!
  resource.container = resources[from.container]
  for (const child of from.children) resource.children.push(resources[child]!)
  for (const filler of from.fillers) resource.fillers.push(resources[filler]!)
}
