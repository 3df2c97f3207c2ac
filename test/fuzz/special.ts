/** Random resources that the cluster manager treats in ways of their own: fence devices, remote connections, bundles. */
import { alone, type FuzzResource } from './collections.ts'
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import type { FuzzNode } from './nodes.ts'
import { drawMeta, drawPrimitive, type FuzzPrimitive } from './primitives.ts'
import { type Attributes, el, pairs } from './tree.ts'

/** One or two fence devices; where fencing matters little, none. */
export function drawFenceDevices(draw: Draw, features: Features, nodes: readonly FuzzNode[]): readonly FuzzResource[] {
  const count = features.hasFencing
    ? draw.weighted([
        [15, 0],
        [70, 1],
        [15, 2],
      ])
    : draw.chance(10)
      ? 1
      : 0
  return Array.from({ length: count }, (_, at) =>
    alone(fenceDevice(draw, features, `fence${at + 1}`, nodes), 'fence-device'),
  )
}

function fenceDevice(draw: Draw, features: Features, id: string, nodes: readonly FuzzNode[]): FuzzPrimitive {
  const monitors = draw.chance(60) ? [{ intervalMs: 60_000, role: undefined }] : []
  const meta: Attributes = {
    provides: draw.maybe(10, () => 'unfencing'),
    'target-role': draw.maybe(4, () => 'Stopped'),
    'resource-stickiness': draw.maybe(5, () => '10'),
    priority: draw.maybe(features.hasOptions ? 10 : 2, () => draw.int(0, 5)),
  }
  const parameters: Attributes = {
    pcmk_host_list: draw.maybe(50, () => nodes.map(({ name }) => name).join(' ')),
    pcmk_reboot_action: draw.maybe(4, () => 'off'),
  }
  const tree = el(
    'primitive',
    { id, class: 'stonith', type: 'fence_xvm' },
    pairs('meta_attributes', `${id}-meta`, meta),
    pairs('instance_attributes', `${id}-params`, parameters),
    monitors.length > 0 && el('operations', {}, el('op', { id: `${id}-monitor`, name: 'monitor', interval: '60s' })),
  )
  return { id, class: 'stonith', provider: undefined, type: 'fence_xvm', monitors, mayMigrate: false, tree }
}

/** The connection to a remote node. */
export function drawRemote(draw: Draw, features: Features, id: string): FuzzResource {
  const monitors = draw.chance(70) ? [{ intervalMs: 60_000, role: undefined }] : []
  const mayMigrate = draw.chance(25)
  const agent = { class: 'ocf', provider: 'pacemaker', type: 'remote' }
  const meta: Attributes = {
    'allow-migrate': mayMigrate ? 'true' : undefined,
    'target-role': draw.maybe(5, () => draw.pick(['Stopped', 'Started'])),
    'is-managed': draw.maybe(2, () => 'false'),
    'migration-threshold': draw.maybe(features.hasFailures ? 15 : 0, () => '1'),
  }
  const parameters: Attributes = {
    server: draw.maybe(40, () => '192.168.1.9'),
    reconnect_interval: draw.maybe(12, () => '60'),
  }
  const operations = monitors.map(({ intervalMs }) =>
    el('op', {
      id: `${id}-monitor`,
      name: 'monitor',
      interval: `${intervalMs / 1000}s`,
      'on-fail': draw.maybe(10, () => draw.pick(['fence', 'ignore', 'block', 'restart'])),
    }),
  )
  const tree = el(
    'primitive',
    { id, ...agent },
    pairs('meta_attributes', `${id}-meta`, meta),
    pairs('instance_attributes', `${id}-params`, parameters),
    operations.length > 0 && el('operations', {}, operations),
  )
  return alone({ id, ...agent, monitors, mayMigrate, tree }, 'remote')
}

/** A bundle, with or without a network and a resource inside. */
export function drawBundle(draw: Draw, features: Features, id: string): FuzzResource {
  const engine = draw.pick(['docker', 'podman', 'rkt'])
  const isPromotable = draw.chance(35)
  const hasMember = draw.chance(80)
  const hasNetwork = hasMember || draw.chance(50)
  const copies = draw.int(1, 3)
  const copiesPerNode = draw.chance(20) ? 2 : 1
  const promotedMax = isPromotable ? draw.int(1, 2) : 0
  const member = hasMember
    ? drawPrimitive(draw, features, `${id.toLowerCase()}x`, { isPromotable, isInGroup: false, isInClone: true })
    : undefined
  const tree = el(
    'bundle',
    { id },
    pairs('meta_attributes', `${id}-meta`, drawMeta(draw, features, { isPromotable })),
    el(engine, {
      image: 'image',
      replicas: copies,
      'replicas-per-host': copiesPerNode === 1 ? undefined : copiesPerNode,
      'promoted-max': isPromotable ? promotedMax : undefined,
      network: draw.maybe(20, () => 'host'),
      options: draw.maybe(15, () => '--log'),
    }),
    hasNetwork && network(draw, id),
    draw.chance(40) && storage(draw, id),
    member?.tree,
  )
  const members = member === undefined ? [] : [member]
  const hasAddress = tree.children.some(({ attributes }) => attributes.has('ip-range-start'))
  const bundle = { engine, hasNetwork: hasAddress, hasMember }
  const shared = { group: undefined, isUnique: copiesPerNode > 1, copies, copiesPerNode, promotedMax, isPromotable }
  return { id, kind: 'bundle', members, tree, bundle, ...shared }
}

function network(draw: Draw, id: string): ReturnType<typeof el> {
  const hasAddress = draw.chance(75)
  return el(
    'network',
    {
      'ip-range-start': hasAddress ? '192.168.122.131' : undefined,
      'control-port': hasAddress ? draw.maybe(20, () => '3121') : '9999',
      'host-netmask': draw.maybe(20, () => '24'),
      'host-interface': draw.maybe(20, () => 'eth0'),
    },
    draw.chance(30) && el('port-mapping', { id: `${id}-port`, port: '80' }),
  )
}

function storage(draw: Draw, id: string): ReturnType<typeof el> {
  return el(
    'storage',
    {},
    el('storage-mapping', {
      id: `${id}-storage`,
      [draw.pick(['source-dir', 'source-dir-root'])]: '/srv',
      'target-dir': '/var/www',
      options: draw.maybe(30, () => 'rw'),
    }),
  )
}
