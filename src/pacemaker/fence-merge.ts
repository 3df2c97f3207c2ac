/**
 * Requests that join an operation for the same target and action, and how the end of an operation is told to all who asked for it.
 * Source: spec E-8.1, items 6 and 8.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { FenceDone, FenceOperation, FenceQuery, FenceWish, OperationKey } from './fencer-state.ts'
import { log, type PacemakerState, tell } from './state.ts'

/** Of an operation's end what logs tell. */
export type Ending = OperationKey & Pick<FenceDone, 'action' | 'by' | 'client' | 'isOk' | 'target' | 'text'>

/** Another fencer began an operation. */
export function heardQuery({ fencer, self }: PacemakerState, query: FenceQuery): void {
  if (query.leader !== self) fencer.heard.set(keyOf(query), query)
}

function keyOf({ leader, operation }: OperationKey): string {
  return `${leader} ${operation}`
}

/** True where an operation under way does what is wished, for somebody else: its result is the wish's, too. */
export function joinRunning(state: PacemakerState, context: DaemonContext, wish: FenceWish): boolean {
  const into = runningLike(state, wish)
  if (into === undefined) return false
  const { target, action, client } = wish
  log(
    context,
    `Merging fencing action '${action}' targeting ${target} originating from client ${client} with identical request from ${into.client}@${into.leader}`,
  )
  state.fencer.merged.push({ wish, into })
  return true
}

function runningLike(
  { fencer, self }: PacemakerState,
  { target, action, client }: FenceWish,
): (OperationKey & { readonly client: string }) | undefined {
  for (const own of fencer.led.values())
    if (own.target === target && own.action === action && own.client !== client)
      return { leader: self, operation: own.id, client: own.client }
  for (const other of fencer.heard.values()) if (other.target === target && other.action === action) return other
  return undefined
}

/** Ends an operation that this fencer leads, and tells everybody. */
export function finishOperation(
  state: PacemakerState,
  context: DaemonContext,
  operation: FenceOperation,
  how: Pick<FenceDone, 'hadDevice' | 'isOk' | 'text'>,
): void {
  const { id, target, action, peer } = operation
  state.fencer.led.delete(id)
  for (const name of ['fence-query', 'fence-total', 'fence-peer', 'fence-watchdog'])
    context.act({ kind: 'cancel-timer', name: `${name} ${id}` })
  context.act({
    kind: 'believe',
    about: `fencing of ${target}`,
    state: `${action} ${how.isOk ? 'succeeded' : 'failed'}`,
  })
  // Whoever tried last: what failed is told as done by the fencer that led it (spec E-8.1, item 6).
  const by = how.isOk ? (peer ?? state.self) : state.self
  tellDone(state, context, { ...operation, ...how, operation: id, by, isMerged: false })
}

function tellDone(
  state: PacemakerState,
  context: DaemonContext,
  {
    operation,
    target,
    action,
    isOk,
    hadDevice,
    by,
    client,
    actionId,
    isMerged,
    text,
  }: Omit<FenceDone, 'leader' | 'life'>,
): void {
  const { self: leader, controller } = state
  const done: FenceDone = {
    ...{ leader, operation, target, action, isOk, hadDevice, by, client, actionId, isMerged, text },
    life: controller.life,
  }
  tell(state, context, 'fence-done', done)
}

/** An operation has ended somewhere: those that joined it end alike. */
export function heardDone(state: PacemakerState, context: DaemonContext, done: FenceDone): void {
  const { fencer } = state
  const { leader, operation, isMerged } = done
  tellEnded(context, done)
  if (isMerged) return
  fencer.heard.delete(keyOf(done))
  endMerged(state, context, (into) => into.leader === leader && into.operation === operation, done)
}

/** How an operation ended, as every fencer logs it. */
export function tellEnded(context: DaemonContext, done: Ending & Pick<FenceDone, 'isMerged'>): void {
  const { target, action, by, client, leader, operation, isMerged, isOk, text } = done
  const merged = isMerged ? ' (merged)' : ''
  const how = isOk ? 'OK (complete)' : `Error (${text})`
  log(
    context,
    `Operation '${action}' targeting ${target} by ${by} for ${client}@${leader}${merged}: ${how} | id=${leader}.${operation}`,
  )
}

/** Fencers are gone, and with them the operations that they led. */
export function leadersGone(state: PacemakerState, context: DaemonContext, gone: readonly NodeName[]): void {
  const { fencer } = state
  for (const [key, { leader }] of fencer.heard) if (gone.includes(leader)) fencer.heard.delete(key)
  endMerged(state, context, ({ leader }) => gone.includes(leader), {
    isOk: false,
    hadDevice: true,
    by: state.self,
    text: 'The fencer that led the operation is gone',
  })
}

function endMerged(
  state: PacemakerState,
  context: DaemonContext,
  belongs: (into: OperationKey) => boolean,
  { isOk, hadDevice, by, text }: Pick<FenceDone, 'by' | 'hadDevice' | 'isOk' | 'text'>,
): void {
  const { merged } = state.fencer
  for (const { wish, into } of merged.splice(0)) {
    if (!belongs(into)) merged.push({ wish, into })
    else tellDone(state, context, { ...wish, operation: into.operation, isOk, hadDevice, by, isMerged: true, text })
  }
}
