/**
 * Configuration and status to the working state, at one instant: the table of contents of reading a cluster.
 *
 * Each call begins afresh and shares nothing that it changes. Source: spec.
 */
import { watchClock } from './clock.ts'
import { fenceNode } from './early-actions.ts'
import { unpackHistories } from './history.ts'
import { Histories } from './migration.ts'
import { applyNodeStates, type NodeInput, toNodeList } from './nodes.ts'
import { toOptions } from './options.ts'
import type { Cib } from './read.ts'
import { addRemoteNodes, unpackResources } from './resources.ts'
import type { ClusterState, TicketState } from './state.ts'
import type { Unpacking } from './unpacking.ts'
import { isTrue, scanInteger } from './values.ts'

/** The cluster's state at `now`, in epoch seconds. */
export function unpackCluster(
  { configuration, status }: Pick<Cib, 'configuration' | 'status'>,
  now: number,
): ClusterState {
  let recheckAt = 0
  const noteRecheck = (at: number): void => {
    if (at > now && (recheckAt === 0 || at < recheckAt)) recheckAt = at
  }
  const clock = watchClock(now)
  const context = { clock, noteRecheck }
  const options = toOptions(configuration, context)
  const quorum = isTrue(configuration.root.haveQuorum)
  const input: NodeInput = { configuration, options, context, quorum }
  const list = toNodeList(input)
  const resources: Unpacking['resources'] = []
  const tops: number[] = []
  const u: Unpacking = {
    ...input,
    list,
    status,
    resources,
    byId: new Map(),
    byHistoryName: new Map(),
    tops,
    templates: new Map(),
    actions: [],
    actionByKey: new Map(),
    changes: [],
    failures: [],
    failedOps: [],
    failedKeys: new Set(),
    digests: new Map(),
    digestSource: { clock, noteRecheck, configuration, options, resources, tops },
    deferredChecks: [],
    expiredOps: new Set(),
    ignoredOps: new Set(),
    histories: new Histories(status),
    notices: [],
    fence: (node, reason, delayed, at) => fenceNode(u, node, reason, delayed, at),
    fencingDevice: options.haveWatchdog,
  }
  addRemoteNodes(u)
  unpackResources(u)
  applyNodeStates(list, status, input, u.fence)
  unpackHistories(u)
  for (const resource of u.resources) resource.shownId = resource.unique ? resource.id : resource.xmlId
  return {
    clock,
    options,
    quorum,
    fencingDevice: u.fencingDevice,
    unfencing: configuration.unfencing,
    nodes: list.nodes,
    nodeOrder: list.order,
    dcNode: list.nodes.findIndex((node) => node.isDc),
    resources: u.resources,
    tops: u.tops,
    tickets: toTickets(status.tickets),
    tags: configuration.tags,
    templates: u.templates,
    earlyActions: u.actions,
    deferredChecks: u.deferredChecks,
    digests: u.digests,
    expiredOps: u.expiredOps,
    ignoredOps: u.ignoredOps,
    changes: u.changes,
    failures: u.failures,
    failedOps: u.failedOps,
    recheckAt,
    notices: u.notices,
    configuration,
    status,
    nodeById: list.byId,
    nodeByName: list.byName,
    resourceById: u.byId,
  }
}

/** Source: spec. */
function toTickets(entries: Cib['status']['tickets']): ReadonlyMap<string, TicketState> {
  const tickets = new Map<string, TicketState>()
  for (const { id, attributes } of entries) {
    const all = new Map([...(tickets.get(id)?.attributes ?? []), ...attributes])
    const lastGranted = scanInteger(all.get('last-granted')) ?? -1
    tickets.set(id, {
      granted: isTrue(all.get('granted')),
      lastGranted,
      standby: isTrue(all.get('standby')),
      attributes: all,
    })
  }
  return tickets
}
