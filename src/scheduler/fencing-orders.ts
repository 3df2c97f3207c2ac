/**
 * Fencing and shutting down nodes, and what that means for the resources there: what a dead node ran counts as stopped.
 *
 * Reads   nodes, actions of all primitives
 * Writes  fence and shutdown actions, flags of stops and demotes, links
 * Runs    after actions behind remote connections are ordered, before orderings are applied
 * Source  spec C-17.4 to C-17.7, C-17.11
 */
import {
  type Action,
  decided,
  IMPLIED,
  link,
  NEEDS_RUN,
  OPTIONAL,
  ORDER,
  PRESERVE,
  PSEUDO,
  RUNNABLE,
  THEN_REQ,
} from './action.ts'
import { mayFence, requestFencing } from './fencing.ts'
import { isGuest, leavesOf } from './nodes.ts'
import { notifyFenced } from './notify-instances.ts'
import { order } from './ordering.ts'
import { actionsOf, addMeta, clearFlags, isPseudo, newestOf, setFlags } from './record.ts'
import { requestNodeAction } from './request.ts'
import { ABSENT, CLONE, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

/** What must come last: the DC's own fencing or shutdown. */
interface Downs {
  /** Fence actions of other nodes. */
  readonly fences: Action[]
  readonly shutdowns: Action[]
  dc: Action | undefined
}

/** Fences and shuts down nodes, in the order of the node list. Source: spec C-17.5. */
export function scheduleFencing(sheet: Worksheet): void {
  const isAnyManaged = sheet.resources.some(({ managed }) => managed)
  const downs: Downs = { fences: [], shutdowns: [], dc: undefined }
  for (const index of sheet.nodeOrder) {
    const node = sheet.nodes[index]!
    const isDc = index === sheet.state.dcNode
    if (isGuest(node)) {
      if (node.requiresReset && isAnyManaged && mayFence(sheet, node)) fenceGuest(sheet, node)
    } else if (node.unclean && isAnyManaged && mayFence(sheet, node)) {
      const fence = requestFencing(sheet, node, { optional: false, reason: 'node is unclean' })
      applyFencing(sheet, node, fence)
      if (isDc) downs.dc = fence
      else {
        if (!sheet.options.concurrentFencing) link(downs.fences.at(-1), fence, ORDER)
        downs.fences.push(fence)
      }
    } else if (!node.isRemote && node.online && node.shutdown) {
      const shutdown = requestShutdown(sheet, node)
      if (isDc) downs.dc = shutdown
      else downs.shutdowns.push(shutdown)
    }
  }
  orderDc(sheet, downs)
}

function orderDc({ options }: Worksheet, { fences, shutdowns, dc }: Downs): void {
  if (dc === undefined) return
  if (dc.task === 'do_shutdown') for (const shutdown of shutdowns) link(shutdown, dc, ORDER)
  for (const fence of options.concurrentFencing ? fences : fences.slice(-1)) link(fence, dc, ORDER)
}

/** Source: spec C-17.7. */
function fenceGuest(sheet: Worksheet, node: WorkNode): void {
  const connection = node.connection!
  const container = connection.container!
  const operation = 0 < actionsOf(container, 'start_0').length ? 'reboot' : 'off'
  const fence = requestFencing(sheet, node, { operation, optional: false, reason: 'guest is unclean' })
  setFlags(fence, PSEUDO | RUNNABLE)
  const stop = newestOf(container, 'stop_0')
  if (stop === undefined) link(newestOf(connection, 'stop_0'), fence, ORDER)
  else {
    const host = sheet.nodes[stop.node]
    const isHostFenced = isPseudo(stop) && host !== undefined
    link(isHostFenced ? requestFencing(sheet, host, { optional: false }) : stop, fence, NEEDS_RUN | THEN_REQ)
  }
  applyFencing(sheet, node, fence)
}

/** What a fence action means for every resource. Source: spec C-17.4. */
function applyFencing(sheet: Worksheet, node: WorkNode, fence: Action): void {
  for (const top of sheet.tops) {
    for (const resource of leavesOf(top)) {
      if (resource.managed) applyToPrimitive(sheet, resource, node, fence)
    }
  }
}

function applyToPrimitive(sheet: Worksheet, resource: Resource, node: WorkNode, fence: Action): void {
  orderByNeed(resource, node, fence)
  const isImplied = resource.from.needsFencing || isGuest(node)
  const isBundled = resource.top.parent !== undefined
  for (const stop of actionsOf(resource, 'stop_0')) {
    if (stop.node < 0) stop.node = node.index
    if (stop.node !== node.index) continue
    setFlags(stop, PSEUDO | RUNNABLE)
    if (isImplied) {
      setFlags(stop, IMPLIED)
      if (!isBundled) link(fence, stop, PRESERVE)
      link(fence, newestOf(resource.top, 'stop_0'), PRESERVE)
    }
    if (resource.from.notify) notifyFenced(sheet, resource, node, fence)
  }
  if (node.online && !node.unclean && !resource.failed) return
  for (const demote of actionsOf(resource, 'demote_0')) {
    if (demote.node !== node.index) continue
    setFlags(demote, PSEUDO | RUNNABLE)
    if (isImplied && !isBundled) link(fence, demote, PRESERVE | ORDER)
  }
}

/** Source: spec C-17.4 item 1. */
function orderByNeed(resource: Resource, { index }: WorkNode, fence: Action): void {
  const { parent } = resource
  // A cloned group may be known there in part only, so it tells nothing of its members (probed).
  const isAnonymous = parent?.variant === CLONE && !parent.from.unique
  const isKnown = resource.knownOn.includes(index) || (isAnonymous && parent.knownOn.includes(index))
  const mayBeThere = resource.scores[index] !== ABSENT && !isKnown
  for (let at = resource.actions.length - 1; 0 <= at; at--) {
    const action = resource.actions[at]!
    if (action.need === 'fencing') link(fence, action, ORDER)
    else if (action.need === 'quorum' && action.task === 'start' && mayBeThere) link(fence, action, ORDER | NEEDS_RUN)
  }
}

/** A node that leaves in peace: first its resources stop. Source: spec C-17.11. */
function requestShutdown(sheet: Worksheet, node: WorkNode): Action {
  const key = `do_shutdown-${node.name}`
  const shutdown = requestNodeAction(sheet, { key, task: 'do_shutdown', node: node.index, optional: false })
  addMeta(shutdown, 'op_no_wait', 'true')
  for (let at = sheet.actions.length - 1; 0 <= at; at--) {
    const stop = sheet.actions[at]!
    const { resource } = stop
    if (stop.task !== 'stop' || stop.node !== node.index || resource === undefined) continue
    const isLeftAlone = resource.from.maintenance || node.maintenance || !(resource.managed || resource.blocked)
    if (isLeftAlone) continue
    clearFlags(stop, OPTIONAL)
    stop.cause ??= decided(`${node.name} is shutting down`, node.name, node.from)
    order(sheet, stop, shutdown, ORDER | NEEDS_RUN)
  }
  return shutdown
}
