/** Random cluster nodes: what the configuration says of them, and their entries in the status section. */
import type { Draw } from './draw.ts'
import { type Features, nodeName } from './features.ts'
import { type Attributes, el, pairs, type Tree } from './tree.ts'

/** What a node is doing. */
export type NodeHealth =
  | 'online'
  | 'offline'
  | 'unclean'
  | 'pending'
  | 'pending-old'
  | 'unseen'
  | 'lost-manager'
  | 'leaving'
  | 'down-in-membership'

/** A cluster node; `isUp` means that its history is worth having. */
export interface FuzzNode {
  readonly id: string
  readonly name: string
  readonly health: NodeHealth
  readonly isUp: boolean
  readonly configuration: Tree | undefined
  /** Attributes of the status section, to which others add. */
  readonly transient: Map<string, string | number>
}

/** From two to five nodes, mostly online. */
export function drawNodes(draw: Draw, features: Features): readonly FuzzNode[] {
  const count = draw.weighted([
    [35, 2],
    [40, 3],
    [15, 4],
    [10, 5],
    [features.isLarge ? 200 : 0, 7],
  ])
  return Array.from({ length: count }, (_, at) => drawNode(draw, features, at + 1, at === 0))
}

function drawNode(draw: Draw, features: Features, number: number, isFirst: boolean): FuzzNode {
  const troubles = isFirst ? 4 : features.hasNodeTroubles ? 40 : 8
  const health: NodeHealth = draw.chance(troubles) ? drawTrouble(draw) : 'online'
  const name = nodeName(features, number)
  const id = features.hasNumericIds ? String(number) : `uuid-${name}`
  return {
    id,
    name,
    health,
    isUp: health !== 'unseen',
    configuration: nodeElement(draw, features, id, name),
    transient: drawTransient(draw, features, health),
  }
}

function drawTrouble(draw: Draw): NodeHealth {
  return draw.weighted([
    [30, 'offline'],
    [30, 'unclean'],
    [10, 'pending'],
    [6, 'pending-old'],
    [8, 'unseen'],
    [6, 'lost-manager'],
    [10, 'leaving'],
    [6, 'down-in-membership'],
  ])
}

function nodeElement(draw: Draw, features: Features, id: string, name: string): Tree {
  const attributes: Attributes = {
    standby: draw.maybe(features.hasNodeTroubles ? 12 : 3, () => draw.pick(['on', 'true', 'false', 'off'])),
    maintenance: draw.maybe(features.hasNodeTroubles ? 8 : 1, () => draw.pick(['true', 'false'])),
    site: draw.maybe(features.hasRules ? 70 : 20, () => draw.pick(['a', 'b'])),
    rank: draw.maybe(features.hasRules ? 40 : 5, () => draw.pick(['1', '2', '10', '1.5', 'x'])),
    '#health-disk': draw.maybe(features.hasHealth ? 40 : 0, () => drawHealth(draw)),
  }
  const utilization: Attributes = {
    cpu: draw.maybe(features.hasUtilization ? 85 : 0, () => draw.int(1, 8)),
    memory: draw.maybe(features.hasUtilization ? 50 : 0, () => draw.int(1, 8) * 256),
  }
  return el(
    'node',
    { id, uname: name, type: draw.maybe(5, () => 'member') },
    pairs('instance_attributes', `nodes-${name}`, attributes),
    pairs('utilization', `utilization-${name}`, utilization),
  )
}

function drawHealth(draw: Draw): string {
  return draw.pick(['red', 'yellow', 'green', '-10', '5', '0'])
}

function drawTransient(draw: Draw, features: Features, health: NodeHealth): Map<string, string | number> {
  const values = new Map<string, string | number>()
  if (draw.chance(features.hasNodeTroubles ? 6 : 1)) values.set('standby', draw.pick(['on', 'off']))
  if (health === 'leaving') values.set('shutdown', 1_699_990_000 + draw.int(0, 9000))
  if (draw.chance(features.hasNodeTroubles ? 4 : 0)) values.set('terminate', draw.pick(['true', '1', 'false']))
  if (draw.chance(features.hasHealth ? 30 : 0)) values.set('#health-cpu', drawHealth(draw))
  if (draw.chance(features.hasRules ? 30 : 5)) values.set('pingd', draw.pick(['0', '100', '1000']))
  if (draw.chance(features.hasNodeTroubles ? 2 : 0)) values.set('probe_complete', draw.pick(['true', 'false']))
  if (draw.chance(features.hasFencing ? 15 : 0)) values.set('#node-unfenced', draw.pick(['0', '1699990000']))
  if (draw.chance(features.hasNodeTroubles ? 5 : 0)) values.set('maintenance', draw.pick(['true', 'false']))
  return values
}

/** The attributes of a `node_state`; undefined for a node that was never seen. */
export function stateAttributes(draw: Draw, { id, name, health }: FuzzNode): Attributes | undefined {
  const named = { id, uname: name }
  switch (health) {
    case 'online':
    case 'leaving':
      return { ...named, in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' }
    case 'offline':
      return { ...named, in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' }
    case 'unclean':
      return { ...named, in_ccm: 'false', crmd: 'offline', join: draw.pick(['down', 'member']), expected: 'member' }
    case 'pending':
      return {
        ...named,
        in_ccm: 'true',
        crmd: 'online',
        join: draw.pick(['pending', 'banned', 'down']),
        expected: 'member',
      }
    case 'pending-old':
      return {
        ...named,
        in_ccm: 'true',
        crmd: 'offline',
        join: draw.maybe(50, () => 'down'),
        expected: draw.maybe(50, () => 'down'),
      }
    case 'lost-manager':
      return { ...named, in_ccm: 'true', crmd: 'offline', join: 'member', expected: 'member' }
    case 'down-in-membership':
      return { ...named, in_ccm: 'true', crmd: 'offline', join: 'down', expected: 'down' }
    case 'unseen':
      return undefined
  }
}
