/**
 * One action as the graph shows it: names, node, resource, attributes.
 *
 * Reads   the action, its resource, its node
 * Writes  nothing
 * Runs    while the graph is built
 * Source  spec C-21.7 to C-21.17, C-18.8
 */
import { type Action, PSEUDO } from './action.ts'
import { parametersOn } from './context.ts'
import type { GraphAction, GraphResource } from './graph.ts'
import { currentNode } from './nodes.ts'
import { extraOf, metaOf } from './op-meta.ts'
import { hostMeta, routerNode } from './remote.ts'
import { CLONE, GROUP, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

const FEATURE_SET = '3.16.1'

type Pairs = readonly (readonly [name: string, value: string])[]

/**
 * One action as the graph shows it. What only the full form has is worked out when somebody asks: most readers want the order
 * of actions, not their hundred thousand attributes.
 */
export class ActionView implements GraphAction {
  readonly id: number
  readonly element: GraphAction['element']
  readonly operation: string
  readonly operationKey: string
  readonly intervalMs: number
  readonly node: string | undefined
  readonly nodeId: string | undefined
  readonly routerNode: string | undefined
  readonly #sheet: Worksheet
  readonly #action: Action
  #all: Pairs | undefined

  constructor(sheet: Worksheet, action: Action) {
    const isPlaced = 0 <= action.node && ((action.flags & PSEUDO) === 0 || action.task === 'stonith')
    const node = isPlaced ? sheet.nodes[action.node] : undefined
    this.#sheet = sheet
    this.#action = action
    this.id = action.id
    this.element = elementOf(action)
    this.operation = action.task
    this.operationKey = keysOf(action).key
    this.intervalMs = action.intervalMs
    this.node = node?.name
    this.nodeId = node?.id
    this.routerNode = node === undefined ? undefined : sheet.nodes[routerNode(sheet, action)]?.name
  }

  get head(): Pairs {
    const { key, internal } = keysOf(this.#action)
    const head: [string, string][] = []
    if (this.operation === 'lrm_delete') head.push(['mode', 'cib'])
    head.push(['id', String(this.id)], ['operation', this.operation], ['operation_key', key])
    if (internal !== undefined) head.push(['internal_operation_key', internal])
    if (this.node !== undefined) head.push(['on_node', this.node], ['on_node_uuid', this.nodeId!])
    if (this.routerNode !== undefined) head.push(['router_node', this.routerNode])
    return head
  }

  get shutdownLock(): string | undefined {
    return this.#isReal ? shutdownLock(this.#sheet, this.#action) : undefined
  }

  get resource(): GraphResource | undefined {
    return this.#isReal ? toGraphResource(this.#action.resource!) : undefined
  }

  get attributes(): Pairs {
    return this.#pairs.filter(([name]) => !isNumbered(name))
  }

  get params(): Pairs {
    return this.#pairs.filter(([name]) => isNumbered(name))
  }

  get downed(): readonly string[] | undefined {
    return this.node === undefined ? undefined : downedBy(this.#sheet, this.#action)
  }

  get maintenance(): GraphAction['maintenance'] {
    return this.operation === 'maintenance_nodes' ? maintenanceChanges(this.#sheet) : undefined
  }

  get #isReal(): boolean {
    return this.#action.resource !== undefined && (this.#action.flags & PSEUDO) === 0
  }

  get #pairs(): Pairs {
    this.#all ??= attributesOf(this.#sheet, this.#action, this)
    return this.#all
  }
}

function isNumbered(name: string): boolean {
  return '0' <= name && name < ':'
}

/** Source: spec C-21.7. */
function elementOf({ task, flags }: Action): GraphAction['element'] {
  const isPseudo = (flags & PSEUDO) !== 0
  if (task === 'stonith') return isPseudo ? 'pseudo_event' : 'crm_event'
  if (task === 'do_shutdown' || task === 'clear_failcount' || task === 'lrm_delete') return 'crm_event'
  return isPseudo ? 'pseudo_event' : 'rsc_op'
}

/** Source: spec C-21.11, C-21.12. */
function keysOf(action: Action): { readonly key: string; readonly internal: string | undefined } {
  const { key, resource, task, cancelledTask, intervalMs, added } = action
  const name = resource?.from.historyName
  if (name === undefined) return { key, internal: undefined }
  if (task === 'notify') {
    return { key: `${name}_${added.get('notify_type')}_notify_${added.get('notify_operation')}_0`, internal: key }
  }
  return { key: `${name}_${cancelledTask ?? task}_${intervalMs}`, internal: key }
}

/** Source: spec C-21.14. */
function toGraphResource({ from, variant }: Resource): GraphResource {
  const { class: cls, provider, type, historyName, xmlId, id } = from
  const element = variant === GROUP ? 'group' : 'primitive'
  const agent = { element, class: cls, provider, type }
  if (from.orphan && historyName !== undefined) return { ...agent, id: historyName, longId: id }
  const isAnonymous = !from.unique && id !== xmlId
  if (!isAnonymous) return { ...agent, id, longId: undefined }
  return { ...agent, id: xmlId, longId: historyName !== undefined && historyName !== xmlId ? historyName : id }
}

/** Source: spec C-20.2. */
function shutdownLock(sheet: Worksheet, { resource, node, task }: Action): string | undefined {
  const { lockNode, lockTime } = resource!
  if (lockNode < 0 || lockNode !== node) return undefined
  return sheet.nodes[node]!.shutdown && task !== 'stop' ? undefined : String(lockTime)
}

/** Source: spec C-21.15. */
function attributesOf(sheet: Worksheet, action: Action, view: GraphAction): Pairs {
  const { resource, node } = action
  const all = new Map<string, string>([['crm_feature_set', FEATURE_SET]])
  const add = (name: string, value: string): void => {
    if (!all.has(name)) all.set(name, value)
  }
  for (const [name, value] of extraOf(sheet, action)) add(name, value)
  if (resource !== undefined && (0 <= node || resource.variant === PRIMITIVE)) {
    for (const [name, value] of parametersFor(sheet, resource, node)) add(name, value)
  }
  const addMeta = (name: string, value: string): void => {
    if (!/[#:]/.test(name)) add(metaName(name), value)
  }
  const meta = metaOf(sheet, action)
  if (view.node !== undefined) meta.set('on_node', view.node).set('on_node_uuid', view.nodeId!)
  for (const [name, value] of meta) addMeta(name, value)
  for (let at = resource; at !== undefined; at = at.parent)
    for (const [name, value] of ownMeta(at)) all.set(name, value)
  if (resource !== undefined) for (const [name, value] of hostMeta(sheet, action)) all.set(name, value)
  if (resource === undefined && action.task === 'stonith') {
    for (const [name, value] of sheet.nodes[node]?.attributes ?? []) addMeta(name, value)
  }
  return [...all].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
}

function metaName(name: string): string {
  return `CRM_meta_${name.replaceAll('-', '_')}`
}

/** The parameters on a node; a bundle's connection learns where its container is. Source: spec C-18.8. */
function parametersFor(sheet: Worksheet, resource: Resource, node: number): ReadonlyMap<string, string> {
  const parameters = parametersOn(sheet, resource, node)
  const { container } = resource
  if (resource.from.bundleIndex < 0 || container === undefined || parameters.get('addr') !== '#uname') return parameters
  const host = sheet.nodes[container.assigned] ?? sheet.nodes[currentNode(sheet, container)]
  if (host !== undefined) parameters.set('addr', host.name)
  return parameters
}

/** Source: spec C-21.15, item 5. */
function ownMeta(resource: Resource): Pairs {
  const { from, variant } = resource
  const pairs: [string, string][] = []
  if (variant === PRIMITIVE) {
    const keep = (name: string, as: string): void => {
      const value = from.meta.get(name)
      if (value !== undefined) pairs.push([as, value])
    }
    keep('clone', 'CRM_meta_clone')
    keep('remote-node', 'CRM_meta_remote_node')
    const container = containerOf(resource)
    if (container !== undefined) pairs.push(['CRM_meta_container', container.id])
    keep('external-ip', 'pcmk_external_ip')
  } else if (variant === CLONE) {
    const { max, nodeMax, promotedMax, promotedNodeMax } = from.clone!
    pairs.push(['CRM_meta_globally_unique', String(from.unique)], ['CRM_meta_notify', String(from.notify)])
    pairs.push(['CRM_meta_clone_max', String(max)], ['CRM_meta_clone_node_max', String(nodeMax)])
    if (!from.promotable) return pairs
    pairs.push(['CRM_meta_promoted_max', String(promotedMax)], ['CRM_meta_promoted_node_max', String(promotedNodeMax)])
    pairs.push(['CRM_meta_master_max', String(promotedMax)], ['CRM_meta_master_node_max', String(promotedNodeMax)])
  }
  return pairs
}

/** The container of the outermost of a resource and its ancestors that has one. */
function containerOf(resource: Resource): Resource | undefined {
  let found: Resource | undefined
  for (let at: Resource | undefined = resource; at !== undefined; at = at.parent) found = at.container ?? found
  return found
}

/** Source: spec C-21.16. */
function downedBy(sheet: Worksheet, action: Action): readonly string[] | undefined {
  const node = sheet.nodes[action.node]!
  if (action.task === 'do_shutdown') return [node.id]
  if (action.task === 'stonith') {
    if (!/^(off|poweroff|reboot)$/.test(action.added.get('stonith_action') ?? '')) return undefined
    const guests = node.from.running.flatMap((index) => {
      const { remoteNode, container } = sheet.resources[index]!
      return remoteNode < 0 || container === undefined ? [] : [sheet.nodes[remoteNode]!.id]
    })
    return [node.id, ...guests]
  }
  const { resource } = action
  // Any connection, even one in a clone or group that makes no node (found by probing).
  if (action.task !== 'stop' || !resource?.from.remoteConnection || (action.flags & PSEUDO) !== 0) return undefined
  const isMigrating = action.before.some(({ first }) => first.resource === resource && first.task === 'migrate_from')
  return isMigrating ? undefined : [resource.id]
}

/** Remote and guest nodes whose maintenance state is not what the status says. Source: spec C-21.17. */
export function maintenanceChanges({ nodes, nodeOrder }: Worksheet): readonly (readonly [id: string, on: boolean])[] {
  return nodeOrder.flatMap((index) => {
    const { isRemote, maintenance, id, from } = nodes[index]!
    return isRemote && maintenance !== from.remoteInMaintenance ? [[id, maintenance] as const] : []
  })
}
