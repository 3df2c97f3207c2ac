/**
 * What a new membership means above the ring: quorum, peers of the process groups, the DC that is gone, nodes that must be fenced.
 * Source: spec E-2.7, E-3.4, E-3.5, E-9.1, E-9.2.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { dropValues, tellOwnValues } from './attributes.ts'
import { callElection, hasWon } from './election.ts'
import { peersGone } from './fencer.ts'
import { checkFinalized, checkIntegrated, nodeAppeared, takeOver } from './join.ts'
import { leads, move, property } from './machine.ts'
import { abort, awaitWrites } from './policy.ts'
import { judgeQuorum, keepExpected } from './quorum.ts'
import type { Membership } from './ring-state.ts'
import { keyOf, log, type PacemakerState, tell, updateCib } from './state.ts'
import { nodeActionsLost, walk } from './transition.ts'

/** What corosync and the daemons beside the controller make of a membership. */
export function membershipChanged(state: PacemakerState, context: DaemonContext, membership: Membership): void {
  const { members, joined, left, sequence } = membership
  state.cibLog = []
  const had = state.quorum.isQuorate
  const has = judgeQuorum(state.quorum, state.config.corosync, membership)
  keepExpected(state.quorum, state.config.corosync, context)
  for (const member of left)
    context.act({ kind: 'membership', member, status: 'dead', text: `${member} has left the ring` })
  for (const member of joined)
    if (member !== state.self)
      context.act({ kind: 'membership', member, status: 'active', text: `${member} is in the ring` })
  log(context, `A new membership (${sequence}) was formed: ${members.join(' ')}`)
  if (has !== had) context.act({ kind: 'believe', about: 'quorum', state: has ? 'acquired' : 'lost' })
  if (left.length > 0 && state.config.corosync.quorum.lastManStanding)
    context.act({ kind: 'timer', name: 'last-man-standing', delay: state.config.corosync.quorum.window })
  for (const node of left) dropValues(state, context, node)
  peersGone(state, context, left)
  if (joined.length > 0 && state.controller.isIn) {
    tell(state, context, 'cpg', true)
    tellOwnValues(state, context)
  }
}

/** What the controller makes of a membership. */
export function controllerSees(state: PacemakerState, context: DaemonContext, membership: Membership): void {
  const { controller, quorum } = state
  const lost = membership.left.filter((node) => controller.peers.has(node))
  for (const node of lost) controller.peers.delete(node)
  if (!controller.isIn) return
  const hadQuorum = controller.hasQuorum
  controller.hasQuorum = quorum.isQuorate
  if (hadQuorum !== quorum.isQuorate) log(context, quorum.isQuorate ? 'Quorum acquired' : 'Quorum lost')
  if (quorum.isQuorate) controller.everQuorate = true
  const isMinority = hadQuorum && !quorum.isQuorate
  if (isMinority && property(state, 'no-quorum-policy') === 'suicide' && property(state, 'have-watchdog') === 'true')
    return context.act({ kind: 'reboot', reason: 'quorum is lost and no-quorum-policy is suicide' })
  if (state.dc !== undefined && leads(state)) {
    dcSees(state, context, membership.left, lost)
    if (hadQuorum !== quorum.isQuorate) quorumChanged(state, context)
  } else if (lost.includes(controller.dc ?? '')) leaderLost(state, context)
  if (state.controller.state === 'S_ELECTION' && hasWon(state)) takeOver(state, context)
}

/** A controller came into the process group, or left it with its node still in the ring. */
export function groupChanged(state: PacemakerState, context: DaemonContext, node: NodeName, isIn: boolean): void {
  const { controller } = state
  if (isIn === controller.peers.has(node)) return
  if (isIn) {
    controller.peers.add(node)
    if (node !== state.self && state.dc !== undefined && leads(state)) nodeAppeared(state, context)
    return
  }
  controller.peers.delete(node)
  if (!controller.isIn || node === state.self) return
  if (state.dc !== undefined && leads(state)) dcSees(state, context, [], [node])
  else if (node === controller.dc) leaderLost(state, context)
  if (state.controller.state === 'S_ELECTION' && hasWon(state)) takeOver(state, context)
}

/** Source: spec E-9.2. */
function leaderLost(state: PacemakerState, context: DaemonContext): void {
  const { controller } = state
  log(context, `Our peer on the DC (${controller.dc}) is dead`, 'warning')
  if (controller.dc !== undefined) controller.lostDc = controller.dc
  controller.dc = undefined
  controller.lostAt = undefined
  context.act({ kind: 'believe', about: 'DC', state: 'none' })
  if (move(state, context, 'I_ELECTION')) callElection(state, context)
}

/** `left` are gone from the ring, `lost` are controllers that are gone, in the ring or not. Source: spec E-9.1. */
function dcSees(
  state: PacemakerState,
  context: DaemonContext,
  left: readonly NodeName[],
  lost: readonly NodeName[],
): void {
  const dc = state.dc!
  for (const name of new Set([...lost, ...left])) {
    const node = keyOf(state, name)
    const isGone = left.includes(name)
    dc.phases.delete(name)
    if (dc.downfalls.get(name) === 'shutdown')
      log(context, `do_shutdown of peer ${name} is ${isGone ? 'complete' : 'in progress'}`)
    else if (lost.includes(name) && !dc.downfalls.has(name)) {
      log(context, `Stonith/shutdown of node ${name} was not expected`, 'warning')
      nodeActionsLost(state, context, name)
      // The group was told before the ring, or this node is left alone with quorum: its own writes are unanswered when it asks. Where
      // quorum is lost, too, that abort asks anew (spec E-5.8).
      if (!isGone || (state.ring.members.length === 1 && state.quorum.isQuorate)) dc.isSlow = true
      abort(state, context, { text: 'Node failure' })
    }
    const isShutdown = dc.downfalls.get(name) === 'shutdown'
    const fields = { crmd: 'offline', ...(isGone ? { inCcm: 'false' } : {}), ...(isShutdown ? { join: 'down' } : {}) }
    updateCib(state, context, { kind: 'node', node, fields })
    if (lost.includes(name)) updateCib(state, context, { kind: 'erase-attributes', node })
  }
  if (0 < left.length + lost.length) awaitWrites(state, context)
  walk(state, context)
  checkIntegrated(state, context)
  checkFinalized(state, context)
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
