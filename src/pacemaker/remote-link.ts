/**
 * The connection between a controller and the executor of a remote node, as either end keeps it: numbered items, repeated until the other
 * end has confirmed them, so that nothing is lost or doubled while the connection lasts. Who gets items of a connection that he does not
 * know says so, and the other end learns that it is lost. Silence alone ends nothing: that is what monitors are for.
 *
 * Plain data; no rules of what is said stand here. Source: spec E-9.8.
 */
import type { Millis } from '../kernel/time.ts'
import type { RunCommand } from '../manager/command.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { AUTHKEY } from '../model/node.ts'
import type { OperationResult } from '../model/operation.ts'

/** How long an end waits for the other's word that it has got everything. */
const RESEND: Millis = 500

/** What a controller says to a remote node. */
export type RemoteOrder =
  /** `key`: what the sender's key file holds. */
  | { readonly kind: 'hello'; readonly key: string }
  | { readonly kind: 'poke'; readonly number: number }
  | { readonly kind: 'run'; readonly command: RunCommand }
  | { readonly kind: 'cancel'; readonly ticket: number }
  | { readonly kind: 'believe'; readonly about: string; readonly state: string }
  | { readonly kind: 'maintenance'; readonly isOn: boolean }
  | { readonly kind: 'bye' }

/** What a remote node says to its controller. */
export type RemoteNews =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'poked'; readonly number: number }
  | { readonly kind: 'result'; readonly ticket: number; readonly result: OperationResult }
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'shutdown' }

/** One item with its place in the stream of its direction. */
interface Numbered {
  readonly number: number
  readonly item: RemoteNews | RemoteOrder
}

/** One message: everything that is not confirmed, and how far the other end's items have come in. */
export interface Bundle {
  readonly session: string
  readonly confirmed: number
  readonly items: readonly Numbered[]
}

/** One end of a connection. */
export interface Channel {
  readonly peer: NodeName
  readonly session: string
  sent: number
  received: number
  readonly open: Numbered[]
}

/** An end of a connection over which nothing has been said. */
export function createChannel(peer: NodeName, session: string): Channel {
  return { peer, session, sent: 0, received: 0, open: [] }
}

/** Says one thing. */
export function say(context: DaemonContext, channel: Channel, item: RemoteNews | RemoteOrder): void {
  channel.sent += 1
  channel.open.push({ number: channel.sent, item })
  transmit(context, channel)
}

/** Says again what has not been confirmed. */
export function repeat(context: DaemonContext, channel: Channel): void {
  if (channel.open.length > 0) transmit(context, channel)
}

/** Takes a message in: what is new in it, in order. Confirms it. */
export function take(context: DaemonContext, channel: Channel, bundle: Bundle): readonly (RemoteNews | RemoteOrder)[] {
  while (channel.open.length > 0 && channel.open[0]!.number <= bundle.confirmed) channel.open.shift()
  if (channel.open.length === 0) context.act({ kind: 'cancel-timer', name: timerOf(channel) })
  const fresh = bundle.items.filter(({ number }) => channel.received < number)
  const last = bundle.items.at(-1)
  if (last === undefined) return []
  channel.received = Math.max(channel.received, last.number)
  send(context, channel, [])
  return fresh.map(({ item }) => item)
}

/** Nothing more is repeated. */
export function close(context: DaemonContext, channel: Channel): void {
  channel.open.length = 0
  context.act({ kind: 'cancel-timer', name: timerOf(channel) })
}

/** What this node's key file holds; empty: there is none. */
export function authkeyOf({ disk }: DaemonContext): string {
  return disk?.get(AUTHKEY) ?? 'the key of this cluster'
}

/** Tells somebody that his key is not this node's. */
export function reject(context: DaemonContext, to: NodeName, session: string): void {
  context.act({ kind: 'send', to, body: { type: 'remote-rejected', data: session }, routine: false })
}

/** Tells somebody that his connection is none. */
export function refuse(context: DaemonContext, to: NodeName, session: string): void {
  context.act({ kind: 'send', to, body: { type: 'remote-reset', data: session }, routine: false })
}

function transmit(context: DaemonContext, channel: Channel): void {
  send(context, channel, channel.open)
  context.act({ kind: 'timer', name: timerOf(channel), delay: RESEND })
}

function send(context: DaemonContext, { peer, session, received }: Channel, items: readonly Numbered[]): void {
  const data: Bundle = { session, confirmed: received, items: [...items] }
  const [first] = items
  const routine = first === undefined || first.item.kind === 'poke' || first.item.kind === 'poked'
  context.act({ kind: 'send', to: peer, body: { type: 'remote', data }, routine })
}

function timerOf({ peer }: Channel): string {
  return `remote-resend ${peer}`
}
