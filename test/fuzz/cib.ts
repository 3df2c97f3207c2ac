/** A whole random CIB: configuration and a plausible status. The same seed gives the same CIB. */
import { alone, drawClone, drawGroup, type FuzzResource } from './collections.ts'
import { drawConstraints, type Targets, TICKETS } from './constraints.ts'
import { withDigests } from './digests.ts'
import type { Draw } from './draw.ts'
import { drawFeatures, type Features, resourceId } from './features.ts'
import { drawNodes, type FuzzNode, stateAttributes } from './nodes.ts'
import { drawClusterOptions, drawOperationDefaults, drawResourceDefaults } from './options.ts'
import { type Host, type Placing, place, placeOrphans } from './placement.ts'
import { ALONE, drawPrimitive, drawTemplate, TEMPLATE } from './primitives.ts'
import { placeBundle, placeGuest, toRemoteHost } from './remotes.ts'
import { Histories, NOW } from './results.ts'
import { drawBundle, drawFenceDevices, drawRemote } from './special.ts'
import { el, pairs, type Tree } from './tree.ts'

/** A CIB, and what the injections need to know of it. */
export interface FuzzCase {
  readonly tree: Tree
  readonly nodes: readonly string[]
  readonly resources: readonly FuzzResource[]
  readonly hasTickets: boolean
}

/** Makes a CIB of chance. */
export function drawCase(draw: Draw): FuzzCase {
  const features = drawFeatures(draw)
  const nodes = drawNodes(draw, features)
  const cast = drawCast(draw, features, nodes)
  const tags = draw.chance(8) ? drawTags(draw, cast.all) : undefined
  const configuration = el(
    'configuration',
    {},
    drawClusterOptions(draw, features),
    el(
      'nodes',
      {},
      nodes.flatMap(({ configuration: node }) => node ?? []),
    ),
    el(
      'resources',
      {},
      features.hasTemplates && drawTemplate(draw),
      cast.all.map(({ tree }) => tree),
    ),
    drawConstraints(draw, features, toTargets(cast.all, nodes, tags)),
    tags,
    drawResourceDefaults(draw, features),
    drawOperationDefaults(draw, features),
  )
  const tree = el('cib', cibAttributes(draw, features), configuration, drawStatus(draw, features, nodes, cast))
  const names = [
    ...nodes.map(({ name }) => name),
    ...cast.remotes.map(({ id }) => id),
    ...cast.guests.map(({ guest }) => guest),
  ]
  return { tree: withDigests(draw, features, tree), nodes: names, resources: cast.all, hasTickets: features.hasTickets }
}

interface Guest {
  readonly guest: string
  readonly carrier: FuzzResource
}

interface Cast {
  readonly all: readonly FuzzResource[]
  readonly remotes: readonly FuzzResource[]
  readonly guests: readonly Guest[]
}

function drawCast(draw: Draw, features: Features, nodes: readonly FuzzNode[]): Cast {
  const devices = drawFenceDevices(draw, features, nodes)
  const remotes = features.hasRemotes
    ? Array.from({ length: draw.int(1, 2) }, (_, at) => drawRemote(draw, features, `remote${at + 1}`))
    : []
  const guests = features.hasGuests
    ? Array.from({ length: draw.int(1, 2) }, (_, at) => drawGuest(draw, features, at + 1))
    : []
  const plain = Array.from({ length: features.resources }, (_, at) => drawResource(draw, features, at + 1))
  const carriers = guests.map(({ carrier }) => carrier)
  const all = draw.chance(50)
    ? [...devices, ...remotes, ...carriers, ...plain]
    : [...plain, ...carriers, ...remotes, ...devices]
  return { all, remotes, guests }
}

function drawGuest(draw: Draw, features: Features, number: number): Guest {
  const guest = `guest${number}`
  if (draw.chance(12)) return { guest, carrier: drawGroup(draw, features, `V${number}`, guest) }
  return { guest, carrier: alone(drawPrimitive(draw, features, `vm${number}`, { ...ALONE, guest })) }
}

function drawResource(draw: Draw, features: Features, number: number): FuzzResource {
  const kind = draw.weighted([
    [40, 'primitive'],
    [features.hasGroups ? 40 : 0, 'group'],
    [features.hasClones || features.hasPromotable ? 55 : 0, 'clone'],
    [features.hasBundles ? 45 : 0, 'bundle'],
  ] as const)
  switch (kind) {
    case 'primitive':
      return alone(drawPrimitive(draw, features, resourceId(features, 'r', number), ALONE))
    case 'group':
      return drawGroup(draw, features, resourceId(features, 'G', number))
    case 'clone':
      return drawClone(draw, features, resourceId(features, 'C', number))
    case 'bundle':
      return drawBundle(draw, features, resourceId(features, 'B', number))
  }
}

function drawTags(draw: Draw, resources: readonly FuzzResource[]): Tree {
  const members = draw.some(resources, 1, 3).map(({ id }) => el('obj_ref', { id }))
  return el('tags', {}, el('tag', { id: 'tag1' }, members))
}

function toTargets(all: readonly FuzzResource[], nodes: readonly FuzzNode[], tags: Tree | undefined): Targets {
  const useful = all.filter(({ kind }) => kind !== 'fence-device')
  const top = useful.map(({ id }) => id)
  const inner = useful.flatMap(({ kind, group, members, id }) => [
    ...(kind === 'group' || kind === 'clone' ? members.map((member) => member.id) : []),
    ...(group !== undefined && group !== id ? [group] : []),
  ])
  const usesTemplate = all.some(({ members }) => members.some(({ tree }) => tree.attributes.has('template')))
  const ids = [
    ...top,
    ...top,
    ...top,
    ...inner,
    ...(tags === undefined ? [] : ['tag1', 'tag1']),
    ...(usesTemplate ? [TEMPLATE] : []),
  ]
  const promotable = new Set(useful.filter(({ isPromotable }) => isPromotable).map(({ id }) => id))
  const remotes = all.filter(({ kind }) => kind === 'remote').map(({ id }) => id)
  const owners = new Map(
    useful
      .filter(({ kind }) => kind === 'clone')
      .flatMap(({ id, group, members }) =>
        [group ?? '', ...members.map((member) => member.id)].map((inner) => [inner, id] as const),
      ),
  )
  return { ids, promotable, owners, nodes: [...nodes.map(({ name }) => name), ...remotes] }
}

function cibAttributes(draw: Draw, features: Features): Record<string, string | number> {
  return {
    crm_feature_set: '3.16.1',
    'validate-with': 'pacemaker-3.9',
    epoch: 5,
    num_updates: 2,
    admin_epoch: 0,
    'cib-last-written': 'Tue Nov 14 22:13:20 2023',
    'have-quorum': draw.chance(features.hasOptions ? 20 : 7) ? 0 : 1,
    'dc-uuid': draw.chance(90) ? (features.hasNumericIds ? '1' : 'uuid-n1') : 'nobody',
    'execution-date': NOW,
  }
}

function drawStatus(draw: Draw, features: Features, nodes: readonly FuzzNode[], cast: Cast): Tree {
  const histories = new Histories(draw)
  const hosts: Host[] = nodes.map((node) => ({ ...node, isRemote: false }))
  const placing: Placing = { draw, features, hosts, histories }
  for (const remote of cast.remotes) {
    place(placing, remote)
    if (draw.chance(85)) hosts.push(toRemoteHost(remote.id, draw.chance(80)))
  }
  for (const { guest, carrier } of cast.guests) {
    const isUp = placeGuest(placing, guest, carrier.members[0]!)
    if (draw.chance(85)) hosts.push(toRemoteHost(guest, isUp && draw.chance(90)))
  }
  const known = new Set([...cast.remotes, ...cast.guests.map(({ carrier }) => carrier)])
  const inside: Host[] = []
  for (const resource of cast.all) {
    if (known.has(resource)) continue
    if (resource.kind === 'bundle') inside.push(...placeBundle(placing, resource))
    else place(placing, resource)
  }
  placeOrphans(placing)
  const states = [
    ...nodes.map((node) => clusterState(draw, node, histories)),
    ...[...hosts.filter(({ isRemote }) => isRemote), ...inside].map((host) => remoteState(draw, host, histories)),
  ]
  return el(
    'status',
    {},
    states.flatMap((state) => state ?? []),
    features.hasTickets && drawTickets(draw),
  )
}

function clusterState(draw: Draw, node: FuzzNode, histories: Histories): Tree | undefined {
  const attributes = stateAttributes(draw, node)
  if (attributes === undefined) return undefined
  return el('node_state', attributes, histories.toLrm(node.id), transient(node.id, node.transient))
}

function remoteState(draw: Draw, { id, isUp, transient: values }: Host, histories: Histories): Tree {
  const fenced = isUp ? draw.maybe(4, () => 1) : draw.maybe(30, () => 1)
  const attributes = {
    id,
    uname: id,
    remote_node: 'true',
    in_ccm: draw.chance(70) ? isUp : undefined,
    node_in_maintenance: draw.maybe(5, () => draw.pick(['true', 'false', '1'])),
    node_fenced: fenced,
  }
  return el('node_state', attributes, histories.toLrm(id), transient(id, values))
}

function transient(id: string, values: ReadonlyMap<string, string | number>): Tree | undefined {
  if (values.size === 0) return undefined
  return el('transient_attributes', { id }, pairs('instance_attributes', `status-${id}`, Object.fromEntries(values)))
}

function drawTickets(draw: Draw): Tree | undefined {
  const states = TICKETS.filter(() => draw.chance(60)).map((id) =>
    el('ticket_state', {
      id,
      granted: draw.chance(55),
      standby: draw.maybe(25, () => draw.pick(['true', 'false'])),
      'last-granted': draw.maybe(50, () => NOW - 500),
    }),
  )
  return states.length === 0 ? undefined : el('tickets', {}, states)
}
