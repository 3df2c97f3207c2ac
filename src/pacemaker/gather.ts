/**
 * Making a ring: members say whom they know and whom they hold for failed until all who are left say the same, then a commit token goes
 * round twice and brings everybody to the same messages of their old rings before the new membership is told.
 *
 * Source: spec E-2.2 to E-2.8; the totem protocol's membership algorithm.
 */
import type { NodeName } from '../model/names.ts'
import { beginToken, deliver, expectToken, isSameRing, type RingHand, sendTo } from './ring.ts'
import {
  type CommitEntry,
  type CommitToken,
  type JoinMessage,
  messageOf,
  type RingMessage,
  type RingState,
} from './ring-state.ts'

/** Begins to look for a new ring; `more` are nodes outside the present one. */
export function gather(hand: RingHand, more: readonly NodeName[] = [], failed: readonly NodeName[] = []): void {
  const { ring, self, act, timers } = hand
  for (const name of ['ring token', 'ring hold', 'ring retransmit']) act({ kind: 'cancel-timer', name })
  ring.phase = 'gather'
  ring.held = undefined
  ring.passed = undefined
  ring.commit = undefined
  ring.known.clear()
  ring.failed.clear()
  ring.joins.clear()
  for (const node of [self, ...ring.members, ...more]) ring.known.add(node)
  for (const node of failed) ring.failed.add(node)
  act({ kind: 'timer', name: 'ring consensus', delay: timers.consensus })
  sayJoin(hand)
}

/** Says once more what this node knows; repeated until there is a ring. */
export function sayJoin(hand: RingHand): void {
  const { ring, self, act, timers } = hand
  if (ring.phase !== 'gather') return
  const known = inOrder(hand, ring.known)
  const failed = inOrder(hand, ring.failed)
  ring.joins.set(self, viewText(known, failed))
  const message: JoinMessage = { from: self, known, failed, ring: ring.ring, highest: ring.highest }
  for (const node of known) if (node !== self) sendTo(hand, node, 'ring-join', message)
  act({ kind: 'timer', name: 'ring join', delay: timers.join })
  agree(hand)
}

/** A node's view arrived. */
export function heardJoin(hand: RingHand, join: JoinMessage): void {
  const { ring, self } = hand
  if (ring.phase === 'stopped') return
  ring.highest = Math.max(ring.highest, join.highest)
  const isMember = ring.members.includes(join.from)
  if (ring.phase !== 'gather') {
    // A member that says so with the number of an earlier ring speaks of the past.
    if (isMember && join.ring.sequence < ring.ring.sequence) return
    // A ring is being made with the sender: it said so before it agreed.
    if (ring.phase === 'commit' && ring.commit?.members.includes(join.from) === true) return
    if (!isMember && !isLinked(hand, join.from)) return
    gather(hand, [join.from])
  } else if (!isMember && !isLinked(hand, join.from) && !ring.known.has(join.from)) return
  if (ring.failed.has(join.from)) return
  const before = viewText(inOrder(hand, ring.known), inOrder(hand, ring.failed))
  if (join.failed.includes(self)) {
    // Whoever holds this node for failed will not make a ring with it.
    ring.known.add(join.from)
    ring.failed.add(join.from)
  } else {
    for (const node of join.known) ring.known.add(node)
    for (const node of join.failed) {
      ring.known.add(node)
      ring.failed.add(node)
    }
    ring.joins.set(join.from, viewText(join.known, join.failed))
  }
  if (viewText(inOrder(hand, ring.known), inOrder(hand, ring.failed)) === before) return agree(hand)
  hand.act({ kind: 'timer', name: 'ring consensus', delay: hand.timers.consensus })
  sayJoin(hand)
}

/** Nobody more will answer: who has not is failed. */
export function consensusLost(hand: RingHand): void {
  const { ring, self } = hand
  if (ring.phase !== 'gather') return
  for (const node of ring.known) if (node !== self && !ring.joins.has(node)) ring.failed.add(node)
  const mine = viewText(inOrder(hand, ring.known), inOrder(hand, ring.failed))
  ring.joins.clear()
  ring.joins.set(self, mine)
  hand.act({ kind: 'timer', name: 'ring consensus', delay: hand.timers.consensus })
  sayJoin(hand)
}

/** Where all who are left say the same, the lowest of them makes the ring. */
function agree(hand: RingHand): void {
  const { ring, self } = hand
  const mine = ring.joins.get(self)
  const left = inOrder(hand, ring.known).filter((node) => !ring.failed.has(node))
  if (ring.phase !== 'gather' || left.some((node) => ring.joins.get(node) !== mine) || left[0] !== self) return
  ring.highest += 4
  const token: CommitToken = { ring: { rep: self, sequence: ring.highest }, members: left, round: 1, entries: [] }
  takeCommit(hand, token)
}

/** The commit token is here. */
export function takeCommit(hand: RingHand, token: CommitToken, wasQuorate = false): void {
  const { ring, self, act } = hand
  if (!token.members.includes(self)) return
  if (token.round === 1 && ring.phase === 'gather') {
    const mine = ring.joins.get(self)
    const left = inOrder(hand, ring.known).filter((node) => !ring.failed.has(node))
    if (mine === undefined || left.join(' ') !== token.members.join(' ')) return
    for (const name of ['ring join', 'ring consensus']) act({ kind: 'cancel-timer', name })
    ring.phase = 'commit'
    ring.highest = Math.max(ring.highest, token.ring.sequence)
    const entry: CommitEntry = {
      node: self,
      old: ring.ring,
      messages: [...ring.received],
      quorate: wasQuorate,
    }
    passCommit(hand, { ...token, entries: [...token.entries, entry] })
    return
  }
  if (ring.phase !== 'commit') return
  const isRound2 = token.entries.length === token.members.length
  if (!isRound2) return
  install(hand, token)
  const next = token.members[token.members.indexOf(self) + 1]
  if (next !== undefined) sendTo(hand, next, 'ring-commit', token)
  else if (token.members[0] === self) beginToken(hand)
  else sendTo(hand, token.members[0]!, 'ring-begin', token.ring)
  if (ring.members.length > 1) expectToken(hand)
}

/** The last member has the ring: the first one makes its token. */
export function heardBegin(hand: RingHand, begun: CommitToken['ring']): void {
  if (hand.ring.phase === 'operational' && isSameRing(hand.ring.ring, begun) && hand.ring.hop === 0) beginToken(hand)
}

function passCommit(hand: RingHand, token: CommitToken): void {
  const { ring, self } = hand
  ring.commit = token
  const at = token.members.indexOf(self)
  const isLast = at === token.members.length - 1
  const next = token.members[isLast ? 0 : at + 1]!
  const passed: CommitToken = isLast ? { ...token, round: 2 } : token
  if (next === self) takeCommit(hand, passed)
  else {
    sendTo(hand, next, 'ring-commit', passed)
    expectToken(hand)
  }
}

/** Catches up with the old ring, then takes the new one. */
function install(hand: RingHand, token: CommitToken): void {
  const { ring, self, act } = hand
  act({ kind: 'cancel-timer', name: 'ring token' })
  const fromOld = token.entries.filter((entry) => isSameRing(entry.old, ring.ring))
  const missing = new Map<number, RingMessage>()
  for (const { messages } of fromOld) for (const message of messages) missing.set(message.sequence, message)
  for (const [sequence, message] of [...missing].sort(([left], [right]) => left - right))
    if (ring.delivered < sequence && messageOf(ring, sequence) === undefined) ring.received.push(message)
  deliver(ring)
  const before = ring.members
  const members = token.members
  // Who comes from another ring has missed what was told in this one, even if it was held for a member: it left, and joins anew.
  const together = fromOld.map((entry) => entry.node)
  deliverBeyondGaps(ring, together)
  const left = before.filter((node) => !together.includes(node))
  ring.news.push({
    kind: 'membership',
    membership: {
      members,
      joined: members.filter((node) => !before.includes(node) || !together.includes(node)),
      left,
      leftCleanly: left.filter((node) => ring.goodbyes.has(node)),
      sequence: token.ring.sequence,
      wasQuorate: token.entries.some((entry) => entry.quorate),
    },
  })
  ring.phase = 'operational'
  ring.ring = token.ring
  keepSequence(hand)
  ring.members = members
  ring.hop = 0
  ring.seen = 0
  ring.stable = 0
  ring.delivered = 0
  ring.received.length = 0
  ring.hasCalled = false
  ring.isWanted = true
  ring.commit = undefined
  for (const node of members) {
    ring.links.delete(node)
    ring.goodbyes.delete(node)
  }
  for (const node of hand.nodes)
    if (node !== self && !members.includes(node))
      ring.links.set(node, { pongs: 0, lastPong: 0, isUp: false, isUpThere: false })
  if (members.length < hand.nodes.length) act({ kind: 'timer', name: 'ring ping', delay: hand.timers.pingInterval })
}

const SEQUENCE = 'ring sequence'

/** The present ring's number outlives corosync on disk. Source: spec E-2.6. */
export function keepSequence({ ring, disk }: RingHand): void {
  disk?.set(SEQUENCE, String(ring.ring.sequence))
}

/** A corosync that starts makes its first ring with 5 more than the last one had: the rest is added when that ring is made. */
export function recallSequence({ ring, disk }: RingHand): void {
  ring.highest = Number(disk?.get(SEQUENCE) ?? 0) + 1
}

/**
 * What stands behind a gap that nobody who is left can fill is delivered where its sender is left, too: nobody loses what he said
 * himself, as extended virtual synchrony promises (found by the soak: a leader that never heard of its own fencing's end).
 */
function deliverBeyondGaps(ring: RingState, left: readonly NodeName[]): void {
  const behind = [...ring.received].filter(({ sequence, from }) => ring.delivered < sequence && left.includes(from))
  for (const message of behind.sort((one, other) => one.sequence - other.sequence))
    ring.news.push({ kind: 'message', message })
}

/** The nodes of a set in ascending order of ids. */
function inOrder({ nodes }: RingHand, set: ReadonlySet<NodeName>): readonly NodeName[] {
  return nodes.filter((node) => set.has(node))
}

function viewText(known: readonly NodeName[], failed: readonly NodeName[]): string {
  return `${known.join(' ')} | ${failed.join(' ')}`
}

function isLinked({ ring }: RingHand, node: NodeName): boolean {
  return ring.links.get(node)?.isUp === true
}
