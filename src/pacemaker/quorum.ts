/** Votequorum: whether the members of a ring may go on, with the votes of a quorum device where one grants them. Source: spec E-3. */
import type { NodeName } from '../model/names.ts'
import type { CorosyncConfig } from './corosync-conf.ts'
import type { Membership } from './ring-state.ts'

export interface QuorumState {
  expected: number
  /** wait_for_all: all votes have not been seen together yet since this corosync started. */
  isWaiting: boolean
  isQuorate: boolean
  /** The members before the last change: who broke ties then. */
  before: readonly NodeName[]
  /** The quorum device's votes count for this partition. */
  deviceGrants: boolean
}

/** The state of a corosync that has just started. */
export function createQuorum({ quorum }: CorosyncConfig): QuorumState {
  return {
    expected: quorum.expected,
    isWaiting: quorum.waitForAll,
    isQuorate: false,
    before: [],
    deviceGrants: false,
  }
}

/** A membership changed: is there quorum? Changes `state`. */
export function judgeQuorum(state: QuorumState, config: CorosyncConfig, membership: Membership): boolean {
  if (membership.wasQuorate) state.isWaiting = false
  // What said goodbye is not expected back, down to what is configured (spec E-3.2, allow_downscale).
  if (config.quorum.allowDownscale && membership.leftCleanly.length > 0)
    state.expected = Math.max(config.quorum.expected, votesOf(config, membership.members))
  judgeVotes(state, config, membership.members)
  state.before = membership.members
  return state.isQuorate
}

/** expected_votes_tracking: the most votes that were ever expected outlive corosync on disk. Changes `state`. Source: spec E-3.2. */
export function keepExpected(
  state: QuorumState,
  { quorum }: CorosyncConfig,
  { disk }: { readonly disk?: Map<string, string> },
): void {
  if (quorum.tracksExpected) disk?.set(TRACKED, String(state.expected))
}

/** What was kept counts from the beginning. Changes `state`. */
export function recallExpected(
  state: QuorumState,
  { quorum }: CorosyncConfig,
  { disk }: { readonly disk?: Map<string, string> },
): void {
  if (quorum.tracksExpected) state.expected = Math.max(state.expected, Number(disk?.get(TRACKED) ?? 0))
}

const TRACKED = 'expected_votes'

/** The same members, maybe with other votes of the quorum device. Changes `state`. */
export function judgeVotes(state: QuorumState, config: CorosyncConfig, members: readonly NodeName[]): boolean {
  const votes = votesOf(config, members) + (state.deviceGrants ? (config.quorum.device?.votes ?? 0) : 0)
  state.expected = Math.max(state.expected, votes)
  if (state.expected <= votes) state.isWaiting = false
  state.isQuorate = !state.isWaiting && hasQuorum(state, config, members, votes)
  return state.isQuorate
}

/** `last_man_standing_window` after a loss: where the rest has quorum, it counts as the whole. Source: spec E-3.2. */
export function shrinkExpected(
  state: QuorumState,
  { quorum, ...config }: CorosyncConfig,
  members: readonly NodeName[],
): void {
  if (!quorum.lastManStanding || !state.isQuorate) return
  const votes = votesOf({ quorum, ...config }, members)
  const least = quorum.autoTieBreaker ? 1 : 2
  if (least <= votes) state.expected = votes
}

/** The votes of these nodes together. */
export function votesOf({ nodes }: CorosyncConfig, members: readonly NodeName[]): number {
  return nodes.filter((node) => members.includes(node.name)).reduce((sum, node) => sum + node.votes, 0)
}

function hasQuorum(
  state: QuorumState,
  { quorum, nodes }: CorosyncConfig,
  members: readonly NodeName[],
  votes: number,
): boolean {
  if (quorum.twoNode && state.expected === 2) return 1 <= votes
  if (Math.floor(state.expected / 2) + 1 <= votes) return true
  if (!quorum.autoTieBreaker || votes * 2 !== state.expected) return false
  const byId = nodes.map((node) => node.name)
  const { tieBreaker } = quorum
  if (tieBreaker === 'lowest') return members.includes(byId[0]!)
  if (tieBreaker === 'highest') return members.includes(byId.at(-1)!)
  const decisive = tieBreaker
    .map((id) => nodes.find((node) => node.id === id)?.name)
    .find((name) => name !== undefined && (state.before.length === 0 || state.before.includes(name)))
  return decisive !== undefined && members.includes(decisive)
}
