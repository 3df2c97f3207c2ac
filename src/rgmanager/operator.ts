/** What clusvcadm can do, in default mode: each command as the steps of the worker that carries it out. Source: spec rgmanager 9c, 11, 15. */
import type { NodeName } from '../model/names.ts'
import { passOn } from './answers.ts'
import { startOrder } from './config.ts'
import { bestTarget, isBlockedByExclusive, scoreOf } from './domains.ts'
import { done, type Next, type RequestFrame, type Step, startHere, stopBy, type Value, walk } from './frames.ts'
import { changeRecord } from './records.ts'
import { relocation } from './relocate.ts'
import { forward, locked, mayRunHere, push } from './requests.ts'
import { onlineOf, type Request, recordOf } from './state.ts'
import { callAgent } from './worker.ts'

type Operator = Extract<Request, { kind: 'operator' }>

/** Goes on with an operator's request. */
export function operatorStep(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  switch (request.op) {
    case 'enable':
      return enable(step, frame, request, value)
    case 'enable-by-domain':
      return enableByDomain(step, frame, request, value)
    case 'disable':
    case 'stop':
      return stop(step, frame, request, value)
    case 'restart':
      return restart(step, frame, request, value)
    case 'relocate':
      return relocate(step, frame, request, value)
    case 'freeze':
    case 'unfreeze':
      return freeze(step, frame, request)
    case 'convalesce':
      return convalesce(step, frame, request, value)
    case 'migrate':
      return migrate(step, frame, request, value)
  }
}

/** The request goes to the node that can carry it out, and whoever made it hears from there. */
function onward(step: Step, { op, target, reply }: Operator, to: NodeName): Next {
  if (!onlineOf(step.state).includes(to)) return done('invalid')
  return passOn(step, to, { kind: 'operator', op, target }, reply)
}

/** `-e`: here, or on the node of `-m`, even where another would be better. */
function enable(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  if (frame.at !== 'begin') return done(value!.text, value!.owner)
  if (request.target !== undefined && request.target !== step.state.self)
    return onward(step, { ...request }, request.target)
  if (!mayRunHere(step)) return done('invalid')
  return push(frame, 'end', startHere('enable'))
}

/** `-e -F`: the best node by the domain, then the next. */
function enableByDomain(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  const { state, context, service } = step
  if (frame.at !== 'begin') return done(value!.text, value!.owner)
  const online = onlineOf(state)
  const own = isBlockedByExclusive(state, service, state.self) ? 0 : scoreOf(state, state.self, service, online)
  const best = bestTarget(state, context, service, [])
  if (best === undefined || best.score <= own)
    return own === 0 ? done('invalid') : push(frame, 'end', startHere('enable'))
  return onward(step, { ...request, op: 'enable' }, best.node)
}

/** `-d` and `-s`, where the service runs. */
function stop(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  if (frame.at === 'begin') return push(frame, 'end', stopBy(request.op === 'disable' ? 'disable' : 'user-stop'))
  if (value?.text === 'forward') return onward(step, request, value.owner!)
  return done(value!.text)
}

/** `-R`: stop and start where it runs; from stopped it starts here. */
function restart(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  switch (frame.at) {
    case 'begin': {
      const { owner, state } = recordOf(step.state, step.service.id)
      if (owner !== undefined && owner !== step.state.self) return onward(step, request, owner)
      return state === 'disabled' ? done('invalid') : push(frame, 'stopped', stopBy('user-stop'))
    }
    case 'stopped':
      return value?.text === 'ok' ? push(frame, 'end', startHere('enable')) : done(value!.text)
    default:
      return done(value!.text, value!.owner)
  }
}

/** `-r`: the owner stops the service and finds another node (spec 11). */
function relocate(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  const { state, service } = step
  switch (frame.at) {
    case 'begin': {
      const record = recordOf(state, service.id)
      if (record.state === 'disabled') return done('invalid')
      if (record.owner !== undefined && record.owner !== state.self) return onward(step, request, record.owner)
      if (request.target === state.self && record.owner === state.self) return done('running', state.self)
      if (request.target !== undefined && isBlockedByExclusive(state, service, request.target)) return done('exclusive')
      return push(frame, 'stopped', stopBy('relocate'))
    }
    case 'stopped':
      if (value?.text !== 'ok') return done(value!.text)
      return push(
        frame,
        'end',
        relocation({ operator: true, ...(request.target === undefined ? {} : { target: request.target }) }),
      )
    default:
      return done(value!.text, value!.owner)
  }
}

/** `-Z` and `-U`: allowed where the service is stopped, started or disabled (spec 9c). */
function freeze(step: Step, frame: RequestFrame, { op }: Operator): Next {
  if (frame.at === 'begin') return locked(step, frame, 'granted')
  const record = recordOf(step.state, step.service.id)
  if (!['disabled', 'started', 'stopped'].includes(record.state)) return done('again')
  changeRecord(step.state, step.context, step.service.id, undefined, { frozen: op === 'freeze' })
  return done('ok')
}

/** `-c`: starts what was stopped as non-critical, on the owner. */
function convalesce(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  const { state, context, service, worker } = step
  const record = recordOf(state, service.id)
  switch (frame.at) {
    case 'begin':
      if (record.state !== 'started' || record.frozen) return done('invalid')
      if (record.owner !== state.self) return onward(step, request, record.owner!)
      if (!record.partial) return done('running')
      return push(
        frame,
        'started',
        walk(
          'start',
          startOrder(service).filter((at) => worker.memory[at]!.disabled),
        ),
      )
    case 'started':
      return value?.text === 'ok' ? locked(step, frame, 'granted') : done('failed')
    default:
      changeRecord(state, context, service.id, undefined, { partial: false })
      return done('ok')
  }
}

/** `-M`: a virtual machine goes to another node while it runs. A failed migration is a failed service (spec 15). */
function migrate(step: Step, frame: RequestFrame, request: Operator, value: Value | undefined): Next {
  const { state, context, service } = step
  const record = recordOf(state, service.id)
  switch (frame.at) {
    case 'begin':
      if (service.type !== 'vm' || record.state !== 'started' || request.target === undefined) return done('invalid')
      if (record.owner !== state.self) return onward(step, request, record.owner!)
      if (!onlineOf(state).includes(request.target) || request.target === state.self) return done('invalid')
      return locked(step, frame, 'granted')
    case 'granted':
      changeRecord(state, context, service.id, 'migrate', {})
      frame.at = 'left'
      return callAgent(step, 0, 'migrate_to', 0)
    case 'left':
      if (value?.rc === 0) return forward(step, frame, 'received', request.target!, { kind: 'receive' })
      return locked(step, frame, value?.rc === STAYS ? 'stays' : 'lost')
    case 'received':
      return value?.text === 'ok' ? done('ok', value.owner) : locked(step, frame, 'lost')
    case 'stays':
      changeRecord(state, context, service.id, 'migrated', {})
      return done('failed')
    default:
      changeRecord(state, context, service.id, 'failed', { owner: undefined, lastOwner: state.self })
      return done('aborted')
  }
}

/** What a migrate returns where the machine stays as it is (spec 15). */
const STAYS = 150
