/**
 * How nodes become members of the DC's cluster: offer, request, synchronised CIB, acknowledgement, the node's own history.
 * Source: spec E-4.5, E-4.8, E-9.3.
 */
import type { ResourceHistory } from '../cib/status.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { setAttribute } from './attributes.ts'
import type { CibVersion } from './config.ts'
import { noteCleaned } from './confirm.ts'
import { createDc } from './dc-state.ts'
import { callElection } from './election.ts'
import { leads, move } from './machine.ts'
import { abort, ask, awaitWrites } from './policy.ts'
import { keyOf, log, type PacemakerState, sendCib, tell, updateCib } from './state.ts'
import { compareCopies, nodeStatusOf } from './store.ts'

/** How long a controller takes for one step of the join: medians of the recordings (spec E-9.3). */
const STEP = 80

/** How long a controller waits for an answer to a call, for each active node and once more (spec E-4.3). */
const CALL_TIMEOUT = 10_000

/** An offer as it is told to all. */
export interface Offer {
  readonly to: readonly NodeName[]
  readonly joinId: number
}

/** This node has won the election: it takes over and offers a join to all. */
export function takeOver(state: PacemakerState, context: DaemonContext): void {
  const { controller, self } = state
  move(state, context, 'I_ELECTION_DC')
  const isNew = state.dc === undefined
  state.dc ??= createDc()
  if (state.quorum.isQuorate) controller.rank = Math.min(controller.rank, (controller.rank % 1000) - 500)
  controller.dc = self
  log(context, 'Taking over DC status for this partition')
  context.act({ kind: 'believe', about: 'DC', state: self })
  abort(state, context, { text: 'Peer Halt', followUp: 'wait' })
  // A DC that met its own kind takes over with a join of all and without standing still (spec E-5.8).
  state.dc.isSlow = isNew
  state.dc.phases.clear()
  if (isNew) context.act({ kind: 'timer', name: 'join all', delay: STEP })
  else offerToAll(state, context)
}

/** The DC offers a join to all; a new one first makes itself ready (found by the recordings: 0.1 to 0.36 s, spec E-9.2). */
export function offerToAll(state: PacemakerState, context: DaemonContext): void {
  const { controller, dc } = state
  if (dc !== undefined && controller.state === 'S_INTEGRATION') offer(state, context, [...controller.peers].sort())
}

/** A node's controller has appeared: it is offered a join, and the DC joins anew itself. */
export function nodeAppeared(state: PacemakerState, context: DaemonContext): void {
  const { dc } = state
  if (dc === undefined || !leads(state)) return
  if (state.controller.state !== 'S_INTEGRATION') {
    move(state, context, 'I_NODE_JOIN')
    abort(state, context, { text: 'Peer Halt', followUp: 'wait' })
  }
  dc.isSlow = true
  context.act({ kind: 'timer', name: 'join offer', delay: STEP })
}

/** Offers a join to whoever is not confirmed, and to the DC itself. */
export function offerToNew(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller, self } = state
  if (dc === undefined || controller.state !== 'S_INTEGRATION') return
  abort(state, context, { text: 'Node join' })
  const open = [...controller.peers].sort().filter((peer) => peer === self || dc.phases.get(peer) !== 'confirmed')
  offer(state, context, open)
}

/** A member is lost, and nobody is new: the join ends as soon as it has begun. Source: spec E-2.7, E-4.2 (I_NODE_JOIN at a loss). */
export function rejoin(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller } = state
  if (dc === undefined || controller.state === 'S_INTEGRATION' || !move(state, context, 'I_NODE_JOIN')) return
  abort(state, context, { text: 'Peer Halt', followUp: 'wait' })
  const open = [...dc.phases].filter(([, phase]) => phase !== 'confirmed')
  if (open.length > 0) return context.act({ kind: 'timer', name: 'join offer', delay: STEP })
  for (const [node, phase] of dc.phases)
    log(context, `Not making join-${dc.joinId} offer to already known node ${node} (${phase})`)
  move(state, context, 'I_INTEGRATED')
  finalize(state, context)
}

function offer(state: PacemakerState, context: DaemonContext, to: readonly NodeName[]): void {
  const dc = state.dc!
  dc.joinId += 1
  dc.versions.clear()
  for (const node of to) dc.phases.set(node, 'welcomed')
  log(context, `Sending join-${dc.joinId} offer to ${to.join(', ')}`)
  tell(state, context, 'offer', { to, joinId: dc.joinId } satisfies Offer)
}

/** An offer arrived. Two DCs in one membership must vote. */
export function heardOffer(state: PacemakerState, context: DaemonContext, from: NodeName, { to, joinId }: Offer): void {
  const { controller, self } = state
  if (!controller.isIn) return
  if (from !== self && state.dc !== undefined) {
    log(context, `Another DC detected: ${from} (op=join_offer)`, 'warning')
    if (controller.state !== 'S_ELECTION' && move(state, context, 'I_ELECTION')) callElection(state, context)
    return
  }
  if (!to.includes(self)) return
  if (from !== self) {
    if (!move(state, context, 'I_JOIN_OFFER')) return
    context.act({ kind: 'cancel-timer', name: 'dc-deadtime' })
    if (controller.dc !== from) context.act({ kind: 'believe', about: 'DC', state: from })
    controller.dc = from
  }
  controller.joinId = joinId
  context.act({ kind: 'timer', name: 'join request', delay: STEP })
}

/** Answers the offer with the version of this node's CIB. */
export function sendRequest(state: PacemakerState, context: DaemonContext): void {
  const { controller, cib } = state
  if (controller.dc === undefined) return
  tell(state, context, 'join-request', { to: controller.dc, joinId: controller.joinId, version: cib.version })
}

/** A node wants to join. */
export function heardRequest(
  state: PacemakerState,
  context: DaemonContext,
  from: NodeName,
  request: { readonly to: NodeName; readonly joinId: number; readonly version: CibVersion },
): void {
  const { dc, controller, self } = state
  if (dc === undefined || request.to !== self || request.joinId !== dc.joinId) return
  if (controller.state !== 'S_INTEGRATION') return
  dc.phases.set(from, 'integrated')
  dc.versions.set(from, request.version)
  checkIntegrated(state, context)
}

/** Goes on when nobody is left who has been offered a join and has not answered. */
export function checkIntegrated(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller } = state
  if (dc === undefined || controller.state !== 'S_INTEGRATION') return
  const phases = [...dc.phases.values()]
  if (phases.includes('welcomed') || !phases.includes('integrated')) return
  move(state, context, 'I_INTEGRATED')
  finalize(state, context)
}

/** The best CIB for all, then the acknowledgements. A graph that still runs is waited for. */
export function finalize(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller, self, cib } = state
  if (dc === undefined || controller.state !== 'S_FINALIZE_JOIN') return
  if (dc.graph !== undefined) {
    context.act({ kind: 'timer', name: 'join finalize', delay: STEP })
    return
  }
  const joining = [...dc.phases].flatMap(([node, phase]) => (phase === 'integrated' ? [node] : []))
  // Whose CIB was the best when it asked is remembered, also where it has been lost since (spec E-4.5, E-9.6).
  let best = self
  for (const [node, version] of dc.versions) {
    const known = best === self ? cib.version : dc.versions.get(best)!
    if (0 < compareCopies(version, known)) best = node
  }
  const others = joining.filter((node) => node !== self)
  if (best !== self) {
    log(context, `Finalizing join-${dc.joinId} for ${joining.length} nodes (sync'ing CIB from ${best})`)
    tell(state, context, 'cib-wanted', best)
    dc.awaited = best
    context.act({ kind: 'timer', name: 'cib-sync', delay: CALL_TIMEOUT * (1 + controller.peers.size) })
    return
  } else if (others.length > 0) sendCib(state, context, others)
  acknowledge(state, context)
}

/** The CIB that was asked for has come: the join goes on. */
export function syncArrived(state: PacemakerState, context: DaemonContext, from: NodeName): void {
  const { dc } = state
  if (dc === undefined || dc.awaited !== from) return
  dc.awaited = undefined
  context.act({ kind: 'cancel-timer', name: 'cib-sync' })
  acknowledge(state, context)
}

/** The CIB that was asked for never came: the DC begins the join anew. */
export function syncLost(state: PacemakerState, context: DaemonContext): void {
  const { dc } = state
  if (dc?.awaited === undefined) return
  log(context, `Could not sync CIB from ${dc.awaited} in join-${dc.joinId}: Timer expired`, 'warning')
  dc.awaited = undefined
  if (leads(state)) takeOver(state, context)
}

function acknowledge(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller } = state
  if (dc === undefined || controller.state !== 'S_FINALIZE_JOIN') return
  const joining = [...dc.phases].flatMap(([node, phase]) => (phase === 'integrated' ? [node] : []))
  for (const node of joining) dc.phases.set(node, 'finalized')
  if (joining.length > 0) tell(state, context, 'join-ack', { to: joining, joinId: dc.joinId })
  else checkFinalized(state, context)
}

/** The DC has taken this node in: it tells what its executor did. */
export function heardAck(
  state: PacemakerState,
  context: DaemonContext,
  from: NodeName,
  ack: { readonly to: readonly NodeName[]; readonly joinId: number },
): void {
  const { controller, self } = state
  if (!ack.to.includes(self) || controller.dc !== from || ack.joinId !== controller.joinId) return
  if (from !== self && !move(state, context, 'I_NOT_DC')) return
  // Another DC leads and has written what the last one could not: kept, it would call a node clean that has come back since (spec E-8.4).
  if (from !== self) state.fencer.cleaned.clear()
  context.act({ kind: 'timer', name: 'join confirm', delay: STEP })
}

/** Tells the DC what this node's executor did. */
export function sendConfirm(state: PacemakerState, context: DaemonContext): void {
  const { controller, executor, self } = state
  if (controller.dc === undefined) return
  const { history } = executor
  tell(state, context, 'join-confirm', { to: controller.dc, joinId: controller.joinId, history })
  setAttribute(state, context, { node: self, name: '#feature-set', value: '3.16.1' })
}

/** A node is a member now; when all are, the cluster's state is written and the scheduler asked. */
export function heardConfirm(
  state: PacemakerState,
  context: DaemonContext,
  from: NodeName,
  confirm: { readonly to: NodeName; readonly joinId: number; readonly history: readonly ResourceHistory[] },
): void {
  const { dc, self } = state
  if (dc === undefined || confirm.to !== self || confirm.joinId !== dc.joinId) return
  dc.phases.set(from, 'confirmed')
  dc.downfalls.delete(from)
  updateCib(state, context, { kind: 'history', node: keyOf(state, from), history: confirm.history })
  checkFinalized(state, context)
}

/** Ends the join when nobody is between its phases. */
export function checkFinalized(state: PacemakerState, context: DaemonContext): void {
  const { dc, controller } = state
  if (dc === undefined || controller.state !== 'S_FINALIZE_JOIN') return
  if ([...dc.phases.values()].some((phase) => phase !== 'confirmed')) return
  move(state, context, 'I_FINALIZED')
  writeNodeStates(state, context)
  noteCleaned(state, context)
  awaitWrites(state, context)
  if (!state.quorum.isQuorate) log(context, `Transition ${dc.lastNumber} aborted: Quorum lost`)
  log(context, `Transition ${dc.lastNumber} aborted: Peer Cancelled`)
  ask(state, context, dc)
}

/** Every node that is or was known, as membership has it. */
function writeNodeStates(state: PacemakerState, context: DaemonContext): void {
  const { controller, ring, cib, quorum, self } = state
  updateCib(state, context, {
    kind: 'root',
    haveQuorum: quorum.isQuorate,
    dcUuid: keyOf(state, self).id,
    panic: controller.everQuorate && !quorum.isQuorate,
  })
  for (const name of state.nodes) {
    const node = keyOf(state, name)
    const isMember = ring.members.includes(name)
    const known = nodeStatusOf(cib.status, node.id)
    if (controller.peers.has(name)) {
      const fields = { inCcm: 'true', crmd: 'online', join: 'member', expected: 'member' }
      updateCib(state, context, { kind: 'node', node, fields })
    } else if (known !== undefined) {
      // A follower whose join was never finalized knows of nobody but its DC that he is a member (spec E-4.5).
      const expected = known.expected ?? (name === controller.lostDc ? 'member' : 'down')
      const fields = { inCcm: String(isMember), crmd: 'offline', join: 'down', expected }
      updateCib(state, context, { kind: 'node', node, fields })
      if (known.attributes.length > 0) updateCib(state, context, { kind: 'erase-attributes', node })
    }
  }
}
