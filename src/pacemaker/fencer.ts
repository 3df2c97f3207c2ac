/**
 * The operations that this node's fencer leads: it asks every fencer who can cut a node off, and has it done, peer by peer, level by
 * level. Everything travels through the ring, results too: a fenced member is reported only with the membership that drops it (spec
 * E-8.10). Source: spec E-8.1, E-8.6, E-8.7, E-8.11.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { clusterSeen } from './decide.ts'
import { type FenceAction, toDevices, WATCHDOG } from './devices.ts'
import { finishOperation, joinRunning } from './fence-merge.ts'
import type {
  FenceOperation,
  FenceQuery,
  FenceReply,
  FenceResult,
  FenceRunRequest,
  FenceStep,
  FenceWish,
  ReportedDevice,
} from './fencer-state.ts'
import { levelsFor, stepsOf } from './fencing-topology.ts'
import { durationOption } from './machine.ts'
import { log, type PacemakerState, tell, wallClock } from './state.ts'
import { watchdogWait } from './watchdog.ts'

/** Timeouts are this much longer than what is waited for. */
const SLACK = 1.2

/** Begins an operation, or joins one of another client that does the same. */
export function requestFence(state: PacemakerState, context: DaemonContext, wish: FenceWish): void {
  const { fencer, self, ring } = state
  const { target, action, client, maySelfFence } = wish
  if (!fencer.isUp) {
    fencer.waiting.push(wish)
    return
  }
  log(context, `Client ${client} wants to fence (${action}) ${target} using any device`)
  if (joinRunning(state, context, wish)) return
  fencer.operations += 1
  const baseTimeout = durationOption(state, 'stonith-timeout', 60_000)
  const levels = levelsOf(state, context, target, action)
  const operation: FenceOperation = {
    ...wish,
    id: fencer.operations,
    baseTimeout,
    levels: levels ?? [],
    isTopology: levels !== undefined,
    level: 0,
    step: 0,
    awaited: new Set(ring.members.filter((member) => !fencer.away.has(member))),
    replies: new Map(),
    isQuerying: true,
    hasBegun: false,
    tried: new Set(),
    peer: undefined,
    lastText: '',
  }
  fencer.led.set(operation.id, operation)
  const { id } = operation
  const seconds = Math.floor(baseTimeout / 1000)
  log(
    context,
    `Requesting peer fencing (${action}) targeting ${target} | id=${self}.${id} state=querying base_timeout=${seconds}`,
  )
  context.act({ kind: 'timer', name: `fence-query ${id}`, delay: withSlack(baseTimeout) })
  const query: FenceQuery = { leader: self, operation: id, target, action, client, baseTimeout, maySelfFence }
  tell(state, context, 'fence-query', query)
}

function withSlack(duration: number): number {
  return Math.floor(duration * SLACK)
}

/** What the topology says, with the target's attributes of this moment. */
function levelsOf(
  state: PacemakerState,
  context: DaemonContext,
  target: NodeName,
  action: FenceAction,
): readonly (readonly FenceStep[])[] | undefined {
  const { configuration } = state.cib
  if (configuration.fencingTopology.length === 0) return undefined
  const seen = clusterSeen(state, wallClock(state, context))
  const attributes = seen.nodes.find(({ uname }) => uname === target)?.attributes ?? new Map<string, string>()
  const known = toDevices(configuration)
  return levelsFor(configuration, target, attributes)?.map((level) => stepsOf(level, action, known))
}

/** A peer has answered a query. Source: spec E-8.1, item 4; E-8.6 (last sentence). */
export function heardReply(state: PacemakerState, context: DaemonContext, from: NodeName, reply: FenceReply): void {
  const operation = state.fencer.led.get(reply.operation)
  if (reply.leader !== state.self || operation === undefined) return
  const all = operation.awaited.size + operation.replies.size
  operation.awaited.delete(from)
  operation.replies.set(from, reply.devices)
  const { target, action, replies } = operation
  const count = `${reply.devices.length} device${reply.devices.length === 1 ? '' : 's'}`
  log(context, `Query result ${replies.size} of ${all} from ${from} for ${target}/${action} (${count}) ${operation.id}`)
  if (!operation.isQuerying) return
  const isGood = from !== target && reply.devices.some(({ isVerified }) => isVerified)
  if (operation.isTopology ? isCovered(operation) : isGood && !operation.tried.has(from))
    return attempt(state, context, operation)
  if (operation.awaited.size === 0) attempt(state, context, operation)
}

/** Every device of every level has been reported by somebody else than the target. */
function isCovered({ levels, replies, target }: FenceOperation): boolean {
  const reported = new Set([WATCHDOG])
  for (const [peer, devices] of replies) if (peer !== target) for (const { id } of devices) reported.add(id)
  return levels.every((steps) => steps.every(({ device }) => reported.has(device)))
}

/** Whoever has not answered by now is not waited for. */
export function queryOver(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation === undefined) return
  operation.awaited.clear()
  if (operation.isQuerying) attempt(state, context, operation)
}

/** Asks the next peer, device or level; waits where answers are still to come; ends the operation where there is nobody. */
function attempt(state: PacemakerState, context: DaemonContext, operation: FenceOperation): void {
  const { levels, isTopology, target, action } = operation
  const step = levels[operation.level]?.[operation.step]
  if (isTopology && step === undefined) return nextLevel(state, context, operation)
  const chosen = choose(operation, step)
  operation.isQuerying = chosen === undefined && 0 < operation.awaited.size
  if (operation.isQuerying) return
  if (chosen !== undefined) return askPeer(state, context, operation, step, chosen)
  if ((!isTopology || step!.device === WATCHDOG) && waitForWatchdog(state, context, operation)) return
  if (step?.mayFail === true) return stepDone(state, context, operation)
  if (isTopology) return nextLevel(state, context, operation)
  log(context, `Couldn't find anyone to fence (${action}) ${target} using any device`, 'warning')
  finish(state, context, operation, false, operation.lastText || 'No fence device')
}

function nextLevel(state: PacemakerState, context: DaemonContext, operation: FenceOperation): void {
  operation.level += 1
  operation.step = 0
  operation.tried.clear()
  if (operation.level < operation.levels.length) return attempt(state, context, operation)
  log(context, `All fencing options targeting ${operation.target} failed`, 'warning')
  finish(state, context, operation, false, operation.lastText || 'All topology levels failed')
}

interface Choice {
  readonly peer: NodeName
  readonly devices: readonly ReportedDevice[]
}

/**
 * The best peer that has not been tried: more devices first, of equal ones the later answer; verified ones before others, the target
 * itself last. Source: spec E-8.1, item 4.
 */
function choose({ replies, tried, target }: FenceOperation, step: FenceStep | undefined): Choice | undefined {
  const choices = [...replies]
    .reverse()
    .flatMap(([peer, reported]) => {
      const devices = reported.filter(({ id }) => step === undefined || id === step.device)
      return devices.length === 0 || tried.has(peer) ? [] : [{ peer, devices }]
    })
    .sort((left, right) => right.devices.length - left.devices.length)
  const others = choices.filter(({ peer }) => peer !== target)
  const isVerified = ({ devices }: Choice): boolean => devices.some((device) => device.isVerified)
  return others.find(isVerified) ?? others[0] ?? choices[0]
}

function askPeer(
  state: PacemakerState,
  context: DaemonContext,
  operation: FenceOperation,
  step: FenceStep | undefined,
  { peer, devices }: Choice,
): void {
  const { id, target, client, baseTimeout, maySelfFence, hasBegun } = operation
  const timeout = sumOf(devices)
  const total = withSlack(totalOf(operation, timeout) || baseTimeout)
  if (!hasBegun) context.act({ kind: 'timer', name: `fence-total ${id}`, delay: total })
  context.act({ kind: 'timer', name: `fence-peer ${id}`, delay: withSlack(timeout) })
  operation.peer = peer
  operation.tried.add(peer)
  operation.hasBegun = true
  const request: FenceRunRequest = {
    to: peer,
    leader: state.self,
    operation: id,
    target,
    action: step?.action ?? operation.action,
    client,
    device: step?.device,
    baseTimeout,
    // What was asked for is for the first device alone.
    delay: hasBegun ? Math.min(0, operation.delay) : operation.delay,
    maySelfFence,
    isLast: isLastStep(operation),
  }
  const using = step === undefined ? '' : ` using ${step.device}`
  const seconds = `${Math.floor(withSlack(timeout) / 1000)}s, 0s`
  log(
    context,
    `Requesting that ${peer} perform '${request.action}' action targeting ${target}${using} | for client ${client} (${seconds})`,
  )
  tell(state, context, 'fence-run', request)
}

/** True where nothing is left of the level that must succeed. */
function isLastStep({ levels, level, step }: FenceOperation): boolean {
  return levels[level]?.slice(step + 1).every(({ mayFail }) => mayFail) ?? true
}

/** Source: spec E-8.1, item 7. */
function totalOf({ isTopology, levels, replies, baseTimeout }: FenceOperation, chosen: number): number {
  if (!isTopology) return chosen
  const reported = [...replies.values()].flat()
  const devices = levels.flatMap((steps) => steps.filter(({ mayFail }) => !mayFail))
  return devices.reduce((sum, { device }) => {
    const known = reported.find(({ id }) => id === device)
    return sum + (known === undefined ? baseTimeout : sumOf([known]))
  }, 0)
}

function sumOf(devices: readonly ReportedDevice[]): number {
  return devices.reduce((sum, { timeout, delay }) => sum + timeout + delay * 1000, 0)
}

/** Nobody can: a node with a watchdog is taken to reset itself. Source: spec E-8.7. */
function waitForWatchdog(state: PacemakerState, context: DaemonContext, operation: FenceOperation): boolean {
  const wait = watchdogWait(state)
  const { id, target, action, client } = operation
  if (wait === undefined) return false
  operation.hasBegun = true
  operation.peer = undefined
  log(context, `Waiting ${Math.floor(wait / 1000)}s for ${target} to self-fence (${action}) for client ${client}`)
  for (const name of ['fence-query', 'fence-total', 'fence-peer'])
    context.act({ kind: 'cancel-timer', name: `${name} ${id}` })
  context.act({ kind: 'timer', name: `fence-watchdog ${id}`, delay: wait })
  return true
}

/** The watchdog's time is over: its node is held for reset. */
export function watchdogOver(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation === undefined) return
  if (operation.isTopology) stepDone(state, context, operation)
  else finish(state, context, operation, true, 'OK')
}

/** A peer's result arrived at whoever leads the operation. */
export function heardResult(state: PacemakerState, context: DaemonContext, from: NodeName, result: FenceResult): void {
  const operation = state.fencer.led.get(result.operation)
  if (result.leader !== state.self || operation === undefined || operation.peer !== from) return
  context.act({ kind: 'cancel-timer', name: `fence-peer ${operation.id}` })
  if (result.isOk) {
    if (operation.isTopology) return stepDone(state, context, operation)
    return finish(state, context, operation, true, 'OK')
  }
  operation.lastText = result.isTimeout ? 'Fence agent did not complete in time' : 'Agent returned error'
  if (result.text === 'No such device') operation.lastText = 'No fence device'
  // An agent that had to be killed ends all, where no other device is configured to be asked (spec E-8.1, item 6).
  if (result.isTimeout && !operation.isTopology) return finish(state, context, operation, false, operation.lastText)
  attempt(state, context, operation)
}

function stepDone(state: PacemakerState, context: DaemonContext, operation: FenceOperation): void {
  operation.step += 1
  operation.tried.clear()
  const steps = operation.levels[operation.level]!
  if (operation.step < steps.length) attempt(state, context, operation)
  else finish(state, context, operation, true, 'OK')
}

/** A peer did not answer in time. */
export function peerSilent(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation === undefined) return
  operation.lastText = 'Peer did not send fence result within timeout'
  attempt(state, context, operation)
}

/** Peers whose fencers are gone will not answer. */
export function fencersGone(state: PacemakerState, context: DaemonContext, gone: readonly NodeName[]): void {
  for (const operation of [...state.fencer.led.values()]) {
    for (const peer of gone) {
      operation.awaited.delete(peer)
      operation.replies.delete(peer)
    }
    const isLost = operation.peer !== undefined && gone.includes(operation.peer)
    if (isLost || (operation.isQuerying && operation.awaited.size === 0)) attempt(state, context, operation)
  }
}

/** The whole operation took too long. */
export function totalOver(state: PacemakerState, context: DaemonContext, id: number): void {
  const operation = state.fencer.led.get(id)
  if (operation === undefined) return
  const why = 'based on the configured timeout and retries for any devices attempted'
  finish(state, context, operation, false, `Fencing did not complete within a total timeout ${why}`)
}

function finish(
  state: PacemakerState,
  context: DaemonContext,
  operation: FenceOperation,
  isOk: boolean,
  text: string,
): void {
  finishOperation(state, context, operation, { isOk, text, hadDevice: operation.hasBegun || isOk })
}
