/**
 * The network: media, each a set of directed links between members. Faults lay impairments on links; several can lie on one, and a link
 * is up when none of them cuts it. Messages meet the state of the link at the instant they are sent.
 */
import type { MediumShape } from '../model/cluster.ts'
import type { Packet, WorldContext } from './context.ts'
import type { Impairment, World } from './state.ts'

/** What a daemon (or a ping target) sends. */
export interface Outgoing {
  readonly from: string
  /** A member, or `*` for every other node. */
  readonly to: string
  /** One medium; absent: every medium that both are attached to. */
  readonly medium: string | undefined
  readonly type: string
  readonly data: unknown
  readonly routine: boolean
}

/** Sends a message by every medium meant. Each copy travels, is lost or is late by itself. */
export function send(world: World, context: WorldContext, message: Outgoing): void {
  for (const medium of world.shape.media) {
    if (message.medium !== undefined && medium.id !== message.medium) continue
    if (!medium.members.includes(message.from)) continue
    if (message.to !== '*') {
      if (medium.members.includes(message.to)) sendCopy(world, context, message, medium, message.to)
      continue
    }
    for (const to of world.shape.nodes)
      if (to !== message.from && medium.members.includes(to)) sendCopy(world, context, message, medium, to)
  }
}

/** A copy arrives: a node's daemon gets it, a ping target answers a ping. */
export function arrive(
  world: World,
  context: WorldContext,
  packet: {
    readonly from: string
    readonly to: string
    readonly medium: string
    readonly type: string
    readonly data: unknown
    readonly routine: boolean
  },
): void {
  if (world.nodes.has(packet.to)) context.deliver(packet.to, packet)
  else if (packet.type === 'ping' && !world.deadPingTargets.has(packet.to)) {
    const answer = {
      from: packet.to,
      to: packet.from,
      medium: packet.medium,
      type: 'ping-reply',
      data: packet.data,
      routine: true,
    }
    send(world, context, answer)
  }
}

/** Lays impairments on links and records what changed. */
export function impair(world: World, context: WorldContext, impairments: readonly Impairment[]): void {
  world.impairments = [...world.impairments, ...impairments]
  for (const link of impairments) recordLink(world, context, link)
}

/** Takes the impairments of one fault away. */
export function repair(world: World, context: WorldContext, id: number): void {
  const gone = world.impairments.filter((link) => link.id === id)
  world.impairments = world.impairments.filter((link) => link.id !== id)
  for (const link of gone) recordLink(world, context, link)
}

/** The directed links of a medium between `members` of it, in both directions: everybody where `members` is absent. */
export function linksOf(
  medium: MediumShape,
  members?: readonly string[],
): readonly (readonly [from: string, to: string])[] {
  const meant = medium.members.filter((member) => members === undefined || members.includes(member))
  return meant.flatMap((from) => meant.filter((to) => to !== from).map((to) => [from, to] as const))
}

function sendCopy(world: World, context: WorldContext, message: Outgoing, medium: MediumShape, to: string): void {
  const { from, type, data, routine } = message
  const state = linkState(world, medium.id, from, to)
  if (!state.up || (0 < state.lossChance && context.chance(linkName(medium, from, to), 'loss') < state.lossChance)) {
    recordMessage(context, 'lost', { from, to, medium: medium.id, type, routine })
    return
  }
  const packet: Packet = { from, to, medium: medium.id, type, data, routine }
  const cause = recordMessage(context, 'sent', packet)
  const latency = context.timing('latency', medium.id)
  // Most messages are heartbeats over links of a fixed latency: no name is made where nothing is drawn.
  const takes = latency.kind === 'fixed' ? latency.value : context.draw(linkName(medium, from, to), 'latency', latency)
  context.schedule(takes + state.delay, { kind: 'arrives', packet, cause })
}

/** Records a message, unless it is routine and the run leaves routine out: then the cause is what caused the sending. */
function recordMessage(context: WorldContext, phase: 'lost' | 'sent', message: Omit<Packet, 'data'>): number {
  const { from, to, medium, type, routine } = message
  if (routine && !context.recordsRoutine) return context.cause()
  return context.record({ kind: 'message', phase, from, to, medium, type, routine })
}

/** Names are put together once for each link: most of what happens in a run are messages. */
const LINK_NAMES = new WeakMap<MediumShape, Map<string, Map<string, string>>>()

function linkName(medium: MediumShape, from: string, to: string): string {
  return LINK_NAMES.get(medium)?.get(from)?.get(to) ?? nameLink(medium, from, to)
}

function nameLink(medium: MediumShape, from: string, to: string): string {
  const name = `link ${medium.id} ${from} ${to}`
  const byFrom = LINK_NAMES.get(medium) ?? new Map<string, Map<string, string>>()
  const byTo = byFrom.get(from) ?? new Map<string, string>()
  LINK_NAMES.set(medium, byFrom.set(from, byTo.set(to, name)))
  return name
}

function linkState(
  world: World,
  medium: string,
  from: string,
  to: string,
): { readonly up: boolean; readonly delay: number; readonly lossChance: number } {
  if (world.impairments.length === 0) return WHOLE
  let up = true
  let delay = 0
  let arrives = 1
  for (const link of world.impairments) {
    if (link.medium !== medium || link.from !== from || link.to !== to) continue
    if (link.cut) up = false
    delay += link.delay
    arrives *= 1 - link.lossChance
  }
  return { up, delay, lossChance: 1 - arrives }
}

const WHOLE = { up: true, delay: 0, lossChance: 0 } as const

function recordLink(world: World, context: WorldContext, { medium, from, to }: Impairment): void {
  context.record({ kind: 'link', medium, from, to, ...linkState(world, medium, from, to) })
}
