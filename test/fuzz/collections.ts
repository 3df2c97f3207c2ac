/** Random groups and clones, and the resources of a CIB as a list. */
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import { ALONE, drawMeta, drawPrimitive, type FuzzPrimitive } from './primitives.ts'
import { type Attributes, el, pairs, type Tree } from './tree.ts'

/** A top-level resource. */
export interface FuzzResource {
  readonly id: string
  readonly kind: 'primitive' | 'group' | 'clone' | 'bundle' | 'fence-device' | 'remote'
  /** What it holds: itself, a group's members, a clone's or bundle's member (or those of its group). */
  readonly members: readonly FuzzPrimitive[]
  /** The id of the group within a clone, or of the group itself. */
  readonly group: string | undefined
  readonly isPromotable: boolean
  readonly isUnique: boolean
  readonly copies: number | undefined
  readonly copiesPerNode: number
  readonly promotedMax: number
  readonly tree: Tree
  /** What bundles add. */
  readonly bundle?: { readonly engine: string; readonly hasNetwork: boolean; readonly hasMember: boolean }
}

const SINGLE = { group: undefined, isPromotable: false, isUnique: false, copies: 1, copiesPerNode: 1, promotedMax: 0 }

/** A primitive of its own. */
export function alone(primitive: FuzzPrimitive, kind: FuzzResource['kind'] = 'primitive'): FuzzResource {
  return { ...SINGLE, id: primitive.id, kind, members: [primitive], tree: primitive.tree }
}

/** A group with one to three members. */
export function drawGroup(draw: Draw, features: Features, id: string, guest?: string): FuzzResource {
  const members = drawMembers(draw, features, id.toLowerCase(), { isInClone: false, isPromotable: false, guest })
  const options = pairs('meta_attributes', `${id}-meta`, { ...drawMeta(draw, features, ALONE), ...drawGroupMeta(draw) })
  return { ...SINGLE, id, kind: 'group', group: id, members, tree: groupTree(id, options, members) }
}

function drawGroupMeta(draw: Draw): Attributes {
  return {
    ordered: draw.maybe(3, () => 'false'),
    collocated: draw.maybe(3, () => 'false'),
  }
}

function groupTree(id: string, options: Tree | undefined, members: readonly FuzzPrimitive[]): Tree {
  return el(
    'group',
    { id },
    options,
    members.map(({ tree }) => tree),
  )
}

interface MemberPlace {
  readonly isInClone: boolean
  readonly isPromotable: boolean
  readonly guest?: string | undefined
}

function drawMembers(draw: Draw, features: Features, prefix: string, place: MemberPlace): readonly FuzzPrimitive[] {
  const count = draw.weighted([
    [15, 1],
    [55, 2],
    [30, 3],
  ])
  return Array.from({ length: count }, (_, at) =>
    drawPrimitive(draw, features, `${prefix}${at + 1}`, {
      ...place,
      isInGroup: true,
      guest: at === 0 ? place.guest : undefined,
    }),
  )
}

/** A clone of a primitive or a group, promotable or not. */
export function drawClone(draw: Draw, features: Features, id: string): FuzzResource {
  const isPromotable = features.hasPromotable && draw.chance(60)
  const hasGroup = features.hasGroups && draw.chance(35)
  const inner = id.toLowerCase()
  const members = hasGroup
    ? drawMembers(draw, features, inner, { isInClone: true, isPromotable })
    : [drawPrimitive(draw, features, `${inner}x`, { isInClone: true, isInGroup: false, isPromotable })]
  const isUnique = draw.chance(12)
  const options = drawCloneMeta(draw, isPromotable, isUnique)
  const meta = pairs('meta_attributes', `${id}-meta`, {
    ...drawMeta(draw, features, { isPromotable }),
    ...options.values,
  })
  const group = hasGroup ? `${inner}g` : undefined
  const child = group === undefined ? members[0]!.tree : groupTree(group, undefined, members)
  const { copies, copiesPerNode, promotedMax } = options
  const tree = draw.chance(isPromotable ? 25 : 0) ? el('master', { id }, meta, child) : el('clone', { id }, meta, child)
  return { id, kind: 'clone', members, group, isPromotable, isUnique, copies, copiesPerNode, promotedMax, tree }
}

interface CloneOptions extends Pick<FuzzResource, 'copies' | 'copiesPerNode' | 'promotedMax'> {
  readonly values: Attributes
}

function drawCloneMeta(draw: Draw, isPromotable: boolean, isUnique: boolean): CloneOptions {
  const copies = draw.maybe(isUnique ? 70 : 30, () => draw.pick([0, 1, 2, 2, 3, 4]))
  const copiesPerNode = draw.chance(isUnique ? 45 : 6) ? draw.pick([0, 2, 3]) : 1
  const promotedMax = draw.chance(25) ? draw.pick([0, 2, 3]) : 1
  const word = draw.pick(['promoted', 'master'])
  const values: Attributes = {
    'clone-max': copies,
    'clone-node-max': copiesPerNode === 1 ? undefined : copiesPerNode,
    'clone-min': draw.maybe(5, () => draw.pick([1, 2])),
    'globally-unique': isUnique ? 'true' : draw.maybe(10, () => 'false'),
    promotable: isPromotable ? 'true' : undefined,
    [`${word}-max`]: isPromotable && promotedMax !== 1 ? promotedMax : undefined,
    [`${word}-node-max`]: isPromotable ? draw.maybe(4, () => draw.pick([1, 2])) : undefined,
    notify: draw.maybe(isPromotable ? 40 : 15, () => 'true'),
    interleave: draw.maybe(45, () => draw.pick(['true', 'true', 'false'])),
    ordered: draw.maybe(15, () => draw.pick(['true', 'false'])),
  }
  return { copies, copiesPerNode, promotedMax, values }
}
