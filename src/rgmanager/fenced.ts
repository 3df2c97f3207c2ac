/**
 * The fence domain: who must be fenced, and the master's work at it. While there is a victim no lock is granted anywhere: no start, no
 * stop, no status, no clusvcadm. A failed fencing is tried again every 5 s, for ever. Source: spec rgmanager 14.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import type { FenceStep } from './config.ts'
import { victimsGone } from './life.ts'
import { tellAll } from './ring.ts'
import { membersOf, type RgState, type Victim } from './state.ts'

const RETRY = 5000

/** Adds a victim; the domain's master begins its work. */
export function addVictim(state: RgState, context: DaemonContext, victim: Victim): void {
  if (state.victims.some(({ node }) => node === victim.node)) return
  state.victims.push(victim)
  fenceNext(state, context)
}

/** A victim is known to be off, or has come back in a new life. */
export function removeVictim(state: RgState, context: DaemonContext, node: NodeName, why: string): void {
  if (!state.victims.some((victim) => victim.node === node)) return
  state.victims = state.victims.filter((victim) => victim.node !== node)
  log(context, 'info', `${node} need not be fenced any more: ${why}`)
  if (state.fencing?.node === node) endFencing(state, context)
  if (state.victims.length === 0) victimsGone(state, context)
  else fenceNext(state, context)
}

/** Drops all fencing: this partition has no quorum, and fencing needs one. */
export function dropFencing(state: RgState, context: DaemonContext): void {
  if (state.fencing !== undefined) endFencing(state, context)
}

function endFencing(state: RgState, context: DaemonContext): void {
  state.fencing = undefined
  context.act({ kind: 'cancel-timer', name: 'fence' })
}

/** The master of the domain: the member with the lowest id that is in it. */
export function isFenceMaster(state: RgState): boolean {
  const inDomain = (name: NodeName): boolean =>
    name === state.self ? state.domainFormed : state.peers.get(name)!.formed
  return membersOf(state).find(inDomain) === state.self
}

/** Begins with the first victim, where this node is the master, is quorate and does nothing else. */
export function fenceNext(state: RgState, context: DaemonContext): void {
  const [victim] = state.victims
  if (victim === undefined || state.fencing !== undefined || !state.quorate || !isFenceMaster(state)) return
  const { postFailDelay, postJoinDelay, nodes } = state.config
  const delay = victim.why === 'startup' ? postJoinDelay : postFailDelay
  state.fencing = { node: victim.node, method: 0, step: 0, ticket: undefined, rounds: 0 }
  const methods = nodes.find(({ name }) => name === victim.node)!.methods.length
  decide(context, {
    decision: 'fence',
    about: [victim.node],
    text: `fences ${victim.node}${delay === 0 ? '' : ` in ${delay / 1000} s`}`,
    reasons: [
      victim.why === 'startup'
        ? { text: 'it has not joined the fence domain: nobody knows what it does', source: 'post_join_delay' }
        : { text: 'it left the cluster without goodbye', source: 'spec rgmanager 14' },
      ...(methods === 0 ? [{ text: 'it has no fence method: this never succeeds', source: 'clusternode' }] : []),
    ],
  })
  context.act({ kind: 'timer', name: 'fence', delay })
}

/** A delay or the pause before another round is over. */
export function fenceTimer(state: RgState, context: DaemonContext): void {
  const { fencing } = state
  if (fencing === undefined) return
  const step = stepOf(state)
  if (step === undefined) return again(state, context)
  // The agent's own delay comes before its first action only.
  if (0 < step.delay && fencing.ticket === undefined) {
    fencing.ticket = -1
    context.act({ kind: 'timer', name: 'fence', delay: step.delay })
    return
  }
  ask(state, context, step)
}

/** A device has answered. */
export function fenceAnswered(state: RgState, context: DaemonContext, ticket: number, ok: boolean): void {
  const { fencing } = state
  if (fencing === undefined || fencing.ticket !== ticket) return
  fencing.ticket = undefined
  const method = methodsOf(state)[fencing.method]!
  if (ok && fencing.step + 1 < method.length) {
    fencing.step += 1
    return fenceTimer(state, context)
  }
  if (ok) return fenced(state, context)
  fencing.step = 0
  fencing.method += 1
  if (fencing.method < methodsOf(state).length) return fenceTimer(state, context)
  again(state, context)
}

function fenced(state: RgState, context: DaemonContext): void {
  const { node } = state.fencing!
  tellAll(state, context, 'fenced', node)
  endFencing(state, context)
  removeVictim(state, context, node, 'it was fenced')
}

function again(state: RgState, context: DaemonContext): void {
  const fencing = state.fencing!
  fencing.rounds += 1
  Object.assign(fencing, { method: 0, step: 0, ticket: undefined })
  if (fencing.rounds === 1 || fencing.rounds % 12 === 0)
    log(context, 'error', `fence ${fencing.node} failed; all services wait; trying again every ${RETRY / 1000} s`)
  // Without a method there is nothing that another round could do.
  if (methodsOf(state).length !== 0) context.act({ kind: 'timer', name: 'fence', delay: RETRY })
}

function ask(state: RgState, context: DaemonContext, { device, action }: FenceStep): void {
  const fencing = state.fencing!
  state.ticket += 1
  fencing.ticket = state.ticket
  context.act({ kind: 'fence', ticket: state.ticket, device, target: fencing.node, action })
}

function methodsOf({ config, fencing }: RgState): readonly (readonly FenceStep[])[] {
  return config.nodes.find(({ name }) => name === fencing?.node)?.methods ?? []
}

function stepOf(state: RgState): FenceStep | undefined {
  const { method = 0, step = 0 } = state.fencing ?? {}
  return methodsOf(state)[method]?.[step]
}
