/**
 * Fence devices: they really cut power, one request after the other where they are not made for more, and can fail, be slow, be out of
 * reach, not be wired to a node, or lie (say that they did what they did not). Asked what they know, they answer that too.
 */
import type { FenceDeviceEvent } from '../machines/fence-device.ts'
import type { NodeName } from '../model/names.ts'
import type { WorldContext } from './context.ts'
import { cutPower, powerOn, resetNode } from './node.ts'
import type { FenceDeviceTruth, FenceRequest, FenceScript, World } from './state.ts'

/** Takes a request; the answer comes to the node that asked, if it still lives by then. */
export function requestFence(
  world: World,
  context: WorldContext,
  deviceId: string,
  request: Omit<FenceRequest, 'byLife' | 'cause'>,
): void {
  const device = world.devices.get(deviceId)!
  const cause = context.record({
    kind: 'fence',
    phase: 'requested',
    device: deviceId,
    target: request.target,
    action: request.action,
    by: request.by,
    text: `${request.by} asks ${deviceId} to ${request.action} ${request.target}`,
  })
  const full = { ...request, byLife: world.nodes.get(request.by)!.life, cause }
  if (0 < device.current.length && !device.isParallel) device.waiting.push(full)
  else if (device.state === 'unreachable') answerUnreachable(context, device, full)
  else begin(context, device, full)
}

/**
 * The switch is reached, before the device has answered: power goes now. A request whose sender died meanwhile never gets there.
 * Source: the lab's recordings (spec E-12.6).
 */
export function cutByFence(world: World, context: WorldContext, deviceId: string, by: string, ticket: number): void {
  const device = world.devices.get(deviceId)!
  const request = findCurrent(device, by, ticket)
  if (request === undefined) return
  if (world.nodes.get(by)!.life !== request.byLife) return leave(context, device, request, 'failed')
  const fails = device.scripts.some((script) => 0 < script.times && script.kind !== 'slow')
  if (device.state !== 'working' || request.interrupted || fails || isUnwired(device, request.target)) return
  request.cut = true
  const first = request.action === 'reboot' ? ({ ...request, action: 'off' } as const) : request
  carryOut(world, context, first, deviceId)
}

/** The agent that asked is killed: what the device has not done by then it does not do for it. */
export function cancelFence(world: World, context: WorldContext, by: string, ticket: number): void {
  for (const device of world.devices.values()) {
    const waiting = device.waiting.findIndex((request) => request.by === by && request.ticket === ticket)
    if (0 <= waiting) device.waiting.splice(waiting, 1)
    const request = findCurrent(device, by, ticket)
    if (request !== undefined) leave(context, device, request, 'failed')
  }
}

/** The device has finished what it was asked to do. */
export function finishFence(world: World, context: WorldContext, deviceId: string, by: string, ticket: number): void {
  const device = world.devices.get(deviceId)!
  const request = findCurrent(device, by, ticket)
  if (request === undefined) return
  device.current.splice(device.current.indexOf(request), 1)
  const script = takeScript(device, ['fail', 'lie'])
  const isReached = device.state === 'working' && request.interrupted !== true
  const ok = isReached && script?.kind !== 'fail' && !isUnwired(device, request.target)
  settle(context, device, ok ? 'succeeded' : 'failed')
  const lies = script?.kind === 'lie'
  const text = ok
    ? `${deviceId} reports that ${request.target} is ${request.action === 'off' ? 'off' : 'reset'}${lies ? ' (it is not)' : ''}`
    : `${deviceId} could not ${request.action} ${request.target}`
  const seq = context.record({
    kind: 'fence',
    phase: ok ? 'succeeded' : 'failed',
    device: deviceId,
    target: request.target,
    action: request.action,
    by: request.by,
    text,
  })
  context.because(seq, () => {
    if (ok && request.cut === true && request.action === 'reboot') powerOn(world, context, request.target)
    else if (ok && !lies && request.cut !== true) carryOut(world, context, request, deviceId)
    answer(world, context, request, ok, text)
  })
  beginWaiting(context, device)
}

/** Asks a device which nodes it knows, or whether it knows one; the answer comes to the node that asked, if it still lives by then. */
export function askDevice(
  world: World,
  context: WorldContext,
  deviceId: string,
  question: {
    readonly ticket: number
    readonly by: NodeName
    readonly target: NodeName
    readonly asks: 'list' | 'status'
  },
): void {
  const { by, ticket, target, asks } = question
  const device = world.devices.get(deviceId)!
  const extra = device.scripts.find((script) => 0 < script.times && script.kind === 'slow')?.delay ?? 0
  const name = `fence-${asks}`
  const delay = extra + context.draw(`fence device ${deviceId}`, name, context.timing(name, deviceId))
  const byLife = world.nodes.get(by)!.life
  context.schedule(delay, {
    kind: 'device-tells',
    device: deviceId,
    ticket,
    by,
    byLife,
    target,
    asks,
    cause: context.cause(),
  })
}

/** A device answers a question: nothing where it is out of reach. */
export function tellOfDevice(
  world: World,
  context: WorldContext,
  event: { readonly device: string; readonly ticket: number; readonly by: NodeName; readonly byLife: number } & {
    readonly target: NodeName
    readonly asks: 'list' | 'status'
  },
): void {
  const { by, ticket, target, asks } = event
  if (world.nodes.get(by)!.life !== event.byLife) return
  const device = world.devices.get(event.device)!
  const known = device.targets.filter((node) => !isUnwired(device, node))
  const ok = device.state !== 'unreachable' && (asks === 'list' || known.includes(target))
  context.deviceTold(by, { ticket, ok, listed: ok && asks === 'list' ? known : [] })
}

/** Cuts a device off from the network, or gives it back. What it is doing fails. */
export function reachDevice(context: WorldContext, device: FenceDeviceTruth, event: 'cut' | 'heal'): void {
  if (event === 'cut') for (const request of device.current) request.interrupted = true
  move(context, device, event)
}

function isUnwired({ unwired }: FenceDeviceTruth, node: NodeName): boolean {
  return unwired.some((entry) => entry.node === node)
}

function findCurrent({ current }: FenceDeviceTruth, by: string, ticket: number): FenceRequest | undefined {
  return current.find((request) => request.by === by && request.ticket === ticket)
}

/** A request ends without an answer; the next one gets its turn. */
function leave(context: WorldContext, device: FenceDeviceTruth, request: FenceRequest, event: 'failed'): void {
  device.current.splice(device.current.indexOf(request), 1)
  settle(context, device, event)
  beginWaiting(context, device)
}

/** A device that has something else to do goes on working. */
function settle(context: WorldContext, device: FenceDeviceTruth, event: 'failed' | 'succeeded'): void {
  if (device.current.length === 0) move(context, device, event)
}

function beginWaiting(context: WorldContext, device: FenceDeviceTruth): void {
  const next = device.waiting.shift()
  if (next !== undefined) context.because(next.cause, () => begin(context, device, next))
}

function begin(context: WorldContext, device: FenceDeviceTruth, request: FenceRequest): void {
  device.current.push(request)
  move(context, device, 'request')
  const extra = takeScript(device, ['slow'])?.delay ?? 0
  const component = `fence device ${device.id}`
  const usual = extra + context.draw(component, 'fence', context.timing('fence', device.id))
  const failing = device.scripts.find((script) => 0 < script.times && script.kind !== 'slow')
  const delay = failing?.kind === 'fail' && 0 < failing.delay ? failing.delay : usual
  const cut = context.draw(component, 'fence-cut', context.timing('fence-cut', device.id))
  const base = { device: device.id, ticket: request.ticket, by: request.by, cause: request.cause }
  if (0 < cut) context.schedule(Math.min(extra + cut, delay), { kind: 'fence-cuts', ...base })
  context.schedule(delay, { kind: 'fence-ends', ...base })
}

function answerUnreachable(context: WorldContext, device: FenceDeviceTruth, request: FenceRequest): void {
  device.current.push(request)
  const delay = context.draw(`fence device ${device.id}`, 'fence', context.timing('fence', device.id))
  context.schedule(delay, {
    kind: 'fence-ends',
    device: device.id,
    ticket: request.ticket,
    by: request.by,
    cause: request.cause,
  })
}

function carryOut(world: World, context: WorldContext, request: FenceRequest, device: string): void {
  const text = `${device} cuts the power of ${request.target} for ${request.by}`
  const target = world.nodes.get(request.target)!
  if (request.action === 'on' || (request.action === 'reboot' && target.state === 'off'))
    powerOn(world, context, request.target)
  else if (request.action === 'off') cutPower(world, context, request.target, text)
  else resetNode(world, context, request.target, `${device} resets ${request.target} for ${request.by}`)
}

function answer(world: World, context: WorldContext, request: FenceRequest, ok: boolean, text: string): void {
  if (world.nodes.get(request.by)!.life !== request.byLife) return
  context.fenceEnded(request.by, { ticket: request.ticket, target: request.target, ok, text })
}

function takeScript(device: FenceDeviceTruth, kinds: readonly FenceScript['kind'][]): FenceScript | undefined {
  const script = device.scripts.find((entry) => 0 < entry.times && kinds.includes(entry.kind))
  if (script !== undefined) script.times -= 1
  return script
}

function move(context: WorldContext, device: FenceDeviceTruth, event: FenceDeviceEvent): void {
  device.state = context.engines.fenceDevice.next(device.state, event) ?? device.state
}
