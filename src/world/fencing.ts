/**
 * Fence devices: they carry out one request at a time, really cut power, and can fail, be slow, be out of reach, or lie (say that they
 * did what they did not).
 */
import type { FenceDeviceEvent } from '../machines/fence-device.ts'
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
  if (device.current !== undefined) device.waiting.push(full)
  else if (device.state === 'idle') begin(context, device, full)
  else answerUnreachable(context, device, full)
}

/**
 * The switch is reached, before the device has answered: power goes now. A request whose sender died meanwhile never gets there.
 * Source: the lab's recordings (spec E-12.6).
 */
export function cutByFence(world: World, context: WorldContext, deviceId: string, by: string, ticket: number): void {
  const device = world.devices.get(deviceId)!
  const request = device.current
  if (request === undefined || request.ticket !== ticket || request.by !== by) return
  if (world.nodes.get(by)!.life !== request.byLife) {
    device.current = undefined
    move(context, device, 'failed')
    const next = device.waiting.shift()
    if (next !== undefined) context.because(next.cause, () => begin(context, device, next))
    return
  }
  const fails = device.scripts.some((script) => 0 < script.times && script.kind !== 'slow')
  if (device.state !== 'working' || device.interrupted || fails) return
  request.cut = true
  const first = request.action === 'reboot' ? ({ ...request, action: 'off' } as const) : request
  carryOut(world, context, first, deviceId)
}

/** The agent that asked is killed: what the device has not done by then it does not do for it. */
export function cancelFence(world: World, context: WorldContext, by: string, ticket: number): void {
  for (const device of world.devices.values()) {
    const waiting = device.waiting.findIndex((request) => request.by === by && request.ticket === ticket)
    if (0 <= waiting) device.waiting.splice(waiting, 1)
    if (device.current?.by !== by || device.current.ticket !== ticket) continue
    device.current = undefined
    move(context, device, 'failed')
    const next = device.waiting.shift()
    if (next !== undefined) context.because(next.cause, () => begin(context, device, next))
  }
}

/** The device has finished what it was asked to do. */
export function finishFence(world: World, context: WorldContext, deviceId: string, by: string, ticket: number): void {
  const device = world.devices.get(deviceId)!
  const request = device.current
  if (request === undefined || request.ticket !== ticket || request.by !== by) return
  device.current = undefined
  const script = takeScript(device, ['fail', 'lie'])
  const ok = device.state === 'working' && !device.interrupted && script?.kind !== 'fail'
  device.interrupted = false
  move(context, device, ok ? 'succeeded' : 'failed')
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
  const next = device.waiting.shift()
  if (next !== undefined) context.because(next.cause, () => begin(context, device, next))
}

/** Cuts a device off from the network, or gives it back. What it is doing fails. */
export function reachDevice(context: WorldContext, device: FenceDeviceTruth, event: 'cut' | 'heal'): void {
  if (event === 'cut' && device.current !== undefined) device.interrupted = true
  move(context, device, event)
}

function begin(context: WorldContext, device: FenceDeviceTruth, request: FenceRequest): void {
  device.current = request
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
  device.current = request
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
