/**
 * Starting and stopping a service under its record: what the advice tables say, the walk over the tree, and what the record says after
 * it. Source: spec rgmanager 9a, 9b and 10a.
 */

import { decide, log } from '../manager/tell.ts'
import { startOrder, stopOrder } from './config.ts'
import { isBlockedByExclusive } from './domains.ts'
import {
  done,
  type Next,
  type StartFrame,
  type StartHereFrame,
  type Step,
  type StopFrame,
  startBy,
  stopBy,
  type Value,
  walk,
} from './frames.ts'
import { changeRecord } from './records.ts'
import { relocation } from './relocate.ts'
import { onlineOf, type RgState, recordOf, type ServiceRecord } from './state.ts'
import { lock } from './worker.ts'

type StopAdvice = 'fail' | 'forward' | 'frozen' | 'invalid' | 'mark-stopped' | 'nothing' | 'run'

/** The table of 9a. */
export function adviseStop(state: RgState, record: ServiceRecord, mode: StopFrame['mode']): StopAdvice {
  if (record.frozen) return 'frozen'
  switch (record.state) {
    case 'failed':
    case 'recoverable':
      return mode === 'disable' ? 'run' : 'fail'
    case 'stopped':
      return mode === 'disable' ? 'run' : 'nothing'
    case 'disabled':
      if (mode === 'relocate') return 'invalid'
      return mode === 'disable' ? 'run' : 'nothing'
    case 'starting':
    case 'started':
    case 'stopping':
    case 'recovering':
    case 'migrating':
      if (record.owner === undefined || record.owner === state.self) return 'run'
      return onlineOf(state).includes(record.owner) ? 'forward' : 'mark-stopped'
  }
}

/** Stops the service. Answers `ok`, `failed`, `frozen`, `invalid`, `aborted` (it has failed before) or `forward` (ask the owner). */
export function stopStep(step: Step, frame: StopFrame, value: Value | undefined): Next {
  const { state, context, service } = step
  switch (frame.at) {
    case 'begin':
      frame.at = 'decide'
      return lock(step)
    case 'decide':
      return decideStop(step, frame)
    case 'walked':
      frame.ok = value?.text === 'ok'
      frame.at = 'end'
      return lock(step)
    case 'end':
      changeRecord(state, context, service.id, ...stopEnd(recordOf(state, service.id), frame))
      if (!frame.ok)
        log(
          context,
          'critical',
          frame.mode === 'disable'
            ? `${service.id}: a resource did not stop; it is marked as it is all the same`
            : `${service.id} has failed to stop: manual intervention is required`,
        )
      return done(frame.ok ? 'ok' : 'failed')
  }
}

function decideStop(step: Step, frame: StopFrame): Next {
  const { state, context, service } = step
  const record = recordOf(state, service.id)
  const advice = adviseStop(state, record, frame.mode)
  switch (advice) {
    case 'frozen':
    case 'invalid':
    case 'forward':
      return done(advice, record.owner)
    case 'fail':
      return done('aborted')
    case 'nothing':
      return done('ok')
    case 'mark-stopped':
      if (record.state !== 'recovering')
        changeRecord(state, context, service.id, 'owner-lost', { owner: undefined, lastOwner: record.owner })
      return done('ok')
    case 'run':
      frame.from = record.state === 'failed' || record.state === 'disabled' ? 'failed' : 'other'
      changeRecord(state, context, service.id, frame.mode === 'recover' ? 'recover' : 'stop', {})
      frame.at = 'walked'
      return { kind: 'push', frame: walk('stop', frame.skipsWalk ? [] : stopOrder(service)) }
  }
}

/** What the record says after the walk: a failed stop is failed, unless a failed service is being disabled (spec 9). */
function stopEnd(
  record: ServiceRecord,
  frame: StopFrame,
): readonly ['clean' | 'disabled' | 'failed' | 'stopped', object] {
  const patch = { owner: undefined, lastOwner: record.owner ?? record.lastOwner, partial: false }
  if (frame.mode === 'disable' && (frame.ok || frame.from === 'failed')) return ['disabled', patch]
  if (!frame.ok) return ['failed', patch]
  return [frame.mode === 'recover' ? 'clean' : 'stopped', patch]
}

type StartAdvice = 'again' | 'aborted' | 'frozen' | 'noop' | 'refused' | 'run' | 'running'

/** The table of 9b. */
export function adviseStart(state: RgState, record: ServiceRecord, mode: StartFrame['mode']): StartAdvice {
  if (record.frozen) return 'frozen'
  const locked = state.startsLocked ? 'again' : 'run'
  switch (record.state) {
    case 'failed':
      return 'aborted'
    case 'migrating':
      return 'running'
    case 'starting':
    case 'started':
    case 'stopping':
      return record.owner !== undefined && onlineOf(state).includes(record.owner) ? 'running' : locked
    case 'recovering':
      return mode === 'recover' ? 'run' : 'noop'
    case 'recoverable':
      // Differs: the table starts it even while its living owner still stops it; that would run it twice.
      if (record.owner !== undefined && record.owner !== state.self && onlineOf(state).includes(record.owner))
        return 'running'
      return mode === 'automatic' ? locked : 'run'
    case 'stopped':
      return mode === 'automatic' ? locked : 'run'
    case 'disabled':
      if (mode === 'automatic') return 'refused'
      return mode === 'enable' ? locked : 'run'
  }
}

/** Starts the service here. Answers `ok`, `start-failed`, or what the table says. */
export function startStep(step: Step, frame: StartFrame, value: Value | undefined): Next {
  const { state, context, service } = step
  switch (frame.at) {
    case 'begin':
      frame.at = 'decide'
      return lock(step)
    case 'decide': {
      const record = recordOf(state, service.id)
      const advice = adviseStart(state, record, frame.mode)
      // Nothing to do is a success to whoever asked (spec 9b).
      if (advice !== 'run') return done(advice === 'noop' ? 'ok' : advice, record.owner)
      frame.restarts = record.state === 'recovering' ? record.restarts + 1 : 0
      const lastOwner = record.owner ?? record.lastOwner
      changeRecord(state, context, service.id, 'start', { owner: state.self, lastOwner, partial: false })
      for (const memory of step.worker.memory) Object.assign(memory, { restarts: [], failures: [], disabled: false })
      frame.at = 'walked'
      return { kind: 'push', frame: walk('start', startOrder(service)) }
    }
    case 'walked':
      frame.ok = value?.text === 'ok'
      frame.at = 'end'
      return lock(step)
    case 'end':
      // The record says started even where the start failed; the starter then stops it (spec 9).
      changeRecord(state, context, service.id, 'started', { restarts: frame.restarts, everStarted: true })
      return done(frame.ok ? 'ok' : 'start-failed', state.self)
  }
}

/** The hard dependency of default mode: only a started service is good enough (spec 13). */
export function dependencyRuns({ state, service }: Step): boolean {
  if (service.depend === undefined) return true
  return recordOf(state, service.depend).state === 'started'
}

/**
 * Starts the service here and, where that fails, stops it and looks for another node. Answers `ok`, `dependency`, `aborted`, `failed`,
 * or what the table of 9b says. Source: spec rgmanager 10a; the restart-disable policy is not consulted here.
 */
export function startHereStep(step: Step, frame: StartHereFrame, value: Value | undefined): Next {
  const { state, context, service } = step
  switch (frame.at) {
    case 'begin':
      if (isBlockedByExclusive(state, service, state.self)) return { kind: 'push', frame: gone(frame) }
      if (!dependencyRuns(step)) return dependencyMissing(step, frame)
      frame.at = 'started'
      return { kind: 'push', frame: startBy(frame.mode) }
    case 'started':
      if (value?.text !== 'start-failed') return done(value!.text, value!.owner)
      decide(context, {
        decision: 'start-failed',
        about: [service.id],
        text: `${service.id} did not start on ${state.self}: stops what was started`,
        reasons: [{ text: 'a start that fails ends the walk at once', source: 'spec rgmanager 10a' }],
      })
      frame.at = 'stopped'
      return { kind: 'push', frame: stopBy('recover') }
    case 'stopped':
      if (value?.text !== 'ok') return done('aborted')
      return { kind: 'push', frame: gone(frame) }
    case 'gone':
      return done(value!.text, value!.owner)
    case 'give-up':
      if (recordOf(state, service.id).state === 'recovering') changeRecord(state, context, service.id, 'give-up', {})
      return done('dependency')
  }
}

function gone(frame: StartHereFrame): ReturnType<typeof relocation> {
  frame.at = 'gone'
  return relocation()
}

function dependencyMissing(step: Step, frame: StartHereFrame): Next {
  const { context, service } = step
  decide(context, {
    decision: 'dependency-missing',
    about: [service.id, service.depend!],
    text: `does not start ${service.id}: ${service.depend} is not started`,
    reasons: [{ text: 'a hard dependency must be started first', source: 'depend' }],
  })
  if (frame.mode !== 'recover') return done('dependency')
  frame.at = 'give-up'
  return lock(step)
}
