/**
 * The lock of each service: every change of its record is read, decided and written under it. The member with the lowest id keeps the
 * locks; a grant carries the record, a release brings it back. No lock is granted while a node waits to be fenced (DLM recovery), nor
 * without quorum. A lock is held for an instant only: whoever gets it decides at once.
 * Source: spec rgmanager 6.4 and 14; the protocol's messages are ours.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { takeRecord } from './records.ts'
import { tell } from './ring.ts'
import { type Lock, membersOf, type RgState, recordOf, type ServiceRecord, type Worker } from './state.ts'
import { resume } from './worker.ts'

/** A request for a lock. */
export interface LockRequest {
  readonly service: string
  readonly id: number
}

/** A lock that is granted or given back, with the record as its sender knows it. */
export interface LockPass extends LockRequest {
  readonly record: ServiceRecord
}

function lockMaster(state: RgState): NodeName {
  return membersOf(state)[0]!
}

/** True while recovery of the lock manager waits for fencing or quorum. */
export function locksBlocked(state: RgState): boolean {
  return !state.quorate || 0 < state.victims.length || !state.domainFormed
}

/** Asks for the lock of a worker's service; the worker waits. */
export function askLock(state: RgState, context: DaemonContext, worker: Worker): void {
  state.ticket += 1
  worker.waiting = { kind: 'lock', id: state.ticket }
  sendRequest(state, context, { service: worker.service, id: state.ticket })
}

function sendRequest(state: RgState, context: DaemonContext, request: LockRequest): void {
  const master = lockMaster(state)
  if (master === state.self) requested(state, context, state.self, request)
  else tell(state, context, master, 'lock', request)
}

/** A node wants a lock; this node keeps it. */
export function requested(state: RgState, context: DaemonContext, node: NodeName, request: LockRequest): void {
  const lock = lockOf(state, request.service)
  if (lock.holder?.node === node) lock.holder = undefined
  const known = lock.waiting.findIndex((entry) => entry.node === node)
  if (known !== -1) lock.waiting.splice(known, 1)
  lock.waiting.push({ node, id: request.id })
  pump(state, context, request.service)
}

/** A node gives a lock back. */
export function released(state: RgState, context: DaemonContext, node: NodeName, pass: LockPass): void {
  takeRecord(state, context, pass.record)
  const lock = lockOf(state, pass.service)
  if (lock.holder?.node === node && lock.holder.id === pass.id) lock.holder = undefined
  pump(state, context, pass.service)
}

/** The lock that was asked for is granted: the worker decides now, and the lock goes back at once. */
export function granted(state: RgState, context: DaemonContext, from: NodeName, pass: LockPass): void {
  takeRecord(state, context, pass.record)
  const worker = state.workers.get(pass.service)
  const isWanted = worker?.waiting?.kind === 'lock' && worker.waiting.id === pass.id
  const giveBack = (): void => {
    const back: LockPass = { service: pass.service, id: pass.id, record: recordOf(state, pass.service) }
    if (from === state.self) released(state, context, state.self, back)
    else tell(state, context, from, 'unlock', back)
  }
  if (!isWanted) return giveBack()
  resume(state, context, worker, { text: 'granted' })
  giveBack()
}

/** Fencing is over, quorum is back: what waited is granted. */
export function pumpAll(state: RgState, context: DaemonContext): void {
  for (const service of [...state.locks.keys()]) pump(state, context, service)
}

/** Members have changed: locks of those that are gone are free, and whoever waits asks the present master. */
export function recoverLocks(state: RgState, context: DaemonContext): void {
  const members = membersOf(state)
  for (const lock of state.locks.values()) {
    if (lock.holder !== undefined && !members.includes(lock.holder.node)) lock.holder = undefined
    const alive = lock.waiting.filter(({ node }) => members.includes(node))
    lock.waiting.splice(0, lock.waiting.length, ...alive)
  }
  if (lockMaster(state) !== state.self) state.locks.clear()
  for (const { waiting, service } of [...state.workers.values()])
    if (waiting?.kind === 'lock') sendRequest(state, context, { service, id: waiting.id })
}

function pump(state: RgState, context: DaemonContext, service: string): void {
  if (locksBlocked(state)) return
  const lock = lockOf(state, service)
  const next = lock.holder === undefined ? lock.waiting.shift() : undefined
  if (next === undefined) return
  lock.holder = next
  const pass: LockPass = { service, id: next.id, record: recordOf(state, service) }
  if (next.node === state.self) granted(state, context, state.self, pass)
  else tell(state, context, next.node, 'granted', pass)
}

function lockOf(state: RgState, service: string): Lock {
  const known = state.locks.get(service)
  if (known !== undefined) return known
  const made: Lock = { holder: undefined, waiting: [] }
  state.locks.set(service, made)
  return made
}
