/** One node's daemons: every observation to the verb that handles it, then the news of the ring in their order. No rules stand here. */
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageObservation, Observation } from '../manager/observation.ts'
import { setAttribute } from './attributes.ts'
import { command } from './commands.ts'
import { agentDescribed, opEnded } from './executor.ts'
import { deviceAnswered } from './fence-run.ts'
import { heardBegin, heardJoin, takeCommit } from './gather.ts'
import { beginLife, beginShutdown, heardLeave } from './life.ts'
import { heardPing, heardPong } from './links.ts'
import { tellNews } from './news.ts'
import { processChanged, waitsForController } from './processes.ts'
import { handleQnetd, type QdeviceVote } from './qnetd.ts'
import { heardVote, heardPong as hostPong } from './quorum-device.ts'
import { heardRemote, withConnections } from './remote-connection.ts'
import { handleRemoted, type RemotedState } from './remote-daemon.ts'
import { resumeBehind } from './resume.ts'
import { heardCall, isSameRing, takeMessage, takeToken } from './ring.ts'
import type { CommitToken, JoinMessage, RingId, RingMessage, Token } from './ring-state.ts'
import { type PacemakerState, ringHand } from './state.ts'
import { tellConfiguration } from './tell-configuration.ts'
import { timerDue } from './timers.ts'

/** Handles one observation. */
export function handle(state: PacemakerState, observation: Observation, bare: DaemonContext): void {
  if (state.remoted !== undefined) return handleRemote(state, state.remoted, observation, bare)
  if (state.qnetd !== undefined) return handleQnetd(state.qnetd, observation, bare)
  const context = withConnections(state, bare)
  if (state.controller.isFrozen && waitsForController(observation)) {
    state.controller.late.push(observation)
    return
  }
  switch (observation.kind) {
    case 'boot':
      beginLife(state, context, observation.generation, observation.resumed === true)
      tellConfiguration(context, undefined, state.cib.configuration)
      break
    case 'message':
      heard(state, context, observation)
      break
    case 'result':
      // A call that was taken back ends in the middle of something else: nothing more follows from it.
      if (!opEnded(state, context, observation.ticket, observation.result)) return
      break
    case 'described':
      agentDescribed(state, context, observation.ticket)
      break
    case 'fenced':
      deviceAnswered(state, context, observation.ticket, { isOk: observation.ok, text: observation.text })
      break
    case 'device-told':
      deviceAnswered(state, context, observation.ticket, {
        isOk: observation.ok,
        text: '',
        listed: observation.listed,
      })
      break
    case 'attribute':
      setAttribute(state, context, { node: state.self, name: observation.name, value: observation.value })
      break
    case 'timer':
      timerDue(state, context, observation.name)
      break
    case 'command':
      command(state, context, observation.words)
      break
    case 'process':
      processChanged(state, context, observation.process, observation.state)
      if (!state.controller.isFrozen) for (const late of state.controller.late.splice(0)) handle(state, late, bare)
      break
    case 'shutdown':
      beginShutdown(state, context)
      break
  }
  tellNews(state, context)
}

/** A remote node has neither ring nor CIB: all that it goes on from is who is connected to it. */
function handleRemote(
  state: PacemakerState,
  remoted: RemotedState,
  observation: Observation,
  context: DaemonContext,
): void {
  if (observation.kind === 'boot' && observation.resumed === true) resumeBehind(state, remoted, context)
  handleRemoted(remoted, observation, context)
}

/** A message of the ring's own. The peers run this same code: a message of a type carries what that type stands for. */
function heard(state: PacemakerState, context: DaemonContext, { from, body }: MessageObservation): void {
  const { ring } = state
  if (body.type === 'remote' || body.type === 'remote-reset' || body.type === 'remote-rejected')
    return heardRemote(state, context, from, body)
  if (body.type === 'qdevice-vote') return heardVote(state, context, body.data as QdeviceVote)
  if (body.type === 'ping-reply') return hostPong(state, context, from)
  if (ring.phase === 'stopped') return
  const hand = ringHand(state, context)
  const { type, data } = body
  switch (type) {
    case 'ring-token':
      return takeToken(hand, data as Token)
    case 'ring-call':
      return isSameRing(ring.ring, data as RingId) ? heardCall(hand) : undefined
    case 'ring-join':
      return heardJoin(hand, data as JoinMessage)
    case 'ring-commit':
      return takeCommit(hand, data as CommitToken, state.quorum.isQuorate)
    case 'ring-begin':
      return heardBegin(hand, data as RingId)
    case 'ring-leave':
      return heardLeave(state, context, from)
    case 'knet-ping':
      return heardPing(hand, from, data === true)
    case 'knet-pong':
      return heardPong(hand, from)
    default: {
      const { ring: id, message } = data as { readonly ring: RingId; readonly message: RingMessage }
      if (isSameRing(ring.ring, id)) takeMessage(hand, message)
    }
  }
}
