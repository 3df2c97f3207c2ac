/**
 * The standby and takeover protocol: one node lets go completely before the other starts anything. Refused in legacy mode. Source: spec
 * heartbeat 9.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import type { Reason } from '../trace/record.ts'
import { type Control, sendControl } from './members.ts'
import { tell, tryFailback } from './resources.ts'
import { claim, groupsOf, type HeartbeatState, type Standby, type StandbyType, type Step } from './state.ts'
import { addWork } from './work.ts'

const ANSWER_LIMIT = 10_000
const PHASE_LIMIT = 3_600_000

/** This node wants to give up `type`, seen from itself. Ignored, with a line in the log, where the time is not right. */
export function goStandby(state: HeartbeatState, context: DaemonContext, type: StandbyType, reason: Reason): void {
  const refusal = refusalOf(state)
  if (refusal !== undefined) return log(context, 'warning', `standby ${type} is refused: ${refusal}`)
  decide(context, {
    decision: 'standby',
    about: [state.self],
    text: `wants to go standby [${type}]`,
    reasons: [reason],
  })
  state.standbyType = type
  enter(state, context, 'asked')
  sendControl(state, context, 'standby-ask', type)
  context.act({ kind: 'timer', name: 'standby-limit', delay: ANSWER_LIMIT })
}

/** Takes one message of the protocol. */
export function heardStandby(state: HeartbeatState, context: DaemonContext, { type, data }: Control): void {
  switch (type) {
    case 'standby-ask':
      return asked(state, context, toType(data))
    case 'standby-answer':
      return answered(state, context)
    case 'standby-given':
      return given(state, context)
    case 'standby-taken':
      return done(state, context)
    case 'takeover-ask':
      return goStandby(state, context, toType(data), { text: `${state.peer} asks to take over`, source: 'hb_takeover' })
  }
}

/** The limit of the present phase has passed. */
export function standbyLimit(state: HeartbeatState, context: DaemonContext): void {
  if (state.standby === 'none') return
  if (state.standby === 'asked') standbyCancelled(state, context, 'no reply to the standby request (decision row 23)')
  else standbyCancelled(state, context, 'the other node did not finish in time')
}

/** Ends a standby that cannot go on. */
export function standbyCancelled(state: HeartbeatState, context: DaemonContext, why: string): void {
  if (state.standby === 'none') return
  log(context, 'warning', `standby is cancelled: ${why}`)
  leave(state, context)
}

/** Everything that was to be given up is stopped: the other node may start it. */
export function standbyGiven(state: HeartbeatState, context: DaemonContext): void {
  if (state.standby !== 'giving') return
  enter(state, context, 'waiting-for-other')
  context.act({ kind: 'timer', name: 'standby-limit', delay: PHASE_LIMIT })
  sendControl(state, context, 'standby-given', state.standbyType)
}

/** Everything that the other node gave up is taken. */
export function standbyTaken(state: HeartbeatState, context: DaemonContext): void {
  if (state.standby !== 'taking') return
  leave(state, context)
  sendControl(state, context, 'standby-taken', state.standbyType)
  tell(state, context, 'answer')
}

/** `hb_standby` and `hb_takeover` name types from the node that asks; anything else means all. */
export function toType(word: unknown): StandbyType {
  return word === 'local' || word === 'foreign' ? word : 'all'
}

/** The administrator's `hb_takeover T`: the other node goes standby of the mirrored type; `failback` ends as all (spec 9). */
export function askTakeover(state: HeartbeatState, context: DaemonContext, word: string): void {
  if (state.config.cf.autoFailback === 'legacy')
    return log(context, 'warning', 'hb_takeover is refused with auto_failback legacy')
  const type: StandbyType = word === 'local' ? 'foreign' : word === 'foreign' ? 'local' : 'all'
  sendControl(state, context, 'takeover-ask', type)
}

function asked(state: HeartbeatState, context: DaemonContext, type: StandbyType): void {
  const refusal = refusalOf(state)
  if (refusal !== undefined)
    return log(context, 'warning', `${state.peer} wants standby ${type}, which is ignored: ${refusal}`)
  state.standbyType = type
  enter(state, context, 'other-going')
  context.act({ kind: 'timer', name: 'standby-limit', delay: PHASE_LIMIT })
  sendControl(state, context, 'standby-answer', type)
}

/** The claim is cleared before the stops: a death in the middle finds nothing claimed (spec 9.2, S8). */
function answered(state: HeartbeatState, context: DaemonContext): void {
  if (state.standby !== 'asked') return
  enter(state, context, 'giving')
  context.act({ kind: 'timer', name: 'standby-limit', delay: PHASE_LIMIT })
  const { standbyType } = state
  claim(state, context, {
    ...(standbyType !== 'foreign' ? { local: false } : {}),
    ...(standbyType !== 'local' ? { foreign: false } : {}),
  })
  tell(state, context, 'answer')
  addWork(state, context, 'main', [
    ...groupsOf(state, standbyType).map((group): Step => ({ kind: 'release', group: group.key })),
    { kind: 'end', what: 'standby-given' },
  ])
}

/** What was foreign there is local here. */
function given(state: HeartbeatState, context: DaemonContext): void {
  if (state.standby !== 'other-going') return
  enter(state, context, 'taking')
  const { standbyType } = state
  const whose = standbyType === 'all' ? 'all' : standbyType === 'foreign' ? 'local' : 'foreign'
  decide(context, {
    decision: 'take-after-standby',
    about: groupsOf(state, whose).map((group) => group.key),
    text: `takes what ${state.peer} gave up [${standbyType}]`,
    reasons: [{ text: `${state.peer} has released it completely`, source: 'spec heartbeat 9.3' }],
  })
  claim(state, context, {
    ...(whose !== 'foreign' ? { local: true } : {}),
    ...(whose !== 'local' ? { foreign: true } : {}),
  })
  addWork(state, context, 'main', [
    ...groupsOf(state, whose).map((group): Step => ({ kind: 'acquire', group: group.key })),
    { kind: 'end', what: 'standby-taken' },
  ])
}

function done(state: HeartbeatState, context: DaemonContext): void {
  if (state.standby !== 'waiting-for-other') return
  leave(state, context)
  tell(state, context, 'answer')
  tryFailback(state, context)
}

function refusalOf(state: HeartbeatState): string | undefined {
  if (state.config.cf.autoFailback === 'legacy') return 'auto_failback is legacy (decision row 24)'
  if (state.phase !== 'stable') return 'this node is not stable'
  if (!state.otherStable) return `${state.peer} is not stable`
  return state.standby === 'none' ? undefined : 'a standby is under way'
}

function enter(state: HeartbeatState, context: DaemonContext, standby: Standby): void {
  context.act({ kind: 'machine', machine: 'standby', from: state.standby, to: standby, event: state.standbyType })
  state.standby = standby
}

function leave(state: HeartbeatState, context: DaemonContext): void {
  enter(state, context, 'none')
  context.act({ kind: 'cancel-timer', name: 'standby-limit' })
}
