/**
 * Links to nodes outside the ring: a node that answers three pings in a row is in reach, and once both sides hold that, their rings
 * become one. Members need no pings, the token proves their links.
 *
 * Differs: knet pings every node all the time; here only those outside the ring, because members' answers decide nothing.
 * Source: spec E-2.1 (knet), E-2.4.
 */
import type { NodeName } from '../model/names.ts'
import { gather } from './gather.ts'
import { type RingHand, sendTo } from './ring.ts'

/** Answers in a row that make a link. Two are knet's own number; the third is the path's size, found out after that. */
const PONGS = 3

/** How often a ring looks for others (spec E-2.1, merge). */
const MERGE = 200

/** Pings who is outside, and looks for a common ring with whom both sides can reach. */
export function ping(hand: RingHand): void {
  const { ring, act, timers } = hand
  if (ring.phase === 'stopped' || ring.links.size === 0) return
  for (const [node, link] of ring.links) {
    if (timers.pongTimeout + timers.pingInterval < hand.now - link.lastPong) {
      link.pongs = 0
      link.isUp = false
      link.isUpThere = false
    }
    sendTo(hand, node, 'knet-ping', link.isUp)
  }
  merge(hand)
  act({ kind: 'timer', name: 'ring ping', delay: timers.pingInterval })
}

/** A ping arrived: answers, and learns what the other side holds. */
export function heardPing(hand: RingHand, from: NodeName, isUpThere: boolean): void {
  if (hand.ring.phase === 'stopped') return
  sendTo(hand, from, 'knet-pong', null)
  const link = hand.ring.links.get(from)
  if (link === undefined) return
  link.isUpThere = isUpThere
  merge(hand)
}

/** An answer arrived. */
export function heardPong(hand: RingHand, from: NodeName): void {
  const link = hand.ring.links.get(from)
  if (link === undefined) return
  link.pongs += 1
  link.lastPong = hand.now
  if (PONGS <= link.pongs) link.isUp = true
}

function merge({ ring, act }: RingHand): void {
  const isReached = [...ring.links.values()].some((link) => link.isUp && link.isUpThere)
  if (ring.phase !== 'operational' || !isReached || ring.isMerging) return
  ring.isMerging = true
  act({ kind: 'timer', name: 'ring merge', delay: MERGE })
}

/** Makes one ring of this one and those of whoever can be reached in both directions. */
export function mergeRings(hand: RingHand): void {
  const { ring } = hand
  if (ring.phase !== 'operational') return
  const reached = [...ring.links].flatMap(([node, link]) => (link.isUp && link.isUpThere ? [node] : []))
  ring.isMerging = false
  if (reached.length > 0) gather(hand, reached)
}
