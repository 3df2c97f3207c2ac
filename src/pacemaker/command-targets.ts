/**
 * What a command names, held against what the cluster has: the node and the resource, and where the resource serves, for `move` and `ban`
 * that leave the node to the tool. Refusals are in the tools' own words. It changes nothing.
 *
 * Found by asking crm_resource 2.1.5 (move, ban, clear, cleanup, set; spec E-10; crm_resource(8)):
 *   - without a node, `move` and `ban` both ban the one node where the resource is active; of a promotable clone active on several, the one
 *     node where it is promoted; else they refuse and tell how many there are;
 *   - `move` to the node where it is already (promoted already, of a promotable clone) is refused, unless forced; so is `move` of a primitive
 *     that is active twice; `move` forced to a node bans the present one as well;
 *   - `move` leaves out the promoted role for what cannot be promoted, `ban` does not;
 *   - names of nodes are compared without case, ids are no names; of a clone an instance (`c:0`) can be cleaned up, not moved;
 *   - a meta-attribute of a clone's child is set on the clone.
 *
 * Differs: attrd_updater is refused an unknown node, too.
 */
import type { Configuration, ResourceConfig } from '../cib/configuration.ts'
import { PROMOTED } from '../cib/role.ts'
import type { ClusterState, ResourceState } from '../cib/state.ts'
import type { Status } from '../cib/status.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { isSameText } from '../cib/values.ts'
import type { XmlElement } from '../cib/xml.ts'
import type { CommandComplaint } from '../manager/contract.ts'
import type { PacemakerConfig } from './config.ts'
import type { LocationOrder, Order } from './orders.ts'

/** The order with what it names made exact, as one or several; a text refuses it. `cib` is the copy of the node where it is typed. */
export function aim(
  order: Order,
  { configuration, status }: { readonly configuration: Configuration; readonly status: Status },
  now: number,
): readonly Order[] | string {
  const named = namesIn(order)
  if (named.resource === undefined && named.node === undefined) return [order]
  const cluster = unpackCluster({ configuration, status }, now)
  const node = named.node === undefined ? undefined : findNode(cluster, named.node)
  if (named.node !== undefined && node === undefined) {
    // The fencer itself finds no device for it.
    if (order.kind === 'fence' || order.kind === 'confirm-fenced') return [order]
    return order.kind === 'node-attribute'
      ? `Could not map name=${named.node} to a UUID`
      : `Node '${named.node}' not found: no such object`
  }
  const exact = node === undefined ? order : ({ ...order, node } as Order)
  if (named.resource === undefined) return [exact]
  const found = findResource(cluster, named.resource)
  if (found !== undefined) return aimAt(exact, found, cluster)
  const isTemplate = order.kind === 'resource-value' && configuration.templates.includes(named.resource)
  return isTemplate ? [exact] : `Resource '${named.resource}' not found: no such object`
}

function aimAt(order: Order, resource: ResourceState, cluster: ClusterState): readonly Order[] | string {
  const isInstance = 'resource' in order && order.resource !== resource.xmlId
  switch (order.kind) {
    case 'location':
      return isInstance ? instanceRefused(resource) : aimLocation(order, resource, cluster)
    case 'clear':
      return isInstance ? instanceRefused(resource) : [order]
    case 'cleanup':
    case 'refresh':
      return [{ ...order, resource: resource.xmlId }]
    case 'resource-value': {
      const parent = cluster.resources[resource.parent]
      const isOwn = resource.config.meta.some((set) => set.pairs.some(({ name }) => name === order.name))
      const owner = order.set === 'meta' && parent?.kind === 'clone' && !isOwn ? parent : resource
      return [{ ...order, resource: owner.xmlId }]
    }
    default:
      return [order]
  }
}

function instanceRefused({ id }: ResourceState): string {
  return `Cannot operate on clone resource instance '${id}': invalid parameter`
}

/** Where `move` and `ban` lead; see the head of this file. */
function aimLocation(order: LocationOrder, resource: ResourceState, cluster: ClusterState): readonly Order[] | string {
  const name = (index: number): string => cluster.nodes[index]!.uname
  const active = placesOf(resource, cluster, false)
  const canPromote = resource.promotable || cluster.resources[resource.parent]?.promotable === true
  const promoted = canPromote ? placesOf(resource, cluster, true) : []
  const present = promoted.length === 1 ? promoted[0] : active.length === 1 ? active[0] : undefined
  if (order.node === undefined) {
    if (present !== undefined) return [{ ...order, node: name(present), isBan: true }]
    const many = resource.promotable ? ` (promoted in ${promoted.length})` : ''
    return `Resource '${order.resource}' not moved: active in ${active.length} locations${many}. To prevent it from running on a specific location, specify a node`
  }
  if (order.isBan) return [order]
  if (resource.kind === 'primitive' && active.length > 1)
    return 'Error performing operation: multiple items match request'
  const role = canPromote ? order.role : 'Started'
  const isThere = present !== undefined && name(present) === order.node
  if (isThere && !order.isForced) return 'Error performing operation: requested item already exists'
  const move = { ...order, role }
  return order.isForced === true && present !== undefined && !isThere
    ? [move, { ...move, node: name(present), isBan: true }]
    : [move]
}

/** The nodes where a resource is active, or promoted, each once. */
function placesOf(resource: ResourceState, cluster: ClusterState, isPromoted: boolean): readonly number[] {
  if (resource.kind === 'primitive') return isPromoted && resource.role !== PROMOTED ? [] : resource.runningOn
  return [...new Set(resource.children.flatMap((child) => placesOf(cluster.resources[child]!, cluster, isPromoted)))]
}

/** By the id in the configuration, or as an instance. Of a clone's child it is the first instance, as in the tool. */
function findResource(cluster: ClusterState, name: string): ResourceState | undefined {
  return cluster.resources.find(({ id, xmlId }) => xmlId === name || id === name)
}

function findNode(cluster: ClusterState, name: string): string | undefined {
  return cluster.nodes.find(({ uname }) => isSameText(uname, name))?.uname
}

function namesIn(order: Order): { readonly resource?: string | undefined; readonly node?: string | undefined } {
  switch (order.kind) {
    case 'resource-value':
      return { resource: order.resource }
    case 'location':
    case 'clear':
    case 'cleanup':
    case 'refresh':
    case 'fail':
      return { resource: order.resource, node: order.node }
    case 'node-attribute':
    case 'fence':
    case 'confirm-fenced':
      return { node: order.node }
    default:
      return {}
  }
}

/**
 * A name in `order` that the cluster at its beginning does not have and that none of the commands before (`earlier`) can have made:
 * those that write XML with this name in it.
 */
export function unknownIn(
  order: Order,
  config: PacemakerConfig,
  earlier: () => readonly Order[],
): CommandComplaint | undefined {
  const { resource, node } = namesIn(order)
  const { configuration, status } = config
  const nodes = [
    ...configuration.nodes.flatMap(({ uname }) => (uname === undefined ? [] : [uname])),
    ...config.corosync.nodes.map(({ name }) => name),
    ...config.remotes.map((remote) => remote.node),
  ]
  const resources = [...configuration.resources.flatMap(idsOf), ...configuration.templates]
  const isNode = node === undefined || nodes.some((name) => isSameText(name, node))
  const isResource = resource === undefined || resources.includes(resource)
  if (isNode && isResource) return undefined
  // Instances, what bundles imply, and what only the status section tells of.
  const cluster = unpackCluster({ configuration, status }, config.clockStart)
  const complain = (kind: string, word: string, known: readonly string[]): CommandComplaint | undefined =>
    earlier().some((other) => isMadeBy(other, word))
      ? undefined
      : { what: `there is no ${kind} "${word}"`, word, known: [...new Set(known)] }
  const missing =
    isResource || findResource(cluster, resource!) !== undefined
      ? undefined
      : complain('resource', resource!, resources)
  if (missing !== undefined || isNode || findNode(cluster, node!) !== undefined) return missing
  return complain('node', node!, nodes)
}

function idsOf(resource: ResourceConfig): readonly string[] {
  switch (resource.kind) {
    case 'primitive':
      return [resource.id]
    case 'group':
      return [resource.id, ...resource.members.map(({ id }) => id)]
    case 'clone':
    case 'bundle':
      return [resource.id, ...(resource.child === undefined ? [] : idsOf(resource.child))]
  }
}

/** An XML text that has the name, or one that it begins with (`c:0`, `bundle-0`), as an id, a node's name or a guest's. */
function isMadeBy(order: Order, name: string): boolean {
  if (order.kind !== 'cib') return false
  return order.edits.some(({ operation, element }) => operation !== 'delete' && hasName(element, name))
}

function hasName({ attributes, children }: XmlElement, name: string): boolean {
  const names = ['id', 'uname', 'value'].flatMap((key) => attributes.get(key) ?? [])
  return (
    names.some(
      (own) => own !== '' && (isSameText(own, name) || name.startsWith(`${own}:`) || name.startsWith(`${own}-`)),
    ) || children.some((child) => hasName(child, name))
  )
}
