/**
 * What follows from a primitive alone: stop before start, unfencing, free capacity first, and how it goes with its container.
 *
 * Nothing of this applies to unmanaged primitives.
 *
 * Reads   Resource.managed, role, runningOn, scores, container, needs; placement strategy
 * Writes  orderings, colocations, bans; the actions stonith-NODE-on and load_stopped_NODE
 * Runs    within unpackImplicit
 * Source  spec C-14.1, C-14.2, C-14.6, B-7.13, B-7.14, B-18.2, B-18.3
 */
import { INFINITY, UNPROMOTED } from '../cib/role.ts'
import {
  type Action,
  FIRST_REQ,
  LOAD,
  NEEDS_RUN,
  ORDER,
  type Origin,
  PROMOTED_FIRST_REQ,
  PSEUDO,
  RESTART,
  RUNNABLE,
  SAME_NODE,
  THEN_CANCELS_FIRST,
  THEN_REQ,
  THEN_REQ_NODE,
} from './action.ts'
import { addColocation } from './colocations.ts'
import { requestFencing } from './fencing.ts'
import { order } from './ordering.ts'
import { setFlags } from './record.ts'
import { requestNodeAction } from './request.ts'
import { ban } from './table.ts'
import { ABSENT, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

/** All implicit orderings, colocations and bans of one primitive. */
export function unpackImplicitPrimitive(sheet: Worksheet, resource: Resource): void {
  if (!resource.managed) return
  const { from } = resource
  order(sheet, [resource, 'stop_0'], [resource, 'start_0'], ORDER | THEN_REQ | RESTART)
  if (resource.top.from.promotable || UNPROMOTED < resource.role) {
    order(sheet, [resource, 'demote_0'], [resource, 'stop_0'], PROMOTED_FIRST_REQ)
    order(sheet, [resource, 'start_0'], [resource, 'promote_0'], NEEDS_RUN)
  }
  // Spec C-14.1 #4 names lrm_delete only; a probe cancels a cleanup as well.
  order(sheet, [resource, 'delete_0'], [resource, 'monitor_0'], SAME_NODE | THEN_CANCELS_FIRST)
  order(sheet, [resource, 'lrm_delete_0'], [resource, 'monitor_0'], SAME_NODE | THEN_CANCELS_FIRST)
  if (!from.fenceDevice && sheet.state.unfencing && from.needsUnfencing) orderUnfencing(sheet, resource)
  if (0 < resource.needs.size && sheet.options.placementStrategy !== 'default') orderLoad(sheet, resource)
  if (resource.container !== undefined) tieToContainer(sheet, resource, resource.container)
  if (from.remoteConnection || from.fenceDevice) banFromRemotes(sheet, resource, resource)
}

/** Where a resource stands in the configuration. */
export function originOf({ id, from: { line, column } }: Resource): Origin {
  return { id, line, column }
}

/** The nodes of a resource's table in name order, whatever their scores. */
export function allowedNodes({ nodes, nodeOrder }: Worksheet, { scores }: Resource): readonly WorkNode[] {
  return nodeOrder.filter((node) => scores[node] !== ABSENT).map((node) => nodes[node]!)
}

function orderUnfencing(sheet: Worksheet, resource: Resource): void {
  for (const node of allowedNodes(sheet, resource)) {
    const unfence = requestFencing(sheet, node, { operation: 'on', optional: true })
    order(sheet, [resource, 'stop_0'], unfence, ORDER | SAME_NODE)
    order(sheet, unfence, [resource, 'start_0'], THEN_REQ_NODE | SAME_NODE)
  }
}

/** What leaves a node makes room there before others come. Source: spec C-14.6. */
function orderLoad(sheet: Worksheet, resource: Resource): void {
  for (const node of resource.runningOn) {
    order(sheet, [resource, 'stop_0'], loadStopped(sheet, sheet.nodes[node]!), LOAD)
  }
  for (const node of allowedNodes(sheet, resource)) {
    const freed = loadStopped(sheet, node)
    order(sheet, freed, [resource, 'start_0'], LOAD)
    order(sheet, freed, [resource, 'migrate_to_0'], LOAD)
  }
}

function loadStopped(sheet: Worksheet, node: WorkNode): Action {
  const key = `load_stopped_${node.name}`
  const known = sheet.nodeActions.get(key.toLowerCase())?.[0]
  if (known !== undefined) return known
  const action = requestNodeAction(sheet, { key, task: key, node: node.index, optional: false })
  setFlags(action, PSEUDO | RUNNABLE)
  return action
}

/** Source: spec C-14.2, B-7.13, B-18.3. */
function tieToContainer(sheet: Worksheet, resource: Resource, container: Resource): void {
  const { mayRunRemote } = resource.from
  if (resource.from.remoteConnection) {
    if (!mayRunRemote) banFromRemotes(sheet, container, resource)
    order(sheet, [container, 'monitor_0'], [resource, 'stop_0'], ORDER)
  } else {
    const host = hostOf(container)
    if (host >= 0) return banExcept(sheet, resource, host)
  }
  order(sheet, [container, 'start_0'], [resource, 'start_0'], THEN_REQ | NEEDS_RUN)
  order(sheet, [resource, 'stop_0'], [container, 'stop_0'], FIRST_REQ)
  addColocation(sheet, {
    id: 'resource-with-container',
    dependent: resource,
    primary: container,
    score: mayRunRemote ? 10_000 : INFINITY,
    influence: 'true',
    origin: originOf(resource),
  })
}

/** The node that a container brings up, being a connection or holding one; −1 where it does not. */
function hostOf(container: Resource): number {
  if (container.from.remoteConnection && 0 <= container.remoteNode) return container.remoteNode
  return container.fillers.find((filler) => filler.from.remoteConnection)?.remoteNode ?? -1
}

function banExcept(sheet: Worksheet, resource: Resource, host: number): void {
  const why = { what: 'container is a node', origin: originOf(resource) }
  for (const { index } of allowedNodes(sheet, resource)) if (index !== host) ban(sheet, resource, index, why)
}

/** Nodes within nodes are not for everybody. Source: spec B-18.2, B-18.3. */
function banFromRemotes(sheet: Worksheet, resource: Resource, asker: Resource): void {
  const why = { what: 'connections and fence devices run on cluster nodes', origin: originOf(asker) }
  for (const node of allowedNodes(sheet, resource)) {
    if (node.connection !== undefined) ban(sheet, resource, node.index, why)
  }
}
