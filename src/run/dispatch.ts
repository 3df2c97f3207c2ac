/**
 * What happens when an event is due: one switch over all of them. Events of an earlier life of a node or daemon are void; events of a
 * node that hangs wait until it goes on.
 */
import { cutByFence, finishFence, tellOfDevice } from '../world/fencing.ts'
import { settleGuest } from '../world/guests.ts'
import { arrive } from '../world/network.ts'
import { checkWatchdog, finishBoot, finishShutdown, powerOn } from '../world/node.ts'
import { beginWork, crashService, endCall, workDone } from '../world/service.ts'
import type { NodeTruth, RunningCall } from '../world/state.ts'
import { fireTimer, holdEvent, startDaemon } from './daemons.ts'
import type { RunEvent } from './events.ts'
import { drawChaos, endFault, goOn, takeStep } from './inject.ts'
import type { Run } from './state.ts'

/** Handles one event. */
export function handleEvent(run: Run, event: RunEvent): void {
  const { world } = run.state
  run.state.cause = 0
  switch (event.kind) {
    case 'step':
      return takeStep(run, event.index)
    case 'switch-on':
      return powerOn(world, run.context, event.node)
    case 'go-on':
      return goOn(run)
    case 'chaos':
      return drawChaos(run, event.rule)
  }
  run.state.cause = event.cause
  switch (event.kind) {
    case 'message':
      return arrive(world, run.context, event)
    case 'timer':
      return fireTimer(run, event)
    case 'fault-ends':
      return endFault(run, event.id)
    case 'fence-ends':
      return finishFence(world, run.context, event.device, event.by, event.ticket)
    case 'fence-cuts':
      return cutByFence(world, run.context, event.device, event.by, event.ticket)
    case 'device-tells':
      return tellOfDevice(world, run.context, event)
    case 'container-changed':
      return settleGuest(world, run.context, event.guest)
    case 'booted':
    case 'call-ends':
    case 'call-tells':
    case 'call-times-out':
    case 'call-works':
    case 'daemon-start':
    case 'powered-off':
    case 'service-crashes':
    case 'watchdog-bites':
      return handleNodeEvent(run, event)
  }
}

type NodeEvent = Extract<RunEvent, { readonly life: number }>

function handleNodeEvent(run: Run, event: NodeEvent): void {
  const { world } = run.state
  const node = world.nodes.get(event.node)!
  if (node.life !== event.life) return
  // The watchdog is hardware: it bites above all when its node stands still.
  if (event.kind !== 'watchdog-bites' && isHeld(run, node, event)) return
  switch (event.kind) {
    case 'booted':
      return finishBoot(world, run.context, event.node)
    case 'call-ends':
    case 'call-tells':
    case 'call-works':
    case 'call-times-out':
      return goOnWithCall(run, node, event)
    case 'daemon-start':
      return startDaemon(run, event.node)
    case 'powered-off':
      return finishShutdown(world, run.context, event.node)
    case 'service-crashes':
      return crashService(world, run.context, event)
    case 'watchdog-bites':
      return checkWatchdog(world, run.context, event.node)
  }
}

type CallEvent = Extract<NodeEvent, { readonly kind: 'call-ends' | 'call-tells' | 'call-times-out' | 'call-works' }>

/** A call under way has come so far; what was due before its share of a processor changed is void. */
function goOnWithCall(run: Run, node: NodeTruth, event: CallEvent): void {
  const { world } = run.state
  const call = findCall(node, event.call)
  if (call === undefined) return
  if (event.kind === 'call-times-out') return endCall(world, run.context, node, call, 'timed-out')
  if (event.kind === 'call-works') return beginWork(world, run.context, node, call)
  if (event.version !== call.progress.version) return
  if (event.kind === 'call-ends') return workDone(world, run.context, node, call)
  call.progress.hasTold = true
  if (call.daemonLife === node.daemonLife) run.context.callTells(event.node, event.name, event.value)
}

/** Without a function for each call: there is one search for each monitor. */
function findCall({ calls }: NodeTruth, id: number): RunningCall | undefined {
  for (const call of calls) if (call.id === id) return call
  return undefined
}

/** Puts an event of a node that hangs aside; it is handled when the node goes on. */
function isHeld(run: Run, node: NodeTruth, event: RunEvent): boolean {
  if (node.state !== 'hung') return false
  holdEvent(run, node.name, event)
  return true
}
