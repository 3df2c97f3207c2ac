/**
 * Services as they really run: calls of agents and what they do, things that happen to a service by itself, and the data it opens.
 * Every change of a lifecycle goes through `moveService`, so that storage and trace always agree with it.
 */
import { familyOf } from '../agents/catalogue.ts'
import type { AgentPlan } from '../agents/contract.ts'
import type { Millis } from '../kernel/time.ts'
import type { LifecycleEvent } from '../machines/lifecycle.ts'
import { isServing, type LifecycleState } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { OperationName, OperationResult } from '../model/operation.ts'
import type { WorldContext, WorldEvent } from './context.ts'
import { freeProcessor, takeProcessor } from './load.ts'
import {
  type CallRequest,
  type NodeTruth,
  type Progress,
  type RunningCall,
  type Script,
  type ServiceTruth,
  serviceKey,
  type World,
} from './state.ts'
import { noteUse } from './storage.ts'

/** Begins a call of an agent. Its end comes by a `call-ends` or `call-times-out` event, or never where its node ends first. */
export function beginCall(world: World, context: WorldContext, node: NodeTruth, request: CallRequest): void {
  const work = request.describes === true ? durationOf(context, node, request.resource, 'meta-data') : 0
  if (work === 0) return callAgent(world, context, node, request)
  node.callsBegun += 1
  const running = newCall(node, request, context, {
    id: node.callsBegun,
    beginSeq: context.cause(),
    plan: NO_PLAN,
    progress: newProgress(work),
    described: request,
  })
  node.calls.push(running)
  beginWork(world, context, node, running)
}

/** How long an operation takes: no name is made where nothing is drawn. */
function durationOf(context: WorldContext, node: NodeTruth, resource: ResourceId, operation: OperationName): Millis {
  const timing = context.timing(operation, resource)
  return timing.kind === 'fixed' ? timing.value : context.draw(`${node.name} ${resource}`, operation, timing)
}

const NO_PLAN: AgentPlan = { rc: 0, output: '', hangs: false }

/** What a call is besides its request. */
interface CallDraft extends Pick<RunningCall, 'beginSeq' | 'described' | 'id' | 'progress'> {
  readonly plan: AgentPlan
}

/** Written out: spreading one call into another costs more than everything else that a monitor does. */
function newCall(node: NodeTruth, request: CallRequest, context: WorldContext, draft: CallDraft): RunningCall {
  const { id, beginSeq, plan, progress, described } = draft
  return {
    id,
    ticket: request.ticket,
    daemonLife: node.daemonLife,
    resource: request.resource,
    operation: request.operation,
    interval: request.interval ?? 0,
    begunAt: context.now(),
    beginSeq,
    ends: plan.ends,
    crashesAfter: plan.crashesAfter,
    rc: plan.rc,
    output: plan.output,
    isMissing: plan.isMissing === true,
    touches: plan.begins !== undefined,
    progress,
    described,
  }
}

function newProgress(work: number, tells?: Progress['tells']): Progress {
  const tellsAt = tells === undefined ? undefined : Math.max(0, work - TELLS_BEFORE)
  return { isAtWork: false, work, tells, tellsAt, hasTold: false, done: 0, share: 0, since: 0, version: 0 }
}

function callAgent(world: World, context: WorldContext, node: NodeTruth, request: CallRequest): void {
  const service = node.services.get(request.resource)!
  const script = takeScript(service, request.operation)
  const family = familyOf(service.spec.agent.class)
  const isStonith = family.class === 'stonith'
  const plan = family.plan({
    spec: service.spec,
    operation: request.operation,
    state: service.state,
    misbehaviour: script?.misbehaviour,
    isReachable: isStonith ? world.devices.get(request.resource)?.state !== 'unreachable' : undefined,
  })
  const drawn = durationOf(context, node, request.resource, request.operation)
  const work = script === undefined ? drawn : Math.round(drawn * script.slowness)
  const sleeps = (script?.delay ?? 0) + (plan.delay ?? 0)
  // Where nobody shares a processor, sleeping and working are the same.
  const isShared = context.processors < Number.POSITIVE_INFINITY
  node.callsBegun += 1
  const id = node.callsBegun
  const beginSeq = recordCall(context, service, id, request)
  const progress = newProgress(isShared ? work : work + sleeps, plan.tells)
  const running = newCall(node, request, context, { id, beginSeq, plan, progress, described: undefined })
  node.calls.push(running)
  const { begins } = plan
  if (begins !== undefined) context.because(beginSeq, () => void moveService(world, context, service, begins))
  if (isShared && 0 < sleeps && !plan.hangs) context.schedule(sleeps, callEvent('call-works', node, running))
  else if (!plan.hangs) beginWork(world, context, node, running)
  const mayBeLate = plan.hangs || isShared || (request.timeout ?? 0) < work + sleeps
  if (request.timeout !== undefined && mayBeLate)
    context.schedule(request.timeout, callEvent('call-times-out', node, running))
}

/** The record of a call's beginning or, with its result, of its end. None is made where nobody keeps it. */
function recordCall(
  context: WorldContext,
  { node, spec }: ServiceTruth,
  ticket: number,
  { resource, operation, interval = 0, environment }: CallRequest,
  result?: OperationResult,
): number {
  if (!context.keepsRecords) return context.skipRecord()
  const call = familyOf(spec.agent.class).callText(spec, operation)
  const about = { ticket, node, resource, operation, call, interval }
  if (result === undefined) {
    const told = environment === undefined ? {} : { environment }
    return context.record({ kind: 'operation', phase: 'begin', ...about, ...told })
  }
  const { status, rc, output } = result
  return context.record({ kind: 'operation', phase: 'end', ...about, status, rc, output })
}

function callEvent(kind: 'call-times-out' | 'call-works', node: NodeTruth, { id, beginSeq }: RunningCall): WorldEvent {
  return { kind, node: node.name, life: node.life, call: id, cause: beginSeq }
}

/** How long before its end an agent tells its manager something: a median of the lab's recordings (spec E-5.7). */
const TELLS_BEFORE = 40

/** A call begins to work; those beside it go on more slowly where they share processors. */
export function beginWork(world: World, context: WorldContext, node: NodeTruth, call: RunningCall): void {
  call.progress.isAtWork = true
  call.progress.since = context.now()
  takeProcessor(world, context, node, call)
}

/** A call has done its work: of reading metadata, or of its own. */
export function workDone(world: World, context: WorldContext, node: NodeTruth, call: RunningCall): void {
  const { described } = call
  if (described === undefined) return endCall(world, context, node, call, 'done')
  dropCall(node, call)
  freeProcessor(world, context)
  if (call.daemonLife !== node.daemonLife) return
  context.agentDescribed(node.name, call.ticket)
  callAgent(world, context, node, described)
}

/** Takes a call off the list, whose order stays. */
function dropCall({ calls }: NodeTruth, call: RunningCall): void {
  for (let place = calls.indexOf(call); place < calls.length - 1; place++) calls[place] = calls[place + 1]!
  calls.pop()
}

/** Kills the call with the present daemon's `ticket`, where it has not ended. */
export function cancelCall(world: World, context: WorldContext, name: NodeName, ticket: number): void {
  const node = world.nodes.get(name)!
  for (const call of node.calls) {
    if (call.ticket === ticket && call.daemonLife === node.daemonLife)
      return endCall(world, context, node, call, 'cancelled')
  }
}

/** Ends a call that is under way: by itself, by its timeout, or by its daemon's wish. */
export function endCall(
  world: World,
  context: WorldContext,
  node: NodeTruth,
  call: RunningCall,
  status: OperationResult['status'],
): void {
  const { id } = call
  dropCall(node, call)
  freeProcessor(world, context)
  if (call.described !== undefined) return
  const service = node.services.get(call.resource)!
  const result = resultOf(call, status, context.now() - call.begunAt)
  const seq = recordCall(context, service, id, call, result)
  context.because(seq, () => {
    // What touched nothing leaves nothing behind when it is killed.
    const event = status === 'done' ? call.ends : call.touches ? 'timed-out' : undefined
    // The catalogue's plans only name events of the lifecycle.
    if (event !== undefined) moveService(world, context, service, event as LifecycleEvent)
    if (status === 'done' && call.crashesAfter !== undefined) {
      service.crashDue = id
      const { resource, crashesAfter } = call
      context.schedule(crashesAfter, {
        kind: 'service-crashes',
        node: node.name,
        life: node.life,
        resource,
        call: id,
        cause: seq,
      })
    }
    if (call.daemonLife === node.daemonLife) context.callEnded(node.name, call, result)
  })
}

function resultOf(call: RunningCall, status: OperationResult['status'], took: number): OperationResult {
  if (status !== 'done') return { status, rc: 1, output: '', took }
  const { rc, output } = call
  return call.isMissing ? { status, rc, output, took, isMissing: true } : { status, rc, output, took }
}

/** A service that was brought up to crash later does so, unless it was stopped meanwhile. */
export function crashService(
  world: World,
  context: WorldContext,
  due: { readonly node: NodeName; readonly resource: ResourceId; readonly call: number },
): void {
  const service = world.services.get(serviceKey(due.node, due.resource))!
  if (service.crashDue === due.call) moveService(world, context, service, 'crash')
}

/** Sends an event to a service's lifecycle. Returns false where its state ignores the event. */
export function moveService(
  world: World,
  context: WorldContext,
  service: ServiceTruth,
  event: LifecycleEvent,
): boolean {
  // The engine's states are exactly those of the lifecycle.
  const to = context.engines.lifecycle.next(service.state, event) as LifecycleState | undefined
  if (to === undefined) return false
  if (to === service.state) return true
  const from = service.state
  service.state = to
  if (!isServing(to)) service.crashDue = undefined
  const seq = context.record({ kind: 'lifecycle', node: service.node, resource: service.spec.id, from, to, event })
  context.because(seq, () => {
    noteUse(world, context, service)
    for (const { node: guest, container } of world.shape.remotes ?? [])
      if (container === service.spec.id) context.schedule(0, { kind: 'container-changed', guest, cause: seq })
  })
  return true
}

/** The services of one node, in the order of the configuration. */
export function servicesOf(world: World, node: NodeName): readonly ServiceTruth[] {
  return world.shape.resources.map((spec) => world.services.get(serviceKey(node, spec.id))!)
}

function takeScript(service: ServiceTruth, operation: OperationName): Script | undefined {
  if (service.scripts.length === 0) return undefined
  const script = service.scripts.find(
    (entry) => 0 < entry.times && (entry.operation === 'any' || entry.operation === operation),
  )
  if (script !== undefined) script.times -= 1
  return script
}
