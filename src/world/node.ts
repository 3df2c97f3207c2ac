/**
 * Nodes: power, boot, freeze, reboot, the daemon's process and the hardware watchdog. A node that loses power takes everything with it;
 * a node that hangs keeps everything, standing still.
 */
import type { NodeEvent } from '../machines/node.ts'
import type { NodeName } from '../model/names.ts'
import type { NodeState } from '../model/node.ts'
import { forgetLoad } from './busy.ts'
import type { WorldContext } from './context.ts'
import { freeProcessor } from './load.ts'
import { moveService, servicesOf } from './service.ts'
import type { NodeTruth, World } from './state.ts'

/** Sends an event to a node's machine and records the change. Returns its number, or undefined where the state ignores the event. */
function moveNode(context: WorldContext, node: NodeTruth, event: NodeEvent, text: string): number | undefined {
  // The engine's states are exactly those of a node.
  const to = context.engines.node.next(node.state, event) as NodeState | undefined
  if (to === undefined) return undefined
  const from = node.state
  node.state = to
  return context.record({ kind: 'node', node: node.name, from, to, text })
}

/** Switches a node on; it boots. */
export function powerOn(world: World, context: WorldContext, name: NodeName): void {
  const node = world.nodes.get(name)!
  const seq = moveNode(context, node, 'power-on', `${name} is switched on and boots`)
  if (seq !== undefined) scheduleBoot(world, context, node, seq)
}

/** A node that was up before the run began. */
export function appear(world: World, context: WorldContext, name: NodeName): void {
  const node = world.nodes.get(name)!
  const { state } = node
  node.state = 'up'
  context.record({ kind: 'node', node: name, from: state, to: 'up', text: `${name} is up already` })
}

/** Takes a node's power away: everything on it ends at once. */
export function cutPower(world: World, context: WorldContext, name: NodeName, text: string): void {
  const node = world.nodes.get(name)!
  const seq = moveNode(context, node, 'power-lost', text)
  if (seq !== undefined) endLife(world, context, node, seq)
}

/** Reboots a node without goodbye: as after `reboot -nf`, a watchdog, or a fence device that resets. */
export function resetNode(world: World, context: WorldContext, name: NodeName, text: string): void {
  const node = world.nodes.get(name)!
  const seq = moveNode(context, node, 'reset', text)
  if (seq === undefined) return
  endLife(world, context, node, seq)
  scheduleBoot(world, context, node, seq)
}

/** Stops a node's kernel for good; power stays on and nothing answers. Its services are gone, but nobody can know. */
export function panicNode(world: World, context: WorldContext, name: NodeName, text: string): void {
  const node = world.nodes.get(name)!
  const seq = moveNode(context, node, 'panic', text)
  if (seq !== undefined) endLife(world, context, node, seq)
}

/** Freezes a node: nothing runs, nothing is lost. Its hardware watchdog, if armed, goes on counting. */
export function hangNode(world: World, context: WorldContext, name: NodeName, text: string): boolean {
  return moveNode(context, world.nodes.get(name)!, 'hang', text) !== undefined
}

/** Lets a frozen node go on; what was due meanwhile happens now. */
export function resumeNode(world: World, context: WorldContext, name: NodeName): void {
  const seq = moveNode(context, world.nodes.get(name)!, 'resume', `${name} goes on as if nothing had been`)
  if (seq !== undefined) context.because(seq, () => context.nodeResumed(name))
}

/** The operating system is up: the cluster manager begins, where it is started at boot. */
export function finishBoot(world: World, context: WorldContext, name: NodeName): void {
  const node = world.nodes.get(name)!
  const seq = moveNode(context, node, 'booted', `${name} has booted`)
  if (seq !== undefined && node.bootDaemon) context.because(seq, () => context.startDaemon(name))
}

/** The cluster manager has ended in order and the node halts: services that the manager left running end with it. */
export function haltNode(world: World, context: WorldContext, name: NodeName): void {
  const node = world.nodes.get(name)!
  const reboots = node.afterExit === 'reboot'
  const seq = moveNode(context, node, 'shutdown', `${name} shuts down${reboots ? ' to reboot' : ''}`)
  if (seq === undefined) return
  const delay = context.draw(`node ${name}`, 'shutdown', context.timing('shutdown', name))
  context.schedule(delay, { kind: 'powered-off', node: name, life: node.life, cause: seq })
}

/** A node that shut down in order is off; it boots again where a reboot was asked for. */
export function finishShutdown(world: World, context: WorldContext, name: NodeName): void {
  const node = world.nodes.get(name)!
  const reboots = node.afterExit === 'reboot'
  const seq = moveNode(context, node, 'powered-off', `${name} is off`)
  if (seq === undefined) return
  endLife(world, context, node, seq)
  if (reboots) context.because(seq, () => powerOn(world, context, name))
}

/** Arms, feeds or closes the hardware watchdog of a node. */
export function driveWatchdog(
  world: World,
  context: WorldContext,
  name: NodeName,
  action: 'arm' | 'close' | 'feed',
  timeout: number,
): void {
  const node = world.nodes.get(name)!
  const { watchdog } = node
  if (action === 'close') {
    watchdog.armed = false
    return
  }
  const waits = watchdog.armed
  if (action === 'arm') {
    watchdog.armed = true
    watchdog.timeout = timeout
  }
  watchdog.deadline = context.now() + watchdog.timeout
  if (!waits && watchdog.armed)
    context.schedule(watchdog.timeout, { kind: 'watchdog-bites', node: name, life: node.life, cause: context.cause() })
}

/** The watchdog's time may be up: reboots the node if it is, looks again later if it was fed. */
export function checkWatchdog(world: World, context: WorldContext, name: NodeName): void {
  const node = world.nodes.get(name)!
  const { watchdog } = node
  if (!watchdog.armed) return
  const left = watchdog.deadline - context.now()
  if (0 < left) context.schedule(left, { kind: 'watchdog-bites', node: name, life: node.life, cause: context.cause() })
  else
    resetNode(
      world,
      context,
      name,
      `the watchdog of ${name} was not fed for ${watchdog.timeout} ms and resets the node`,
    )
}

function scheduleBoot(world: World, context: WorldContext, node: NodeTruth, cause: number): void {
  const purpose = isGuest(world, node.name) ? 'guest-boot' : 'boot'
  const delay = context.draw(`node ${node.name}`, purpose, context.timing(purpose, node.name))
  context.schedule(delay, { kind: 'booted', node: node.name, life: node.life, cause })
}

function isGuest({ shape }: World, name: NodeName): boolean {
  return shape.remotes?.some((remote) => remote.node === name && remote.container !== undefined) === true
}

/** Ends everything on a node: calls, daemon, services, watchdog. */
function endLife(world: World, context: WorldContext, node: NodeTruth, cause: number): void {
  node.life += 1
  node.calls.length = 0
  forgetLoad(node, context.now())
  freeProcessor(world, context)
  node.watchdog.armed = false
  node.afterExit = 'nothing'
  for (const process of node.processes.keys()) node.processes.set(process, 'running')
  context.because(cause, () => {
    context.loseDaemon(node.name)
    for (const service of servicesOf(world, node.name)) moveService(world, context, service, 'power-lost')
  })
}
