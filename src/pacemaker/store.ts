/**
 * A node's copy of the CIB: configuration, status and version as plain data. Copies of one membership are equal because all apply the
 * same updates in the same order; nothing in a copy is changed in place. Source: spec E-1.3, E-4.5, E-9.
 */
import type { CibEdit, Configuration, NvPair, NvSet } from '../cib/configuration.ts'
import type { HistoryOp, NodeStatus, ResourceHistory, Status } from '../cib/status.ts'
import { scanInteger } from '../cib/values.ts'
import type { CibVersion } from './config.ts'
import { editConfiguration } from './edit-document.ts'

/** One copy. */
export interface CibCopy {
  readonly configuration: Configuration
  readonly status: Status
  readonly version: CibVersion
}

/** What an agent is, as a history names it. */
export interface HistoryAgent {
  readonly id: string
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
  /** Epoch seconds: it was stopped for its node's shutdown, and is kept for that node. */
  readonly shutdownLock?: string | undefined
}

/** Fields of a node state that membership decides. */
export type NodeFields = Partial<
  Pick<NodeStatus, 'crmd' | 'expected' | 'inCcm' | 'join' | 'nodeFenced' | 'nodeInMaintenance'>
>

/** A node by id and name. */
export interface NodeKey {
  readonly id: string
  readonly name: string
}

/** One change of the CIB. */
export type CibUpdate =
  | { readonly kind: 'node'; readonly node: NodeKey; readonly fields: NodeFields }
  | { readonly kind: 'op'; readonly node: NodeKey; readonly agent: HistoryAgent; readonly ops: readonly HistoryOp[] }
  /** A recurring operation was cancelled, or a failure cleaned up. */
  | { readonly kind: 'erase-op'; readonly node: NodeKey; readonly resource: string; readonly ids: readonly string[] }
  /** `isLock`: what was kept for the node is so no longer. */
  | { readonly kind: 'erase-resource'; readonly node: NodeKey; readonly resource: string; readonly isLock?: true }
  /** Everything that a node's executor did. */
  | { readonly kind: 'history'; readonly node: NodeKey; readonly history: readonly ResourceHistory[] }
  | { readonly kind: 'erase-history'; readonly node: NodeKey }
  /** `also`: the same write changes other nodes' attributes. */
  | ({ readonly kind: 'attributes'; readonly also?: readonly NodeAttributes[] } & NodeAttributes)
  | { readonly kind: 'erase-attributes'; readonly node: NodeKey }
  /**
   * A patch of the configuration. Every copy applies it to what it is by then: what is written at the same time on different nodes does not
   * overwrite one another. A patch that does not fit then, or changes nothing, leaves the copy as it is. Source: spec E-1.3.
   */
  | { readonly kind: 'configuration'; readonly edits: readonly CibEdit[] }
  | {
      readonly kind: 'root'
      readonly haveQuorum: boolean
      readonly dcUuid: string | undefined
      readonly panic: boolean
    }
  | { readonly kind: 'ticket'; readonly ticket: string; readonly attributes: readonly (readonly [string, string])[] }

/** A whole CIB for nodes whose own is another one: as it was when `since` messages of the ring had been delivered to its sender. */
export interface CibSync {
  readonly to: readonly string[]
  readonly copy: CibCopy
  readonly ring: number
  readonly since: number
}

/** An update that was applied, with its place in the ring's order. */
export interface LoggedUpdate {
  readonly sequence: number
  readonly update: CibUpdate
}

/** A transient attribute's new value; undefined deletes it. */
export interface AttributeChange {
  readonly name: string
  readonly value: string | undefined
}

/** Changes of the transient attributes of one node. */
export interface NodeAttributes {
  readonly node: NodeKey
  readonly changes: readonly AttributeChange[]
}

/** The copy after one update. */
export function applyUpdate(copy: CibCopy, update: CibUpdate): CibCopy {
  const { version } = copy
  if (update.kind === 'configuration') {
    const configuration = editConfiguration(copy.configuration, update.edits)
    if (typeof configuration === 'string' || configuration === copy.configuration) return copy
    return { ...copy, configuration, version: { ...version, epoch: version.epoch + 1, updates: 0 } }
  }
  // Where nothing changes, nothing is written.
  if (update.kind === 'attributes' && [update, ...(update.also ?? [])].every((part) => isSet(copy.status, part)))
    return copy
  const next = { ...copy, version: { ...version, updates: version.updates + 1 } }
  switch (update.kind) {
    case 'root': {
      const root = {
        ...copy.configuration.root,
        haveQuorum: update.haveQuorum ? '1' : '0',
        dcUuid: update.dcUuid,
        noQuorumPanic: update.panic ? '1' : undefined,
      }
      return { ...next, configuration: { ...copy.configuration, root } }
    }
    case 'ticket':
      return { ...next, status: withTicket(copy.status, update.ticket, update.attributes) }
    case 'attributes': {
      const parts = [update, ...(update.also ?? [])].filter((part) => !isSet(copy.status, part))
      const status = parts.reduce(
        (made, { node, changes }) => withNode(made, { kind: 'attributes', node, changes }),
        copy.status,
      )
      return { ...next, status }
    }
    default:
      return { ...next, status: withNode(copy.status, update) }
  }
}

/** True where a node's attributes are already what they are to be. */
function isSet(status: Status, { node, changes }: NodeAttributes): boolean {
  const known = transientsOf(status, node.id)
  return changes.every(({ name, value }) => known.get(name) === value)
}

/** The copy that a synchronisation brings, with what was applied since. */
export function applySync({ copy, since, ring }: CibSync, log: readonly LoggedUpdate[], current: number): CibCopy {
  const first = ring === current ? since : 0
  return log.filter(({ sequence }) => first < sequence).reduce((made, { update }) => applyUpdate(made, update), copy)
}

/** The state of a node, or undefined. */
export function nodeStatusOf({ nodeStates }: Status, id: string): NodeStatus | undefined {
  return nodeStates.find((state) => state.id === id)
}

/** Transient attributes of a node by name. */
export function transientsOf(status: Status, id: string): ReadonlyMap<string, string> {
  const pairs = nodeStatusOf(status, id)?.attributes.flatMap((set) => set.pairs) ?? []
  return new Map(pairs.map(({ name, value }) => [name, value]))
}

/** The id of the element that holds a transient attribute: what an XML id may not contain becomes a dot. */
export function pairId(set: string, name: string): string {
  return `${set}-${name.replace(/[^A-Za-z0-9_.-]/g, '.')}`
}

/** 1 where `left` is newer, −1 where `right` is, 0 where both are the same. Source: spec E-4.5. */
export function compareCopies(left: CibVersion, right: CibVersion): number {
  return left.adminEpoch - right.adminEpoch || left.epoch - right.epoch || left.updates - right.updates
}

function withTicket(status: Status, id: string, changes: readonly (readonly [string, string])[]): Status {
  const known = status.tickets.find((ticket) => ticket.id === id)
  const attributes = [...new Map([...(known?.attributes ?? []), ...changes])]
  const ticket = { id, attributes, line: 0, column: 0 }
  const tickets =
    known === undefined
      ? [...status.tickets, ticket]
      : status.tickets.map((entry) => (entry === known ? ticket : entry))
  const order =
    known === undefined && status.tickets.length === 0 ? [...status.order, 'tickets' as const] : status.order
  return { ...status, tickets, order }
}

type NodeUpdate = Extract<CibUpdate, { readonly node: NodeKey }>

function withNode(status: Status, update: NodeUpdate): Status {
  const at = status.nodeStates.findIndex((state) => state.id === update.node.id)
  if (at < 0) {
    if (update.kind.startsWith('erase')) return status
    const nodeStates = [...status.nodeStates, changeNode(emptyNode(update.node), update)]
    return { ...status, nodeStates, order: [...status.order, nodeStates.length - 1] }
  }
  const nodeStates = [...status.nodeStates]
  nodeStates[at] = changeNode(nodeStates[at]!, update)
  return { ...status, nodeStates }
}

function emptyNode({ id, name }: NodeKey): NodeStatus {
  return {
    id,
    uname: name,
    inCcm: undefined,
    crmd: undefined,
    join: undefined,
    expected: undefined,
    nodeFenced: undefined,
    nodeInMaintenance: undefined,
    attributes: [],
    history: [],
    line: 0,
    column: 0,
  }
}

function changeNode(state: NodeStatus, update: NodeUpdate): NodeStatus {
  switch (update.kind) {
    case 'node':
      return { ...state, ...update.fields }
    case 'op':
      return { ...state, history: withOps(state.history, update.agent, update.ops) }
    case 'erase-op':
      return {
        ...state,
        history: state.history.map((entry) =>
          entry.id === update.resource
            ? { ...entry, ops: entry.ops.filter((op) => !update.ids.includes(op.id ?? '')) }
            : entry,
        ),
      }
    case 'erase-resource':
      return { ...state, history: state.history.filter((entry) => entry.id !== update.resource) }
    case 'history':
      return { ...state, history: [...update.history, ...lockedBeside(state.history, update.history)] }
    case 'erase-history':
      return { ...state, history: [] }
    case 'attributes':
      return { ...state, attributes: withAttributes(state, update.changes) }
    case 'erase-attributes':
      return { ...state, attributes: [] }
  }
}

/** What is kept for a node stays known when the node comes back and tells that it did nothing. Source: spec C-20.2. */
function lockedBeside(known: readonly ResourceHistory[], told: readonly ResourceHistory[]): readonly ResourceHistory[] {
  return known.filter((entry) => isLocked(entry) && !told.some(({ id }) => id === entry.id))
}

function isLocked({ shutdownLock }: ResourceHistory): boolean {
  return 0 < (scanInteger(shutdownLock) ?? 0)
}

/** Records overwrite those of their id in place; new ones come last. Source: spec D-9.1, E-7.9. */
export function withOps(
  history: readonly ResourceHistory[],
  agent: HistoryAgent,
  ops: readonly HistoryOp[],
): readonly ResourceHistory[] {
  const at = history.findIndex((entry) => entry.id === agent.id)
  const entry: ResourceHistory = history[at] ?? {
    ...agent,
    container: undefined,
    shutdownLock: undefined,
    attributes: [['id', agent.id]],
    ops: [],
    line: 0,
    column: 0,
  }
  const merged = entry.ops.filter((known) => !isSuperseded(known, ops))
  for (const op of ops) {
    const place = merged.findIndex((known) => known.id === op.id)
    if (place < 0) merged.push(op)
    else merged[place] = op
  }
  const changed = { ...entry, shutdownLock: agent.shutdownLock, ops: merged }
  return at < 0 ? [...history, changed] : history.map((known, index) => (index === at ? changed : known))
}

/** Clusters of old recorded each kind of operation by itself; what is done now takes the place of all that. Source: spec D-9.1. */
function isSuperseded({ id = '', intervalMs }: HistoryOp, ops: readonly HistoryOp[]): boolean {
  if (intervalMs > 0 || ONE_SHOT.test(id)) return false
  return ops.some((op) => op.id?.endsWith('_last_0'))
}

const ONE_SHOT = /_(last|last_failure|migrate_to|migrate_from)_0$/

function withAttributes(state: NodeStatus, changes: readonly AttributeChange[]): readonly NvSet[] {
  const set: NvSet = state.attributes[0] ?? {
    id: `status-${state.id}`,
    score: undefined,
    rules: [],
    pairs: [],
    line: 0,
    column: 0,
  }
  let pairs: readonly NvPair[] = set.pairs
  for (const { name, value } of changes) {
    const at = pairs.findIndex((pair) => pair.name === name)
    if (value === undefined) pairs = pairs.filter((pair) => pair.name !== name)
    else if (at < 0) pairs = [...pairs, { id: pairId(set.id ?? '', name), name, value, line: 0, column: 0 }]
    else pairs = pairs.map((pair, index) => (index === at ? { ...pair, value } : pair))
  }
  return [{ ...set, pairs }, ...state.attributes.slice(1)]
}
