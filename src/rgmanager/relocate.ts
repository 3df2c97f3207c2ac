/** Looking for another node that starts a service: after a failure (spec rgmanager 10b) or because an operator wants it (11). */

import { decide } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { ask } from './answers.ts'
import { bestTarget, isBlockedByExclusive, scoreOf } from './domains.ts'
import { done, type Next, type RelocateFrame, type Step, startBy, stopBy, type Value } from './frames.ts'
import { changeRecord } from './records.ts'
import { onlineOf, recordOf, type Why } from './state.ts'
import { lock, pause } from './worker.ts'

/** How often, and how far apart, a node is asked that does not know the service (spec 10b, RHEL 6). */
const RETRIES_MAX = 4
const RETRY = 3000

/** A relocation after a failure, or an operator's. */
export function relocation(
  options: {
    readonly target?: NodeName
    readonly operator?: true
    readonly why?: RelocateFrame['why']
    readonly because?: readonly Why[]
  } = {},
): RelocateFrame {
  const why = options.why ?? { text: 'the operator names it', source: 'clusvcadm -m' }
  return {
    proc: 'relocate',
    at: 'begin',
    struck: [],
    retries: 0,
    target: options.target,
    localLast: options.operator === true,
    why,
    because: options.because ?? [],
    asked: [],
    tried: false,
  }
}

/** Answers `ok` with the owner, `local` (it runs here again), `failed` (stopped), `aborted` (failed) or `uncertain`. */
export function relocateStep(step: Step, frame: RelocateFrame, value: Value | undefined): Next {
  const { state, context, service } = step
  switch (frame.at) {
    case 'begin':
      return nextCandidate(step, frame)
    case 'answered':
      return answered(step, frame, value!)
    case 'retry':
      frame.at = 'answered'
      return ask(step, frame.struck.at(-1)!, { kind: 'remote-start', why: frame.asked })
    case 'local':
      if (value?.text !== 'start-failed') return done(value?.text === 'ok' ? 'local' : value!.text, state.self)
      frame.at = 'local-stopped'
      return { kind: 'push', frame: stopBy('stop') }
    case 'local-stopped':
      return done(value?.text === 'ok' ? 'failed' : 'aborted')
    case 'give-up':
      if (recordOf(state, service.id).state === 'recovering') changeRecord(state, context, service.id, 'give-up', {})
      return done('failed')
  }
}

function nextCandidate(step: Step, frame: RelocateFrame): Next {
  const { state, context, service } = step
  const chosen = choose(step, frame)
  if (chosen !== undefined) {
    decide(context, {
      decision: 'relocate',
      about: [service.id, chosen.node],
      text: `asks ${chosen.node} to start ${service.id}`,
      reasons: [chosen.reason],
    })
    frame.asked = [...frame.because, chosen.reason]
    frame.tried = true
    frame.retries = 0
    frame.struck.push(chosen.node)
    frame.at = 'answered'
    return ask(step, chosen.node, { kind: 'remote-start', why: frame.asked })
  }
  const left = onlineOf(state).filter((node) => node !== state.self && !frame.struck.includes(node))
  // Used up: stopped, and nothing here. Only ineligible nodes left, or an operator's wish: one attempt here (spec 10b, 11).
  const hopeless = left.length === 0 && !frame.localLast
  if (hopeless || isBlockedByExclusive(state, service, state.self)) return giveUp(step, frame)
  return startLocally(step, frame)
}

function choose(step: Step, frame: RelocateFrame): { readonly node: NodeName; readonly reason: Why } | undefined {
  const { state, context, service } = step
  const { target } = frame
  if (target !== undefined && !frame.tried) {
    const fits = 0 < scoreOf(state, target, service, onlineOf(state)) && !isBlockedByExclusive(state, service, target)
    if (fits) return { node: target, reason: frame.why }
    // A target that is not eligible ends in a start here, whatever others could do (spec 11).
    return undefined
  }
  const best = bestTarget(state, context, service, frame.struck)
  if (best === undefined) return undefined
  const text = `its score ${best.score} is the best of ${onlineOf(state).length - 1 - frame.struck.length} candidates`
  return { node: best.node, reason: { text, source: service.domain ?? 'no failover domain' } }
}

function answered(step: Step, frame: RelocateFrame, { text, owner }: Value): Next {
  switch (text) {
    case 'ok':
    case 'running':
      return done('ok', owner)
    case 'aborted':
      return done('aborted')
    case 'failed':
    case 'dependency':
    case 'exclusive':
    case 'deadlock':
    case 'gone':
    case 'not serving':
      return nextCandidate(step, frame)
    case 'no such service':
      // It has not loaded the configuration yet that this node has (spec 10b).
      if (frame.retries === RETRIES_MAX) return nextCandidate(step, frame)
      frame.retries += 1
      frame.at = 'retry'
      return pause(step, RETRY)
    default:
      return done('uncertain')
  }
}

function startLocally(step: Step, frame: RelocateFrame): Next {
  const { state, context, service } = step
  decide(context, {
    decision: 'start-locally',
    about: [service.id],
    text: `tries ${service.id} on ${state.self} once more`,
    reasons: [
      frame.localLast
        ? { text: 'no other node took it', source: 'spec rgmanager 11' }
        : { text: 'the nodes that are left may not run it', source: service.domain ?? 'exclusive' },
    ],
  })
  frame.at = 'local'
  return { kind: 'push', frame: startBy('recover') }
}

function giveUp(step: Step, frame: RelocateFrame): Next {
  decide(step.context, {
    decision: 'give-up',
    about: [step.service.id],
    text: `leaves ${step.service.id} stopped until a node joins or an operator acts`,
    reasons: [
      { text: 'no other node could start it, and there is no further attempt here', source: 'spec rgmanager 10b' },
    ],
  })
  frame.at = 'give-up'
  return lock(step)
}
