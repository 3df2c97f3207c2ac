/** What a worker does with each request: the first step of everything. Source: spec rgmanager 6, 10 to 16. */
import { decide } from '../manager/tell.ts'
import { ask, type Question } from './answers.ts'
import { stopOrder } from './config.ts'
import { isBlockedByExclusive, scoreOf } from './domains.ts'
import { consider, considerFailback, markOwnerLost } from './events.ts'
import {
  done,
  type Next,
  type RequestFrame,
  type Step,
  startBy,
  startHere,
  stopBy,
  type Value,
  walk,
} from './frames.ts'
import { operatorStep } from './operator.ts'
import { changeRecord } from './records.ts'
import { relocation } from './relocate.ts'
import { onlineOf, type Request, recordOf } from './state.ts'
import { statusRound } from './status.ts'
import { callAgent, lock } from './worker.ts'

/** Goes on with a request; `frame.at` tells where. */
export function requestStep(step: Step, frame: RequestFrame, value: Value | undefined): Next {
  const { request } = frame
  switch (request.kind) {
    case 'status':
      return statusRequest(step, frame, value)
    case 'walk':
      return frame.at === 'begin' ? push(frame, 'end', walk(request.op, request.order)) : done(value!.text)
    case 'sweep':
      return frame.at === 'begin' ? push(frame, 'end', walk('stop', stopOrder(step.service))) : done('ok')
    case 'consider':
      return considerRequest(step, frame, value)
    case 'owner-lost':
      if (frame.at === 'begin') return locked(step, frame, 'granted')
      markOwnerLost(step, request.node)
      return done('ok')
    case 'failback':
      return failbackRequest(step, frame, value, request.node)
    case 'plain-stop':
      return frame.at === 'begin' ? push(frame, 'end', stopBy('stop')) : done(value!.text)
    case 'remote-start':
      return remoteStart(step, frame, request, value)
    case 'central-start':
      return centralStart(frame, value)
    case 'central-stop':
      return frame.at === 'begin' ? push(frame, 'end', stopBy(request.mode)) : done(value!.text)
    case 'operator':
      return operatorStep(step, frame, request, value)
    case 'receive':
      return receive(step, frame, value)
    case 'reconfig':
      return reconfigure(step, frame, request.order, value)
  }
}

/** Pushes a procedure; its answer comes back at `at`. */
export function push(frame: RequestFrame, at: string, next: Extract<Next, { kind: 'push' }>['frame']): Next {
  frame.at = at
  return { kind: 'push', frame: next }
}

/** Waits for the service's lock and goes on at `at`. */
export function locked(step: Step, frame: RequestFrame, at: string): Next {
  frame.at = at
  return lock(step)
}

/** Hands a question to another node and goes on at `at` with its answer. */
export function forward(step: Step, frame: RequestFrame, at: string, to: string, question: Question): Next {
  frame.at = at
  return ask(step, to, question)
}

/** A check takes the lock first, so it waits while a node has to be fenced (spec 6.4). */
function statusRequest(step: Step, frame: RequestFrame, value: Value | undefined): Next {
  switch (frame.at) {
    case 'begin':
      return locked(step, frame, 'granted')
    case 'granted': {
      const { frozen, owner, state } = recordOf(step.state, step.service.id)
      if (frozen || owner !== step.state.self || (state !== 'started' && state !== 'migrating')) return done('ok')
      return push(frame, 'checked', statusRound(step))
    }
    case 'checked':
      return value?.text === 'failed' ? push(frame, 'end', { proc: 'recover', at: 'begin' }) : done('ok')
    default:
      return done(value!.text)
  }
}

function considerRequest(step: Step, frame: RequestFrame, value: Value | undefined): Next {
  switch (frame.at) {
    case 'begin':
      return locked(step, frame, 'granted')
    case 'granted':
      return consider(step) ? push(frame, 'end', startHere('automatic')) : done('ok')
    default:
      return done(value!.text)
  }
}

function failbackRequest(step: Step, frame: RequestFrame, value: Value | undefined, node: string): Next {
  switch (frame.at) {
    case 'begin':
      return locked(step, frame, 'granted')
    case 'granted':
      return considerFailback(step, node) ? push(frame, 'stopped', stopBy('relocate')) : done('ok')
    case 'stopped':
      if (value?.text !== 'ok') return done(value!.text)
      return push(
        frame,
        'end',
        relocation({
          target: node,
          operator: true,
          why: { text: 'its score is better', source: 'spec rgmanager 12d' },
        }),
      )
    default:
      return done(value!.text)
  }
}

/** Another node looks for someone who starts the service: a start, and where it fails a clean stop, but no further relocation. */
function remoteStart(
  step: Step,
  frame: RequestFrame,
  { reply, why }: Extract<Request, { kind: 'remote-start' }>,
  value: Value | undefined,
): Next {
  const { state, context, service } = step
  switch (frame.at) {
    case 'begin':
      if (isBlockedByExclusive(state, service, state.self)) return done('exclusive')
      if (service.depend !== undefined && recordOf(state, service.depend).state !== 'started') return done('dependency')
      decide(context, {
        decision: 'start-for-other',
        about: [service.id, reply.node],
        text: `starts ${service.id}: ${reply.node} asks for it`,
        reasons: why,
      })
      return push(frame, 'started', startBy('recover'))
    case 'started':
      if (value?.text !== 'start-failed') return done(value!.text, value!.owner)
      return push(frame, 'stopped', stopBy('recover'))
    default:
      return done(value?.text === 'ok' ? 'failed' : 'aborted')
  }
}

/** Central mode: the master wants a start here; one that fails is stopped plainly (spec 16). */
function centralStart(frame: RequestFrame, value: Value | undefined): Next {
  switch (frame.at) {
    case 'begin':
      return push(frame, 'started', startBy('recover'))
    case 'started':
      return value?.text === 'start-failed' ? push(frame, 'stopped', stopBy('stop')) : done(value!.text, value!.owner)
    default:
      return done(value?.text === 'ok' ? 'failed' : 'aborted')
  }
}

/** A live migration arrives: the machine runs here from now on. */
function receive(step: Step, frame: RequestFrame, value: Value | undefined): Next {
  const { state, context, service, worker } = step
  switch (frame.at) {
    case 'begin':
      frame.at = 'arrived'
      return callAgent(step, 0, 'migrate_from', 0)
    case 'arrived':
      if (value?.rc !== 0) return done('failed')
      return locked(step, frame, 'granted')
    default: {
      for (const [index, memory] of worker.memory.entries())
        for (const action of service.nodes[index]!.actions) memory.last.set(action.depth, context.now)
      const lastOwner = recordOf(state, service.id).owner
      changeRecord(state, context, service.id, 'migrated', { owner: state.self, lastOwner })
      return done('ok', state.self)
    }
  }
}

/** Only attributes have changed that the agents take while they run (spec 14, configuration reload). */
function reconfigure(step: Step, frame: RequestFrame, changed: readonly number[], value: Value | undefined): Next {
  // An agent without such an action takes it in silence (spec 5).
  const knows = (index: number): boolean => step.service.nodes[index]!.actions.some(({ name }) => name === 'reconfig')
  const order = changed.filter(knows)
  const at = frame.at === 'begin' ? 0 : Number(frame.at) + 1
  if (value?.rc !== undefined && value.rc !== 0) return done('failed')
  const index = order[at]
  if (index === undefined) return done('ok')
  frame.at = String(at)
  return callAgent(step, index, 'reconfig', 0)
}

/** True where this node may run the service at all. */
export function mayRunHere({ state, service }: Step): boolean {
  return 0 < scoreOf(state, state.self, service, onlineOf(state))
}
