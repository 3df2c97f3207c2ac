/**
 * Who is there: heartbeats out and in, silence, death, return, and control messages that a peer can ask for again. Source: spec
 * heartbeat 2. Control messages carry numbers; a heartbeat names the last one, so that a lost message is noticed and asked for.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageObservation } from '../manager/observation.ts'
import { decide, log } from '../manager/tell.ts'
import { countChanged } from './ipfail.ts'
import { communicationIsUp, peerDied, peerJoined, peerRestarted } from './resources.ts'
import { type HeartbeatState, type Member, peerOf } from './state.ts'

/** How many sent control messages are kept for a peer that lost one. */
const KEPT_MESSAGES = 200

interface Beat {
  readonly generation: number
  readonly status: 'active' | 'up'
  readonly deadtime: number
  /** The number of the last control message. */
  readonly last: number
}

/** Begins to send heartbeats and to listen for silence. */
export function beginBeating(state: HeartbeatState, context: DaemonContext): void {
  state.beating = true
  state.lastBeat = context.now
  const { cf } = state.config
  if (cf.watchdog)
    context.act({ kind: 'watchdog', action: 'arm', timeout: Math.ceil((cf.deadtime + 10) / 1000) * 1000 })
  for (const member of state.members.values())
    context.act({ kind: 'timer', name: `silence ${member.name}`, delay: cf.initdead })
  beat(state, context)
}

/**
 * Sends one heartbeat and one ping to each ping member. Returns false where this node has not heard its own heartbeats for deadtime:
 * it was frozen, and must not go on as if nothing had been (decision row 22).
 */
export function beat(state: HeartbeatState, context: DaemonContext): boolean {
  const { cf } = state.config
  if (cf.deadtime < context.now - state.lastBeat) return false
  state.lastBeat = context.now
  const data: Beat = {
    generation: state.generation,
    status: state.communicationUp ? 'active' : 'up',
    deadtime: cf.deadtime,
    last: state.sentNumber,
  }
  context.act({ kind: 'send', to: '*', body: { type: 'status', data }, routine: true })
  for (const ping of cf.pings)
    for (const host of ping.hosts)
      context.act({ kind: 'send', to: host, body: { type: 'ping', data: ping.name }, routine: true })
  if (cf.watchdog) context.act({ kind: 'watchdog', action: 'feed', timeout: 0 })
  context.act({ kind: 'timer', name: 'beat', delay: cf.keepalive })
  return true
}

/** Sends a control message to the peer; it is kept until the peer has it. */
export function sendControl(state: HeartbeatState, context: DaemonContext, type: string, data: unknown): void {
  state.sentNumber += 1
  const body = { type, data: { number: state.sentNumber, generation: state.generation, body: data } }
  state.sent.push({ number: state.sentNumber, body })
  if (KEPT_MESSAGES < state.sent.length) state.sent.shift()
  context.act({ kind: 'send', to: state.peer, body, routine: false })
}

/** A control message taken in order, for the rest of the daemon. */
export interface Control {
  readonly type: string
  readonly data: unknown
}

/** Takes a message. Returns a control message that is new and next in order, if that is what it was. */
export function takeMessage(
  state: HeartbeatState,
  context: DaemonContext,
  { from, body }: MessageObservation,
): Control | undefined {
  if (body.type === 'ping-reply') {
    heardPing(state, context, String(body.data))
    return undefined
  }
  const member = state.members.get(from)
  if (member === undefined) return undefined
  if (body.type === 'status') {
    // The peer runs this same code, so a status carries a Beat.
    heardBeat(state, context, member, body.data as Beat)
    return undefined
  }
  if (body.type === 'again') {
    const first = Number(body.data)
    for (const message of state.sent)
      if (first <= message.number) context.act({ kind: 'send', to: from, body: message.body, routine: false })
    return undefined
  }
  // Every other message of the peer was made by sendControl.
  const {
    number,
    generation,
    body: data,
  } = body.data as { readonly number: number; readonly generation: number; readonly body: unknown }
  if (generation !== member.generation || number !== member.heard + 1) return undefined
  member.heard = number
  return { type: body.type, data }
}

/** A member was silent for its time. */
export function silence(state: HeartbeatState, context: DaemonContext, name: string): void {
  const member = state.members.get(name)!
  if (member.status === 'dead') return
  const isPeer = name === state.peer
  setStatus(context, member, 'dead', isPeer ? `node ${name}: is dead` : `ping node ${name} no longer answers`)
  if (isPeer) {
    const wasUp = state.communicationUp
    checkCommunication(state, context)
    if (wasUp) peerDied(state, context)
  } else {
    checkCommunication(state, context)
    countChanged(state, context)
  }
}

function heardBeat(state: HeartbeatState, context: DaemonContext, member: Member, beat: Beat): void {
  const wasDead = member.status === 'dead'
  const isNew = member.everHeard && beat.generation !== member.generation
  const isFirst = !member.everHeard || isNew
  if (wasDead && !isFirst && !state.healing) return healed(state, context, member)
  if (state.healing) return
  if (isFirst) member.heard = beat.last
  else if (member.heard < beat.last)
    context.act({ kind: 'send', to: member.name, body: { type: 'again', data: member.heard + 1 }, routine: false })
  member.everHeard = true
  member.generation = beat.generation
  member.lastHeard = context.now
  member.deadtime = beat.deadtime
  context.act({ kind: 'timer', name: `silence ${member.name}`, delay: member.deadtime })
  if (member.status !== beat.status)
    setStatus(context, member, beat.status, `node ${member.name}: status ${beat.status}`)
  if (isNew) peerRestarted(state, context)
  checkCommunication(state, context)
  if (isFirst && state.communicationUp) peerJoined(state, context)
}

function heardPing(state: HeartbeatState, context: DaemonContext, name: string): void {
  const member = state.members.get(name)
  if (member === undefined) return
  const wasUp = member.status === 'ping'
  member.everHeard = true
  member.lastHeard = context.now
  context.act({ kind: 'timer', name: `silence ${name}`, delay: member.deadtime })
  if (wasUp) return
  const wasDead = member.status === 'dead'
  setStatus(context, member, 'ping', `ping node ${name} answers`)
  checkCommunication(state, context)
  if (wasDead) countChanged(state, context)
}

/** A node that was held for dead was alive all the time (spec 10): both sides give everything up and begin anew. */
function healed(state: HeartbeatState, context: DaemonContext, member: Member): void {
  state.healing = true
  decide(context, {
    decision: 'partition-healed',
    about: [state.self, member.name],
    text: `hears ${member.name} again, which never restarted: gives everything up and restarts in 2 s`,
    reasons: [{ text: 'both sides may run everything', source: 'spec heartbeat 10' }],
  })
  context.act({ kind: 'timer', name: 'healed', delay: 2000 })
}

/** This node's communication is complete once every member was heard or is dead. */
function checkCommunication(state: HeartbeatState, context: DaemonContext): void {
  if (state.communicationUp || [...state.members.values()].some((member) => member.status === 'init')) return
  state.communicationUp = true
  log(context, 'info', `communication is complete; ${state.peer} is ${peerOf(state).status}`)
  communicationIsUp(state, context)
}

function setStatus(context: DaemonContext, member: Member, status: Member['status'], text: string): void {
  member.status = status
  context.act({ kind: 'membership', member: member.name, status, text })
}
