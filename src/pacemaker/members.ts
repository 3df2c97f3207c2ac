/**
 * What losing members means for the controller: quorum, peers of the process group, the DC that is gone, nodes that must be fenced. It is
 * told of a loss twice, by the ring and by its process group, in either order (`news` draws which); each asks anew whether the
 * loss was expected. Source: spec E-2.7, E-3.5, E-9.1, E-9.2.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { callElection, hasWon } from './election.ts'
import { checkFinalized, checkIntegrated, nodeAppeared, rejoin, takeOver } from './join.ts'
import { leads, move, property } from './machine.ts'
import { abort, awaitWrites } from './policy.ts'
import type { Membership } from './ring-state.ts'
import { keyOf, log, type PacemakerState, updateCib } from './state.ts'
import { nodeActionsLost, walk } from './transition.ts'

/** Nodes that are gone, as one of the two that tell of it sees them. */
interface Loss {
  readonly from: 'group' | 'ring'
  readonly nodes: readonly NodeName[]
  /** The other one has told of it before. */
  readonly isSecond: boolean
}

/** The ring has told the controller who its members are, and whether they have quorum. */
export function quorumTold(state: PacemakerState, context: DaemonContext, membership: Membership): void {
  const { controller, quorum } = state
  const { left, members, sequence } = membership
  const isSecond = left.some((node) => !controller.group.has(node))
  for (const node of left) controller.peers.delete(node)
  if (!controller.isIn) return
  const had = controller.hasQuorum
  const has = quorum.isQuorate
  controller.hasQuorum = has
  if (has) controller.everQuorate = true
  const word = has ? (had ? 'retained' : 'acquired') : had ? 'lost' : 'still lost'
  log(context, `Quorum ${word} | membership=${sequence} members=${members.length}`, had && !has ? 'warning' : 'info')
  if (had && !has && property(state, 'no-quorum-policy') === 'suicide' && property(state, 'have-watchdog') === 'true')
    return context.act({ kind: 'reboot', reason: 'quorum is lost and no-quorum-policy is suicide' })
  if (state.dc !== undefined && leads(state)) {
    if (left.length > 0) dcSees(state, context, { from: 'ring', nodes: left, isSecond })
    if (had !== has) quorumChanged(state, context)
  } else if (left.includes(controller.dc ?? ''))
    leaderLost(state, context, `Our DC node (${controller.dc}) left the cluster`)
  if (hasWon(state)) takeOver(state, context)
}

/** The process group has told the controller that nodes are gone from it with the ring. */
export function groupTold(state: PacemakerState, context: DaemonContext, left: readonly NodeName[]): void {
  const { controller } = state
  const nodes = left.filter((node) => controller.group.delete(node))
  const isSecond = nodes.some((node) => !controller.peers.has(node))
  for (const node of nodes) controller.peers.delete(node)
  if (controller.isIn && nodes.length > 0) groupLost(state, context, { from: 'group', nodes, isSecond })
}

/** A controller came into the process group, or left it with its node still in the ring. */
export function groupChanged(state: PacemakerState, context: DaemonContext, node: NodeName, isIn: boolean): void {
  const { controller } = state
  if (isIn) controller.group.add(node)
  else controller.group.delete(node)
  if (isIn === controller.peers.has(node)) return
  if (isIn) {
    controller.peers.add(node)
    if (node !== state.self && state.dc !== undefined && leads(state)) nodeAppeared(state, context)
    return
  }
  controller.peers.delete(node)
  if (!controller.isIn || node === state.self) return
  groupLost(state, context, { from: 'group', nodes: [node], isSecond: false })
}

function groupLost(state: PacemakerState, context: DaemonContext, loss: Loss): void {
  const { controller } = state
  if (state.dc !== undefined && leads(state)) dcSees(state, context, loss)
  else if (loss.nodes.includes(controller.dc ?? ''))
    leaderLost(state, context, `Our peer on the DC (${controller.dc}) is dead`)
  if (hasWon(state)) takeOver(state, context)
}

/** Source: spec E-9.2. */
function leaderLost(state: PacemakerState, context: DaemonContext, text: string): void {
  const { controller } = state
  log(context, text, 'warning')
  if (controller.dc !== undefined) controller.lostDc = controller.dc
  controller.dc = undefined
  controller.lostAt = undefined
  context.act({ kind: 'believe', about: 'DC', state: 'none' })
  if (move(state, context, 'I_ELECTION')) callElection(state, context)
}

/** Source: spec E-9.1, E-2.7. */
function dcSees(state: PacemakerState, context: DaemonContext, loss: Loss): void {
  const dc = state.dc!
  const { from, nodes, isSecond } = loss
  let isUnexpected = false
  for (const name of nodes) {
    const node = keyOf(state, name)
    dc.phases.delete(name)
    const downfall = dc.downfalls.get(name)
    const isShutdown = downfall?.reason === 'shutdown'
    if (isShutdown) {
      const progress = from === 'ring' ? 'complete' : 'in progress'
      log(context, `do_shutdown of peer ${name} is ${progress} | action=${downfall.actionId}`)
    } else if (downfall === undefined) {
      isUnexpected = true
      nodeLost(state, context, name, loss)
    }
    const fields = {
      ...(from === 'ring' ? { inCcm: 'false' } : { crmd: 'offline' }),
      ...(isShutdown ? { join: 'down' } : {}),
    }
    updateCib(state, context, { kind: 'node', node, fields })
    if (from === 'group') updateCib(state, context, { kind: 'erase-attributes', node })
  }
  awaitWrites(state, context)
  walk(state, context)
  // The join of this membership is not that of the last one: who is left is looked at anew.
  if (from === 'group' && isSecond && isUnexpected) rejoin(state, context)
  checkIntegrated(state, context)
  checkFinalized(state, context)
}

function nodeLost(state: PacemakerState, context: DaemonContext, name: NodeName, { from, isSecond }: Loss): void {
  const { dc, ring, quorum } = state
  log(context, `Stonith/shutdown of node ${name} was not expected`, 'warning')
  nodeActionsLost(state, context, name)
  // Where the group tells first, or this node is left alone with quorum, its own writes are unanswered when it asks. Where quorum is lost,
  // too, that abort asks anew (spec E-5.8).
  const isAlone = ring.members.length === 1 && quorum.isQuorate
  if (!isSecond && (from === 'group' || isAlone)) dc!.isSlow = true
  abort(state, context, { text: 'Node failure' })
}

/** Source: spec E-3.5. */
function quorumChanged(state: PacemakerState, context: DaemonContext): void {
  const { quorum, controller, self } = state
  updateCib(state, context, {
    kind: 'root',
    haveQuorum: quorum.isQuorate,
    dcUuid: keyOf(state, self).id,
    panic: controller.everQuorate && !quorum.isQuorate,
  })
  if (quorum.isQuorate) context.act({ kind: 'timer', name: 'quorum gained', delay: 5000 })
  else abort(state, context, { text: 'Quorum lost' })
}
