/** One Heartbeat daemon: every observation to the verb that handles it. A switch, no rules: those stand in the files it calls. */
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import { decide } from '../manager/tell.ts'
import { beginLife, beginRestart, beginShutdown, releaseAllAndRestart } from './ends.ts'
import { countChanged, giveUp, heardCount, heardVerdict, ipfailChanged } from './ipfail.ts'
import { beat, type Control, silence, takeMessage } from './members.ts'
import {
  bothStarted,
  fenceAnswered,
  fencePeer,
  groupAnswered,
  groupAsked,
  heardResources,
  peerLeft,
  type ResourceMessage,
  tryFailback,
} from './resources.ts'
import { askTakeover, goStandby, heardStandby, standbyLimit, toType } from './standby.ts'
import type { HeartbeatState } from './state.ts'
import { workPaused, workResult } from './work.ts'

/** Handles one observation. */
export function handle(state: HeartbeatState, observation: Observation, context: DaemonContext): void {
  switch (observation.kind) {
    case 'boot':
      return beginLife(state, context, observation.generation)
    case 'message': {
      if (!state.beating) return
      const control = takeMessage(state, context, observation)
      return control === undefined ? undefined : heard(state, context, control)
    }
    case 'result':
      return workResult(state, context, observation)
    case 'fenced':
      if (observation.ticket === state.fencing) fenceAnswered(state, context, observation.ok, observation.text)
      return
    case 'timer':
      return timer(state, context, observation.name)
    case 'command':
      return command(state, context, observation.words)
    // No agent of Heartbeat's tells it anything but by its answer.
    case 'attribute':
    case 'described':
      return
    case 'process':
      if (observation.process === 'ipfail') ipfailChanged(state, context, observation.state === 'running')
      return
    case 'shutdown':
      return beginShutdown(state, context)
  }
}

function heard(state: HeartbeatState, context: DaemonContext, control: Control): void {
  switch (control.type) {
    case 'resources':
      // The peer runs this same code: a message of this type carries this.
      return heardResources(state, context, control.data as ResourceMessage)
    case 'shutdone':
      return peerLeft(state, context)
    case 'ask-group':
      return groupAsked(state, context, String(control.data))
    case 'group-answer':
      return groupAnswered(state, context, String(control.data))
    case 'ipfail-count':
      return heardCount(state, context, Number(control.data))
    case 'ipfail-verdict':
      return heardVerdict(state, context, String(control.data))
    default:
      return heardStandby(state, context, control)
  }
}

function timer(state: HeartbeatState, context: DaemonContext, name: string): void {
  const [word = '', argument = ''] = name.split(' ')
  switch (word) {
    case 'beat':
      if (!beat(state, context)) silentSelf(state, context)
      return
    case 'silence':
      return silence(state, context, argument)
    case 'both-starting':
      return bothStarted(state, context)
    case 'failback':
      return tryFailback(state, context)
    case 'fence-again':
      return fencePeer(state, context)
    case 'pause':
      return workPaused(state, context, argument === 'check' ? 'check' : 'main')
    case 'standby-after-failure':
      return goStandby(state, context, toType(argument), {
        text: 'a resource did not start 30 s ago',
        source: 'spec heartbeat 4.2',
      })
    case 'standby-limit':
      return standbyLimit(state, context)
    case 'ipfail':
      return giveUp(state, context)
    case 'ipfail-recount':
      return countChanged(state, context)
    case 'healed':
      return releaseAllAndRestart(state, context, 'healed')
    case 'shutdown-limit':
      return context.act({ kind: 'exit', reason: 'resource work did not end in an hour' })
  }
}

/** Decision row 22: a daemon that did not hear its own heartbeats for deadtime cannot know what its peer did meanwhile. */
function silentSelf(state: HeartbeatState, context: DaemonContext): void {
  decide(context, {
    decision: 'no-local-heartbeat',
    about: [state.self],
    text: `did not hear its own heartbeats for ${context.now - state.lastBeat} ms: gives everything up and restarts`,
    reasons: [{ text: 'the peer may have taken over meanwhile', source: 'decision row 22' }],
  })
  releaseAllAndRestart(state, context, 'restart')
}

function command(state: HeartbeatState, context: DaemonContext, words: readonly string[]): void {
  const [word, argument = 'all'] = words
  switch (word) {
    case 'hb_standby':
      // The script's own word for foreign is failback.
      return goStandby(state, context, argument === 'failback' ? 'foreign' : toType(argument), {
        text: 'the administrator asks for it',
        source: `hb_standby ${argument}`,
      })
    case 'hb_takeover':
      return askTakeover(state, context, argument)
    case 'restart':
      return beginRestart(state, context)
  }
}
