/**
 * Random CIBs from the grammar alone: every element with every attribute, whether it makes sense or not, over a few nodes and resources
 * that refer to each other. Where the other generators draw what administrators write, this one draws what can be written.
 */
import type { Draw } from './draw.ts'
import { grammarConstraints } from './grammar-constraints.ts'
import { grammarRule } from './grammar-rules.ts'
import { grammarStatus } from './grammar-status.ts'
import { NOW } from './results.ts'
import { type Attributes, el, type Tree } from './tree.ts'
import {
  AGENTS,
  BOOLEAN_WORDS,
  CLONE_META,
  CLUSTER_OPTIONS,
  META,
  NODE_ATTRIBUTES,
  OP,
  TIME_WORDS,
  type Words,
} from './vocabulary.ts'

/** What the parts of a CIB know of each other. */
export interface Cast {
  readonly draw: Draw
  readonly nodes: readonly string[]
  /** Every resource, and the primitives among them. */
  readonly ids: string[]
  readonly primitives: Primitive[]
  /** Sets that others may refer to, by the name of their element. */
  readonly sets: Map<string, string[]>
  readonly hasTemplate: boolean
  /** How much nonsense there is, percent. */
  readonly odd: number
}

/** A primitive as far as its history must know it. */
export interface Primitive {
  readonly id: string
  readonly agent: Readonly<Record<string, string>>
  /** Names under which instances are recorded. */
  readonly names: readonly string[]
}

/** A CIB. */
export function grammarCib(draw: Draw): Tree {
  const nodes = draw.some(['n1', 'n2', 'n3', 'n10'], 1, 4)
  const cast: Cast = {
    draw,
    nodes,
    ids: [],
    primitives: [],
    sets: new Map(),
    hasTemplate: draw.chance(15),
    odd: draw.pick([0, 0, 5, 30]),
  }
  const config = el(
    'crm_config',
    {},
    draw.chance(85) && propertySet(cast, 'cib-bootstrap-options'),
    draw.chance(15) && propertySet(cast, 'more'),
  )
  const nodeList = el(
    'nodes',
    {},
    nodes.map((name, at) => node(cast, name, at)),
  )
  const templates = cast.hasTemplate ? [template(cast)] : []
  const resources = Array.from({ length: draw.int(1, 5) }, () => resource(cast))
  const constraints = grammarConstraints(cast)
  const configuration = el(
    'configuration',
    {},
    config,
    nodeList,
    el('resources', {}, templates, resources),
    el('constraints', {}, constraints),
    draw.chance(20) && el('rsc_defaults', {}, set(cast, 'meta_attributes', META, 4)),
    draw.chance(20) && el('op_defaults', {}, set(cast, 'meta_attributes', OP, 3)),
    draw.chance(15) && el('tags', {}, tag(cast)),
    draw.chance(10) && topology(cast),
  )
  return el('cib', root(cast), configuration, grammarStatus(cast))
}

const SCHEMAS = [
  ...Array.from({ length: 16 }, () => 'none'),
  'pacemaker-3.0',
  'pacemaker-3.9',
  'pacemaker-2.10',
  'pacemaker-1.2',
]

function root({ draw, nodes }: Cast): Attributes {
  return {
    crm_feature_set: '3.16.1',
    'validate-with': draw.pick(SCHEMAS),
    epoch: 5,
    num_updates: 2,
    admin_epoch: 0,
    'have-quorum': draw.weighted([
      [85, '1'],
      [10, '0'],
      [5, undefined],
    ]),
    'dc-uuid': draw.maybe(90, () => `${draw.int(1, nodes.length)}`),
    'execution-date': NOW,
    'no-quorum-panic': draw.maybe(5, () => '1'),
  }
}

/** Names with values: mostly those that mean something. */
export function words({ draw, odd }: Cast, list: Words, max: number): Attributes {
  const chosen = draw.some(list, 0, max)
  return Object.fromEntries(
    chosen.map(([name, values]) => {
      // The first values of a list are good ones.
      const good = values.slice(0, Math.max(1, Math.ceil(values.length / 2)))
      return [name, draw.pick(draw.chance(odd) ? values : good)]
    }),
  )
}

/** A set of pairs: with a rule, a score, a reference or an odd pair now and then. */
export function set(cast: Cast, name: string, list: Words, max: number): Tree | undefined {
  const { draw, sets } = cast
  const known = sets.get(name) ?? []
  if (known.length > 0 && draw.chance(6)) return el(name, { 'id-ref': draw.pick(known) })
  const values = Object.entries(words(cast, list, max))
  if (values.length === 0) return undefined
  const id = draw.id('set')
  sets.set(name, [...known, id])
  const pairs = values.map(([key, value]) => el('nvpair', { id: draw.id('pair'), name: key, value }))
  const twice = draw.chance(5) ? [el('nvpair', { id: draw.id('pair'), name: values[0]![0], value: '#default' })] : []
  const rule = draw.chance(10) ? grammarRule(cast, { hasScore: false }) : undefined
  return el(name, { id, score: draw.maybe(12, () => draw.pick(['1', '10', '-5', 'INFINITY'])) }, rule, pairs, twice)
}

function propertySet(cast: Cast, id: string): Tree {
  const values = Object.entries(words(cast, CLUSTER_OPTIONS, 7))
  const rule = id === 'more' && cast.draw.chance(50) ? grammarRule(cast, { hasScore: false }) : undefined
  const pairs = values.map(([name, value]) => el('nvpair', { id: cast.draw.id('option'), name, value }))
  return el('cluster_property_set', { id }, rule, pairs)
}

const CAPACITIES: Words = [
  ['cpu', ['4', '2', '1', 'x', '-1']],
  ['memory', ['100', '50', '10', '']],
]

function node(cast: Cast, uname: string, at: number): Tree {
  const { draw, odd } = cast
  return el(
    'node',
    {
      id: `${at + 1}`,
      uname,
      type: draw.maybe(odd, () => draw.pick(['member', 'normal', 'ping', 'remote'])),
      score: draw.maybe(5, () => draw.pick(['0', '10', '-INFINITY'])),
    },
    draw.chance(35) && set(cast, 'instance_attributes', NODE_ATTRIBUTES, 3),
    draw.chance(20) && set(cast, 'utilization', CAPACITIES, 2),
  )
}

function template(cast: Cast): Tree {
  return el('template', { id: 'T', ...cast.draw.pick(AGENTS) }, primitiveContent(cast))
}

function primitiveContent(cast: Cast): readonly Tree[] {
  const { draw } = cast
  const operations = draw.chance(65)
    ? el(
        'operations',
        {},
        Array.from({ length: draw.int(1, 4) }, () => op(cast)),
      )
    : undefined
  const content = [
    set(cast, 'meta_attributes', META, 3),
    draw.chance(25) ? set(cast, 'instance_attributes', PARAMETERS, 2) : undefined,
    draw.chance(15) ? set(cast, 'utilization', CAPACITIES, 2) : undefined,
    operations,
  ]
  return content.filter((tree) => tree !== undefined)
}

const PARAMETERS: Words = [
  ['ip', ['192.168.1.1']],
  ['fake', ['1', '2']],
  ['pcmk_host_list', ['n1 n2', 'n1']],
  ['pcmk_reboot_action', ['off']],
  ['reconnect_interval', TIME_WORDS],
  ['server', ['somewhere']],
  ['container-attribute-target', ['host']],
]

const OP_NAMES = [
  'monitor',
  'monitor',
  'monitor',
  'start',
  'stop',
  'promote',
  'demote',
  'migrate_to',
  'migrate_from',
  'notify',
  'reload',
  'meta-data',
]

function op(cast: Cast): Tree {
  const { draw } = cast
  const name = draw.pick(OP_NAMES)
  const interval =
    name === 'monitor' ? draw.pick(['10s', '20s', '11', '10', '0', '1min']) : draw.pick(['0', '0', '0s', '30s'])
  const { interval: other, ...rest } = words(cast, OP, 3)
  const inSet = draw.chance(20)
  return el(
    'op',
    {
      id: draw.id('op'),
      name,
      interval: other !== undefined && draw.chance(cast.odd) ? other : interval,
      ...(inSet ? {} : rest),
    },
    inSet && set(cast, 'meta_attributes', OP, 3),
    draw.chance(6) && set(cast, 'instance_attributes', PARAMETERS, 1),
  )
}

const LETTERS = 'abcdefghijklm'

function primitive(cast: Cast, toNames: (id: string) => readonly string[]): Tree {
  const { draw, ids, primitives } = cast
  const id = primitives.length < LETTERS.length ? LETTERS[primitives.length]! : `p${primitives.length}`
  const usesTemplate = cast.hasTemplate ? draw.chance(30) : draw.chance(cast.odd / 20)
  const agent = draw.pick(AGENTS)
  ids.push(id)
  primitives.push({ id, agent, names: toNames(id) })
  return el('primitive', usesTemplate ? { id, template: 'T' } : { id, ...agent }, primitiveContent(cast))
}

function group(cast: Cast, toNames: (id: string) => readonly string[]): Tree {
  const { draw, ids } = cast
  const id = `g${ids.length}`
  ids.push(id)
  const members = Array.from({ length: draw.int(1, 3) }, () => primitive(cast, toNames))
  return el('group', { id }, draw.chance(40) && set(cast, 'meta_attributes', META, 3), members)
}

function numbered(id: string): readonly string[] {
  return [id, `${id}:0`, `${id}:1`, `${id}:2`]
}

function clone(cast: Cast): Tree {
  const { draw, ids } = cast
  const id = `c${ids.length}`
  ids.push(id)
  const child = draw.chance(30) ? group(cast, numbered) : primitive(cast, numbered)
  const metas = [
    set(cast, 'meta_attributes', CLONE_META, 4),
    draw.chance(30) ? set(cast, 'meta_attributes', META, 2) : undefined,
  ]
  return el(
    draw.chance(8) ? 'master' : 'clone',
    { id },
    metas.filter((tree) => tree !== undefined),
    child,
  )
}

function bundle(cast: Cast): Tree {
  const { draw, ids, primitives } = cast
  const id = `b${ids.length}`
  ids.push(id)
  const engine = draw.pick(['docker', 'podman', 'rkt'])
  for (let at = 0; at < 2; at++) {
    const image = { class: 'ocf', provider: 'heartbeat', type: engine }
    primitives.push({ id: `${id}-${engine}-${at}`, agent: image, names: [`${id}-${engine}-${at}`] })
    const remote = { class: 'ocf', provider: 'pacemaker', type: 'remote' }
    primitives.push({ id: `${id}-${at}`, agent: remote, names: [`${id}-${at}`] })
    const address = { class: 'ocf', provider: 'heartbeat', type: 'IPaddr2' }
    primitives.push({ id: `${id}-ip-192.168.5.${at + 1}`, agent: address, names: [`${id}-ip-192.168.5.${at + 1}`] })
  }
  const network = el('network', {
    'ip-range-start': draw.maybe(80, () => '192.168.5.1'),
    'control-port': draw.maybe(30, () => draw.pick(['3121', '9'])),
    'host-interface': draw.maybe(15, () => 'eth0'),
    'host-netmask': draw.maybe(15, () => '24'),
    'add-host': draw.maybe(15, () => draw.pick(BOOLEAN_WORDS)),
  })
  return el(
    'bundle',
    { id },
    draw.chance(40) && set(cast, 'meta_attributes', META, 3),
    el(engine, {
      image: 'image',
      replicas: draw.maybe(80, () => draw.pick(['1', '2', '3', '0'])),
      'replicas-per-host': draw.maybe(25, () => draw.pick(['1', '2', '0'])),
      'promoted-max': draw.maybe(30, () => draw.pick(['0', '1', '2'])),
      masters: draw.maybe(5, () => '1'),
      network: draw.maybe(10, () => 'host'),
      'run-command': draw.maybe(10, () => '/bin/run'),
      options: draw.maybe(10, () => '--x'),
    }),
    draw.chance(85) && network,
    draw.chance(25) &&
      el('storage', {}, el('storage-mapping', { id: `${id}-s`, 'source-dir': '/a', 'target-dir': '/b' })),
    draw.chance(75) && primitive(cast, numbered),
  )
}

function resource(cast: Cast): Tree {
  return cast.draw.weighted<() => Tree>([
    [40, () => primitive(cast, (id) => [id])],
    [20, () => group(cast, (id) => [id])],
    [30, () => clone(cast)],
    [10, () => bundle(cast)],
  ])()
}

function tag({ draw, ids }: Cast): Tree {
  return el(
    'tag',
    { id: 'tag1' },
    draw.some(ids, 1, 3).map((id) => el('obj_ref', { id })),
  )
}

function topology({ draw, nodes, ids }: Cast): Tree {
  const level = (index: number): Tree =>
    el('fencing-level', { id: `level${index}`, target: draw.pick(nodes), index, devices: draw.pick(ids) })
  return el('fencing-topology', {}, [level(1), level(2)].slice(draw.int(0, 1)))
}
