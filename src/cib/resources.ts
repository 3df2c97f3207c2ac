/**
 * Resources: every element of the configuration becomes primitives, groups, clone instances and bundle parts with their
 * meta-attributes in effect.
 *
 * Roles, places and failures are not known here; they follow from history. Source: spec.
 */
import { unpackBundle } from './bundles.ts'
import type { CloneConfig, GroupConfig, NvSet, PrimitiveConfig, ResourceConfig } from './configuration.ts'
import { addNode } from './nodes.ts'
import { isRemoteAgent } from './read-resources.ts'
import { INFINITY, PROMOTED, STARTED, STOPPED, toRole, UNKNOWN, UNPROMOTED } from './role.ts'
import { applySets, passesAny } from './rules.ts'
import { appendEntry, parametersOf, type ResourceDraft, type Unpacking } from './unpacking.ts'
import { intAtLeast, intervalMs, isFalse, isSameText, isTrue, mergeSort, scanInteger, toScore } from './values.ts'

/** Creates the nodes that remote and guest connections stand for. Source: spec. */
export function addRemoteNodes(u: Unpacking): void {
  for (const { id, line, column } of u.configuration.connections) {
    if (!u.list.byName.has(id.toLowerCase())) addNode(u.list, toNodeConfig(id, line, column), 'remote', u)
  }
}

/** A node that only its connection names. */
export function toNodeConfig(id: string, line: number, column: number): Parameters<typeof addNode>[1] {
  return { id, uname: id, type: 'remote', score: undefined, attributes: [], utilization: [], line, column }
}

/** Unpacks every resource, sorts the top level, ties containers and connections. Source: spec. */
export function unpackResources(u: Unpacking): void {
  for (const template of u.configuration.templates) u.templates.set(template, [])
  if (u.configuration.resources.length > 0) judgeParameters(u, u.configuration.resourceInstanceDefaults)
  for (const config of u.configuration.resources) {
    const resource = unpackResource(u, config, undefined, undefined)
    if (resource !== undefined) u.tops.push(resource.index)
  }
  const inDocument = u.tops.map((index) => u.resources[index]!)
  const sorted = mergeSort(inDocument, (left, right) => right.priority - left.priority)
  for (const [place, { index }] of sorted.entries()) u.tops[place] = index
  for (const resource of [...u.resources]) {
    // A bundle's connection has its container already.
    if (resource.kind === 'primitive' && resource.container < 0) applyContainer(u, resource)
    if (resource.remoteConnection && resource.parent < 0) linkConnection(u, resource)
  }
}

/** One resource and all below it; undefined where it is invalid. */
export function unpackResource(
  u: Unpacking,
  config: ResourceConfig,
  parent: ResourceDraft | undefined,
  instance: number | undefined,
): ResourceDraft | undefined {
  switch (config.kind) {
    case 'primitive':
      return unpackPrimitive(u, config, parent, instance)
    case 'group':
      return unpackGroup(u, config, parent, instance)
    case 'clone':
      return unpackClone(u, config, parent)
    case 'bundle':
      return unpackBundle(u, config)
  }
}

function unpackPrimitive(
  u: Unpacking,
  config: PrimitiveConfig,
  parent: ResourceDraft | undefined,
  instance: number | undefined,
): ResourceDraft {
  const resource = addResource(u, config, parent, instance)
  // By the id that was written: an instance's, which constraints do not find unless history has it (probed).
  const users = config.template === undefined ? undefined : u.templates.get(config.template)
  if (users?.includes(resource.xmlId) === false) users.push(resource.xmlId)
  applySets(resource.utilization, config.utilization, { ...u.context, health: u.options.health })
  checkUnique(u, config, resource)
  return resource
}

function checkUnique(u: Unpacking, config: PrimitiveConfig, resource: ResourceDraft): void {
  const top = u.resources[resource.top]!
  if (top.clone !== undefined && resource.unique && !canBeUnique(config.class)) forceAnonymous(u, top, resource)
}

function canBeUnique(standard: string | undefined): boolean {
  return isSameText(standard, 'ocf') || isSameText(standard, 'stonith')
}

/** Source: spec, including which instances lose the flag. */
function forceAnonymous(u: Unpacking, clone: ResourceDraft, resource: ResourceDraft): void {
  clone.clone = { ...clone.clone!, nodeMax: 1, max: Math.min(clone.clone!.max, u.list.nodes.length) }
  clone.unique = false
  resource.unique = false
  for (const child of clone.children) {
    u.resources[child]!.unique = false
    for (const member of u.resources[child]!.children) u.resources[member]!.unique = false
  }
}

function unpackGroup(
  u: Unpacking,
  config: GroupConfig,
  parent: ResourceDraft | undefined,
  instance: number | undefined,
): ResourceDraft {
  const group = addResource(u, config, parent, instance)
  group.ordered = !isFalse(group.meta.get('ordered'))
  group.collocated = !isFalse(group.meta.get('collocated'))
  // Below a promotable clone only OCF agents are taken (found by probing).
  const isPromotable = u.resources[group.top]!.promotable
  for (const member of config.members) {
    if (isPromotable && !isSameText(member.class, 'ocf')) {
      lookAt(u, member, group, instance)
      continue
    }
    group.children.push(unpackPrimitive(u, member, group, instance).index)
  }
  return group
}

/**
 * A primitive that is not taken has been looked at all the same: a fence device makes fencing possible, rules count for the time of
 * the next look, and its clone may be unique no longer (found by probing).
 */
function lookAt(u: Unpacking, config: PrimitiveConfig, parent: ResourceDraft, instance: number | undefined): void {
  const resource = addResource(u, config, parent, instance)
  checkUnique(u, config, resource)
  dropResource(u, resource)
}

/** Takes back the resource that was added last, to which nothing refers yet. */
export function dropResource(u: Unpacking, { id, index }: ResourceDraft): void {
  u.resources.pop()
  if (u.byId.get(id) === index) u.byId.delete(id)
}

function unpackClone(u: Unpacking, config: CloneConfig, parent: ResourceDraft | undefined): ResourceDraft | undefined {
  const { child } = config
  if (child === undefined) return undefined
  const clone = addResource(u, config, parent, undefined)
  if (clone.promotable && child.kind === 'primitive' && !isSameText(child.class, 'ocf')) {
    lookAt(u, child, clone, 0)
    dropResource(u, clone)
    return undefined
  }
  applyCloneOptions(u, clone)
  // An agent that cannot be unique may lower clone-max on the way.
  for (let number = 0; number < Math.max(1, clone.clone!.max); number++) addInstance(u, clone)
  return clone
}

function applyCloneOptions(u: Unpacking, clone: ResourceDraft): void {
  const { meta } = clone
  const number = (name: string, old: string, absent: number): number =>
    intAtLeast(meta.get(name) ?? meta.get(old) ?? String(absent), 0)
  const nodeMax = number('clone-node-max', 'clone-node-max', 1)
  clone.clone = {
    max: number('clone-max', 'clone-max', Math.max(1, u.list.nodes.length)),
    nodeMax: clone.unique ? nodeMax : Math.min(1, nodeMax),
    min: scanInteger(meta.get('clone-min')) ?? 0,
    promotedMax: clone.promotable ? number('promoted-max', 'master-max', 1) : 0,
    promotedNodeMax: clone.promotable ? number('promoted-node-max', 'master-node-max', 1) : 0,
    interleave: isTrue(meta.get('interleave')),
    ordered: isTrue(meta.get('ordered')),
  }
  if (!meta.has('resource-stickiness')) {
    meta.set('resource-stickiness', '1')
    clone.stickiness = 1
  }
  if (!meta.has('globally-unique')) meta.set('globally-unique', String(clone.unique))
}

/** Adds the clone's next instance; beyond clone-max it is an orphan, with all below it. Source: spec. */
export function addInstance(u: Unpacking, clone: ResourceDraft): ResourceDraft {
  const config = clone.config as CloneConfig // only clones have instances
  const number = clone.children.length
  const child = unpackResource(u, config.child!, clone, number)!
  clone.children.push(child.index)
  child.meta.set('clone-max', String(clone.clone!.max))
  if (number < clone.clone!.max) return child
  child.orphan = true
  for (const member of child.children) u.resources[member]!.orphan = true
  return child
}

/** What all kinds have in common. Source: spec. */
export function addResource(
  u: Unpacking,
  config: ResourceConfig,
  parent: ResourceDraft | undefined,
  instance: number | undefined,
): ResourceDraft {
  const id = instance === undefined ? config.id : `${config.id}:${instance}`
  const index = u.resources.length
  const agent = config.kind === 'primitive' ? config : undefined
  const isBelowTop = parent !== undefined && parent.kind !== 'bundle'
  // One literal with every field: a spread of defaults took a tenth of the whole time.
  const resource: ResourceDraft = {
    managed: true,
    blocked: false,
    maintenance: false,
    orphan: false,
    orphanFiller: false,
    failed: false,
    stopNeeded: false,
    failureIgnored: false,
    startPending: false,
    unique: true,
    notify: false,
    critical: true,
    promotable: false,
    migratable: false,
    exclusiveDiscovery: false,
    needsQuorum: false,
    needsFencing: false,
    needsUnfencing: false,
    internal: false,
    mayRunRemote: false,
    priority: 0,
    stickiness: 0,
    migrationThreshold: INFINITY,
    failureTimeoutSeconds: 0,
    reconnectIntervalMs: 0,
    multipleActive: 'stop_start',
    restartType: 'ignore',
    role: STOPPED,
    nextRole: UNKNOWN,
    pendingTask: undefined,
    pendingNode: -1,
    pendingIntervalMs: 0,
    historyName: undefined,
    lockNode: -1,
    lockTime: 0,
    partialTarget: -1,
    partialSource: -1,
    container: -1,
    remoteNode: -1,
    ordered: true,
    collocated: true,
    clone: undefined,
    bundle: undefined,
    index,
    id,
    xmlId: config.id,
    shownId: id,
    kind: config.kind,
    parent: parent?.index ?? -1,
    children: [],
    top: isBelowTop ? parent.top : index,
    root: parent?.root ?? index,
    class: agent?.class,
    provider: agent?.provider,
    type: agent?.type,
    config,
    ops: config.ops,
    meta: toMeta(u, config, parent, instance),
    utilization: new Map(),
    fenceDevice: isSameText(agent?.class, 'stonith'),
    remoteConnection: isRemoteAgent(agent?.class, agent?.provider, agent?.type),
    allowed: { nodes: [], scores: [], discovery: [] },
    knownOn: [],
    runningOn: [],
    dangling: [],
    fillers: [],
    bundleIndex: parent === undefined ? -1 : parent.kind === 'bundle' ? parent.index : parent.bundleIndex,
    replica: -1,
    line: config.line,
    column: config.column,
  }
  u.resources.push(resource)
  // Of two with one id the first in the list is found: a guest's connection may be configured besides the implicit one. Orphans are
  // last: an instance that is made later stands before them.
  const other = u.resources[u.byId.get(id) ?? -1]
  if (other === undefined || (other.orphan && other.parent < 0)) u.byId.set(id, index)
  if (resource.fenceDevice) u.fencingDevice = true
  judgeParameters(u, config.instance)
  applyMeta(u, resource)
  addDefaultNodes(u, resource)
  return resource
}

/** Rules of parameters are judged without a node once, whoever asks for the parameters later: the next look depends on them (probed). */
function judgeParameters({ context }: Unpacking, sets: readonly NvSet[]): void {
  for (const { rules } of sets) passesAny(rules, context)
}

/** Source: spec. */
function toMeta(
  u: Unpacking,
  config: ResourceConfig,
  parent: ResourceDraft | undefined,
  instance: number | undefined,
): Map<string, string> {
  const meta = new Map<string, string>()
  const addAbsent = (name: string, value: string): void => {
    if (!meta.has(name) && value.toLowerCase() !== '#default') meta.set(name, value)
  }
  if (instance !== undefined) addAbsent('clone', String(instance))
  for (const [name, value] of config.attributes) addAbsent(name, value)
  const agent = config.kind === 'primitive' ? config : { class: undefined, provider: undefined, type: undefined }
  const rules = { ...u.context, resource: agent, health: u.options.health }
  applySets(meta, config.meta, rules)
  for (let at = parent; at !== undefined; at = u.resources[at.parent]) applySets(meta, at.config.meta, rules)
  applySets(meta, u.configuration.resourceMetaDefaults, rules)
  for (const [name, value] of parent?.meta ?? []) addAbsent(name, value)
  return meta
}

/** Source: spec. */
function applyMeta(u: Unpacking, resource: ResourceDraft): void {
  const { meta } = resource
  const { health } = u.options
  const given = (name: string): string | undefined => {
    const text = meta.get(name)
    return isSameText(text, 'default') ? undefined : text
  }
  const managed = given('is-managed')
  resource.managed = managed === undefined || isTrue(managed)
  resource.maintenance = isTrue(meta.get('maintenance')) || u.options.maintenanceMode
  if (resource.maintenance) resource.managed = false
  resource.priority = toScore(meta.get('priority'), health)
  resource.critical = meta.get('critical') === undefined || isTrue(meta.get('critical'))
  resource.notify = isTrue(meta.get('notify'))
  const migrate = meta.get('allow-migrate')
  resource.migratable = migrate === undefined ? resource.remoteConnection && !meta.has('container') : isTrue(migrate)
  resource.restartType = isSameText(meta.get('restart-type'), 'restart') ? 'restart' : 'ignore'
  const multiple = meta.get('multiple-active')
  const words = ['stop_only', 'block', 'stop_unexpected'] as const
  resource.multipleActive = words.find((known) => isSameText(known, multiple)) ?? 'stop_start'
  resource.stickiness = toScore(given('resource-stickiness'), health)
  const threshold = given('migration-threshold')
  const score = threshold === undefined ? INFINITY : toScore(threshold, health)
  resource.migrationThreshold = score < 0 ? 1 : score
  resource.failureTimeoutSeconds = Math.floor(intervalMs(meta.get('failure-timeout')) / 1000)
  resource.internal = isTrue(meta.get('internal_rsc'))
  const top = u.resources[resource.top]!
  if (top.kind === 'clone') {
    resource.unique = isTrue(meta.get('globally-unique'))
    const isMaster = (top.config as CloneConfig).element === 'master'
    if (isMaster) meta.set('promotable', 'true')
    resource.promotable = isTrue(meta.get('promotable'))
  }
  if (resource.remoteConnection && !meta.has('container')) applyReconnect(u, resource)
  applyRequires(u, resource)
  applyTargetRole(resource, top.promotable)
}

/** Source: spec. */
function applyReconnect(u: Unpacking, resource: ResourceDraft): void {
  resource.reconnectIntervalMs = intervalMs(parametersOf(u, resource, undefined).get('reconnect_interval'))
  if (resource.reconnectIntervalMs > 0) {
    resource.failureTimeoutSeconds = Math.floor(resource.reconnectIntervalMs / 1000)
  }
}

/** Source: spec. */
function applyRequires(u: Unpacking, resource: ResourceDraft): void {
  const { fencing, noQuorumPolicy } = u.options
  let requires = resource.meta.get('requires')?.toLowerCase() ?? ''
  if (!['nothing', 'quorum', 'fencing', 'unfencing'].includes(requires)) {
    if (resource.fenceDevice || resource.remoteConnection) requires = 'quorum'
    else if (u.configuration.unfencing) requires = 'unfencing'
    else if (fencing) requires = 'fencing'
    else requires = noQuorumPolicy === 'ignore' ? 'nothing' : 'quorum'
  }
  if (requires === 'unfencing' && (resource.fenceDevice || !fencing)) requires = 'quorum'
  resource.needsQuorum = requires === 'quorum'
  resource.needsFencing = requires === 'fencing' || requires === 'unfencing'
  resource.needsUnfencing = requires === 'unfencing'
}

/** Source: spec. */
function applyTargetRole(resource: ResourceDraft, isPromotable: boolean): void {
  const role = toRole(resource.meta.get('target-role') ?? '')
  if (role === STOPPED || (role === UNPROMOTED && isPromotable)) resource.nextRole = role
}

/** True where target-role keeps it from what it could be. Source: spec. */
export function isDisabled(resource: ResourceDraft, isTopPromotable: boolean): boolean {
  const role = toRole(resource.meta.get('target-role') ?? '')
  return role === STOPPED || (role === UNPROMOTED && isTopPromotable)
}

/** Source: spec, B-2.3. */
function addDefaultNodes(u: Unpacking, resource: ResourceDraft): void {
  const isGuestConnection = resource.remoteConnection && resource.meta.has('container')
  if ((!u.options.symmetric && !isGuestConnection) || resource.exclusiveDiscovery) return
  for (const index of u.list.order) {
    const node = u.list.nodes[index]!
    // In an asymmetric cluster a guest's connection gets every node, bundle nodes too (probed).
    if (node.discovery !== 'never' || !u.options.symmetric) appendEntry(resource, node, node.weight)
  }
}

/** Source: spec. */
function applyContainer(u: Unpacking, resource: ResourceDraft): void {
  const name = resource.meta.get('container')
  if (name === undefined || isSameText(name, resource.id)) return
  const container = u.resources[u.byId.get(name) ?? -1]
  if (container === undefined) return
  resource.container = container.index
  container.fillers.push(resource.index)
}

/** Ties a top-level connection to the node of its name. Source: spec. */
export function linkConnection(u: Unpacking, connection: ResourceDraft): void {
  const node = u.list.nodes[u.list.byName.get(connection.id.toLowerCase()) ?? -1]
  if (node === undefined) return
  node.connection = connection.index
  connection.remoteNode = node.index
  // A cluster node of that name stays one (probed: crm_simulate -u with a remote node's name makes such a node).
  if (node.type !== 'remote') return
  if (connection.container >= 0) {
    node.attributes.set('#kind', 'container')
    return
  }
  node.unseen = true
  node.unclean = u.options.startupFencing
}

/** The role that an active instance has at least: Unpromoted below a promotable clone. Source: spec. */
export function activeRole(u: Unpacking, resource: ResourceDraft): typeof STARTED | typeof UNPROMOTED {
  return u.resources[resource.top]!.promotable ? UNPROMOTED : STARTED
}

/** True for roles that hold a promoted instance. */
export function isPromoted(resource: ResourceDraft): boolean {
  return resource.role === PROMOTED
}
