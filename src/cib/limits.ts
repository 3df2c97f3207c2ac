/**
 * Refuses inputs that would keep reader or scheduler busy for minutes: texts too long, references that multiply what they refer to
 * or lead in a circle, numbers of instances that nobody could run.
 *
 * No rule of Pacemaker, which would try. The figures are far beyond any real cluster: 32 nodes with 1,000 primitives and full
 * histories come to a hundredth of WORK_MAX. What is counted are elements as they are read and pairs as they are looked at,
 * roughly and in no unit of time.
 */
import type { Problem } from '../model/problem.ts'
import { scanInteger } from './values.ts'
import { childrenNamed, findChild, toIndex, walk, type XmlElement, type XmlIndex } from './xml.ts'

/** Longer texts are not read at all. */
export const LENGTH_MAX = 50_000_000
const WORK_MAX = 50_000_000
/** Operations of one resource. */
const OPS_MAX = 1000

/** What is too much about `tree`, as one problem, or nothing. O(elements). */
export function findExcess(tree: XmlElement, file: string): Problem | undefined {
  const sizes = new Sizes(toIndex(tree))
  const configuration = findChild(tree, 'configuration')
  const resources = findChild(configuration, 'resources')
  const report = ({ line, column }: XmlElement, what: string): Problem => {
    return { severity: 'error', file, line, column, what, advice: 'a simulator cannot work with that' }
  }
  const work =
    sizes.of(tree) + resourceWork(configuration, resources, sizes) + historyWork(findChild(tree, 'status'), sizes)
  if (sizes.circle !== undefined) return report(sizes.circle, 'The reference leads back to where it stands')
  if (work > WORK_MAX) return report(resources ?? tree, 'The cluster is too large, or its references multiply too much')
  const crowd = sizes.crowd
  return crowd && report(crowd, `One resource has more than ${OPS_MAX} operations`)
}

/** Elements with all below them, references followed. */
class Sizes {
  /** A reference that leads back to where it stands. */
  circle: XmlElement | undefined
  /** A resource with too many operations. */
  crowd: XmlElement | undefined
  /** The most instances that a clone has, as far as clones were looked at. */
  instances = 1
  readonly #index: XmlIndex
  /** Sizes of what is referred to; −1 while they are worked out. */
  readonly #known = new Map<XmlElement, number>()

  constructor(index: XmlIndex) {
    this.#index = index
  }

  of(element: XmlElement | undefined): number {
    if (element === undefined) return 0
    const { attributes, children, name } = element
    let size = 1 + this.#referred(element, name, attributes.get('id-ref'))
    if (name.toLowerCase() === 'primitive') size += this.#referred(element, 'template', attributes.get('template'))
    else if (name === 'operations' && children.length > OPS_MAX) this.crowd ??= element
    for (const child of children) size += this.of(child)
    return size
  }

  #referred(from: XmlElement, name: string, id: string | undefined): number {
    const target = id === undefined ? undefined : this.#index.byId(name, id)
    if (target === undefined) return 0
    const known = this.#known.get(target)
    if (known === -1) this.circle ??= from
    if (known !== undefined) return Math.max(0, known)
    this.#known.set(target, -1)
    const size = this.of(target)
    this.#known.set(target, size)
    return size
  }
}

const COLLECTIVES = new Set(['group', 'clone', 'master', 'bundle'])

/** Each instance has its pairs, its parents' and the defaults, and a table of nodes. */
function resourceWork(configuration: XmlElement | undefined, resources: XmlElement | undefined, sizes: Sizes): number {
  const nodes = nodesOf(configuration)
  const defaults =
    sizes.of(findChild(configuration, 'rsc_defaults')) + sizes.of(findChild(configuration, 'op_defaults'))
  const perClone = cloneMaxOf(findChild(configuration, 'rsc_defaults')) ?? nodes
  const workOf = (resource: XmlElement, inherited: number, instances: number): number => {
    if (!COLLECTIVES.has(resource.name.toLowerCase())) return instances * (nodes + inherited + sizes.of(resource))
    const count = instances * instancesOf(resource, perClone)
    sizes.instances = Math.max(sizes.instances, count)
    let size = inherited
    for (const child of resource.children) if (isSet(child)) size += sizes.of(child)
    let work = instances * (nodes + size)
    for (const child of resource.children) if (!isSet(child)) work += workOf(child, size, count)
    return work
  }
  // The node list is sorted by insertion.
  return (resources?.children ?? []).reduce((work, resource) => work + workOf(resource, defaults, 1), nodes * nodes)
}

function isSet({ name }: XmlElement): boolean {
  return name === 'meta_attributes' || name === 'instance_attributes' || name === 'utilization'
}

/** Nodes, also those that resources stand for. */
function nodesOf(configuration: XmlElement | undefined): number {
  let nodes = childrenNamed(findChild(configuration, 'nodes'), 'node').length
  const resources = findChild(configuration, 'resources')
  if (resources === undefined) return nodes
  walk(resources, ({ attributes }) => {
    if (attributes.get('type') === 'remote' || attributes.get('name') === 'remote-node') nodes++
    nodes += largest(attributes, REPLICAS) ?? 0
  })
  return nodes
}

const REPLICAS = ['replicas', 'promoted-max', 'masters']

function largest(attributes: ReadonlyMap<string, string>, names: readonly string[]): number | undefined {
  let value: number | undefined
  for (const name of names) {
    const text = attributes.get(name)
    if (text !== undefined) value = Math.max(value ?? 0, scanInteger(text) ?? 0)
  }
  return value
}

/** How often what is in a collective exists at most; `perClone` where a clone does not say. */
function instancesOf(resource: XmlElement, perClone: number): number {
  switch (resource.name.toLowerCase()) {
    case 'group':
      return 1
    case 'bundle':
      // Container, address, connection and what runs inside.
      return 4 * resource.children.reduce((most, child) => Math.max(most, largest(child.attributes, REPLICAS) ?? 1), 1)
    default:
      return Math.max(1, cloneMaxOf(resource) ?? perClone)
  }
}

function cloneMaxOf(element: XmlElement | undefined): number | undefined {
  if (element === undefined) return undefined
  let written = largest(element.attributes, ['clone-max'])
  walk(element, ({ name, attributes }) => {
    if (name !== 'nvpair' || attributes.get('name') !== 'clone-max') return
    written = Math.max(written ?? 0, scanInteger(attributes.get('value')) ?? 0)
  })
  return written
}

/** Each entry may look through all instances, each operation through its node's attributes. */
function historyWork(status: XmlElement | undefined, sizes: Sizes): number {
  let work = 0
  for (const state of childrenNamed(status, 'node_state')) {
    let ops = 0
    let pairs = 0
    let entries = 0
    walk(state, ({ name }) => {
      if (name === 'lrm_rsc_op') ops++
      else if (name === 'nvpair') pairs++
      else if (name === 'lrm_resource') entries++
    })
    work += ops * pairs + entries * sizes.instances
  }
  return work
}
