/**
 * A status block as XML: every node and every resource with what is known of it, in more detail than the text shows.
 *
 * Changes nothing. Source: spec D-12 (and D-3, D-4 for the meaning of each flag), probes of 2.1.5.
 */
import { type Role, roleText, STARTED, UNPROMOTED } from '../cib/role.ts'
import type { ClusterState, NodeState, ResourceState } from '../cib/state.ts'
import { isSameText } from '../cib/values.ts'
import { healthOf } from './status-nodes.ts'
import { isActive, isDisabled, PENDING } from './status-resources.ts'
import { type XmlNode, xml } from './xml-text.ts'

/** `<nodes>`. */
export function nodesXml(state: ClusterState): XmlNode {
  return xml(
    'nodes',
    {},
    state.nodeOrder.map((index) => nodeXml(state, state.nodes[index]!)),
  )
}

const HEALTH = new Map([
  [-1, 'red'],
  [0, 'yellow'],
  [1, 'green'],
])

function nodeXml(state: ClusterState, node: NodeState): XmlNode {
  const container = state.resources[node.connection]?.container ?? -1
  return xml('node', {
    name: node.uname,
    id: node.id,
    online: node.online,
    standby: node.standby,
    standby_onfail: node.standbyOnFail,
    maintenance: node.maintenance,
    pending: node.pending,
    unclean: node.unclean,
    health: HEALTH.get(healthOf(state, node)),
    feature_set: featureSetOf(node),
    shutdown: node.shutdown,
    expected_up: node.expectedUp,
    is_dc: node.isDc,
    resources_running: node.running.length,
    type: node.type,
    id_as_resource: node.type === 'remote' ? state.resources[container]?.id : undefined,
  })
}

/** What an online node says it speaks; releases before 2.1.5 do not say so. */
function featureSetOf({ type, online, attributes }: NodeState): string | undefined {
  if (type !== 'member' || !online) return undefined
  return attributes.get('#feature-set') ?? '<3.15.1'
}

/** `<resources>`; undefined where there is nothing to show. */
export function resourcesXml(state: ClusterState, withPending: boolean): XmlNode | undefined {
  const shown = state.tops.flatMap((index) => {
    const resource = state.resources[index]!
    if (resource.orphan && !isActive(state, resource, 'all')) return []
    return resourcesBelow({ state, withPending }, [index])
  })
  return shown.length === 0 ? undefined : xml('resources', {}, shown)
}

interface View {
  readonly state: ClusterState
  readonly withPending: boolean
}

/** What is seen of them: neither a group whose members were not taken, nor what is active on no node that counts (probed). */
function resourcesBelow(view: View, indexes: readonly number[]): readonly XmlNode[] {
  const { state } = view
  return indexes.flatMap((index) => {
    const resource = state.resources[index]!
    if (resource.kind === 'group' && resource.children.length === 0) return []
    return resource.runningOn.length === 0 && isActive(state, resource, 'any') ? [] : [resourceXml(view, resource)]
  })
}

function resourceXml(view: View, resource: ResourceState): XmlNode {
  const { state } = view
  const { children } = resource
  switch (resource.kind) {
    case 'primitive':
      return primitiveXml(view, resource)
    case 'group': {
      const { id, managed } = resource
      const attributes = { id, number_resources: children.length, managed, disabled: isDisabled(state, resource) }
      return xml('group', attributes, resourcesBelow(view, children))
    }
    case 'clone':
      return xml('clone', cloneAttributes(view, resource), resourcesBelow(view, children))
    case 'bundle':
      return bundleXml(view, resource)
  }
}

function cloneAttributes({ state }: View, clone: ResourceState): XmlNode['attributes'] {
  const { id, promotable, unique, managed, failed, failureIgnored, meta } = clone
  const first = state.resources[clone.children[0] ?? -1]
  return {
    id,
    multi_state: promotable,
    unique,
    managed,
    disabled: isDisabled(state, clone),
    failed,
    failure_ignored: failureIgnored,
    target_role: meta.get('target-role') ?? first?.meta.get('target-role'),
  }
}

function bundleXml(view: View, bundle: ResourceState): XmlNode {
  const { id, unique, managed, failed } = bundle
  const { replicas, image, technology: type } = bundle.bundle!
  const parts = replicas.map(({ number, ip, child, container, remote }) => {
    const members = [ip, child, container, remote].filter((part) => part >= 0)
    return xml(
      'replica',
      { id: number },
      members.map((part) => resourceXml(view, view.state.resources[part]!)),
    )
  })
  return xml('bundle', { id, type, image, unique, managed, failed }, parts)
}

function primitiveXml({ state, withPending }: View, resource: ResourceState): XmlNode {
  const { runningOn, orphan, blocked, managed, failed, failureIgnored, lockNode, meta } = resource
  const role = displayRole(state, resource)
  const pending = withPending ? PENDING.get(resource.pendingTask ?? '') : undefined
  const isMonitoring = withPending && resource.pendingTask === 'monitor' && resource.pendingIntervalMs > 0
  const agent = [resource.class, ...(isSameText(resource.class, 'ocf') ? [resource.provider] : []), resource.type]
  const attributes = {
    id: resource.shownId,
    resource_agent: agent.map((part) => part ?? '(null)').join(':'),
    role: pending ?? roleText(role),
    target_role: meta.get('target-role'),
    active: isActive(state, resource, 'all'),
    orphaned: orphan,
    blocked,
    managed,
    failed,
    failure_ignored: failureIgnored,
    nodes_running_on: runningOn.length,
    pending: isMonitoring ? 'Monitoring' : undefined,
    locked_to: state.nodes[lockNode]?.uname,
  }
  const nodes = runningOn.map((index) => {
    const { uname: name, id, online } = state.nodes[index]!
    return xml('node', { name, id, cached: online })
  })
  return xml('resource', attributes, nodes)
}

function displayRole(state: ClusterState, { role, top }: ResourceState): Role {
  return role === STARTED && state.resources[top]!.promotable ? UNPROMOTED : role
}
