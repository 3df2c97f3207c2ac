/**
 * `rsc_colocation`: from what an administrator wrote to pairs "dependent with primary".
 *
 * Reads   configuration.constraints (colocation), templates, tags
 * Writes  Worksheet.colocations and the lists of both ends
 * Runs    with the other constraints, in document order
 * Source  spec B-7.1, B-7.2, B-7.7 to B-7.11
 */
import type { ColocationConfig, ResourceSet } from '../cib/configuration.ts'
import { type Role, STARTED, toRole } from '../cib/role.ts'
import { isFalse, isSameText, toScore } from '../cib/values.ts'
import { addColocation } from './colocations.ts'
import { expandSets, findResource, findTagged } from './find.ts'
import { tagSet } from './locations.ts'
import { CLONE, type Resource, type Worksheet } from './worksheet.ts'

/** One `rsc_colocation`. */
export function unpackColocation(sheet: Worksheet, config: ColocationConfig): void {
  if (0 < config.sets.length) return unpackSets(sheet, config, expandSets(sheet, config.sets) ?? config.sets)
  const { rsc, withRsc } = config
  if (rsc === undefined || withRsc === undefined) return
  const dependent = findResource(sheet, rsc)
  const primary = findResource(sheet, withRsc)
  const left = dependent === undefined ? findTagged(sheet, rsc) : undefined
  const right = primary === undefined ? findTagged(sheet, withRsc) : undefined
  if (left !== undefined && right !== undefined) return
  if (left !== undefined || right !== undefined) {
    const known = (left !== undefined || dependent !== undefined) && (right !== undefined || primary !== undefined)
    if (known)
      unpackSets(sheet, config, [
        endSet(config, rsc, left, config.rscRole),
        endSet(config, withRsc, right, config.withRscRole),
      ])
    return
  }
  const one = pickInstance(dependent, config.rscInstance)
  const other = pickInstance(primary, config.withRscInstance)
  if (one === undefined || other === undefined) return
  pair(sheet, config, {
    id: config.id,
    dependent: one,
    primary: other,
    score: scoreOf(sheet, config.score),
    roles: [config.rscRole, config.withRscRole],
    nodeAttribute: config.nodeAttribute,
  })
}

/** One end of a constraint with a tag: the tag's members, or the plain resource alone. Source: spec B-7.11. */
function endSet(
  config: ColocationConfig,
  id: string,
  members: readonly string[] | undefined,
  role: string | undefined,
): ResourceSet {
  // A plain resource's set says nothing: alone in it, a clone named by what it clones still keeps off itself (found by probing).
  return { ...tagSet(config, members ?? [id], role), sequential: members === undefined ? undefined : 'false' }
}

/** Source: spec B-7.7. */
function pickInstance(resource: Resource | undefined, number: string | undefined): Resource | undefined {
  if (resource === undefined || number === undefined) return resource
  if (resource.variant !== CLONE) return undefined
  return resource.children.find((child) => child.id === `${child.from.xmlId}:${number}`)
}

function scoreOf(sheet: Worksheet, text: string | undefined): number {
  return toScore(text, sheet.options.health)
}

interface Pair {
  readonly id: string
  readonly dependent: Resource
  readonly primary: Resource
  readonly score: number
  readonly roles: readonly [dependent: string | undefined, primary: string | undefined]
  readonly nodeAttribute?: string | undefined
}

function pair(sheet: Worksheet, config: ColocationConfig, given: Pair): void {
  const { id, dependent, primary, score, nodeAttribute } = given
  addColocation(sheet, {
    id,
    dependent,
    primary,
    score,
    dependentRole: colocationRole(given.roles[0]),
    primaryRole: colocationRole(given.roles[1]),
    nodeAttribute,
    influence: config.influence,
    origin: { id: config.id, line: config.line, column: config.column },
  })
}

/** Source: spec B-7.1. */
function colocationRole(text: string | undefined): Role {
  const role = toRole(text ?? '')
  return role === STARTED ? 0 : role
}

/** Source: spec B-7.8. */
function unpackSets(sheet: Worksheet, config: ColocationConfig, sets: readonly ResourceSet[]): void {
  let previous: ResourceSet | undefined
  for (const set of sets) {
    colocateInside(sheet, config, set)
    if (previous !== undefined) colocateBetween(sheet, config, previous, set)
    previous = set
  }
}

/**
 * Colocates the members of one set. With a negative score each keeps off those before it: off all references up to the first
 * that reads as its id; a reference to what a clone clones reads otherwise, so that one keeps off the later ones and itself too
 * (probed). Source: spec B-7.9.
 */
function colocateInside(sheet: Worksheet, config: ColocationConfig, set: ResourceSet): void {
  const score = scoreOf(sheet, set.score ?? config.score)
  if (score === 0 || isFalse(set.sequential)) return
  const id = set.id ?? ''
  const roles = [set.role, set.role] as const
  const add = (dependent: Resource, primary: Resource): void =>
    pair(sheet, config, { id, dependent, primary, score, roles })
  const isGroup = set.ordering === undefined || isSameText(set.ordering, 'group')
  let last: Resource | undefined
  for (const member of set.members) {
    const resource = findResource(sheet, member)
    if (resource === undefined) return
    if (score < 0) {
      for (const other of set.members) {
        if (isSameText(resource.id, other)) break
        const primary = findResource(sheet, other)
        if (primary === undefined) return
        add(resource, primary)
      }
    } else if (last !== undefined) {
      if (isGroup) add(resource, last)
      else add(last, resource)
    }
    last = resource
  }
}

/** Source: spec B-7.10. */
function colocateBetween(sheet: Worksheet, config: ColocationConfig, set1: ResourceSet, set2: ResourceSet): void {
  const score = scoreOf(sheet, config.score)
  if (score === 0) return
  const dependents = isFalse(set1.sequential) ? set1.members : set1.members.slice(0, 1)
  const primaries = isFalse(set2.sequential) ? set2.members : set2.members.slice(-1)
  for (const left of dependents) {
    for (const right of primaries) {
      const dependent = findResource(sheet, left)
      const primary = findResource(sheet, right)
      if (dependent === undefined || primary === undefined) return
      pair(sheet, config, { id: config.id, dependent, primary, score, roles: [set1.role, set2.role] })
    }
  }
}
