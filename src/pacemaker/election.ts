/**
 * Who leads: votes, and the answers of those who give way. Source: spec E-4.4, E-4.8.
 *
 * Differs: Pacemaker compares the CPU time that controllers have used, which is chance among equals. Here it is a rank: nodes that started
 * within the same minute are equal, one that has led before comes first, and among equals the configured order, then the name, decides.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { leads, move } from './machine.ts'
import { log, type PacemakerState, tell } from './state.ts'

/** After a lost election a node does not begin another for so long. */
const DAMPENING = 2000
const RANK_MINUTE = 60_000

/** The rank of a controller that starts now. */
export function rankAt({ config, self }: PacemakerState, now: number): number {
  const place = config.electionOrder.indexOf(self)
  const among = place < 0 ? config.electionOrder.length : place
  return (1 + Math.floor(now / RANK_MINUTE)) * 1000 + among
}

/** Begins an election: this node votes for itself. */
export function callElection(state: PacemakerState, context: DaemonContext): void {
  state.controller.votes.clear()
  state.controller.dc = undefined
  tell(state, context, 'vote', state.controller.rank)
}

/** A vote arrived; true where it made this node the winner. */
export function heardVote(state: PacemakerState, context: DaemonContext, from: NodeName, rank: number): boolean {
  const { controller, self } = state
  if (from === self) {
    controller.votes.add(self)
    return hasWon(state)
  }
  if (!controller.isIn || controller.state === 'S_STARTING') return false
  if (winsOver({ rank, name: from }, { rank: controller.rank, name: self })) {
    controller.lostAt = context.now
    tell(state, context, 'no-vote', from)
    giveWay(state, context)
    return false
  }
  controller.votes.add(from)
  if (controller.state === 'S_ELECTION') return hasWon(state)
  if (controller.lostAt !== undefined && context.now - controller.lostAt < DAMPENING) {
    log(context, `Ignoring election-DC vote from ${from} because we lost less than 2s ago`)
    return false
  }
  if (move(state, context, 'I_ELECTION')) callElection(state, context)
  return false
}

/** Somebody gives way to `to`; true where this node has won. */
export function heardNoVote(state: PacemakerState, from: NodeName, to: NodeName): boolean {
  if (to !== state.self) return false
  state.controller.votes.add(from)
  return hasWon(state)
}

/** True where every controller of the group has voted or given way. */
export function hasWon({ controller }: PacemakerState): boolean {
  if (controller.state !== 'S_ELECTION') return false
  return [...controller.peers].every((peer) => controller.votes.has(peer))
}

function winsOver(
  left: { readonly rank: number; readonly name: NodeName },
  right: { readonly rank: number; readonly name: NodeName },
): boolean {
  return left.rank !== right.rank ? left.rank < right.rank : left.name < right.name
}

/** A better node stands for election. */
function giveWay(state: PacemakerState, context: DaemonContext): void {
  const { controller } = state
  if (leads(state) || (controller.state === 'S_ELECTION' && state.dc !== undefined)) {
    move(state, context, 'I_RELEASE_DC')
    state.dc = undefined
    for (const name of ['pe query', 'pe reply', 'pe silent', 'pe awake', 'quorum gained', 'join offer'])
      context.act({ kind: 'cancel-timer', name })
    controller.isAsleep = false
    move(state, context, 'I_RELEASE_SUCCESS')
  } else if (controller.state === 'S_ELECTION') move(state, context, 'I_PENDING')
  controller.dc = undefined
}
