/**
 * The worker of a service on one node: one request at a time, and within it one procedure at a time. Different services have different
 * workers and do not wait for one another. Source: spec rgmanager 6.3.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { OperationName, OperationResult } from '../model/operation.ts'
import { reply } from './answers.ts'
import type { Frame, Next, Step, Value } from './frames.ts'
import { workersIdle } from './life.ts'
import { askLock } from './locks.ts'
import { recoverStep } from './recover.ts'
import { relocateStep } from './relocate.ts'
import { requestStep } from './requests.ts'
import { type NodeMemory, type Request, type RgState, serviceOf, type Worker } from './state.ts'
import { inlineStep, statusStep } from './status.ts'
import { startHereStep, startStep, stopStep } from './steps.ts'
import { walkStep } from './walks.ts'

/** How long the daemon waits after it has killed an agent that took too long (spec 7). */
const AFTER_KILL = 1000

/** The workers of the loaded configuration; those of services that are gone vanish, memories begin anew. */
export function makeWorkers(state: RgState, services: readonly { readonly id: string }[]): void {
  for (const { id } of services) {
    const worker = state.workers.get(id) ?? createWorker(id)
    worker.memory = serviceOf(state, id).nodes.map(createMemory)
    worker.restarts = []
    state.workers.set(id, worker)
  }
}

function createWorker(service: string): Worker {
  return { service, queue: [], current: undefined, frames: [], waiting: undefined, memory: [], restarts: [] }
}

function createMemory(): NodeMemory {
  return { last: new Map(), cached: 0, disabled: false, notInstalled: false, failures: [], restarts: [] }
}

/** Queues a request; it begins at once where the worker has nothing to do. */
export function enqueue(state: RgState, context: DaemonContext, service: string, request: Request): void {
  const worker = state.workers.get(service)
  if (worker === undefined) {
    reply(state, context, request, { text: 'no such service' })
    return
  }
  worker.queue.push(request)
  if (worker.current === undefined && worker.waiting === undefined) proceed(state, context, worker, undefined)
}

/** True where a worker does nothing and has nothing to do. */
export function isIdle({ current, queue, waiting }: Worker): boolean {
  return current === undefined && queue.length === 0 && waiting === undefined
}

/** Drops what a worker does; an agent's call under way ends unheard before anything else begins. */
export function abort(worker: Worker): void {
  worker.queue.length = 0
  worker.frames = []
  worker.current = undefined
  if (worker.waiting?.kind !== 'call') worker.waiting = undefined
}

/** What a worker waited for has come. */
export function resume(state: RgState, context: DaemonContext, worker: Worker, value: Value): void {
  worker.waiting = undefined
  proceed(state, context, worker, value)
}

function proceed(state: RgState, context: DaemonContext, worker: Worker, given: Value | undefined): void {
  let value = given
  for (;;) {
    const frame = worker.frames.at(-1)
    if (frame === undefined) {
      if (worker.current !== undefined) finish(state, context, worker, value)
      value = undefined
      if (worker.waiting !== undefined) return
      const request = worker.queue.shift()
      if (request === undefined) break
      worker.current = request
      worker.frames.push({ proc: 'request', at: 'begin', request })
      continue
    }
    const next = stepOf({ state, context, worker, service: serviceOf(state, worker.service) }, frame, value)
    value = undefined
    if (next.kind === 'wait') return
    if (next.kind === 'push') worker.frames.push(next.frame)
    else {
      worker.frames.pop()
      value = next.value
    }
  }
  workersIdle(state, context)
}

function finish(state: RgState, context: DaemonContext, worker: Worker, value: Value | undefined): void {
  const request = worker.current!
  worker.current = undefined
  reply(state, context, request, value ?? { text: 'ok' })
}

function stepOf(step: Step, frame: Frame, value: Value | undefined): Next {
  switch (frame.proc) {
    case 'walk':
      return walkStep(step, frame, value)
    case 'status':
      return statusStep(step, frame, value)
    case 'inline':
      return inlineStep(step, frame, value)
    case 'stop':
      return stopStep(step, frame, value)
    case 'start':
      return startStep(step, frame, value)
    case 'start-here':
      return startHereStep(step, frame, value)
    case 'relocate':
      return relocateStep(step, frame, value)
    case 'recover':
      return recoverStep(step, frame, value)
    case 'request':
      return requestStep(step, frame, value)
  }
}

/** Waits for the lock of the service; the procedure goes on at `frame.at`. Nothing may follow this in a step. */
export function lock({ state, context, worker }: Step): Next {
  askLock(state, context, worker)
  return { kind: 'wait' }
}

/** Waits for some time. */
export function pause({ context, worker }: Step, delay: number): Next {
  worker.waiting = { kind: 'pause' }
  context.act({ kind: 'timer', name: `pause ${worker.service}`, delay })
  return { kind: 'wait' }
}

/** A pause is over, or that after the killing of an agent. */
export function pauseOver(state: RgState, context: DaemonContext, service: string): void {
  const worker = state.workers.get(service)
  if (worker?.waiting?.kind === 'pause') resume(state, context, worker, { text: 'over' })
  if (worker?.waiting?.kind === 'killed') resume(state, context, worker, { text: 'killed', rc: 1 })
}

/**
 * Calls the agent of a node of the tree and waits for its end. A timeout is enforced only where the tree's element asks for it; the agent
 * is told the timeout only where it is not (spec 5 and 7).
 */
export function callAgent(
  { state, context, worker, service }: Step,
  index: number,
  operation: OperationName,
  depth: number,
): Next {
  const node = service.nodes[index]!
  // A migration is one action to RGManager; the world has a call for each end.
  const name = operation === 'migrate_to' ? 'migrate' : operation
  const action = node.actions.find((entry) => entry.name === name && entry.depth === depth)
  state.ticket += 1
  worker.waiting = { kind: 'call', ticket: state.ticket }
  const seconds = action?.timeout ?? 0
  context.act({
    kind: 'run',
    ticket: state.ticket,
    resource: node.id,
    operation,
    interval: 1000 * (action?.interval ?? 0),
    ...(node.enforceTimeouts && 0 < seconds ? { timeout: 1000 * seconds } : {}),
    environment: [
      ...(operation === 'status' ? [{ name: 'OCF_CHECK_LEVEL', value: String(depth) }] : []),
      { name: 'OCF_RESKEY_RGMANAGER_meta_timeout', value: String(node.enforceTimeouts ? 0 : seconds) },
      { name: 'OCF_RESKEY_RGMANAGER_meta_refcnt', value: String(node.references) },
    ],
  })
  return { kind: 'wait' }
}

/** An agent's call has ended: whoever waited goes on. What waits for nothing any more was dropped meanwhile. */
export function callEnded(state: RgState, context: DaemonContext, ticket: number, result: OperationResult): void {
  for (const worker of state.workers.values()) {
    if (worker.waiting?.kind !== 'call' || worker.waiting.ticket !== ticket) continue
    if (result.status === 'timed-out') {
      worker.waiting = { kind: 'killed' }
      return context.act({ kind: 'timer', name: `pause ${worker.service}`, delay: AFTER_KILL })
    }
    return resume(state, context, worker, { text: 'ended', rc: result.status === 'done' ? result.rc : 1 })
  }
}
