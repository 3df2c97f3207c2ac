/**
 * Who is there: tokens out and in, silence, agreement that both hear one another, and messages between members that arrive in order and
 * exactly once. Membership changes when a token is missed for token and consensus time; quorum follows from the votes.
 *
 * Differs: the real ring passes one token around; here every node tells every other 25 times in the token time that it lives, and
 * whom it hears. What follows is the same: one view a side, and a death is noticed after token and consensus time, 12 s for two nodes and
 * 22 s for more, less at most the 0.4 s that the dead node's last word was old. Source: spec rgmanager 14.
 */
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageBody, MessageObservation } from '../manager/observation.ts'
import { decide, log } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { killedByPeer, memberJoined, memberLost, quorumChanged } from './life.ts'
import { membersOf, type Peer, type RgState } from './state.ts'

/** What a token carries. */
interface Token {
  readonly generation: number
  /** Whom the sender hears, with their generations. */
  readonly hears: readonly (readonly [NodeName, number])[]
  /** For each peer: the number of the last message sent to it, and of the last one taken from it. */
  readonly numbers: readonly (readonly [NodeName, number, number])[]
}

/** The frame of every other message. */
interface Sealed {
  readonly number: number
  readonly generation: number
  readonly to: number
  readonly body: unknown
}

function beatEvery(state: RgState): Millis {
  return Math.max(40, Math.round(state.config.token / 25))
}

function patience(state: RgState): Millis {
  return state.config.token + state.config.consensus
}

/** Sends one token to everybody; a daemon that was frozen gives its peers the full time anew. */
export function beat(state: RgState, context: DaemonContext): void {
  const paused = context.now - state.lastBeat
  if (state.lastBeat !== 0 && state.config.token < paused) {
    log(context, 'warning', `process pause detected for ${paused} ms, flushing membership messages`)
    for (const peer of state.peers.values()) if (peer.heard) watchFor(state, context, peer)
  }
  state.lastBeat = context.now
  const peers = [...state.peers.values()]
  const data: Token = {
    generation: state.generation,
    hears: peers.flatMap((peer) => (peer.heard ? [[peer.name, peer.generation] as const] : [])),
    numbers: peers.flatMap((peer) => (peer.heard ? [[peer.name, peer.sentNumber, peer.taken] as const] : [])),
  }
  transmit(state, context, '*', { type: 'token', data }, 'routine')
  context.act({ kind: 'timer', name: 'beat', delay: beatEvery(state) })
}

/** Sends by every ring. A quorum disk is no ring. */
function transmit(
  { config }: RgState,
  context: DaemonContext,
  to: string,
  body: MessageBody,
  how: 'routine' | 'told',
): void {
  const routine = how === 'routine'
  if (config.quorumDisk === undefined) return context.act({ kind: 'send', to, body, routine })
  for (let ring = 0; ring < config.rings; ring++)
    context.act({ kind: 'send', to, medium: `ring${ring}`, body, routine })
}

/** Sends a message to one peer; it arrives once and in order as long as both stay members. */
export function tell(state: RgState, context: DaemonContext, to: NodeName, type: string, body: unknown): void {
  const peer = state.peers.get(to)
  if (peer === undefined || !peer.heard) return
  peer.sentNumber += 1
  const data: Sealed = { number: peer.sentNumber, generation: state.generation, to: peer.generation, body }
  peer.sent.push({ number: peer.sentNumber, body: { type, data } })
  transmit(state, context, to, { type, data }, 'told')
}

/** Sends a message to every other member. */
export function tellAll(state: RgState, context: DaemonContext, type: string, body: unknown): void {
  for (const member of membersOf(state)) if (member !== state.self) tell(state, context, member, type, body)
}

/** A message for the rest of the daemon. */
export interface Heard {
  readonly from: NodeName
  readonly type: string
  readonly body: unknown
}

/** Takes what arrived; gives the messages that are next in order, if any. */
export function takeMessage(state: RgState, context: DaemonContext, message: MessageObservation): readonly Heard[] {
  const peer = state.peers.get(message.from)
  if (peer === undefined) return []
  const { type, data } = message.body
  if (type === 'token') {
    // Every daemon of this cluster runs this code: a token carries this.
    heardToken(state, context, peer, data as Token)
    return []
  }
  if (type === 'rejoined-without-restart') {
    if (data === state.generation) killedByPeer(state, context, peer.name)
    return []
  }
  if (type === 'again') {
    resend(state, context, peer, Number(data))
    return []
  }
  return inOrder(state, peer, type, data as Sealed)
}

function inOrder(state: RgState, peer: Peer, type: string, sealed: Sealed): readonly Heard[] {
  if (sealed.generation !== peer.generation || sealed.to !== state.generation || !peer.heard) return []
  if (sealed.number <= peer.taken) return []
  peer.early.set(sealed.number, { type, data: sealed.body })
  const found: Heard[] = []
  for (let next = peer.early.get(peer.taken + 1); next !== undefined; next = peer.early.get(peer.taken + 1)) {
    peer.taken += 1
    peer.early.delete(peer.taken)
    found.push({ from: peer.name, type: next.type, body: next.data })
  }
  return found
}

function resend(state: RgState, context: DaemonContext, peer: Peer, from: number): void {
  for (const { number, body } of peer.sent) if (from <= number) transmit(state, context, peer.name, body, 'told')
}

function heardToken(state: RgState, context: DaemonContext, peer: Peer, token: Token): void {
  if (token.generation < peer.generation) return
  if (token.generation === peer.lostGeneration) {
    // It was held for dead and was not: it must begin anew before it may come back (cman's rule).
    const body: MessageBody = { type: 'rejoined-without-restart', data: token.generation }
    if (state.quorate) transmit(state, context, peer.name, body, 'told')
    return
  }
  if (token.generation !== peer.generation && peer.member) {
    // Its former life ended without goodbye, and perhaps only its daemons did: nobody takes it for clean before it was fenced.
    lose(state, context, [peer], 'it has restarted without goodbye')
    peer.lostGeneration = token.generation
    return
  }
  if (token.generation !== peer.generation) meet(peer, token.generation)
  state.left.delete(peer.name)
  peer.heard = true
  peer.lastHeard = context.now
  watchFor(state, context, peer)
  peer.hearsMe = token.hears.some(([name, generation]) => name === state.self && generation === state.generation)
  catchUp(state, context, peer, token)
  if (peer.hearsMe && !peer.member) join(state, context, peer)
  else if (!peer.hearsMe && peer.member)
    context.act({ kind: 'timer', name: `one-way ${peer.name}`, delay: state.config.consensus })
  else context.act({ kind: 'cancel-timer', name: `one-way ${peer.name}` })
}

/** A peer in a new life: numbers begin anew. */
function meet(peer: Peer, generation: number): void {
  Object.assign(peer, {
    generation,
    sentNumber: 0,
    taken: 0,
    greeted: false,
    formed: false,
    serving: false,
    lostGeneration: 0,
  })
  peer.sent.length = 0
  peer.early.clear()
}

function catchUp(state: RgState, context: DaemonContext, peer: Peer, token: Token): void {
  const numbers = token.numbers.find(([name]) => name === state.self)
  if (numbers === undefined || !peer.hearsMe) return
  const [, sent, taken] = numbers
  while (peer.sent[0] !== undefined && peer.sent[0].number <= taken) peer.sent.shift()
  if (peer.taken < sent) transmit(state, context, peer.name, { type: 'again', data: peer.taken + 1 }, 'routine')
}

function watchFor(state: RgState, context: DaemonContext, peer: Peer): void {
  context.act({ kind: 'timer', name: `silence ${peer.name}`, delay: patience(state) })
}

function join(state: RgState, context: DaemonContext, peer: Peer): void {
  peer.member = true
  context.act({ kind: 'membership', member: peer.name, status: 'member', text: `${peer.name} is a member` })
  recount(state, context)
  memberJoined(state, context, peer)
}

/**
 * No token of a peer for token and consensus time: a new ring forms without it, and without every other that has been silent for longer
 * than a token takes. They are lost at once, so that no node takes itself for quorate between the first and the last.
 */
export function silence(state: RgState, context: DaemonContext, name: NodeName): void {
  const gone = [...state.peers.values()].filter(
    (peer) => peer.name === name || (peer.heard && state.config.token < context.now - peer.lastHeard),
  )
  for (const peer of gone) {
    peer.heard = false
    peer.hearsMe = false
    context.act({ kind: 'cancel-timer', name: `silence ${peer.name}` })
  }
  const members = gone.filter((peer) => peer.member)
  lose(state, context, members, `no token for ${patience(state)} ms`)
}

/** A peer's tokens arrive, but it does not hear this node: no ring can be formed with it. */
export function heardOneWay(state: RgState, context: DaemonContext, name: NodeName): void {
  const peer = state.peers.get(name)!
  if (peer.member && !peer.hearsMe) lose(state, context, [peer], 'it does not hear this node')
}

function lose(state: RgState, context: DaemonContext, peers: readonly Peer[], why: string): void {
  for (const peer of peers) {
    peer.member = false
    peer.lostGeneration = peer.generation
    context.act({ kind: 'membership', member: peer.name, status: 'dead', text: `${peer.name} is lost: ${why}` })
  }
  // The ring is one: whoever else is in it loses them too, before anything follows from it.
  for (const peer of peers) tellAll(state, context, 'ring-lost', [peer.name, peer.lostGeneration])
  recount(state, context)
  for (const peer of peers) memberLost(state, context, peer, 'unclean')
}

/** A member is removed though its tokens arrive: it is lost to the whole ring. */
export function evict(state: RgState, context: DaemonContext, name: NodeName, why: string): void {
  const peer = state.peers.get(name)!
  if (peer.member) lose(state, context, [peer], why)
}

/** Another member has lost a node: so has this one. Those who are no members any more have no say. */
export function heardLost(state: RgState, context: DaemonContext, from: NodeName, body: unknown): void {
  // Only `lose` makes such messages.
  const [name, generation] = body as readonly [NodeName, number]
  const peer = state.peers.get(name)
  if (peer === undefined || !peer.member || peer.generation !== generation || !state.peers.get(from)!.member) return
  lose(state, context, [peer], `${from} has lost it`)
}

/** What a member tells of another: whoever joins the ring joins all of it, also those that it has not heard yet. */
export interface Told {
  readonly name: NodeName
  readonly generation: number
  readonly formed: boolean
  readonly serving: boolean
}

/** Takes over what another member knows of the ring. One that then stays silent is lost like any other member. */
export function joinTold(state: RgState, context: DaemonContext, told: readonly Told[]): readonly Peer[] {
  const joined: Peer[] = []
  for (const { name, generation, formed, serving } of told) {
    const peer = state.peers.get(name)
    if (peer === undefined || peer.member || generation <= peer.lostGeneration || generation < peer.generation) continue
    if (generation !== peer.generation) meet(peer, generation)
    Object.assign(peer, { heard: true, lastHeard: context.now, member: true, greeted: true, formed, serving })
    watchFor(state, context, peer)
    context.act({ kind: 'membership', member: name, status: 'member', text: `${name} is a member, as others say` })
    joined.push(peer)
  }
  return joined
}

/** A peer said goodbye: it is no member any more, and nobody need fence it. */
export function peerLeft(state: RgState, context: DaemonContext, name: NodeName): void {
  const peer = state.peers.get(name)!
  if (!peer.member) return
  peer.member = false
  peer.heard = false
  // The same life must not be taken for a newcomer by a token that is still on its way.
  peer.generation += 0.5
  state.left.add(name)
  context.act({ kind: 'cancel-timer', name: `silence ${name}` })
  context.act({ kind: 'membership', member: name, status: 'left', text: `${name} has left in order` })
  recount(state, context)
  memberLost(state, context, peer, 'clean')
}

/** Counts the votes of this partition (spec 14; two_node: one vote is enough). */
export function recount(state: RgState, context: DaemonContext): void {
  const { config } = state
  const members = membersOf(state)
  const votesOf = (names: readonly NodeName[]): number =>
    config.nodes.reduce((sum, node) => sum + (names.includes(node.name) ? node.votes : 0), 0)
  const ofDisk = state.disk?.counts === true ? config.quorumDisk!.votes : 0
  const votes = votesOf(members) + ofDisk
  const expected = Math.max(votes, config.expectedVotes - votesOf([...state.left]))
  const quorum = config.twoNode ? 1 : Math.floor(expected / 2) + 1
  const quorate = quorum <= votes
  if (quorate === state.quorate) return
  state.quorate = quorate
  decide(context, {
    decision: quorate ? 'quorum-gained' : 'quorum-lost',
    about: members,
    text: quorate ? 'this partition has quorum' : 'this partition has lost quorum',
    reasons: [{ text: `${votes} of ${expected} votes, ${quorum} are needed`, source: 'expected_votes' }],
  })
  quorumChanged(state, context)
}
