/**
 * What an administrator types, as Pacemaker's own tools take it (`crm_resource --move -r R -N NODE`) and in short (`move R NODE`).
 *
 * A command changes the CIB or an attribute through the node it is typed on; the DC sees the change like any other. Source: spec E-10.
 */

import type { CibEdit, Configuration } from '../cib/configuration.ts'
import { isTrue, parseInterval } from '../cib/values.ts'
import type { CommandComplaint, DaemonContext } from '../manager/contract.ts'
import { setAttribute } from './attributes.ts'
import { aim, unknownIn } from './command-targets.ts'
import type { PacemakerConfig } from './config.ts'
import {
  clearEdits,
  type EditMaker,
  locationEdits,
  nodeAttributeEdits,
  primitivesUnder,
  propertyEdits,
  resourceEdits,
} from './edit-configuration.ts'
import { editConfiguration, isAgainstSchema, openDocument } from './edit-document.ts'
import { requestFence } from './fencer.ts'
import type { FenceDone } from './fencer-state.ts'
import { clearCounts } from './initiate.ts'
import { type Order, ownWords, readOrder } from './orders.ts'
import { isRemote, keyOf, log, type PacemakerState, tell, updateCib, wallClock } from './state.ts'
import { nodeStatusOf } from './store.ts'

/**
 * What is wrong with a command, or undefined. A change of the CIB that breaks the schema of `config` is wrong; so is a name that is neither
 * in `config` nor in what the commands before it (`earlier`) write.
 */
export function checkCommand(
  words: readonly string[],
  config?: PacemakerConfig,
  earlier: () => readonly (readonly string[])[] = () => [],
): CommandComplaint | undefined {
  const own = ownWords(words)
  if (['start', 'stop', 'shutdown', 'reboot'].includes(own[0] ?? '')) return undefined
  const order = readOrder(own)
  if (typeof order === 'string') return order
  if (config === undefined) return undefined
  if (order.kind !== 'cib')
    return unknownIn(order, config, () =>
      earlier().flatMap((other) => {
        const found = readOrder(ownWords(other))
        return typeof found === 'string' ? [] : [found]
      }),
    )
  const outcome = editConfiguration(config.configuration, order.edits)
  // What is not there, or there already, may be otherwise when the command is given.
  return typeof outcome === 'string' && isAgainstSchema(outcome) ? outcome : undefined
}

/** Carries out a command; a refusal is told as its tool would. */
export function command(state: PacemakerState, context: DaemonContext, words: readonly string[]): void {
  const order = readOrder(words)
  if (typeof order === 'string') return log(context, order, 'error')
  const aimed = aim(order, state.cib, wallClock(state, context))
  if (typeof aimed === 'string') return log(context, aimed, 'error')
  for (const each of aimed) carryOut(state, context, each)
}

function carryOut(state: PacemakerState, context: DaemonContext, order: Order): void {
  const edit = (edits: EditMaker): void => change(state, context, edits)
  switch (order.kind) {
    case 'property':
      return setProperty(state, context, order.name, order.value)
    case 'node-attribute':
      return nodeAttribute(state, context, order)
    case 'resource-value':
      return edit(resourceEdits(order.resource, order.set, order.name, order.value))
    case 'location': {
      if (order.node === undefined) return
      const { node } = order
      const until = order.lifetime === undefined ? undefined : wallClock(state, context) + order.lifetime
      return changeOneByOne(state, context, locationEdits({ ...order, node, until }))
    }
    case 'clear':
      return changeOneByOne(
        state,
        context,
        clearEdits({ ...order, expiredAt: order.onlyExpired ? wallClock(state, context) : undefined }),
      )
    case 'cib':
      return edit(() => order.edits)
    case 'cleanup':
    case 'refresh':
      return forget(state, context, order)
    case 'ticket':
      return ticket(state, context, order)
    case 'fence':
      return requestFence(state, context, {
        target: order.node,
        action: order.action,
        delay: order.delay ?? 0,
        actionId: undefined,
        client: `stonith_admin.${state.fencer.operations + 1}`,
        maySelfFence: state.ring.members.length === 1,
      })
    case 'confirm-fenced':
      return tell(state, context, 'fence-done', {
        target: order.node,
        action: 'off',
        isOk: true,
        hadDevice: true,
        by: 'a human',
        leader: state.self,
        operation: 0,
        client: 'stonith_admin',
        life: state.controller.life,
        actionId: undefined,
        isMerged: false,
        text: 'OK',
      } satisfies FenceDone)
    case 'fail':
      return fail(state, context, order)
  }
}

/** Writes a patch of the configuration, made for what it is here; whether it fits shows when the ring delivers it. Source: spec E-10. */
function change(state: PacemakerState, context: DaemonContext, make: EditMaker): void {
  const edits = editsOf(state, context, make)
  if (edits.length > 0) updateCib(state, context, { kind: 'configuration', edits })
}

/**
 * The same as a write for each edit: so `crm_resource` clears, and takes away what was left before it moves.
 * Found by: probe crm_resource 2.1.5 (a move over a move and a ban raises the epoch by 3, a clear of two constraints by 2).
 */
function changeOneByOne(state: PacemakerState, context: DaemonContext, make: EditMaker): void {
  for (const edit of editsOf(state, context, make)) updateCib(state, context, { kind: 'configuration', edits: [edit] })
}

function editsOf(state: PacemakerState, context: DaemonContext, make: EditMaker): readonly CibEdit[] {
  const { document } = state.cib.configuration
  if (document !== undefined) return make(openDocument(document))
  log(context, 'this configuration was not read from a text', 'error')
  return []
}

/** This node's own patch was delivered: a refusal is told as its tool would. */
export function tellRefusal(context: DaemonContext, before: Configuration, edits: readonly CibEdit[]): void {
  const outcome = editConfiguration(before, edits)
  if (typeof outcome === 'string') log(context, `Call cib_modify failed: ${outcome}`, 'error')
}

/** A node has forgotten a resource: once all have, the tool tells the DC by a property that it is done. */
export function forgotten(state: PacemakerState, context: DaemonContext, nodeId: string, resource: string): void {
  if (!state.forgets.delete(`${nodeId} ${resource}`) || 0 < state.forgets.size) return
  setProperty(state, context, 'last-lrm-refresh', String(wallClock(state, context)))
}

function setProperty(state: PacemakerState, context: DaemonContext, name: string, value: string | undefined): void {
  change(state, context, propertyEdits(name, value))
}

function nodeAttribute(
  state: PacemakerState,
  context: DaemonContext,
  { node = state.self, name, value, isTransient, dampening }: Extract<Order, { readonly kind: 'node-attribute' }>,
): void {
  const key = { ...keyOf(state, node), isRemote: isRemote(state, node) }
  if (!isTransient) return change(state, context, nodeAttributeEdits(key, name, value))
  const delay = dampening === undefined ? undefined : parseInterval(dampening)
  setAttribute(state, context, { node, name, value, ...(delay === undefined ? {} : { dampening: delay }) })
}

/**
 * `cleanup` forgets what had failed, where it had failed; `refresh` forgets everything. Only where a resource is named the tool tells the DC
 * by a property that it is done. Source: spec E-10; the latter found by the recording of all three (`cmd_cleanup_refresh`): no property is
 * written by the refresh of everything, and the DC decides at once, not after the standstill of E-5.8.
 */
function forget(
  state: PacemakerState,
  context: DaemonContext,
  order: Extract<Order, { readonly kind: 'cleanup' | 'refresh' }>,
): void {
  const remotes = state.config.remotes.map(({ node }) => node)
  const nodes = [...state.nodes, ...remotes].filter((node) => order.node === undefined || node === order.node)
  for (const { id } of primitivesUnder(state.cib.configuration, order.resource)) {
    for (const node of nodes) {
      const history = nodeStatusOf(state.cib.status, keyOf(state, node).id)?.history ?? []
      for (const entry of history) {
        if (entry.id !== id && !entry.id?.startsWith(`${id}:`)) continue
        const hasFailed = entry.ops.some((op) => op.id === `${entry.id}_last_failure_0`)
        if (order.kind === 'cleanup' && !hasFailed) continue
        clearCounts(state, context, node, entry.id!)
        if (state.controller.peers.has(node) || isConnected(state, node)) {
          if (order.resource !== undefined) state.forgets.add(`${keyOf(state, node).id} ${entry.id}`)
          tell(state, context, 'forget', { to: node, resource: entry.id })
        } else updateCib(state, context, { kind: 'erase-resource', node: keyOf(state, node), resource: entry.id! })
      }
    }
  }
}

/** A remote node whose connection somebody holds. */
function isConnected(state: PacemakerState, node: string): boolean {
  return isRemote(state, node) && isTrue(nodeStatusOf(state.cib.status, keyOf(state, node).id)?.inCcm)
}

function ticket(
  state: PacemakerState,
  context: DaemonContext,
  { ticket: id, action }: Extract<Order, { readonly kind: 'ticket' }>,
): void {
  const now = String(wallClock(state, context))
  const attributes: readonly (readonly [string, string])[] =
    action === 'grant'
      ? [
          ['granted', 'true'],
          ['last-granted', now],
        ]
      : action === 'revoke'
        ? [['granted', 'false']]
        : [['standby', String(action === 'standby')]]
  updateCib(state, context, { kind: 'ticket', ticket: id, attributes })
}

/** A failed monitor that never was. Source: spec E-10, `crm_resource --fail`. */
function fail(
  state: PacemakerState,
  context: DaemonContext,
  { resource, node = state.self, rc, operation, intervalMs }: Extract<Order, { readonly kind: 'fail' }>,
): void {
  tell(state, context, 'inject', { to: node, resource, operation, intervalMs, rc })
}
