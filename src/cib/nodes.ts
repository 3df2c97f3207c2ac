/**
 * Nodes: the node list from the configuration, and each cluster node's membership from its `node_state`.
 *
 * A node that must be fenced is handed to `fence` with the reason, in the order of the status section; nothing else leaves this
 * file's nodes. Remote-type nodes get only what their status says at once: their state follows from their connection.
 *
 * Source: spec.
 */
import type { Configuration, NodeConfig, Place } from './configuration.ts'
import { INFINITY } from './role.ts'
import { applySets, type RuleContext } from './rules.ts'
import type { ClusterOptions, Draft, NodeState } from './state.ts'
import type { NodeStatus, Status } from './status.ts'
import { compareNames, isSameText, isTrue, scanInteger, toScore } from './values.ts'

/** A node under construction. */
export type NodeDraft = Draft<NodeState>

/** The nodes and how to find them; owned by one unpacking, and changed by it only. */
export interface NodeList {
  readonly nodes: NodeDraft[]
  /** Indexes by name. */
  readonly order: number[]
  readonly byId: Map<string, number>
  readonly byName: Map<string, number>
}

/** What unpacking nodes reads. */
export interface NodeInput {
  readonly configuration: Configuration
  readonly options: ClusterOptions
  readonly context: RuleContext
  readonly quorum: boolean
}

/** Asked for each node whose state `at` calls for fencing, at that moment. `delayed`: with priority-fencing-delay. */
export type FenceRequest = (node: NodeDraft, reason: string, delayed: boolean, at?: Place) => void

/** The configured nodes, before any status is known. Source: spec. */
export function toNodeList(input: NodeInput): NodeList {
  const list: NodeList = { nodes: [], order: [], byId: new Map(), byName: new Map() }
  for (const config of input.configuration.nodes) {
    const type =
      config.type === undefined || config.type === 'member' ? 'member' : config.type === 'remote' ? 'remote' : 'ping'
    const node = addNode(list, config, type, input)
    const { options, context } = input
    applyBuiltIns(node, options)
    applySets(node.attributes, config.attributes, { ...context, health: options.health })
    applySiteName(node, options)
    if (type === 'remote') continue
    node.unseen = true
    node.unclean = input.options.startupFencing
  }
  return list
}

/** Adds one node to the list, sorted in before its equals. Source: spec. */
export function addNode(
  list: NodeList,
  config: NodeConfig,
  type: NodeState['type'],
  { configuration, options, context }: NodeInput,
): NodeDraft {
  const node: NodeDraft = {
    index: list.nodes.length,
    id: config.id,
    uname: config.uname ?? config.id,
    type,
    baseScore: config.score,
    weight: toScore(config.score, options.health),
    discovery: 'always',
    online: false,
    standby: false,
    standbyOnFail: false,
    pending: false,
    unclean: false,
    unseen: false,
    shutdown: false,
    expectedUp: false,
    maintenance: false,
    isDc: isSameText(config.id, configuration.root.dcUuid),
    discoveryEnabled: true,
    requiresReset: false,
    wasFenced: false,
    remoteInMaintenance: false,
    historyRead: false,
    attributes: new Map(),
    utilization: new Map(),
    running: [],
    connection: -1,
    priority: 0,
    line: config.line,
    column: config.column,
  }
  node.attributes.set('#kind', type === 'remote' ? 'remote' : 'cluster')
  applySets(node.utilization, config.utilization, { ...context, health: options.health })
  list.nodes.push(node)
  const at = list.order.findIndex((other) => compareNames(node.uname, list.nodes[other]!.uname) <= 0)
  list.order.splice(at < 0 ? list.order.length : at, 0, node.index)
  const id = node.id.toLowerCase()
  const name = node.uname.toLowerCase()
  if (!list.byId.has(id)) list.byId.set(id, node.index)
  if (!list.byName.has(name)) list.byName.set(name, node.index)
  return node
}

/** The node of a `node_state`: by id, else by name. Source: spec. */
export function findNode(list: NodeList, status: NodeStatus): NodeDraft | undefined {
  if (status.id === undefined || status.uname === undefined) return undefined
  const index = list.byId.get(status.id.toLowerCase()) ?? list.byName.get(status.uname.toLowerCase())
  return index === undefined ? undefined : list.nodes[index]
}

/** Status pass 1 over all `node_state` elements in document order. Source: spec. */
export function applyNodeStates(list: NodeList, status: Status, input: NodeInput, fence: FenceRequest): void {
  for (const state of status.nodeStates) {
    const node = findNode(list, state)
    if (node === undefined) continue
    if (node.type === 'remote') node.wasFenced = (scanInteger(state.nodeFenced) ?? 0) > 0
    else applyNodeState(node, state, input, (of, reason, delayed) => fence(of, reason, delayed, state))
  }
}

function applyNodeState(node: NodeDraft, state: NodeStatus, input: NodeInput, fence: FenceRequest): void {
  const { options } = input
  applyTransientAttributes(node, state, input)
  node.unclean = false
  node.unseen = false
  if (isTrue(node.attributes.get('standby'))) node.standby = true
  if (isTrue(node.attributes.get('maintenance'))) node.maintenance = true
  const shutdown = node.attributes.get('shutdown')
  node.shutdown = shutdown !== undefined && shutdown !== '0'
  node.expectedUp = !node.shutdown && isSameText(state.expected, 'member')
  node.online = isJudgedOnline(node, state, input, fence)
  if (!node.online || node.shutdown) node.weight = -INFINITY
  if (!input.quorum && node.online && options.noQuorumPolicy === 'suicide') {
    fence(node, 'cluster does not have quorum', false)
  }
}

/** A ping node is never online (spec ). */
function isJudgedOnline(node: NodeDraft, state: NodeStatus, { options }: NodeInput, fence: FenceRequest): boolean {
  if (node.type === 'ping') return false
  return options.fencing ? judgeWithFencing(node, state, fence) : judgeWithoutFencing(node, state, fence)
}

/** Transient attributes over permanent ones, built-ins first. Source: spec. */
export function applyTransientAttributes(node: NodeDraft, state: NodeStatus, { options, context }: NodeInput): void {
  applyBuiltIns(node, options)
  applySets(node.attributes, state.attributes, { ...context, health: options.health }, { overwrite: true })
  applySiteName(node, options)
}

/**
 * What a node is called, once its entry or its status is read: a node made for a connection has neither (spec B-12.4). `#kind` it
 * has from the beginning, and linking its connection may have made a guest of it.
 */
function applyBuiltIns(node: NodeDraft, options: ClusterOptions): void {
  node.attributes.set('#uname', node.uname)
  node.attributes.set('#id', node.id)
  node.attributes.set('#is_dc', String(node.isDc))
  if (options.clusterName !== undefined) node.attributes.set('#cluster-name', options.clusterName)
}

function applySiteName(node: NodeDraft, options: ClusterOptions): void {
  if (node.attributes.has('#site-name')) return
  const site = node.attributes.get('site-name') ?? options.clusterName
  if (site !== undefined) node.attributes.set('#site-name', site)
}

/** Whether it is online while fencing is disabled. Source: spec. */
function judgeWithoutFencing(node: NodeDraft, state: NodeStatus, fence: FenceRequest): boolean {
  if (!isTrue(state.inCcm)) return false
  if (isSameText(state.crmd, 'online')) return isSameText(state.join, 'member')
  if (node.expectedUp) fence(node, 'peer is unexpectedly down', false)
  return false
}

/** Whether it is online while fencing is enabled: the first row that applies. Source: spec. */
function judgeWithFencing(node: NodeDraft, state: NodeStatus, fence: FenceRequest): boolean {
  const isMember = isTrue(state.inCcm)
  const isPeer = isSameText(state.crmd, 'online')
  const terminate = node.attributes.get('terminate')
  const isDoomed = isTrue(terminate) || /^[1-9]/.test(terminate ?? '')
  const isDownExpected = state.expected === undefined || isSameText(state.expected, 'down')

  if (node.shutdown) return isPeer
  if (state.inCcm === undefined) fence(node, 'peer has not been seen by the cluster', false)
  else if (isSameText(state.join, 'banned')) fence(node, 'peer failed Pacemaker membership criteria', false)
  else if (!isDoomed && isDownExpected) {
    if (isMember || isPeer) applyPending(node)
  } else if (isDoomed && isSameText(state.join, 'down') && !isMember && !isPeer) return false
  else if (!isMember) fence(node, 'peer is no longer part of the cluster', true)
  else if (!isPeer) fence(node, 'peer process is no longer available', false)
  else if (isDoomed) fence(node, 'termination was requested', false)
  else if (isSameText(state.join, 'member')) return true
  else if (isSameText(state.join, 'pending') || isSameText(state.join, 'down')) applyPending(node)
  else fence(node, 'peer was in an unknown state', false)
  return isMember
}

function applyPending(node: NodeDraft): void {
  node.standby = true
  node.pending = true
}
