/**
 * Migrations in the history: who holds the resource when migrate_to or migrate_from is the last word on one side.
 *
 * Look-ups succeed only where exactly one operation matches. Source: spec A-17.
 */
import { noteFailure } from './early-actions.ts'
import type { Reading } from './interpret.ts'
import type { NodeDraft } from './nodes.ts'
import { compareOps } from './op-order.ts'
import { STARTED, STOPPED } from './role.ts'
import { addRunning } from './running.ts'
import type { HistoryOp, Status } from './status.ts'
import type { ResourceDraft, Unpacking } from './unpacking.ts'
import { isSameText } from './values.ts'

/** A successful migrate_to. Source: spec. */
export function applyMigrateTo(u: Unpacking, { resource, node }: Reading, op: HistoryOp): void {
  const { migrateSource: source, migrateTarget: target } = op
  if (source !== node.uname || target === undefined) return
  const targetNode = nodeNamed(u, target)
  const sourceNewer = hasNewerAction(u, resource, source, op, true)
  const from = findOp(u, resource, 'migrate_from', target, source)
  if (sourceNewer && from !== undefined) return
  const targetNewer = hasNewerState(u, resource, target, op, from)
  if (sourceNewer && targetNewer) return
  resource.role = STARTED
  if (from !== undefined && from.rc === 0 && (from.status === 0 || from.statusText === undefined)) {
    resource.role = STOPPED
    resource.dangling.unshift(node.index)
  } else if (from !== undefined && from.status !== -1) {
    if (!targetNewer && targetNode?.online) addRunning(u, resource, targetNode, true)
    else failMigration(u, resource, node, op)
  } else if (targetNode?.online && !isKnown(u, resource, target)) {
    // Nothing but pending results there, whatever they are: its history was cleaned, so the resource can only be here.
    return
  } else if (!targetNewer && targetNode?.online) {
    addRunning(u, resource, targetNode, false)
    if (node.online) {
      resource.partialTarget = targetNode.index
      resource.partialSource = node.index
    }
  } else if (!sourceNewer) failMigration(u, resource, node, op)
}

function failMigration(u: Unpacking, resource: ResourceDraft, node: NodeDraft, op: HistoryOp): void {
  const reason = `its migration to ${op.migrateTarget} did not end well`
  noteFailure(u, { resource: resource.index, node: node.index, response: 'restart', reason, at: op })
  resource.failed = true
  resource.stopNeeded = true
  resource.migratable = false
}

/** A failed migrate_to, met on the source. Source: spec. */
export function applyMigrateToFailure(u: Unpacking, { resource, node }: Reading, op: HistoryOp): void {
  const { migrateSource: source, migrateTarget: target } = op
  if (source !== node.uname || target === undefined) return
  resource.role = STARTED
  const found = findOp(u, resource, 'migrate_from', target, source)
  const from = found?.rc === 0 && found.status === 0 ? found : undefined
  const targetNode = nodeNamed(u, target)
  if (isKnown(u, resource, target) && !hasNewerState(u, resource, target, op, from)) {
    if (targetNode?.online) addRunning(u, resource, targetNode, false)
  } else if (!hasNewerAction(u, resource, source, op, true)) resource.dangling.unshift(node.index)
}

/** A failed migrate_from, met on the target. Source: spec. */
export function applyMigrateFromFailure(u: Unpacking, { resource, node }: Reading, op: HistoryOp): void {
  const { migrateSource: source, migrateTarget: target } = op
  if (target !== node.uname || source === undefined) return
  resource.role = STARTED
  const found = findOp(u, resource, 'migrate_to', source, target)
  const to = found?.rc === 0 && found.status === 0 ? found : undefined
  const sourceNode = nodeNamed(u, source)
  if (isKnown(u, resource, source) && !hasNewerState(u, resource, source, to, op) && sourceNode?.online) {
    addRunning(u, resource, sourceNode, true)
  }
}

function nodeNamed(u: Unpacking, name: string): NodeDraft | undefined {
  return u.list.nodes[u.list.byName.get(name.toLowerCase()) ?? -1]
}

function opsOf(u: Unpacking, resource: ResourceDraft, node: string): readonly HistoryOp[] {
  return u.histories.of(node, resource.id)
}

/** Operations by node name and entry id, looked up where migrations are. */
export class Histories {
  readonly #status: Status
  readonly #byNode = new Map<string, ReadonlyMap<string, readonly HistoryOp[]>>()

  constructor(status: Status) {
    this.#status = status
  }

  /** Of all node states and entries of those names. */
  of(node: string, entry: string): readonly HistoryOp[] {
    let entries = this.#byNode.get(node)
    if (entries === undefined) this.#byNode.set(node, (entries = this.#read(node)))
    return entries.get(entry) ?? []
  }

  #read(node: string): ReadonlyMap<string, readonly HistoryOp[]> {
    const entries = new Map<string, HistoryOp[]>()
    for (const { uname, history } of this.#status.nodeStates) {
      if (uname !== node) continue
      for (const { id = '', ops } of history) {
        const all = entries.get(id) ?? []
        entries.set(id, all)
        for (const op of ops) all.push(op)
      }
    }
    return entries
  }
}

/**
 * True where the node's history has a result of the resource; one that is pending (193) or has no code is none.
 *
 * Source: probed; spec A-17 asks for any operation.
 */
function isKnown(u: Unpacking, resource: ResourceDraft, node: string): boolean {
  return opsOf(u, resource, node).some(({ rcText }) => rcText !== undefined && rcText !== '193')
}

function findOp(
  u: Unpacking,
  resource: ResourceDraft,
  task: string,
  node: string,
  peer: string,
): HistoryOp | undefined {
  const found = opsOf(u, resource, node).filter(
    (op) => op.operation === task && (task === 'migrate_to' ? op.migrateTarget : op.migrateSource) === peer,
  )
  return found.length === 1 ? found[0] : undefined
}

const ACTIONS = new Set(['start', 'stop', 'migrate_to', 'migrate_from'])

function hasNewerAction(
  u: Unpacking,
  resource: ResourceDraft,
  node: string,
  op: HistoryOp,
  sameNode: boolean,
): boolean {
  return opsOf(u, resource, node).some(
    (other) => other !== op && ACTIONS.has(other.operation ?? '') && compareOps(other, op, sameNode) > 0,
  )
}

function isStoppedAfter(
  u: Unpacking,
  resource: ResourceDraft,
  node: string,
  op: HistoryOp,
  sameNode: boolean,
): boolean {
  const monitors = opsOf(u, resource, node).filter((other) => other.operation === 'monitor')
  const only = monitors.length === 1 ? monitors[0] : undefined
  return only !== undefined && only.rc === 7 && only.status === 0 && compareOps(only, op, sameNode) > 0
}

/** Source: spec A-17, "newer state after". */
function hasNewerState(
  u: Unpacking,
  resource: ResourceDraft,
  node: string,
  to: HistoryOp | undefined,
  from: HistoryOp | undefined,
): boolean {
  const any = from ?? to
  if (any === undefined) return false
  const isTarget = isSameText(any.migrateTarget, node)
  const reference = isTarget ? (from ?? to!) : (to ?? from!)
  const sameNode = isTarget ? from !== undefined : to !== undefined
  return (
    hasNewerAction(u, resource, node, reference, sameNode) || isStoppedAfter(u, resource, node, reference, sameNode)
  )
}
