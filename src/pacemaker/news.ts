/**
 * The ring's news in their order: first to the daemons beside the controller (CIB, attributes, fencer), then to the controller, which
 * may stand still just then and hears of them later (spec E-5.8).
 */
import { type Distribution, uniform } from '../kernel/draw.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { type AttributeNews, attributesWritten, dropValues, heardAttribute, heardValues } from './attributes.ts'
import { changeBy } from './change.ts'
import { forgotten, tellRefusal } from './commands.ts'
import { type CibNews, cibChanged, fenceDone, fencedForNobody } from './confirm.ts'
import { heardNoVote, heardVote } from './election.ts'
import { forgetResource, injectResult, requestCancel, requestOp } from './executor.ts'
import type { OpRequest } from './executor-state.ts'
import { hearFencer } from './fencer-life.ts'
import type { FenceDone, FenceResult } from './fencer-state.ts'
import type { MaintenanceNews } from './initiate.ts'
import {
  heardAck,
  heardConfirm,
  heardOffer,
  heardRequest,
  nodeAppeared,
  type Offer,
  syncArrived,
  takeOver,
} from './join.ts'
import { keepCib } from './kept-cib.ts'
import { heardFenced, leaveIfTold, shutdownAsked } from './life.ts'
import { groupChanged, groupTold, quorumTold } from './members.ts'
import { membershipChanged } from './membership.ts'
import { waitsForDevice } from './quorum-device.ts'
import { forgetChanged } from './registered.ts'
import { maintenanceTold } from './remote-connection.ts'
import { onSeat, seatFor } from './remote-seat.ts'
import type { ControllerNews, Membership, RingMessage } from './ring-state.ts'
import { keyOf, type PacemakerState, sendCib, servedBy, updateCib } from './state.ts'
import { applySync, applyUpdate, type CibSync } from './store.ts'
import { tellConfiguration } from './tell-configuration.ts'
import type { LoadMode } from './throttle.ts'

const LOGGED_MAX = 500

/** Tells everybody everything that waits. */
export function tellNews(state: PacemakerState, context: DaemonContext): void {
  const { news } = state.ring
  for (let next = news.shift(); next !== undefined; next = news.shift()) {
    if (next.kind === 'membership' && waitsForDevice(state, context)) {
      news.unshift(next)
      return
    }
    if (next.kind === 'membership') {
      membershipChanged(state, context, next.membership)
      tellMembership(state, context, next.membership)
    } else if (next.kind === 'message') {
      const { message } = next
      const change = message.type === 'cib' ? changeBy(state.cib, (message.data as CibNews).update) : undefined
      if (!heardBeside(state, context, message))
        tellOrHold(state, context, change === undefined ? next : { ...next, change })
    } else tellOrHold(state, context, next)
  }
}

/** By how much one of the two comes after the other (found by the recordings: 28 losses, median 4 ms). */
const GAP: Distribution = { kind: 'quantiles', values: [0, 4, 4, 8, 16] }
/** Of seven losses that nobody expected, the group told a DC first of three. */
const ORDERS = uniform(1, 7)
const GROUP_FIRST = 3

/** The ring and the process group tell the controller of a loss each for itself, in either order. Source: spec E-2.7. */
function tellMembership(state: PacemakerState, context: DaemonContext, membership: Membership): void {
  const { controller, config } = state
  lateDue(state, context)
  const ring: ControllerNews = { kind: 'quorum', membership }
  if (!controller.isIn || membership.left.length === 0) return tellOrHold(state, context, ring)
  const group: ControllerNews = { kind: 'group', left: membership.left }
  const isGroupFirst =
    config.lossOrder === undefined ? context.draw('cpg-or-quorum', ORDERS) <= GROUP_FIRST : config.lossOrder === 'cpg'
  const gap = context.draw('cpg-quorum-gap', GAP)
  tellOrHold(state, context, isGroupFirst ? group : ring)
  controller.second = isGroupFirst ? ring : group
  if (gap === 0) lateDue(state, context)
  else context.act({ kind: 'timer', name: 'late news', delay: gap })
}

/** What was late is there: the controller hears of it, and of what had to wait behind it. */
export function lateDue(state: PacemakerState, context: DaemonContext): void {
  const { controller } = state
  const { second } = controller
  if (second === undefined) return
  controller.second = undefined
  context.act({ kind: 'cancel-timer', name: 'late news' })
  controller.held.unshift(second)
  tellHeld(state, context)
}

/** A controller that stands still hears later, and so does one whose process group is late with what came before. */
function isBehind({ controller }: PacemakerState): boolean {
  return controller.isAsleep || controller.isFrozen || controller.second?.kind === 'group'
}

function tellOrHold(state: PacemakerState, context: DaemonContext, news: ControllerNews): void {
  if (isBehind(state)) state.controller.held.push(news)
  else tellController(state, context, news)
}

/** The controller goes on: it hears what was held back. */
export function tellHeld(state: PacemakerState, context: DaemonContext): void {
  const { held } = state.controller
  while (held.length > 0 && !isBehind(state)) tellController(state, context, held.shift()!)
}

/** What the daemons beside the controller make of a message; true where it is none of the controller's business. */
function heardBeside(state: PacemakerState, context: DaemonContext, message: RingMessage): boolean {
  const { type, data, from } = message
  switch (type) {
    case 'cib': {
      const { update } = data as CibNews
      const before = state.cib.configuration
      state.cib = applyUpdate(state.cib, update)
      if (update.kind === 'configuration') {
        if (from === state.self) tellRefusal(context, before, update.edits)
        if (state.cib.configuration !== before) keepCib(state, context)
        tellConfiguration(context, before, state.cib.configuration)
        forgetChanged(state.fencer.verified, before, state.cib.configuration)
      }
      state.cibLog.push({ sequence: message.sequence, update })
      if (update.kind === 'attributes' && from === state.self) attributesWritten(state, context, update.changes)
      if (update.kind === 'erase-resource') forgotten(state, context, update.node.id, update.resource)
      if (LOGGED_MAX < state.cibLog.length) state.cibLog.splice(0, LOGGED_MAX / 2)
      return false
    }
    case 'cib-sync': {
      const sync = data as CibSync
      if (!sync.to.includes(state.self)) return true
      const before = state.cib.configuration
      state.cib = applySync(sync, state.cibLog, state.ring.ring.sequence)
      keepCib(state, context)
      tellConfiguration(context, before, state.cib.configuration)
      return false
    }
    case 'cib-wanted':
      if (data === state.self)
        sendCib(
          state,
          context,
          state.nodes.filter((node) => node !== state.self),
        )
      return true
    case 'attribute':
      heardAttribute(state, context, data as AttributeNews)
      return true
    case 'attributes-gone':
      dropValues(state, context, data as NodeName)
      return true
    case 'attributes-of':
      heardValues(state, context, data as Parameters<typeof heardValues>[2])
      return true
    case 'fencer-group':
    case 'fence-query':
    case 'fence-reply':
    case 'fence-run':
      hearFencer(state, context, message)
      return true
    case 'fence-done':
    case 'fence-result':
      hearFencer(state, context, message)
      return false
    default:
      return false
  }
}

function tellController(state: PacemakerState, context: DaemonContext, news: ControllerNews): void {
  switch (news.kind) {
    case 'quorum':
      return quorumTold(state, context, news.membership)
    case 'group':
      return groupTold(state, context, news.left)
    case 'message':
      if (news.message.type !== 'cib') return heardByController(state, context, news.message)
      if (news.change !== undefined) cibChanged(state, context, news.message.data as CibNews, news.change)
  }
}

/** Who is addressed in a message to one node. */
interface Addressed {
  readonly to: NodeName
  /** The remote node that is meant, where `to` holds its connection. */
  readonly node?: NodeName
}

function heardByController(state: PacemakerState, context: DaemonContext, { type, data, from }: RingMessage): void {
  const { self } = state
  const address = data as Addressed | null
  const isMine = address?.to === self || (address !== null && state.seats.get(address?.to)?.isUp === true)
  switch (type) {
    case 'cib-sync':
      return syncArrived(state, context, from)
    case 'cpg':
      groupChanged(state, context, from, data === true)
      return leaveIfTold(state, context, from, data === true)
    case 'announce':
      return from !== self && state.dc !== undefined && state.dc.phases.get(from) === undefined
        ? nodeAppeared(state, context)
        : undefined
    case 'vote':
      return heardVote(state, context, from, data as number) ? takeOver(state, context) : undefined
    case 'no-vote':
      return heardNoVote(state, from, data as NodeName) ? takeOver(state, context) : undefined
    case 'offer':
      return heardOffer(state, context, from, data as Offer)
    case 'join-request':
      return heardRequest(state, context, from, data as Parameters<typeof heardRequest>[3])
    case 'join-ack':
      return heardAck(state, context, from, data as Parameters<typeof heardAck>[3])
    case 'join-confirm':
      return heardConfirm(state, context, from, data as Parameters<typeof heardConfirm>[3])
    case 'op':
    case 'cancel':
    case 'forget':
    case 'inject':
      return isMine ? ordered(state, context, type, data as Addressed) : undefined
    case 'maintenance':
      return maintenanceTold(state, context, data as MaintenanceNews)
    case 'written':
      if (state.dc !== undefined && data === state.controller.life)
        state.dc.unwritten = Math.max(0, state.dc.unwritten - 1)
      return
    case 'calm':
      state.controller.loads.set(from, data as LoadMode)
      return
    case 'fence-result':
      return fencedForNobody(state, context, from, data as FenceResult)
    case 'fence-done':
      heardFenced(state, context, data as FenceDone)
      return fenceDone(state, context, data as FenceDone)
    case 'shutdown-request':
    case 'do-shutdown':
      return shutdownAsked(state, context, type, data as NodeName)
  }
}

/** What a DC or a tool has this executor do: for this node, or for a remote node whose connection is here. */
function ordered(
  state: PacemakerState,
  context: DaemonContext,
  type: 'cancel' | 'forget' | 'inject' | 'op',
  order: Addressed,
): void {
  const node = order.node ?? order.to
  if (node === state.self) return obey(state, context, type, order)
  onSeat(state, context, seatFor(state, node), (there, line) => obey(there, line, type, order))
}

function obey(
  state: PacemakerState,
  context: DaemonContext,
  type: 'cancel' | 'forget' | 'inject' | 'op',
  order: Addressed,
): void {
  // Each type of message carries what its verb takes.
  switch (type) {
    case 'op':
      return requestOp(state, context, (order as Addressed & { readonly request: OpRequest }).request)
    case 'cancel': {
      const { resource, key } = order as Addressed & { readonly resource: string; readonly key: string }
      return requestCancel(state, context, resource, key)
    }
    case 'forget':
      return forget(state, context, (order as Addressed & { readonly resource: string }).resource)
    case 'inject':
      return injectResult(state, context, order as Addressed & Parameters<typeof injectResult>[2])
  }
}

function forget(state: PacemakerState, context: DaemonContext, resource: string): void {
  forgetResource(state, context, resource)
  updateCib(state, context, { kind: 'erase-resource', node: keyOf(state, servedBy(state)), resource })
}
