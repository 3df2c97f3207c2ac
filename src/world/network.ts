/**
 * The network: media, each a set of directed links between members. Faults lay impairments on links; several can lie on one, and a link
 * is up when none of them cuts it. Messages meet the state of the link at the instant they are sent.
 */
import { draw } from '../kernel/draw.ts'
import type { ClusterShape, MediumShape } from '../model/cluster.ts'
import type { Packet, Route, WorldContext } from './context.ts'
import type { Impairment, World } from './state.ts'

/** What a daemon (or a ping target) sends. */
export interface Outgoing {
  /** A member, or `*` for every other node. */
  readonly to: string
  /** One medium; absent: every medium that both are attached to. */
  readonly medium?: string | undefined
  readonly body: Packet['body']
  readonly routine: boolean
}

/** Sends a message by every medium meant. Each copy travels, is lost or is late by itself. */
export function send(world: World, context: WorldContext, from: string, message: Outgoing): void {
  const { to, medium } = message
  for (const route of routesTo(world, context, from, to))
    if (medium === undefined || medium === route.medium) sendCopy(world, context, route, message)
}

/** A copy arrives: a node's daemon gets it, a ping target answers a ping. */
export function arrive(world: World, context: WorldContext, packet: Packet): void {
  if (context.deliver(packet)) return
  const { from, to, medium, body } = packet
  if (body.type === 'ping' && !world.deadPingTargets.has(to))
    send(world, context, to, { to: from, medium, body: { type: 'ping-reply', data: body.data }, routine: true })
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

function sendCopy(world: World, context: WorldContext, route: Route, { body, routine }: Outgoing): void {
  const { medium, from, to, name, latency, stream } = route
  const state = linkState(world, medium, from, to)
  if (!state.up || (0 < state.lossChance && context.chance(name, 'loss') < state.lossChance)) {
    recordMessage(context, 'lost', route, body.type, routine)
    return
  }
  const cause = recordMessage(context, 'sent', route, body.type, routine)
  const takes = draw(latency, stream)
  context.schedule(takes + state.delay, { kind: 'message', from, to, medium, body, routine, cause })
}

/** Records a message, unless it is routine and the run leaves routine out: then the cause is what caused the sending. */
function recordMessage(
  context: WorldContext,
  phase: 'lost' | 'sent',
  { from, to, medium }: Route,
  type: string,
  routine: boolean,
): number {
  if (routine && !context.recordsRoutine) return context.cause()
  return context.record({ kind: 'message', phase, from, to, medium, type, routine })
}

/** Found once for each pair: most of what happens in a cluster is that one member sends to another. */
function routesTo(world: World, context: WorldContext, from: string, to: string): readonly Route[] {
  const known = context.routes.get(from)?.get(to)
  if (known !== undefined) return known
  const found = findRoutes(world.shape, context, from, to)
  context.routes.set(from, (context.routes.get(from) ?? new Map<string, readonly Route[]>()).set(to, found))
  return found
}

/** Medium by medium; to everybody: to the other nodes in the cluster's order. */
function findRoutes({ media, nodes }: ClusterShape, context: WorldContext, from: string, to: string): readonly Route[] {
  const meant = to === '*' ? nodes.filter((node) => node !== from) : [to]
  return media.flatMap(({ id: medium, members }) => {
    if (!members.includes(from)) return []
    return meant
      .filter((member) => members.includes(member))
      .map((member): Route => {
        const name = `link ${medium} ${from} ${member}`
        const latency = context.timing('latency', medium)
        return { medium, from, to: member, name, latency, stream: context.stream(name, 'latency') }
      })
  })
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
