/**
 * Resource work: taking and giving up groups, with the exact reading of `status` and the exact retries. Two lanes: `main` runs one piece
 * of work at a time; `check` runs the key checks that do not queue. Calls on one resource never overlap. Source: spec heartbeat 3 to 5.
 */

import type { DaemonContext } from '../manager/contract.ts'
import type { ResultObservation } from '../manager/observation.ts'
import { decide, log } from '../manager/tell.ts'
import type { ResourceId } from '../model/names.ts'
import type { OperationName } from '../model/operation.ts'
import { beginShutdown, endWork } from './ends.ts'
import { sendControl } from './members.ts'
import { groupOf, type HeartbeatState, type Lane, type Step } from './state.ts'

/** Stop calls after the first one (HA_STOPRETRYMAX). */
const STOP_RETRIES = 10
const STOP_PAUSE = 1000
const START_FAILURE_DELAY = 30_000

/** Spec 4, status parse: what a status prints decides, never its exit code. In the 1.2 era "not running" counted as running. */
export function isRunning(output: string, era: '1.2' | '3.0'): boolean {
  if (era === '3.0' && /[Nn][Oo][Tt] [\s\S]*[Rr]unning/.test(output)) return false
  return /[Rr]unning|OK/.test(output)
}

/** Adds steps to a lane and goes on with it. */
export function addWork(
  state: HeartbeatState,
  context: DaemonContext,
  lane: 'check' | 'main',
  steps: readonly Step[],
): void {
  state.lanes[lane].steps.push(...steps)
  advance(state, context, state.lanes[lane])
}

/** True where no resource work is under way or waits. */
export function isIdle(state: HeartbeatState): boolean {
  return state.lanes.main.steps.length === 0 && state.lanes.check.steps.length === 0
}

/** An agent call has ended: the lane that waited for it goes on, and so does one that waited for the same resource. */
export function workResult(state: HeartbeatState, context: DaemonContext, observation: ResultObservation): void {
  const lane = [state.lanes.main, state.lanes.check].find((entry) => entry.waiting === observation.ticket)
  state.busy.delete(observation.resource)
  if (lane !== undefined) {
    lane.waiting = undefined
    const step = lane.steps.shift()!
    const { status, rc, output } = observation.result
    afterCall(state, context, lane, {
      step,
      failed: status !== 'done' || rc !== 0,
      rc,
      running: isRunning(output, state.config.switches.era),
    })
  }
  for (const entry of [state.lanes.main, state.lanes.check]) advance(state, context, entry)
  if (state.shutdownWanted && isIdle(state)) beginShutdown(state, context)
}

/** The pause between two stop calls is over. */
export function workPaused(state: HeartbeatState, context: DaemonContext, name: 'check' | 'main'): void {
  const lane = state.lanes[name]
  const step = lane.steps[0]
  if (lane.waiting !== 'pause' || step?.kind !== 'pause') return
  lane.waiting = undefined
  lane.steps[0] = { kind: 'stop', group: step.group, resource: step.resource, tries: step.tries }
  advance(state, context, lane)
}

/** Drops all work; calls under way end unheard. */
export function dropWork(state: HeartbeatState): void {
  for (const lane of [state.lanes.main, state.lanes.check]) {
    lane.steps = []
    lane.waiting = undefined
  }
}

function advance(state: HeartbeatState, context: DaemonContext, lane: Lane): void {
  while (lane.waiting === undefined) {
    const step = lane.steps[0]
    if (step === undefined) return
    switch (step.kind) {
      case 'acquire':
        lane.steps.splice(
          0,
          1,
          ...groupOf(state, step.group).resources.map(
            (spec): Step => ({ kind: 'status-then-start', group: step.group, resource: spec.id }),
          ),
        )
        decide(context, {
          decision: 'acquire-group',
          about: [step.group],
          text: `takes the resource group ${step.group}`,
          reasons: [{ text: 'left to right, status before each start', source: 'spec heartbeat 4' }],
        })
        believe(context, step.group, 'acquiring')
        lane.steps.splice(groupOf(state, step.group).resources.length, 0, {
          kind: 'say',
          text: `acquired ${step.group}`,
        })
        break
      case 'release': {
        const stops = [...groupOf(state, step.group).resources]
          .reverse()
          .map((spec): Step => ({ kind: 'stop', group: step.group, resource: spec.id, tries: 0 }))
        lane.steps.splice(0, 1, ...stops, { kind: 'say', text: `released ${step.group}` })
        decide(context, {
          decision: 'release-group',
          about: [step.group],
          text: `gives up the resource group ${step.group}`,
          reasons: [{ text: 'right to left, no status first', source: 'spec heartbeat 5' }],
        })
        believe(context, step.group, 'releasing')
        break
      }
      case 'pause':
        lane.waiting = 'pause'
        context.act({ kind: 'timer', name: `pause ${lane.name}`, delay: STOP_PAUSE })
        return
      case 'reboot':
        log(context, 'critical', `${step.resource} cannot be stopped and still runs: rebooting`)
        context.act({ kind: 'reboot', reason: `${step.resource} still runs after ${STOP_RETRIES + 1} stop calls` })
        return
      case 'say':
        lane.steps.shift()
        saidDone(state, context, step.text)
        break
      case 'end':
        lane.steps.shift()
        endWork(state, context, step.what)
        break
      case 'start':
      case 'status-then-start':
      case 'stop':
      case 'status-after-stop':
      case 'check-idle':
      case 'check-key':
      case 'check-own':
      case 'answer-request':
        if (!call(state, context, lane, step)) return
        break
    }
  }
}

/** Begins the agent call of a step; false where its resource is busy, so that the lane waits. */
function call(
  state: HeartbeatState,
  context: DaemonContext,
  lane: Lane,
  step: Extract<Step, { group: string }>,
): boolean {
  const resource = 'resource' in step ? step.resource : groupOf(state, step.group).resources[0]!.id
  if (state.busy.has(resource)) return false
  state.ticket += 1
  state.busy.add(resource)
  lane.waiting = state.ticket
  context.act({ kind: 'run', ticket: state.ticket, resource, operation: operationOf(step) })
  return true
}

function operationOf(step: Step): OperationName {
  if (step.kind === 'start' || step.kind === 'stop') return step.kind
  return 'status'
}

interface CallEnd {
  readonly step: Step
  readonly failed: boolean
  readonly rc: number
  readonly running: boolean
}

/** What follows a call: the step has already been taken from the lane. */
function afterCall(
  state: HeartbeatState,
  context: DaemonContext,
  lane: Lane,
  { step, failed, rc, running }: CallEnd,
): void {
  switch (step.kind) {
    case 'status-then-start':
      if (!running) lane.steps.unshift({ kind: 'start', group: step.group, resource: step.resource })
      return
    case 'start':
      if (failed) startFailed(state, context, lane, { group: step.group, resource: step.resource, rc })
      return
    case 'stop':
      if (!failed) return
      if (step.tries < STOP_RETRIES)
        lane.steps.unshift({ kind: 'pause', group: step.group, resource: step.resource, tries: step.tries + 1 })
      else lane.steps.unshift({ kind: 'status-after-stop', group: step.group, resource: step.resource })
      if (step.tries === 0)
        log(context, 'warning', `stop of ${step.resource} failed with ${rc}; trying again every second`)
      return
    case 'status-after-stop':
      return stopFailed(state, context, lane, { group: step.group, resource: step.resource, running })
    case 'check-idle':
      if (running) log(context, 'critical', `${step.group} is active before Heartbeat has started it`)
      return
    case 'check-key':
      if (running) believe(context, step.group, 'held')
      else addWork(state, context, 'main', [{ kind: 'acquire', group: step.group }])
      return
    case 'check-own':
      // Legacy (S15): what runs already is kept; for the rest the peer is asked.
      if (running) believe(context, step.group, 'held')
      else sendControl(state, context, 'ask-group', step.group)
      return
    case 'answer-request':
      if (running)
        addWork(state, context, 'main', [
          { kind: 'release', group: step.group },
          { kind: 'say', text: `answer ${step.group}` },
        ])
      else addWork(state, context, 'main', [{ kind: 'say', text: `answer ${step.group}` }])
      return
    case 'acquire':
    case 'release':
    case 'pause':
    case 'reboot':
    case 'say':
    case 'end':
      return
  }
}

/** Spec 4.2: the whole group is given up at once and standby follows 30 s later; in the 1.2 era the failure is only logged. */
function startFailed(
  state: HeartbeatState,
  context: DaemonContext,
  lane: Lane,
  failure: { readonly group: string; readonly resource: ResourceId; readonly rc: number },
): void {
  const { group, resource, rc } = failure
  log(context, 'error', `start of ${resource} returned ${rc}`)
  if (state.config.switches.era === '1.2') return
  while (
    lane.steps[0] !== undefined &&
    'group' in lane.steps[0] &&
    lane.steps[0].kind === 'status-then-start' &&
    lane.steps[0].group === group
  )
    lane.steps.shift()
  if (lane.steps[0]?.kind === 'say') lane.steps.shift()
  const isOwn = groupOf(state, group).owner === state.self
  const type = state.config.switches.standbyTypeBug || !isOwn ? 'foreign' : 'local'
  decide(context, {
    decision: 'start-failed',
    about: [group, resource],
    text: `gives up ${group} because ${resource} did not start (${rc}), and will ask for standby ${type} in 30 s`,
    reasons: [
      { text: 'a failed start gives the whole group up, without retry', source: 'spec heartbeat 4.2' },
      ...(isOwn && type === 'foreign'
        ? [
            {
              text: 'the type should be local; the script of 3.0.6 never finds its own line',
              source: 'spec heartbeat 4, bug',
            },
          ]
        : []),
    ],
  })
  const stops = [...groupOf(state, group).resources]
    .reverse()
    .map((spec): Step => ({ kind: 'stop', group, resource: spec.id, tries: 0 }))
  lane.steps.unshift(...stops, { kind: 'say', text: `failed ${group}` })
  context.act({ kind: 'timer', name: `standby-after-failure ${type} ${group}`, delay: START_FAILURE_DELAY })
}

/** Spec 5.2: the eleventh stop has failed. */
function stopFailed(
  state: HeartbeatState,
  context: DaemonContext,
  lane: Lane,
  { group, resource, running }: { readonly group: string; readonly resource: ResourceId; readonly running: boolean },
): void {
  if (!running) {
    log(
      context,
      'error',
      `${resource} did not stop in ${STOP_RETRIES + 1} calls but does not run: a reboot was narrowly avoided`,
    )
    return
  }
  decide(context, {
    decision: 'reboot-after-stop-failure',
    about: [group, resource],
    text: `will reboot because ${resource} still runs after ${STOP_RETRIES + 1} stop calls`,
    reasons: [{ text: 'what cannot be stopped could be started twice', source: 'spec heartbeat 5.2' }],
  })
  if (state.config.switches.era === '1.2') state.rebootAfterGroup = true
  else lane.steps.unshift({ kind: 'reboot', resource })
}

function saidDone(state: HeartbeatState, context: DaemonContext, text: string): void {
  const [word = '', ...rest] = text.split(' ')
  const group = rest.join(' ')
  if (word === 'answer') {
    sendControl(state, context, 'group-answer', group)
    return
  }
  believe(context, group, word === 'acquired' ? 'held' : word)
  if (word === 'released' && state.rebootAfterGroup)
    context.act({ kind: 'reboot', reason: `a resource of ${group} could not be stopped` })
}

function believe(context: DaemonContext, group: string, state: string): void {
  context.act({ kind: 'believe', about: group, state })
}
