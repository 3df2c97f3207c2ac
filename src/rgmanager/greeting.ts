/** What members tell one another when they meet and when they change: the fence domain, what is served, and all records. */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { centralChanged } from './central.ts'
import { nodeDown, nodeUp } from './events.ts'
import { addVictim, removeVictim } from './fenced.ts'
import { tryDomain } from './life.ts'
import { takeRecord } from './records.ts'
import { joinTold, recount, type Told, tell } from './ring.ts'
import type { Peer, RgState, ServiceRecord, Victim } from './state.ts'

interface Hello {
  readonly formed: boolean
  readonly serving: boolean
  readonly victims: readonly Victim[]
  readonly records: readonly ServiceRecord[]
  readonly startsLocked: boolean
  readonly version: number
  readonly master: NodeName | undefined
  readonly members: readonly Told[]
}

/** Tells a member that has just joined everything. */
export function greet(state: RgState, context: DaemonContext, peer: Peer): void {
  const hello: Hello = {
    formed: state.domainFormed,
    // One that leaves still holds what it has not stopped yet.
    serving: state.phase === 'running' || (state.phase === 'leaving' && !state.saidExiting),
    victims: state.domainFormed ? state.victims : [],
    records: [...state.records.values()],
    startsLocked: state.startsLocked,
    version: state.version,
    master: state.central.master,
    members: [...state.peers.values()]
      .filter(({ member, name }) => member && name !== peer.name)
      .map(({ name, generation, formed, serving }) => ({ name, generation, formed, serving })),
  }
  tell(state, context, peer.name, 'hello', hello)
}

/** A member has told everything. */
export function greeted(state: RgState, context: DaemonContext, from: NodeName, body: unknown): void {
  // Only `greet` makes such messages.
  const hello = body as Hello
  const peer = state.peers.get(from)!
  Object.assign(peer, { greeted: true, formed: hello.formed })
  if (state.phase === 'joining') {
    state.version = hello.version
    state.startsLocked = state.startsLocked || hello.startsLocked
  }
  for (const joined of joinTold(state, context, hello.members)) greet(state, context, joined)
  for (const record of hello.records) takeRecord(state, context, record)
  if (hello.formed) for (const victim of hello.victims) adopt(state, context, victim)
  state.central.master ??= hello.master
  if (hello.serving) servingChanged(state, context, from, true)
  recount(state, context)
  tryDomain(state, context)
}

/** A member is in the fence domain now. */
export function joinedDomain(state: RgState, context: DaemonContext, from: NodeName, body: unknown): void {
  state.peers.get(from)!.formed = true
  for (const victim of body as readonly Victim[]) adopt(state, context, victim)
  removeVictim(state, context, from, 'it has joined the fence domain')
  tryDomain(state, context)
}

function adopt(state: RgState, context: DaemonContext, victim: Victim): void {
  const isMember = victim.node === state.self || state.peers.get(victim.node)!.member
  if (!isMember) addVictim(state, context, victim)
}

/** A member's rgmanager has begun, or ends in order. */
export function servingChanged(state: RgState, context: DaemonContext, from: NodeName, serving: boolean): void {
  const peer = state.peers.get(from)!
  if (peer.serving === serving) return
  peer.serving = serving
  centralChanged(state, context)
  if (serving) nodeUp(state, context, from)
  else nodeDown(state, context, from)
}
