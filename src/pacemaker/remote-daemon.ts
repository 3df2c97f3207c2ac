/**
 * A remote node's only daemon: it runs what the controller at the other end of its connection asks for, and answers. It knows no cluster:
 * no membership, no configuration, no vote. Agents that were started go on when the connection ends; their results are lost then.
 *
 * The connection that came last counts: who holds an earlier one is told that it is over. Source: spec E-9.8.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageObservation, Observation } from '../manager/observation.ts'
import type { NodeName } from '../model/names.ts'
import {
  authkeyOf,
  type Bundle,
  type Channel,
  close,
  createChannel,
  type RemoteOrder,
  refuse,
  reject,
  repeat,
  say,
  take,
} from './remote-link.ts'

/** What a remote node knows. */
export interface RemotedState {
  channel: Channel | undefined
  /** Connections that are over: their messages may still be on their way. */
  readonly past: Set<string>
  /** Calls under way by this node's own number: whose they are, and under which number there. */
  readonly calls: Map<number, { readonly session: string; readonly ticket: number }>
  begun: number
  /** Its controller is to empty it; it ends when that hangs up. */
  isLeaving: boolean
}

/** A remote node that nobody has connected to. */
export function createRemoted(): RemotedState {
  return { channel: undefined, past: new Set(), calls: new Map(), begun: 0, isLeaving: false }
}

/** The connection that a run goes on with. */
export function resumeRemoted(state: RemotedState, host: NodeName, session: string): void {
  state.channel = createChannel(host, session)
}

/** Handles one observation of a remote node. */
export function handleRemoted(state: RemotedState, observation: Observation, context: DaemonContext): void {
  const { channel } = state
  switch (observation.kind) {
    case 'message':
      return heard(state, context, observation)
    case 'result': {
      const call = state.calls.get(observation.ticket)
      state.calls.delete(observation.ticket)
      if (channel === undefined || call?.session !== channel.session) return
      return say(context, channel, { kind: 'result', ticket: call.ticket, result: observation.result })
    }
    case 'attribute': {
      const { name, value } = observation
      return channel === undefined ? undefined : say(context, channel, { kind: 'attribute', name, value })
    }
    case 'timer':
      return channel === undefined ? undefined : repeat(context, channel)
    case 'shutdown':
      if (channel === undefined) return context.act({ kind: 'exit', reason: 'nobody is connected' })
      state.isLeaving = true
      return say(context, channel, { kind: 'shutdown' })
    case 'command':
      return context.act({
        kind: 'log',
        level: 'warning',
        text: 'a remote node has no cluster tools of its own here: type the command on a cluster node',
      })
    case 'boot':
    case 'described':
    case 'fenced':
    case 'process':
      return
  }
}

function heard(state: RemotedState, context: DaemonContext, { from, body }: MessageObservation): void {
  if (body.type === 'remote-reset') {
    if (state.channel?.session === body.data) hangUp(state, context)
    return
  }
  if (body.type !== 'remote') return
  // Messages of this type come from controllers, which run this same code.
  const bundle = body.data as Bundle
  const { session } = bundle
  if (session !== state.channel?.session) {
    const [first] = bundle.items
    if (first === undefined || state.past.has(session)) return
    if (first.item.kind !== 'hello') return refuse(context, from, session)
    const own = authkeyOf(context)
    if (own === '' || own !== first.item.key) {
      const text = own === '' ? 'There is no key here' : 'Its key is another one'
      context.act({ kind: 'log', level: 'error', text: `${from} cannot connect: ${text}` })
      return reject(context, from, session)
    }
    const old = state.channel
    if (old !== undefined) refuse(context, old.peer, old.session)
    hangUp(state, context)
    state.channel = createChannel(from, session)
  }
  // An end that takes orders is told only such.
  for (const order of take(context, state.channel!, bundle) as readonly RemoteOrder[]) obey(state, context, order)
}

function obey(state: RemotedState, context: DaemonContext, order: RemoteOrder): void {
  const { channel } = state
  if (channel === undefined) return
  switch (order.kind) {
    case 'hello':
      context.act({ kind: 'log', level: 'info', text: `${channel.peer} has connected` })
      return say(context, channel, { kind: 'welcome' })
    case 'poke':
      return say(context, channel, { kind: 'poked', number: order.number })
    case 'run':
      state.begun += 1
      state.calls.set(state.begun, { session: channel.session, ticket: order.command.ticket })
      return context.act({ ...order.command, ticket: state.begun })
    case 'cancel':
      for (const [own, { session, ticket }] of state.calls)
        if (session === channel.session && ticket === order.ticket) context.act({ kind: 'cancel', ticket: own })
      return
    case 'believe':
      return context.act(order)
    case 'maintenance':
      return context.act({
        kind: 'log',
        level: 'info',
        text: `Maintenance of this node is ${order.isOn ? 'on' : 'off'}`,
      })
    case 'bye':
      context.act({ kind: 'log', level: 'info', text: `${channel.peer} has disconnected` })
      hangUp(state, context)
      if (state.isLeaving) context.act({ kind: 'exit', reason: 'the cluster has let go of this node' })
  }
}

function hangUp(state: RemotedState, context: DaemonContext): void {
  if (state.channel === undefined) return
  state.past.add(state.channel.session)
  close(context, state.channel)
  state.channel = undefined
}
