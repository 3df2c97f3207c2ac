/** What follows a failed status: everything is stopped, then the policy of the service decides. Source: spec rgmanager 10 and 17. */

import { decide } from '../manager/tell.ts'
import { tellMaster } from './central.ts'
import type { Service } from './config.ts'
import { done, type Next, type RecoverFrame, type Step, startHere, stopBy, type Value } from './frames.ts'
import { relocation } from './relocate.ts'
import { rgOf, type Worker } from './state.ts'

/** Answers what became of the service. */
export function recoverStep(step: Step, frame: RecoverFrame, value: Value | undefined): Next {
  switch (frame.at) {
    case 'begin':
      frame.at = 'stopped'
      return { kind: 'push', frame: stopBy('recover') }
    case 'stopped':
      return value?.text === 'ok' ? byPolicy(step, frame) : done(value?.text ?? 'failed')
    case 'gone':
      return done(value!.text, value!.owner)
  }
}

function byPolicy(step: Step, frame: RecoverFrame): Next {
  const { state, context, service, worker } = step
  const exceeded = service.recovery !== 'disable' && service.recovery !== 'relocate' && thresholdExceeded(step)
  if (rgOf(state).centralProcessing) {
    tellMaster(state, context, { kind: 'recover', service: service.id, exceeded })
    return done('ok')
  }
  frame.at = 'gone'
  if (service.recovery === 'disable' || (exceeded && service.recovery === 'restart-disable')) {
    worker.restarts = []
    say(step, 'disable', `disables ${service.id}`)
    // The log message claims that the second stop is skipped; the code runs it (spec 10, doubleStopOnDisable).
    return { kind: 'push', frame: { ...stopBy('disable'), skipsWalk: !state.config.switches.doubleStopOnDisable } }
  }
  if (service.recovery === 'relocate' || exceeded) {
    worker.restarts = []
    say(step, 'relocate-after-failure', `moves ${service.id} to another node`)
    return { kind: 'push', frame: relocation({ because: thresholdReason(service, worker, 'relocate-after-failure') }) }
  }
  say(step, 'restart', `restarts ${service.id} here`)
  return { kind: 'push', frame: startHere('recover') }
}

/** Counts this restart, unless there were `max_restarts` in the window already: then the counter is cleared. */
function thresholdExceeded({ service, worker, context }: Step): boolean {
  if (service.maxRestarts <= 0) return false
  if (0 < service.restartExpire)
    worker.restarts = worker.restarts.filter((at) => context.now - at < service.restartExpire)
  if (service.maxRestarts <= worker.restarts.length) {
    worker.restarts = []
    return true
  }
  worker.restarts.push(context.now)
  return false
}

function say({ context, service, worker }: Step, decision: string, text: string): void {
  decide(context, {
    decision,
    about: [service.id],
    text,
    reasons: [
      { text: 'the service failed and was stopped clean', source: `recovery=${service.recovery}` },
      ...thresholdReason(service, worker, decision),
    ],
  })
}

function thresholdReason(
  service: Service,
  worker: Worker,
  decision: string,
): readonly { text: string; source: string }[] {
  const counts = service.recovery === 'restart' || service.recovery === 'restart-disable'
  if (service.maxRestarts <= 0 || !counts) return []
  const text =
    decision === 'restart'
      ? `restart ${worker.restarts.length} of ${service.maxRestarts} in the window`
      : `${service.maxRestarts} restarts in the window were tolerated already`
  return [{ text, source: 'max_restarts' }]
}
