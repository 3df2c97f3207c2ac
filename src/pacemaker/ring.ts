/**
 * The ring at work: the token goes round, who has it sends, everybody delivers in one order. Between the loss of a member and the next
 * membership the token stands still, and so does everything that travels through the ring (spec E-2.8).
 *
 * An idle ring holds the token at its first member; who has something to send calls for it. Source: spec E-2.1, E-2.2.
 */
import type { Command } from '../manager/command.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { RingTimers } from './corosync-conf.ts'
import { messageOf, type RingMessage, type RingState, type Token } from './ring-state.ts'

/** What the ring's verbs work with. */
export interface RingHand {
  readonly ring: RingState
  readonly self: NodeName
  readonly timers: RingTimers
  /** Every node of the node list, in ascending order of ids. */
  readonly nodes: readonly NodeName[]
  readonly now: number
  /** What corosync keeps of its rings over its own end. */
  readonly disk: Map<string, string> | undefined
  readonly act: (command: Command) => void
  /** What is asked for with every token. */
  readonly orders: {
    readonly expect: Command
    readonly repeat: Command
    readonly repeatNothing: Command
    readonly holdNothing: Command
  }
}

/** Makes what the ring's verbs work with. */
export function toHand({
  ring,
  self,
  nodes,
  timers,
  context,
}: Pick<RingHand, 'nodes' | 'ring' | 'self' | 'timers'> & { readonly context: DaemonContext }): RingHand {
  const { disk, act } = context
  const orders = {
    expect: { kind: 'timer', name: 'ring token', delay: timers.warning },
    repeat: { kind: 'timer', name: 'ring retransmit', delay: timers.retransmit },
    repeatNothing: { kind: 'cancel-timer', name: 'ring retransmit' },
    holdNothing: { kind: 'cancel-timer', name: 'ring hold' },
  } as const
  return {
    ring,
    self,
    nodes,
    timers,
    get now() {
      return context.now
    },
    disk,
    act,
    orders,
  }
}

/** Sends one message to one node, or to all where `to` is `*`. */
export function sendTo({ act }: RingHand, to: string, type: string, data: unknown): void {
  act({ kind: 'send', to, body: { type, data }, routine: true })
}

/** Queues a message for everybody in the ring, this node included. */
export function multicast(hand: RingHand, type: string, data: unknown): void {
  const { ring } = hand
  ring.waiting.push({ type, data })
  if (ring.phase !== 'operational') return
  if (ring.members.length === 1) return sendAlone(hand)
  if (ring.held !== undefined) return release(hand)
  if (ring.hasCalled) return
  ring.hasCalled = true
  const [first] = ring.members
  if (first === hand.self) ring.isWanted = true
  else sendTo(hand, first!, 'ring-call', ring.ring)
}

/** A ring of one needs no token: what is sent is delivered. */
function sendAlone({ ring, self }: RingHand): void {
  for (const { type, data } of ring.waiting.splice(0)) {
    ring.seen += 1
    ring.delivered = ring.seen
    ring.news.push({ kind: 'message', message: { from: self, sequence: ring.seen, type, data } })
  }
}

/** Another member wants the token. */
export function heardCall(hand: RingHand): void {
  if (hand.ring.phase !== 'operational') return
  hand.ring.isWanted = true
  if (hand.ring.held !== undefined) release(hand)
}

/** The token begins its way, at the first member of a new ring. */
export function beginToken(hand: RingHand): void {
  const { ring } = hand
  if (ring.members.length === 1) return sendAlone(hand)
  takeToken(hand, { ring: ring.ring, hop: 1, sequence: 0, all: 0, lowered: undefined, wanted: [] })
}

/** The token is here. A repetition is dropped. */
export function takeToken(hand: RingHand, token: Token): void {
  const { ring, timers } = hand
  if (ring.phase !== 'operational' || !isSameRing(ring.ring, token.ring) || token.hop <= ring.hop) return
  ring.hop = token.hop
  ring.passed = undefined
  expectToken(hand)
  ring.hasCalled = false
  if (hasUpTo(ring) < token.sequence) {
    // Messages that were sent before the token may arrive a little after it: they are waited for before they are asked for.
    return hold(hand, token, LATE)
  }
  const isIdle =
    token.sequence === ring.seen && ring.waiting.length === 0 && token.wanted.length === 0 && token.all === ring.seen
  if (hand.self === ring.members[0] && isIdle && !ring.isWanted) return hold(hand, token, timers.hold)
  if (ring.held !== undefined) hand.act(hand.orders.holdNothing)
  work(hand, token)
}

/** The token stays for a while: nobody waits for a sign that it arrived at the next. */
function hold(hand: RingHand, token: Token, delay: number): void {
  hand.ring.held = token
  hand.act(hand.orders.repeatNothing)
  hand.act({ kind: 'timer', name: 'ring hold', delay })
}

/** The token must be here again before its time is over; a warning comes first, where one is wanted. */
export function expectToken({ ring, now, act, orders }: RingHand): void {
  ring.tokenAt = now
  ring.isWarned = false
  act(orders.expect)
}

/** The token is late: true where its time is not over yet, after which it will be. Source: spec E-2.1 (token_warning), E-2.2. */
export function stillWaits({ ring, now, act, timers }: RingHand): boolean {
  const left = ring.tokenAt + timers.token - now
  if (ring.isWarned || left <= 0) return false
  ring.isWarned = true
  act({ kind: 'timer', name: 'ring token', delay: left })
  return true
}

/** How long this node stood still, where that is why the token's time is over: its clock went on without it. Source: spec E-2.5. */
export function pauseOf({ ring, now, timers }: RingHand): number | undefined {
  return ring.phase === 'operational' && ring.tokenAt + timers.token < now ? now - ring.tokenAt : undefined
}

/** How far the token may overtake messages. */
const LATE = 5

/** The held token does its work and goes on. */
export function release(hand: RingHand): void {
  const token = hand.ring.held
  if (token === undefined) return
  hand.act(hand.orders.holdNothing)
  work(hand, token)
}

/** What a token does at each member: others' wishes, then this node's messages, then on to the next. */
function work(hand: RingHand, token: Token): void {
  const { ring, self } = hand
  ring.held = undefined
  ring.isWanted = false
  const asked = token.wanted.length === 0 ? token.wanted : repeatWanted(hand, token)
  const had = hasUpTo(ring)
  const before = token.sequence
  let sequence = before
  for (const { type, data } of ring.waiting.length === 0 ? ring.waiting : ring.waiting.splice(0)) {
    sequence += 1
    const message: RingMessage = { from: self, sequence, type, data }
    ring.received.push(message)
    hand.act({
      kind: 'send',
      to: '*',
      body: { type: `ring ${type}`, data: { ring: ring.ring, message } },
      routine: false,
    })
  }
  const isWhole = had === before
  const wanted = isWhole ? asked : withLacking(ring, asked, had, before)
  const mine = isWhole ? sequence : had
  const lowers = mine < token.all || token.lowered === self || token.lowered === undefined
  const all = lowers ? mine : token.all
  const lowered = lowers ? (mine < sequence ? self : undefined) : token.lowered
  forget(ring, Math.min(ring.stable, all))
  ring.stable = all
  ring.seen = sequence
  deliver(ring)
  pass(hand, { ring: token.ring, hop: token.hop + 1, sequence, all, lowered, wanted })
}

function pass(hand: RingHand, token: Token): void {
  const { ring, self } = hand
  const next = ring.members[(ring.members.indexOf(self) + 1) % ring.members.length]!
  ring.passed = token
  sendTo(hand, next, 'ring-token', token)
  hand.act(hand.orders.repeat)
}

/** Nothing was heard since the token was passed on: it may be lost. */
export function repeatToken(hand: RingHand): void {
  if (hand.ring.passed !== undefined && hand.ring.phase === 'operational') pass(hand, hand.ring.passed)
}

/** Adds what this node lacks of the numbers after `had`, up to `before`. */
function withLacking(ring: RingState, asked: readonly number[], had: number, before: number): readonly number[] {
  const wanted = [...asked]
  for (let lacking = had + 1; lacking <= before; lacking++)
    if (messageOf(ring, lacking) === undefined && !wanted.includes(lacking)) wanted.push(lacking)
  return wanted
}

/** Sends again what others lack and this node has; returns what is still wanted. */
function repeatWanted(hand: RingHand, { wanted }: Token): readonly number[] {
  const { ring } = hand
  return wanted.filter((sequence) => {
    const message = messageOf(ring, sequence)
    if (message === undefined) return true
    sendTo(hand, '*', `ring ${message.type}`, { ring: ring.ring, message })
    return false
  })
}

/** A message of the ring arrived. */
export function takeMessage(hand: RingHand, message: RingMessage): void {
  const { ring } = hand
  if (message.sequence <= ring.delivered || messageOf(ring, message.sequence) !== undefined) return
  ring.received.push(message)
  if (ring.phase !== 'operational') return
  deliver(ring)
  if (ring.held !== undefined && ring.held.sequence <= ring.delivered) release(hand)
}

/** Delivers what is there without a gap. */
export function deliver(ring: RingState): void {
  for (let next = messageOf(ring, ring.delivered + 1); next !== undefined; ) {
    ring.delivered += 1
    ring.news.push({ kind: 'message', message: next })
    next = messageOf(ring, ring.delivered + 1)
  }
}

/** The highest number up to which everything is here. */
function hasUpTo(ring: RingState): number {
  let have = ring.delivered
  while (messageOf(ring, have + 1) !== undefined) have += 1
  return have
}

function forget(ring: RingState, stable: number): void {
  let known = 0
  while (known < ring.received.length && ring.received[known]!.sequence <= stable) known += 1
  if (0 < known) ring.received.splice(0, known)
}

/** True where both name the same ring. */
export function isSameRing(left: RingState['ring'], right: RingState['ring']): boolean {
  return left.rep === right.rep && left.sequence === right.sequence
}
