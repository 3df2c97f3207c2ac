/**
 * The effect of one colocation on a dependent: on its node scores while it is placed, on its priority while roles are chosen.
 *
 * Reads   assignments and roles of the primary, node attributes
 * Writes  the dependent's scores or priority; may end its assignment (interleaving without partner)
 * Runs    within assignment, after the primary was assigned
 * Source  spec B-12
 */
import { addScores, INFINITY, PROMOTED, UNPROMOTED } from '../cib/role.ts'
import { intAtLeast, isTrue } from '../cib/values.ts'
import { attributeClasses } from './attributes.ts'
import { finalize, noteChoice, sortedNodes } from './choose.ts'
import { effectOf } from './colocation-effect.ts'
import { assignedNode, isAvailableWith, isBlocked, leavesOf, nextRoleOf } from './nodes.ts'
import { note, noteChanges, setScore, type Why } from './table.ts'
import {
  ABSENT,
  BUNDLE,
  CLONE,
  type Colocation,
  GROUP,
  PRIMITIVE,
  type Resource,
  type Scores,
  type Worksheet,
} from './worksheet.ts'

/** Applies `colocation` to `dependent` with `primary` in the primary's place. Source: spec B-12.1, B-12.2. */
export function applyColocation(
  sheet: Worksheet,
  colocation: Colocation,
  dependent: Resource,
  primary: Resource,
): void {
  if (dependent.variant === GROUP) {
    if (!dependent.from.collocated && INFINITY <= colocation.score) return
    const members = dependent.from.collocated ? dependent.children.slice(0, 1) : dependent.children
    for (const member of members) applyColocation(sheet, colocation, member, primary)
    return
  }
  switch (primary.variant) {
    case PRIMITIVE:
      return applyToPrimitive(sheet, colocation, dependent, primary)
    case GROUP:
      return applyToGroup(sheet, colocation, dependent, primary)
    case CLONE:
      return applyToClone(sheet, colocation, dependent, primary)
    case BUNDLE:
      return applyToBundle(sheet, colocation, dependent, primary)
  }
}

function applyToPrimitive(sheet: Worksheet, colocation: Colocation, dependent: Resource, primary: Resource): void {
  switch (effectOf(colocation, dependent, primary)) {
    case 'none':
      return
    case 'role':
      return applyToRole(sheet, colocation, dependent, primary)
    case 'location':
      return applyToLocation(sheet, colocation, dependent, primary)
  }
}

function whyOf({ origin }: Colocation, primary: Resource): Why {
  return { what: `colocation with ${primary.id}`, origin }
}

/** Source: spec B-12.5, B-12.6. */
function applyToLocation(sheet: Worksheet, colocation: Colocation, dependent: Resource, primary: Resource): void {
  const { score } = colocation
  const home = primary.assigned
  if (home < 0 && score < 0) return
  const classes = attributeClasses(sheet, colocation.nodeAttribute ?? '#id')
  const copy = dependent.scores.slice()
  for (let node = 0; node < copy.length; node++) {
    if (copy[node] === ABSENT) continue
    const amount = home < 0 ? -score : amountAt(score, classes[node] === classes[home])
    if (amount !== 0) copy[node] = addScores(copy[node]!, amount)
  }
  if (Math.abs(score) < INFINITY && !hasAvailable(sheet, copy)) return
  const before = dependent.scores
  dependent.scores = copy
  noteChanges(sheet, dependent, before, whyOf(colocation, primary))
}

function amountAt(score: number, isSame: boolean): number {
  if (isSame) return score < INFINITY ? score : 0
  return score < INFINITY ? 0 : -INFINITY
}

/** Some node of the table is available with score test. */
export function hasAvailable(sheet: Worksheet, scores: Scores): boolean {
  for (let node = 0; node < scores.length; node++) {
    if (0 <= scores[node]! && isAvailableWith(sheet.nodes[node]!, scores[node]!)) return true
  }
  return false
}

/** Source: spec B-12.10. */
function applyToRole(sheet: Worksheet, colocation: Colocation, dependent: Resource, primary: Resource): void {
  if (primary.assigned < 0 || dependent.assigned < 0) return
  const { score, dependentRole, primaryRole } = colocation
  const classes = attributeClasses(sheet, colocation.nodeAttribute ?? '#id')
  if (classes[primary.assigned] !== classes[dependent.assigned]) {
    if (INFINITY <= score && dependentRole === PROMOTED) {
      dependent.priority = -INFINITY
      notePriority(sheet, dependent, -INFINITY, 'set', whyOf(colocation, primary))
    }
    return
  }
  if (primaryRole !== 0 && primaryRole !== primary.nextRole) return
  const amount = dependentRole === UNPROMOTED ? -score : score
  dependent.priority = addScores(dependent.priority, amount)
  notePriority(sheet, dependent, amount, 'add', whyOf(colocation, primary))
}

function notePriority(sheet: Worksheet, instance: Resource, amount: number, how: 'add' | 'set', why: Why): void {
  note(sheet, instance, assignedNode(instance), amount, how, why, 'promotion')
}

/** Source: spec B-12.12. */
function applyToGroup(sheet: Worksheet, colocation: Colocation, dependent: Resource, group: Resource): void {
  if (group.isProvisional) return
  const isMandatory = INFINITY <= colocation.score
  if (!group.from.collocated && isMandatory) return
  const one = isMandatory ? group.children.at(-1) : group.children[0]
  const members = group.from.collocated ? (one === undefined ? [] : [one]) : group.children
  for (const member of members) applyColocation(sheet, colocation, dependent, member)
}

/** Source: spec B-12.14. */
function applyToClone(sheet: Worksheet, colocation: Colocation, dependent: Resource, clone: Resource): void {
  if (clone.isProvisional) return
  if (clone.from.promotable && colocation.primaryRole !== 0) {
    if (dependent.isProvisional) return placeByRole(sheet, colocation, dependent, clone)
    if (colocation.dependentRole === PROMOTED) return chooseRoleBy(sheet, colocation, dependent, clone)
  }
  if (isInterleaved(colocation, clone)) return pairUp(sheet, colocation, dependent, clone)
  if (INFINITY <= colocation.score) {
    const places: Place[] = []
    for (const instance of clone.children) {
      const node = assignedNode(instance)
      if (0 <= node && !isBlocked(instance)) places.push(placeOf(instance, node))
    }
    return mergeExclusion(sheet, dependent, places, { isMerging: false, why: whyOf(colocation, clone) })
  }
  for (const instance of clone.children) applyColocation(sheet, colocation, dependent, instance)
}

interface Place {
  readonly node: number
  readonly score: number
  readonly discovery: number
}

/** The copy of the node that an instance was assigned with. */
function placeOf(instance: Resource, node: number): Place {
  const leaf = leavesOf(instance).find(({ assigned }) => assigned === node)
  return { node, score: leaf?.assignedScore ?? 0, discovery: leaf?.assignedDiscovery ?? 0 }
}

/** Source: spec B-12.15. */
function placeByRole(sheet: Worksheet, colocation: Colocation, dependent: Resource, clone: Resource): void {
  const { score, primaryRole, dependentRole } = colocation
  const classes = attributeClasses(sheet, colocation.nodeAttribute ?? '#uname')
  const places: Place[] = []
  const before = dependent.scores.slice()
  for (const instance of clone.children) {
    const at = assignedNode(instance)
    if (at < 0 || nextRoleOf(instance) !== primaryRole) continue
    places.unshift(placeOf(instance, at))
    if (INFINITY <= score) continue
    for (let node = 0; node < before.length; node++) {
      if (dependent.scores[node] === ABSENT || classes[node] !== classes[at]) continue
      dependent.scores[node] = addScores(dependent.scores[node]!, score)
    }
  }
  noteChanges(sheet, dependent, before, whyOf(colocation, clone))
  if (score < INFINITY || (dependentRole === PROMOTED && primaryRole === PROMOTED)) return
  mergeExclusion(sheet, dependent, places, { isMerging: true, why: whyOf(colocation, clone) })
}

/** Source: spec B-12.16. */
function chooseRoleBy(sheet: Worksheet, colocation: Colocation, dependent: Resource, clone: Resource): void {
  const partner = findCompatible(sheet, dependent, clone.children, colocation.primaryRole)
  if (partner !== undefined) {
    dependent.priority = addScores(dependent.priority, colocation.score)
    notePriority(sheet, dependent, colocation.score, 'add', whyOf(colocation, partner))
  } else if (INFINITY <= colocation.score) {
    dependent.priority = -INFINITY
    notePriority(sheet, dependent, -INFINITY, 'set', whyOf(colocation, clone))
  }
}

/** Source: spec B-12.17. */
function isInterleaved({ dependent }: Colocation, primary: Resource): boolean {
  const asks =
    dependent.variant === CLONE
      ? dependent.from.clone!.interleave
      : dependent.variant === BUNDLE && isTrue(dependent.from.meta.get('interleave'))
  return asks && copiesPerNode(dependent) === copiesPerNode(primary)
}

/** Source: spec B-12.21. */
function copiesPerNode(resource: Resource): number {
  if (resource.variant === BUNDLE) return resource.from.bundle!.replicasPerHost
  if (resource.variant !== CLONE) return 1
  const text = resource.from.meta.get('clone-node-max')
  return text === undefined ? 1 : intAtLeast(text, 0)
}

/** Source: spec B-12.18. */
function pairUp(sheet: Worksheet, colocation: Colocation, dependent: Resource, clone: Resource): void {
  const partner = findCompatible(sheet, dependent, clone.children, 0)
  if (partner !== undefined) applyColocation(sheet, colocation, dependent, partner)
  else if (INFINITY <= colocation.score) abandon(sheet, colocation, dependent)
}

/** Without a partner there is no place for it. */
function abandon(sheet: Worksheet, { origin }: Colocation, dependent: Resource): void {
  finalize(sheet, dependent, -1, 'forced')
  noteChoice(sheet, dependent, { how: 'no partner', node: -1, origin })
}

/** The first of `candidates` on the dependent's node, or on the most desirable of its nodes. Source: spec B-12.20. */
export function findCompatible(
  sheet: Worksheet,
  dependent: Resource,
  candidates: readonly Resource[],
  role: number,
): Resource | undefined {
  const home = assignedNode(dependent)
  const nodes = 0 <= home ? [home] : sortedNodes(sheet, dependent.scores, -1, dependent.inserted)
  for (const node of nodes) {
    const partner = candidates.find(
      (candidate) =>
        assignedNode(candidate) === node && !isBlocked(candidate) && (role === 0 || nextRoleOf(candidate) === role),
    )
    if (partner !== undefined) return partner
  }
  return undefined
}

/** The containers of a bundle in order of their replicas. */
export function containersOf(sheet: Worksheet, bundle: Resource): readonly Resource[] {
  return bundle.from.bundle!.replicas.flatMap(({ container }) => sheet.resources[container] ?? [])
}

/** Source: spec B-12.22, B-12.23. */
function applyToBundle(sheet: Worksheet, colocation: Colocation, dependent: Resource, bundle: Resource): void {
  if (bundle.isProvisional) return
  const { score, primaryRole } = colocation
  if (colocation.dependent.variant === CLONE || colocation.dependent.variant === BUNDLE) {
    const partner = findCompatible(sheet, dependent, containersOf(sheet, bundle), 0)
    if (partner !== undefined) applyColocation(sheet, colocation, dependent, partner)
    else if (INFINITY <= score) abandon(sheet, colocation, dependent)
    return
  }
  const places: Place[] = []
  for (const replica of bundle.from.bundle!.replicas) {
    const container = sheet.resources[replica.container]
    if (container === undefined) continue
    if (score < INFINITY) {
      applyColocation(sheet, colocation, dependent, container)
      continue
    }
    const child = sheet.resources[replica.child]
    const hasRole = primaryRole !== PROMOTED || (child !== undefined && PROMOTED <= child.nextRole)
    if (0 <= container.assigned && !isBlocked(container) && hasRole) places.push(placeOf(container, container.assigned))
  }
  if (INFINITY <= score) mergeExclusion(sheet, dependent, places, { isMerging: false, why: whyOf(colocation, bundle) })
}

interface Merge {
  readonly isMerging: boolean
  readonly why: Why
}

/** Allows only the nodes of `places`. Source: spec B-12.9. */
function mergeExclusion(
  sheet: Worksheet,
  dependent: Resource,
  places: readonly Place[],
  { isMerging, why }: Merge,
): void {
  const before = dependent.scores.slice()
  for (let node = 0; node < before.length; node++) {
    const old = before[node]!
    if (old === ABSENT) continue
    const place = places.find((candidate) => candidate.node === node)
    if (place === undefined) dependent.scores[node] = -INFINITY
    else if (isMerging) dependent.scores[node] = addScores(old, place.score)
  }
  // A node that enters this way is the instance's copy, with the discovery mode it has there.
  for (const { node, discovery } of places) {
    if (before[node] !== ABSENT) continue
    setScore(dependent, node, -INFINITY)
    dependent.discovery[node] = discovery
  }
  noteChanges(sheet, dependent, before, why)
}
