/** Where the resources of a random CIB are, or were: writes the histories, node attributes and fail counts that follow. */
import type { FuzzResource } from './collections.ts'
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import type { FuzzPrimitive } from './primitives.ts'
import { type Histories, NOW, type Result } from './results.ts'
import { activeShape, inactiveShape, type Shape, type Situation } from './shapes.ts'

/** A place where resources may run: a cluster node, or a remote or guest node. */
export interface Host {
  readonly id: string
  readonly name: string
  readonly isUp: boolean
  readonly isRemote: boolean
  readonly transient: Map<string, string | number>
}

/** Everything that placement reads and writes. */
export interface Placing {
  readonly draw: Draw
  readonly features: Features
  readonly hosts: readonly Host[]
  readonly histories: Histories
}

/** Writes what is known of one top-level resource (bundles and remote connections have their own ways). */
export function place(placing: Placing, resource: FuzzResource): void {
  const { features, draw } = placing
  if (features.isFresh || draw.chance(6)) return
  if (resource.kind === 'clone') placeClone(placing, resource)
  else placeSingle(placing, resource)
}

function placeSingle(placing: Placing, resource: FuzzResource): void {
  const { draw, features } = placing
  const hosts = upHosts(placing, resource.kind === 'fence-device' || resource.kind === 'remote')
  if (hosts.length === 0) return
  const count = draw.weighted([
    [18, 0],
    [76, 1],
    [6, 2],
  ])
  const chosen = draw.some(hosts, count, count)
  const migrant = resource.members[0]!
  if (features.hasMigration && migrant.mayMigrate && hosts.length > 1 && draw.chance(35)) {
    migrate(placing, migrant, draw.some(hosts, 2, 2))
    for (const member of resource.members.slice(1)) placeMember(placing, member, chosen, hosts)
    return
  }
  const active = draw.chance(85) ? resource.members.length : draw.int(0, resource.members.length)
  resource.members.forEach((member, at) => {
    placeMember(placing, member, at < active ? chosen : [], hosts)
  })
}

function upHosts({ hosts }: Placing, isForClusterNodes: boolean): readonly Host[] {
  return hosts.filter(({ isUp, isRemote }) => isUp && !(isForClusterNodes && isRemote))
}

function placeMember(
  placing: Placing,
  primitive: FuzzPrimitive,
  active: readonly Host[],
  hosts: readonly Host[],
): void {
  const { draw, features } = placing
  const situation = { primitive, isPromotable: false, isPromoted: false, features }
  for (const host of hosts) {
    if (active.includes(host)) write(placing, host, primitive.id, activeShape(draw, situation), situation)
    else if (draw.chance(85)) {
      write(placing, host, primitive.id, inactiveShape(draw, situation), situation)
      if (features.hasOptions && draw.chance(6))
        placing.histories.lock(host.id, primitive.id, NOW - draw.pick([100, 90_000]))
    }
  }
}

function write({ draw, histories }: Placing, host: Host, id: string, shape: Shape, { primitive }: Situation): void {
  histories.add(host, id, primitive, shape.results)
  for (const [operation, count] of shape.failures) {
    const name = draw.chance(90) ? id : id.replace(/:\d+$/, '')
    host.transient.set(`fail-count-${name}#${operation}`, count)
    if (draw.chance(85)) host.transient.set(`last-failure-${name}#${operation}`, NOW - draw.pick([10, 30, 300, 5000]))
  }
}

/** A live migration from the first to the second node, at any stage. */
function migrate({ draw, histories, features }: Placing, primitive: FuzzPrimitive, [from, to]: readonly Host[]): void {
  if (from === undefined || to === undefined) return
  const extra = { migrate_source: from.name, migrate_target: to.name }
  const started: Result = { operation: 'start', rc: 0 }
  const going: Result = { operation: 'migrate_to', rc: 0, extra }
  const coming: Result = { operation: 'migrate_from', rc: 0, extra }
  const pending = { rc: 193, status: -1 }
  const failed = { rc: draw.pick([1, 7]), status: draw.pick([0, 4, 2]), isFailure: draw.chance(60) }
  const [source, target] = draw.weighted<readonly [readonly Result[], readonly Result[]]>([
    [20, [[started, going], [coming]]],
    [20, [[started, going], []]],
    [15, [[started, { ...going, ...pending }], []]],
    [10, [[started, going], [{ ...coming, ...pending }]]],
    [10, [[started, going], [{ ...coming, ...failed }]]],
    [10, [[started, { ...going, ...failed }], []]],
    [8, [[started, going, { operation: 'stop', rc: 0 }], [coming]]],
    [
      4,
      [
        [started, going],
        [coming, { operation: 'monitor', intervalMs: 10_000, rc: 0 }],
      ],
    ],
    [3, [[started, { ...going, ...failed }], [{ operation: 'stop', rc: 0 }]]],
  ])
  const before: Result = { operation: 'monitor', rc: 7, expected: 7 }
  if (features.hasPending || draw.chance(50)) histories.add(to, primitive.id, primitive, [before])
  histories.add(from, primitive.id, primitive, source)
  if (target.length > 0) histories.add(to, primitive.id, primitive, target)
}

function placeClone(placing: Placing, resource: FuzzResource): void {
  const { draw } = placing
  const hosts = upHosts(placing, false)
  const copies = resource.copies ?? hosts.length
  const promoted = new Set(draw.some(hosts, 0, Math.max(1, resource.promotedMax)))
  let number = 0
  for (const host of hosts) {
    const most = resource.isUnique ? Math.max(1, resource.copiesPerNode) : 1
    const here = draw.chance(80) ? draw.int(1, most) : 0
    const active = draw.chance(90) ? Math.min(here, Math.max(0, copies - number)) : here
    placeInstances(placing, resource, host, { active, first: number, isPromoted: promoted.has(host) })
    number += Math.max(active, resource.isUnique ? 0 : 1)
    if (resource.isPromotable) promotionScore(placing, resource, host)
  }
}

interface Instances {
  readonly active: number
  readonly first: number
  readonly isPromoted: boolean
}

function placeInstances(
  placing: Placing,
  resource: FuzzResource,
  host: Host,
  { active, first, isPromoted }: Instances,
): void {
  const { draw, features } = placing
  const { isPromotable, isUnique, members } = resource
  const isNumbered = isUnique || draw.chance(8)
  for (let at = 0; at < Math.max(1, active); at++) {
    members.forEach((primitive) => {
      const situation = { primitive, isPromotable, isPromoted: isPromotable && isPromoted, features }
      const isActive = at < active && draw.chance(95)
      const id = isNumbered ? `${primitive.id}:${first + at}` : primitive.id
      if (isActive) write(placing, host, id, activeShape(draw, situation), situation)
      else if (draw.chance(85)) write(placing, host, id, inactiveShape(draw, situation), situation)
    })
  }
}

function promotionScore({ draw }: Placing, { members, isUnique }: FuzzResource, host: Host): void {
  for (const { id } of members) {
    if (!draw.chance(60)) continue
    const name = isUnique && draw.chance(70) ? `${id}:${draw.int(0, 2)}` : id
    host.transient.set(`master-${name}`, draw.pick(['5', '10', '100', '1000', '-1', 'INFINITY', '-INFINITY', '1']))
  }
}

/** Resources that the configuration no longer has. */
export function placeOrphans(placing: Placing): void {
  const { draw, features, histories } = placing
  if (!features.hasOrphans) return
  const agent = { class: 'ocf', provider: 'pacemaker', type: 'Dummy' }
  const primitive = {
    id: 'gone',
    ...agent,
    monitors: [],
    mayMigrate: false,
    tree: { name: '', attributes: new Map(), children: [] },
  }
  const situation = { primitive, isPromotable: false, isPromoted: draw.chance(10), features }
  for (const host of draw.some(upHosts(placing, false), 1, 2)) {
    const id = draw.pick(['gone', 'gone', 'gone:0', 'r1:7'])
    const results = draw.chance(70) ? activeShape(draw, situation) : inactiveShape(draw, situation)
    if (!histories.has(host.id, id)) write(placing, host, id, results, situation)
  }
}
