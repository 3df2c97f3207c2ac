/**
 * The life of a node's daemons: joining the cluster, the fence domain, stop-before-start, service, loss of quorum, and the way out.
 * Source: spec rgmanager 14.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { answerForGone } from './answers.ts'
import { centralChanged } from './central.ts'
import { nodeDown, nodeUp } from './events.ts'
import { addVictim, dropFencing, fenceNext, removeVictim } from './fenced.ts'
import { greet } from './greeting.ts'
import { pumpAll, recoverLocks } from './locks.ts'
import { beginDisk } from './quorum-disk.ts'
import { reloadIdle } from './reload.ts'
import { beat, recount, tellAll } from './ring.ts'
import { blankRecord, enterPhase, membersOf, type Peer, type RgState, recordOf, rgOf } from './state.ts'
import { abort, enqueue, isIdle, makeWorkers } from './worker.ts'

/** How long a booting node listens before it takes itself for alone. */
const JOIN_WAIT = 3000

/** The daemon begins. */
export function begin(state: RgState, context: DaemonContext, generation: number): void {
  state.generation = generation
  beat(state, context)
  beginDisk(state, context)
  context.act({ kind: 'timer', name: 'join-wait', delay: JOIN_WAIT })
}

/** It has listened long enough: counts votes and goes on where there is quorum. */
export function joinWaited(state: RgState, context: DaemonContext): void {
  state.listened = true
  recount(state, context)
  tryDomain(state, context)
}

/** Joins the fence domain of others, or forms it where this is the first node; goes on when nobody has to be fenced. */
export function tryDomain(state: RgState, context: DaemonContext): void {
  if (state.phase !== 'joining' || !state.listened || !state.quorate) return
  const members = membersOf(state).flatMap((name) => state.peers.get(name) ?? [])
  if (members.some((peer) => !peer.greeted)) return
  const formed = members.some((peer) => peer.formed)
  if (!formed && membersOf(state)[0] !== state.self) return
  enterPhase(state, context, 'fence-domain', formed ? 'joined' : 'formed')
  state.domainFormed = true
  if (!formed && !state.config.cleanStart)
    for (const { name } of state.config.nodes)
      if (!membersOf(state).includes(name) && !state.victims.some(({ node }) => node === name))
        state.victims.push({ node: name, why: 'startup' })
  tellAll(state, context, 'in-domain', state.victims)
  if (state.victims.length === 0) return victimsGone(state, context)
  fenceNext(state, context)
  // Only a node that has fencing waits for the domain before it goes on; locks wait all the same (spec 14, boot 2).
  const own = state.config.nodes.find(({ name }) => name === state.self)
  if (own?.methods.length === 0) stopBeforeStart(state, context)
}

/** Nobody has to be fenced: locks are granted, and a node that waited to serve goes on. */
export function victimsGone(state: RgState, context: DaemonContext): void {
  if (state.phase === 'fence-domain') stopBeforeStart(state, context)
  pumpAll(state, context)
  if (state.phase === 'no-quorum') workersIdle(state, context)
}

/** Whatever may run here is stopped before anything is started: nobody knows what was left (spec 14, boot 4). */
function stopBeforeStart(state: RgState, context: DaemonContext): void {
  const { services, disabled } = rgOf(state)
  if (disabled) return log(context, 'warning', 'rgmanager is disabled in cluster.conf')
  enterPhase(state, context, 'init-stop', 'no-victims')
  makeWorkers(state, services)
  if (!state.config.switches.stopBeforeStart) {
    log(context, 'info', 'stops nothing before it starts (rgmanager -N)')
    return workersIdle(state, context)
  }
  decide(context, {
    decision: 'stop-before-start',
    about: services.map(({ id }) => id),
    text: 'stops every service here before it starts any',
    reasons: [
      { text: 'nobody knows what an earlier life left running; results do not count', source: 'spec rgmanager 14' },
    ],
  })
  for (const { id } of services) enqueue(state, context, id, { kind: 'sweep' })
  workersIdle(state, context)
}

/** A worker has nothing to do. Where that was awaited, and all are idle, the daemon goes on. */
export function workersIdle(state: RgState, context: DaemonContext): void {
  if (![...state.workers.values()].every(isIdle)) return
  if (state.killed) return leave(state, context, 'another partition has removed this node')
  if (state.phase === 'init-stop') serve(state, context)
  else if (state.phase === 'no-quorum' && state.quorate && state.victims.length === 0) serveAgain(state, context)
  else if (state.phase === 'leaving') sayExiting(state, context)
  else if (state.reloading !== undefined) reloadIdle(state, context)
}

function serve(state: RgState, context: DaemonContext): void {
  enterPhase(state, context, 'running', 'swept')
  tellAll(state, context, 'serving', true)
  context.act({ kind: 'timer', name: 'tick', delay: rgOf(state).statusInterval })
  centralChanged(state, context)
  nodeUp(state, context, state.self)
}

/** Quorum is back: records are those of others, or begin anew; no stop-before-start (spec 14). */
function serveAgain(state: RgState, context: DaemonContext): void {
  makeWorkers(state, rgOf(state).services)
  serve(state, context)
}

/** Every `status_poll_interval` each service that runs here is to be checked; one that still is, is left out (spec 6). */
export function tick(state: RgState, context: DaemonContext): void {
  if (state.phase !== 'running') return
  context.act({ kind: 'timer', name: 'tick', delay: rgOf(state).statusInterval })
  if (!state.quorate || state.reloading !== undefined) return
  for (const { id } of rgOf(state).services) {
    const { owner, state: now } = recordOf(state, id)
    if (owner !== state.self || (now !== 'started' && now !== 'migrating')) continue
    const { queue, current } = state.workers.get(id)!
    if (current?.kind !== 'status' && !queue.some(({ kind }) => kind === 'status'))
      enqueue(state, context, id, { kind: 'status' })
  }
}

/** A node has joined the ring. */
export function memberJoined(state: RgState, context: DaemonContext, peer: Peer): void {
  // A device that was asked is not called back: the node may have come back by its daemons only, with its services still running.
  const isBeingFenced = state.fencing?.node === peer.name && 0 < (state.fencing.ticket ?? 0)
  if (!isBeingFenced) removeVictim(state, context, peer.name, 'it has come back in a new life')
  recoverLocks(state, context)
  greet(state, context, peer)
}

/** A node has left the ring: in order, or it must be fenced. */
export function memberLost(state: RgState, context: DaemonContext, peer: Peer, how: 'clean' | 'unclean'): void {
  const served = peer.serving
  const wasInDomain = peer.formed
  Object.assign(peer, { serving: false, formed: false, greeted: false })
  if (how === 'unclean' && wasInDomain) addVictim(state, context, { node: peer.name, why: 'failed' })
  recoverLocks(state, context)
  answerForGone(state, context, peer.name)
  centralChanged(state, context)
  if (served) nodeDown(state, context, peer.name)
  fenceNext(state, context)
  tryDomain(state, context)
}

/** The partition has lost or gained quorum. */
export function quorumChanged(state: RgState, context: DaemonContext): void {
  if (state.quorate) {
    fenceNext(state, context)
    tryDomain(state, context)
    if (state.victims.length === 0) victimsGone(state, context)
    return
  }
  dropFencing(state, context)
  state.startsLocked = false
  if (state.phase === 'running' || state.phase === 'init-stop') emergencyStop(state, context, 'quorum is lost')
}

/** Stops every tree at once; results, frozen flags and records do not count (spec 14). */
function emergencyStop(state: RgState, context: DaemonContext, why: string): void {
  decide(context, {
    decision: 'emergency-stop',
    about: rgOf(state).services.map(({ id }) => id),
    text: `stops everything here at once: ${why}`,
    reasons: [{ text: 'others may start these services now', source: 'spec rgmanager 14' }],
  })
  enterPhase(state, context, 'no-quorum', 'emergency-stop')
  for (const peer of state.peers.values()) peer.serving = false
  forgetRecords(state)
  state.locks.clear()
  state.statusCalls = 0
  for (const worker of state.workers.values()) abort(worker)
  for (const service of state.workers.keys()) enqueue(state, context, service, { kind: 'sweep' })
  workersIdle(state, context)
}

/** Records begin anew, newer than any that another node may still remember of the time before. */
function forgetRecords(state: RgState): void {
  for (const [service, { version }] of state.records)
    state.records.set(service, { ...blankRecord(service), version: version + 1 })
}

/** The quorate side tells this node that it was held for dead: everything stops and the daemons end. */
export function killedByPeer(state: RgState, context: DaemonContext, by: NodeName): void {
  if (state.killed) return
  state.killed = true
  log(context, 'critical', `killed by ${by}: this node rejoined the cluster without a restart`)
  emergencyStop(state, context, `${by} has removed this node`)
}

/** A shutdown in order: stops what this node owns, then says goodbye (spec 14, S14). */
export function shutdown(state: RgState, context: DaemonContext): void {
  if (state.phase === 'leaving') return
  const wasRunning = state.phase === 'running'
  decide(context, {
    decision: 'shutdown',
    about: [state.self],
    text: 'shuts down: stops the services it owns, then leaves',
    reasons: [{ text: 'others start them only after the last one has stopped', source: 'spec rgmanager 14' }],
  })
  enterPhase(state, context, 'leaving', 'shutdown')
  if (wasRunning)
    for (const { id } of rgOf(state).services) {
      const { owner, frozen } = recordOf(state, id)
      if (owner !== state.self || frozen) continue
      state.stoppedSomething = true
      enqueue(state, context, id, { kind: 'plain-stop' })
    }
  workersIdle(state, context)
}

function sayExiting(state: RgState, context: DaemonContext): void {
  if (state.saidExiting) return
  state.saidExiting = true
  tellAll(state, context, 'serving', false)
  // A daemon that stopped something stays for a while before it leaves the ring.
  context.act({ kind: 'timer', name: 'linger', delay: state.stoppedSomething ? 3 * rgOf(state).throttling : 0 })
}

/** Leaves the ring in order and ends. */
export function leave(state: RgState, context: DaemonContext, reason: string): void {
  if (!state.killed) tellAll(state, context, 'leave', null)
  context.act({ kind: 'exit', reason })
}
