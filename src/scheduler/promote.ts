/**
 * Promotion: which instances of a promotable clone shall be promoted.
 *
 * Reads   node attributes `master-…`, location entries for the role, colocations, tickets, quorum
 * Writes  Resource.priority, sortIndex, nextRole, role (Started becomes Unpromoted), scores and counts of the clone
 * Runs    addPromotionScores before the instances are placed, promoteInstances after
 * Source  spec B-16
 */
import { addScores, INFINITY, PROMOTED, roleText, STARTED, STOPPED, UNKNOWN, UNPROMOTED } from '../cib/role.ts'
import { baseName, mergeSort, toScore } from '../cib/values.ts'
import { nodeAttribute } from './attributes.ts'
import { applyColocation } from './colocate.ts'
import { factorOf, hasInfluence } from './colocations.ts'
import { compareInstances } from './instances.ts'
import { showPromotion } from './lines.ts'
import { assignedNode, isAvailable, isHomeless, leavesOf, nextRoleOf, roleOf } from './nodes.ts'
import { type Mixing, mixPreferences } from './preferences.ts'
import { banEverywhere, because, note, noteChanges, originOf, type Why } from './table.ts'
import { isTicketUsable } from './tickets.ts'
import { ABSENT, type Colocation, GROUP, type PromotionVerdict, type Resource, type Worksheet } from './worksheet.ts'

/** Source: spec B-16.3. */
export function addPromotionScores(sheet: Worksheet, clone: Resource): void {
  for (const instance of clone.children) {
    for (const node of sheet.nodeOrder) {
      if (instance.scores[node] === ABSENT || !isAvailable(sheet.nodes[node]!)) continue
      const score = promotionScore(sheet, clone, instance, node) ?? 0
      if (0 < score) {
        instance.scores[node] = addScores(instance.scores[node]!, score)
        note(sheet, instance, node, score, 'add', { what: 'promotion score', origin: originOf(sheet.nodes[node]!) })
      }
      if (instance.priority < score) instance.priority = score
    }
  }
}

/** The promotion score of an instance on a node, or undefined where none is set. Source: spec B-16.1. */
function promotionScore(sheet: Worksheet, clone: Resource, instance: Resource, node: number): number | undefined {
  if (instance.variant !== GROUP) return memberScore(sheet, clone, instance, node)
  let sum: number | undefined
  for (const member of instance.children) {
    const score = memberScore(sheet, clone, member, node)
    if (score !== undefined) sum = (sum ?? 0) + score
  }
  return sum
}

function memberScore(sheet: Worksheet, clone: Resource, member: Resource, node: number): number | undefined {
  const base = baseName(member.id)
  if (!counts(clone, member, base, node)) return undefined
  const name = member.from.historyName ?? member.id
  const text =
    nodeAttribute(sheet, node, `master-${name}`, member) ??
    (member.from.unique ? undefined : nodeAttribute(sheet, node, `master-${base}`, member))
  return text === undefined ? undefined : toScore(text, sheet.options.health)
}

/** Source: spec B-16.1, step 1. */
function counts(clone: Resource, member: Resource, base: string, node: number): boolean {
  if (member.scores[node] === ABSENT || member.scores[node]! < 0) return false
  if (!member.from.unique) {
    const parts = leavesOf(clone).filter(({ id }) => baseName(id) === base)
    const active = parts.find(({ runningOn }) => runningOn.includes(node))
    if (active === member) return true
    if (active === undefined && parts.some(({ knownOn }) => knownOn.includes(node))) return true
  }
  if (member.runningOn.length === 0 && member.knownOn.length === 0) return true
  return member.knownOn.includes(node) || member.runningOn.includes(node)
}

/** Chooses roles for all instances of a placed clone. Source: spec B-16.4 to B-16.14. */
export function promoteInstances(sheet: Worksheet, clone: Resource): void {
  clone.counts.fill(0)
  for (const instance of clone.children) judgePriority(sheet, clone, instance)
  // Until its instances are sorted the clone adds nothing to the preferences of others, and so to its own (probed).
  clone.isMerging = true
  mergeScores(sheet, clone)
  for (const instance of clone.children) finishIndex(sheet, clone, instance)
  clone.children = mergeSort(clone.children, (left, right) => compareCandidates(sheet, left, right))
  clone.isMerging = false
  let promoted = 0
  for (const instance of clone.children) {
    const node = assignedNode(instance)
    showPromotion(sheet, instance, node)
    const { promotedMax } = clone.from.clone!
    const isRoom = promoted < promotedMax || !clone.managed
    const verdict = judgePromotion(sheet, clone, instance, isRoom)
    sheet.verdicts?.set(instance.index, verdict)
    if (verdict === 'promoted') {
      clone.counts[node]!++
      promoted++
      promoteNext(instance)
    } else demoteNext(instance)
  }
}

/** Each by itself: members that have a plan keep it. */
function promoteNext(resource: Resource): void {
  if (resource.nextRole === UNKNOWN) resource.nextRole = PROMOTED
  for (const child of resource.children) promoteNext(child)
}

function demoteNext(resource: Resource): void {
  resource.nextRole = leavesOf(resource).some(({ assigned }) => 0 <= assigned) ? UNPROMOTED : STOPPED
  for (const child of resource.children) demoteNext(child)
}

/** Source: spec B-16.5 to B-16.9. */
function judgePriority(sheet: Worksheet, clone: Resource, instance: Resource): void {
  if (roleOf(instance) === STARTED) makeUnpromoted(instance)
  const node = assignedNode(instance)
  if (node < 0) return
  const planned = nextRoleOf(instance)
  const tell = (amount: number, how: 'add' | 'set', why: Why): void =>
    note(sheet, instance, node, amount, how, why, 'promotion')
  let what = 'promotion score'
  if (planned === UNKNOWN || planned === STARTED) {
    const score = promotionScore(sheet, clone, instance, node)
    if (score === undefined) what = 'no promotion score'
    instance.priority = score ?? -1
  } else if (planned === UNPROMOTED || planned === STOPPED) {
    what = `${roleText(planned)} is what it shall be`
    instance.priority = -INFINITY
  }
  tell(instance.priority, 'set', because(what))
  for (const { role, nodes, scores, origin } of [...instance.locations, ...clone.locations]) {
    if (role === PROMOTED && nodes.includes(node)) {
      const score = scores[nodes.indexOf(node)]!
      instance.priority = addScores(instance.priority, score)
      tell(score, 'add', { what: 'location', origin })
    }
  }
  for (const colocation of [...instance.thisWith]) applyColocation(sheet, colocation, instance, colocation.primary)
  instance.sortIndex = instance.priority
  // What was planned before the colocations, which may have taken the node away (probed).
  if (planned !== PROMOTED) return
  instance.sortIndex = INFINITY
  tell(INFINITY, 'set', because('Promoted is what it shall be'))
}

function makeUnpromoted(resource: Resource): void {
  if (resource.role === STARTED) resource.role = UNPROMOTED
  for (const child of resource.children) makeUnpromoted(child)
}

/** Source: spec B-16.10 to B-16.12. */
function mergeScores(sheet: Worksheet, clone: Resource): void {
  for (const instance of clone.children) {
    const node = assignedNode(instance)
    if (node < 0 || instance.sortIndex < 0 || clone.scores[node] === ABSENT) continue
    clone.scores[node] = addScores(clone.scores[node]!, instance.sortIndex)
    note(sheet, clone, node, instance.sortIndex, 'add', because(`promotion of ${instance.id}`))
  }
  for (const colocation of clone.thisWith) {
    if (colocation.dependentRole === PROMOTED) {
      mixIn(sheet, clone, colocation, colocation.primary, { isActive: colocation.score < INFINITY })
    }
  }
  for (const colocation of clone.withThis) {
    if (colocation.primaryRole === PROMOTED && hasInfluence(colocation)) {
      mixIn(sheet, clone, colocation, colocation.dependent, { isActive: true, isNonnegative: true })
    }
  }
  for (const ticket of clone.tickets) {
    if (ticket.role !== PROMOTED || isTicketUsable(sheet, ticket)) continue
    banEverywhere(sheet, clone, { what: `ticket ${ticket.ticket}`, origin: ticket.origin })
  }
}

type Flags = Pick<Mixing, 'isActive' | 'isNonnegative'>

function mixIn(sheet: Worksheet, clone: Resource, colocation: Colocation, other: Resource, flags: Flags): void {
  const before = clone.scores
  const mixing = { factor: factorOf(colocation), attribute: colocation.nodeAttribute, ...flags }
  clone.scores = mixPreferences(sheet, other, before, mixing)!
  noteChanges(sheet, clone, before, { what: `colocation of ${other.id}`, origin: colocation.origin })
}

/** Source: spec B-16.13. */
function finishIndex(sheet: Worksheet, clone: Resource, instance: Resource): void {
  const node = assignedNode(instance)
  let why = because(`score of ${clone.id}`)
  // Of a group its own, which is that of its first member (probed).
  if (!instance.managed && instance.nextRole === PROMOTED) {
    instance.sortIndex = INFINITY
    why = because('unmanaged and promoted')
  } else if (0 <= node && 0 <= instance.sortIndex && clone.scores[node] !== ABSENT) {
    instance.sortIndex = clone.scores[node]!
  } else return
  note(sheet, instance, node, instance.sortIndex, 'set', why, 'promotion')
}

function compareCandidates(sheet: Worksheet, left: Resource, right: Resource): number {
  if (left.sortIndex !== right.sortIndex) return right.sortIndex - left.sortIndex
  const roles = roleOf(right) - roleOf(left)
  return roles === 0 ? compareInstances(sheet, left, right) : roles
}

/** Source: spec B-16.4, B-16.14. */
function judgePromotion(sheet: Worksheet, clone: Resource, instance: Resource, isRoom: boolean): PromotionVerdict {
  if (instance.sortIndex < 0) return 'negative score'
  // Of a cloned group the highest role counts: one promoted member is enough (found by probing a partially demoted group).
  const { quorum } = sheet.state
  if (roleOf(instance) < PROMOTED && !quorum && sheet.options.noQuorumPolicy === 'freeze') return 'quorum freeze'
  return isRoom ? judgePlace(sheet, clone, instance) : 'promoted-max reached'
}

/** Source: spec B-16.14. */
function judgePlace(sheet: Worksheet, clone: Resource, instance: Resource): PromotionVerdict {
  if (instance.variant === GROUP) {
    for (const member of instance.children) {
      const verdict = judgePlace(sheet, clone, member)
      if (verdict !== 'promoted') return verdict
    }
  }
  const node = assignedNode(instance)
  if (node < 0) return 'not running'
  if (!instance.managed) {
    if (roleOf(instance) !== PROMOTED) return 'unmanaged'
  } else if (instance.priority < 0) return 'negative score'
  else if (!isAvailable(sheet.nodes[node]!) || isHomeless(sheet.nodes[node]!)) return 'node not available'
  if (clone.scores[node] === ABSENT) return 'clone not allowed there'
  const isFull = instance.managed && clone.from.clone!.promotedNodeMax <= clone.counts[node]!
  return isFull ? 'promoted-node-max reached' : 'promoted'
}
