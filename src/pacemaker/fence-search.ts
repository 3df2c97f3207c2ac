/**
 * Which of this node's devices can fence a target: by what is configured, or by asking the device itself, which takes time and can fail.
 * Source: spec E-8.3.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { clusterSeen } from './decide.ts'
import {
  aliasOf,
  attemptsOf,
  type Device,
  type FenceAction,
  factsOf,
  hostCheckOf,
  isListed,
  timeoutOf,
} from './devices.ts'
import { type Ended, enqueue } from './fence-queue.ts'
import { type DeviceSearch, nextId } from './fencer-state.ts'
import { registeredOn } from './registered.ts'
import { log, type PacemakerState, wallClock } from './state.ts'

/** How long a device's list holds. */
const LIST_HOLDS = 60_000

/** The devices that this node's fencer has now. */
export function ownDevices(state: PacemakerState, context: DaemonContext): readonly Device[] {
  return registeredOn(clusterSeen(state, wallClock(state, context)), state.self)
}

/** Begins a search. Undefined where a device must be asked first. */
export function search(
  state: PacemakerState,
  context: DaemonContext,
  wanted: DeviceSearch['wanted'],
): DeviceSearch | undefined {
  const { fencer } = state
  const { target, action, baseTimeout, maySelfFence } = wanted.kind === 'query' ? wanted.query : wanted.request
  const devices = ownDevices(state, context)
  const able = new Set<string>()
  const asked = new Map<string, 'list' | 'status'>()
  const candidates = devices.filter((device) => {
    const reason = refusalOf(state, device, target, action, maySelfFence)
    const verdict = reason === undefined ? judge(state, context, device, target) : reason
    if (verdict === 'dynamic-list' || verdict === 'status') {
      asked.set(device.id, verdict === 'status' ? 'status' : 'list')
      return true
    }
    if (reason === undefined && verdict !== 'no') able.add(device.id)
    tellVerdict(context, device, target, action, able.has(device.id), verdict)
    return able.has(device.id)
  })
  const found: DeviceSearch = { id: nextId(fencer), wanted, candidates, able, unanswered: new Set(asked.keys()) }
  if (asked.size === 0) return found
  fencer.searches.set(found.id, found)
  for (const device of candidates) {
    const question = asked.get(device.id)
    if (question === undefined) continue
    enqueue(state, context, {
      device,
      action: question,
      target,
      timeout: timeoutOf(device, question, baseTimeout),
      attempts: attemptsOf(device, question),
      owner: { kind: 'search', id: found.id },
      notBefore: context.now,
    })
  }
  return undefined
}

/** Why a device is out of the question, whatever it says of the target. Source: spec E-8.3 (a), (b). */
function refusalOf(
  { self }: PacemakerState,
  device: Device,
  target: string,
  action: FenceAction,
  maySelfFence: boolean,
): string | undefined {
  const { actions, isOnTarget } = factsOf(device)
  if (action === 'on' && !actions.has('on')) return "Agent does not support 'on'"
  if (action === 'on' && isOnTarget) return self === target ? undefined : 'This node is not the target'
  return self === target && !maySelfFence ? 'This node is not allowed to execute action' : undefined
}

/** How the device is known to fence the target, `no`, or what must be asked. Source: spec E-8.3 (d). */
function judge({ fencer }: PacemakerState, context: DaemonContext, device: Device, target: string): string {
  const check = hostCheckOf(device)
  if (check === 'none') return check
  if (check === 'static-list') return isListed(device, target) ? check : 'no'
  const known = check === 'status' ? undefined : fencer.lists.get(device.id)
  if (known === undefined || known.until <= context.now) return check
  return known.nodes.includes(target) ? 'dynamic-list (cached)' : 'no'
}

/** A device has said what it knows. The search where it was the last to say so. */
export function heardDevice(state: PacemakerState, context: DaemonContext, ended: Ended): DeviceSearch | undefined {
  const { fencer } = state
  const { command, isOk, listed } = ended
  const found = fencer.searches.get(command.owner.id)
  const { device, target, action } = command
  if (isOk) fencer.verified.add(device.id)
  if (isOk && action === 'list') fencer.lists.set(device.id, { until: context.now + LIST_HOLDS, nodes: listed ?? [] })
  if (found === undefined) return undefined
  const isAble = isOk && (action === 'status' || listed?.includes(target) === true)
  if (isAble) found.able.add(device.id)
  const wanted = found.wanted.kind === 'query' ? found.wanted.query : found.wanted.request
  tellVerdict(context, device, target, wanted.action, isAble, action === 'list' ? 'dynamic-list' : 'status')
  found.unanswered.delete(device.id)
  if (0 < found.unanswered.size) return undefined
  fencer.searches.delete(found.id)
  return found
}

function tellVerdict(
  context: DaemonContext,
  device: Device,
  target: string,
  action: FenceAction,
  isAble: boolean,
  why: string,
): void {
  const alias = aliasOf(device, target)
  const known = alias === undefined ? '' : ` (as '${alias}')`
  const how = why === 'no' ? hostCheckOf(device) : why
  log(context, `${device.id} is ${isAble ? '' : 'not '}eligible to fence (${action}) ${target}${known}: ${how}`)
}

/** What a search has found, in the order of the configuration. */
export function devicesFound({ candidates, able }: DeviceSearch): readonly Device[] {
  return candidates.filter(({ id }) => able.has(id))
}
