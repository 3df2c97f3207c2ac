/**
 * What an administrator types, as Pacemaker's own tools take it (`crm_resource --move -r R -N NODE`) and in short (`move R NODE`).
 *
 * A command changes the CIB or an attribute through the node it is typed on; the DC sees the change like any other. Source: spec E-10.
 */

import type { Configuration } from '../cib/configuration.ts'
import { isTrue, parseInterval } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { setAttribute } from './attributes.ts'
import {
  primitivesUnder,
  withLocation,
  withNodeAttribute,
  withoutCliConstraints,
  withProperty,
  withResourceValue,
} from './edit-configuration.ts'
import { requestFence } from './fencer.ts'
import { clearFailcount } from './initiate.ts'
import { type Order, readOrder } from './orders.ts'
import { isRemote, keyOf, log, type PacemakerState, tell, updateCib, wallClock } from './state.ts'
import { nodeStatusOf } from './store.ts'

/** What is wrong with a command, or undefined. */
export function checkCommand(words: readonly string[]): string | undefined {
  const own = words[0] === 'pacemaker' ? words.slice(1) : words
  if (['start', 'stop', 'shutdown', 'reboot'].includes(own[0] ?? '')) return undefined
  const order = readOrder(own)
  return typeof order === 'string' ? order : undefined
}

/** Carries out a command. */
export function command(state: PacemakerState, context: DaemonContext, words: readonly string[]): void {
  const order = readOrder(words)
  if (typeof order === 'string') return log(context, order, 'error')
  carryOut(state, context, order)
}

function carryOut(state: PacemakerState, context: DaemonContext, order: Order): void {
  const { configuration } = state.cib
  const change = (next: Configuration): void =>
    updateCib(state, context, { kind: 'configuration', configuration: next })
  switch (order.kind) {
    case 'property':
      return setProperty(state, context, order.name, order.value)
    case 'node-attribute':
      return nodeAttribute(state, context, order)
    case 'resource-value':
      return change(withResourceValue(configuration, order.resource, order.set, order.name, order.value))
    case 'location':
      return change(
        withLocation(withoutCliConstraints(configuration, order.resource, order.node), {
          id: `cli-${order.isBan ? 'ban' : 'prefer'}-${order.resource}${order.isBan ? `-on-${order.node}` : ''}`,
          rsc: order.resource,
          node: order.node,
          score: order.isBan ? '-INFINITY' : 'INFINITY',
          role: order.role,
        }),
      )
    case 'clear':
      return change(withoutCliConstraints(configuration, order.resource, order.node))
    case 'cleanup':
    case 'refresh':
      return forget(state, context, order)
    case 'ticket':
      return ticket(state, context, order)
    case 'fence':
      return requestFence(state, context, { target: order.node, action: order.action, delay: 0, actionId: undefined })
    case 'confirm-fenced':
      return tell(state, context, 'fence-done', {
        target: order.node,
        action: 'off',
        isOk: true,
        hadDevice: true,
        by: 'a human',
        leader: state.self,
        life: state.controller.life,
        actionId: undefined,
        text: 'confirmed by an administrator',
      })
    case 'fail':
      return fail(state, context, order)
  }
}

/** A node has forgotten a resource: once all have, the tool tells the DC by a property that it is done. */
export function forgotten(state: PacemakerState, context: DaemonContext, nodeId: string, resource: string): void {
  if (!state.forgets.delete(`${nodeId} ${resource}`) || 0 < state.forgets.size) return
  setProperty(state, context, 'last-lrm-refresh', String(wallClock(state, context)))
}

function setProperty(state: PacemakerState, context: DaemonContext, name: string, value: string | undefined): void {
  const configuration = withProperty(state.cib.configuration, name, value)
  updateCib(state, context, { kind: 'configuration', configuration, isProperty: true })
}

function nodeAttribute(
  state: PacemakerState,
  context: DaemonContext,
  { node = state.self, name, value, isTransient, dampening }: Extract<Order, { readonly kind: 'node-attribute' }>,
): void {
  if (!isTransient) {
    const configuration = withNodeAttribute(state.cib.configuration, keyOf(state, node), name, value)
    return updateCib(state, context, { kind: 'configuration', configuration })
  }
  const delay = dampening === undefined ? undefined : parseInterval(dampening)
  setAttribute(state, context, { node, name, value, ...(delay === undefined ? {} : { dampening: delay }) })
}

/** `cleanup` forgets what had failed, where it had failed; `refresh` forgets everything. Source: spec E-10. */
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
        clearFailcount(state, context, node, entry.id!)
        if (state.controller.peers.has(node) || isConnected(state, node)) {
          state.forgets.add(`${keyOf(state, node).id} ${entry.id}`)
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
