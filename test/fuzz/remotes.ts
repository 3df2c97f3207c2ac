/** What ran where for resources that make nodes: remote connections, guests and bundles. */
import type { FuzzResource } from './collections.ts'
import type { Host, Placing } from './placement.ts'
import type { FuzzPrimitive } from './primitives.ts'
import { activeShape, inactiveShape } from './shapes.ts'

const REMOTE = { class: 'ocf', provider: 'pacemaker', type: 'remote' }
const ADDRESS = { class: 'ocf', provider: 'heartbeat', type: 'IPaddr2' }
const START = { operation: 'start', rc: 0 } as const
const PROBED = { operation: 'monitor', rc: 7, expected: 7 } as const

/** A host that lives on a connection. */
export function toRemoteHost(id: string, isUp: boolean): Host {
  return { id, name: id, isUp, isRemote: true, transient: new Map() }
}

/** Starts what carries a guest node, and its connection, on one cluster node; true when the guest is reachable. */
export function placeGuest(placing: Placing, guest: string, carrier: FuzzPrimitive): boolean {
  const { draw, histories, hosts } = placing
  const node = draw.pick(hosts.filter(({ isUp, isRemote }) => isUp && !isRemote))
  if (node === undefined || placing.features.isFresh || draw.chance(15)) return false
  const situation = { primitive: carrier, isPromotable: false, isPromoted: false, features: placing.features }
  histories.add(node, carrier.id, carrier, activeShape(draw, situation).results)
  if (draw.chance(12)) return false
  histories.add(node, guest, REMOTE, [draw.chance(92) ? START : { operation: 'start', rc: 1, isFailure: true }])
  for (const other of hosts) {
    if (other === node || other.isRemote || !other.isUp || !draw.chance(70)) continue
    histories.add(other, carrier.id, carrier, [PROBED])
    if (draw.chance(20)) histories.add(other, guest, REMOTE, [PROBED])
  }
  return true
}

/** Writes the replicas of a bundle and what runs in them; returns the nodes that they make. */
export function placeBundle(placing: Placing, bundle: FuzzResource): readonly Host[] {
  const { draw, features } = placing
  const { hasMember } = bundle.bundle!
  if (features.isFresh || draw.chance(10)) return []
  const guests: Host[] = []
  const nodes = placing.hosts.filter(({ isUp, isRemote }) => isUp && !isRemote)
  for (let replica = 0; replica < (bundle.copies ?? 1); replica++) {
    const node = nodes[(replica + draw.int(0, 1)) % nodes.length]!
    const isUp = draw.chance(80)
    placeReplica(placing, bundle, { replica, node, isUp, nodes })
    if (!isUp || !hasMember) continue
    const guest = toRemoteHost(`${bundle.id}-${replica}`, draw.chance(90))
    if (guest.isUp) placeInside(placing, bundle, guest)
    guests.push(guest)
  }
  return guests
}

interface Replica {
  readonly replica: number
  readonly node: Host
  readonly isUp: boolean
  readonly nodes: readonly Host[]
}

function placeReplica(placing: Placing, { id, bundle }: FuzzResource, { replica, node, isUp, nodes }: Replica): void {
  const { draw, histories } = placing
  const { engine, hasNetwork, hasMember } = bundle!
  const container = { class: 'ocf', provider: 'heartbeat', type: engine }
  const parts: readonly (readonly [string, typeof container])[] = [
    ...(hasNetwork ? [[`${id}-ip-192.168.122.${131 + replica}`, ADDRESS] as const] : []),
    [`${id}-${engine}-${replica}`, container],
    ...(hasMember ? [[`${id}-${replica}`, REMOTE] as const] : []),
  ]
  for (const [name, agent] of parts) {
    const state = isUp && draw.chance(95) ? START : draw.chance(30) ? { operation: 'stop', rc: 0 } : PROBED
    const results =
      draw.chance(60) && state === START ? [state, { operation: 'monitor', intervalMs: 60_000, rc: 0 }] : [state]
    const isFailing = placing.features.hasFailures && draw.chance(8)
    const failed = { operation: 'monitor', intervalMs: 60_000, rc: draw.pick([1, 7]), isFailure: true }
    histories.add(node, name, agent, isFailing ? [...results, failed] : results)
    for (const other of nodes) {
      if (other !== node && draw.chance(80)) histories.add(other, name, agent, [PROBED])
    }
  }
}

function placeInside(placing: Placing, { members, isPromotable }: FuzzResource, guest: Host): void {
  const { draw, features, histories } = placing
  for (const primitive of members) {
    const situation = { primitive, isPromotable, isPromoted: isPromotable && draw.chance(45), features }
    const { results } = draw.chance(85) ? activeShape(draw, situation) : inactiveShape(draw, situation)
    histories.add(guest, primitive.id, primitive, results)
    if (isPromotable && draw.chance(60)) guest.transient.set(`master-${primitive.id}`, draw.pick(['5', '10', '-1']))
  }
}
