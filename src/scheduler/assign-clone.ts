/**
 * Assignment of clones, and the distribution of instances that clones and bundles share.
 *
 * Reads   Resource.scores, colocations, clone-max and clone-node-max
 * Writes  the order of Resource.children, counts, scores, colocation lists of instances
 * Runs    within assignment
 * Source  spec B-15
 */
import { addScores, INFINITY } from '../cib/role.ts'
import { mergeSort } from '../cib/values.ts'
import { undo } from './choose.ts'
import { factorOf, hasInfluence, insertThisWith, insertWithThis } from './colocations.ts'
import { compareInstances } from './instances.ts'
import { showScores } from './lines.ts'
import { currentNode, isAvailable, isAvailableWith } from './nodes.ts'
import { mixPreferences } from './preferences.ts'
import { addPromotionScores, promoteInstances } from './promote.ts'
import { banEverywhere, because, markOf, note, noteChanges, noteUndo } from './table.ts'
import { ABSENT, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** Assigns any resource; handed down, so that files do not import one another in a circle. */
export type Assign = (sheet: Worksheet, resource: Resource, preferred: number) => number

/** Source: spec B-15.2 to B-15.4. */
export function assignClone(sheet: Worksheet, clone: Resource, preferred: number, assign: Assign): void {
  if (!clone.isProvisional || clone.isAssigning) return
  if (clone.from.promotable) addPromotionScores(sheet, clone)
  clone.isAssigning = true
  for (const { primary } of [...clone.thisWith]) assign(sheet, primary, preferred)
  for (const colocation of clone.withThis) {
    if (!hasInfluence(colocation)) continue
    const before = clone.scores
    const mixing = {
      factor: factorOf(colocation),
      attribute: colocation.nodeAttribute,
      isActive: true,
      isNonnegative: true,
    }
    clone.scores = mixPreferences(sheet, colocation.dependent, before, mixing)!
    noteChanges(sheet, clone, before, {
      what: `${colocation.dependent.id} is colocated with it`,
      origin: colocation.origin,
    })
  }
  showScores(sheet, clone, 'pcmk__clone_allocate')
  clone.children = mergeSort(clone.children, (left, right) => compareInstances(sheet, left, right))
  const { max, nodeMax } = clone.from.clone!
  distribute(sheet, { parent: clone, instances: clone.children, max, limit: nodeMax, assign })
  if (clone.from.promotable) promoteInstances(sheet, clone)
  clone.isProvisional = false
  clone.isAssigning = false
}

/** What is to be spread, and how far. Source: spec B-15.3. */
export interface Distribution {
  readonly parent: Resource
  readonly instances: readonly Resource[]
  readonly max: number
  readonly limit: number
  readonly assign: Assign
}

/** Spreads instances over the parent's nodes: first those that may stay, then the rest. Source: spec B-15.5 to B-15.8. */
export function distribute(sheet: Worksheet, given: Distribution): void {
  const { parent, instances, max } = given
  parent.counts.fill(0)
  let available = 0
  for (let node = 0; node < parent.scores.length; node++) {
    if (parent.scores[node] !== ABSENT && isAvailable(sheet.nodes[node]!)) available++
  }
  const attempt = { ...given, isSparse: max < available }
  const optimal = available === 0 ? 1 : Math.max(1, Math.floor(max / available))
  let done = 0
  for (const instance of instances) {
    if (max <= done) break
    const home = stayingNode(sheet, instance, parent, optimal)
    if (0 <= home && tryInstance(sheet, attempt, instance, home)) done++
  }
  for (const instance of instances) {
    if (!instance.isProvisional) continue
    if (max <= done) banEverywhere(sheet, instance, because('clone-max reached'))
    else if (tryInstance(sheet, attempt, instance, -1)) done++
  }
}

/** The node where an instance is and may be tried first, or −1. Source: spec B-15.6. */
function stayingNode(sheet: Worksheet, instance: Resource, parent: Resource, optimal: number): number {
  if (instance.runningOn.length === 0 || !instance.isProvisional) return -1
  if (instance.variant === PRIMITIVE && instance.failed) return -1
  const home = currentNode(sheet, instance)
  const node = sheet.nodes[home]
  if (node === undefined || !isAvailableWith(node, node.weight)) return -1
  return parent.scores[home] !== ABSENT && optimal <= parent.counts[home]! ? -1 : home
}

/** Source: spec B-15.9. */
function tryInstance(
  sheet: Worksheet,
  { parent, limit, assign, isSparse }: Distribution & { readonly isSparse: boolean },
  instance: Resource,
  preferred: number,
): boolean {
  if (instance.isAssigning) return false
  for (const colocation of parent.thisWith) {
    const { score } = colocation
    if (isSparse || score < 0 || score === INFINITY) insertThisWith(instance.thisWith, colocation)
  }
  for (const colocation of parent.withThis) {
    if (hasInfluence(colocation, instance) && (isSparse || colocation.score < 0)) {
      insertWithThis(instance.withThis, colocation)
    }
  }
  if (0 <= preferred && (instance.scores[preferred] === ABSENT || instance.scores[preferred]! < 0)) return false
  restrictToParent(sheet, instance, parent, limit)
  const before = instance.scores.slice()
  const mark = markOf(sheet)
  const node = assign(sheet, instance, preferred)
  if (node < 0) return false
  if (0 <= preferred && node !== preferred) {
    instance.scores = before
    noteUndo(sheet, instance, mark, because(`attempt on ${sheet.nodes[preferred]!.name}`))
    sheet.choices?.delete(instance.index)
    if (instance.variant === PRIMITIVE) undo(sheet, instance)
    return false
  }
  if (parent.scores[node] !== ABSENT) parent.counts[node]!++
  return true
}

/** Bans the nodes where the parent may have no (further) instance. Source: spec B-15.9, step 4. */
function restrictToParent(sheet: Worksheet, instance: Resource, parent: Resource, limit: number): void {
  for (let node = 0; node < instance.scores.length; node++) {
    if (instance.scores[node] === ABSENT) continue
    const score = parent.scores[node]!
    let what: string | undefined
    if (!isAvailable(sheet.nodes[node]!)) what = 'node not available'
    else if (instance.from.orphan) what = 'orphan'
    else if (score === ABSENT || score < 0) what = `${parent.id} is banned here`
    else if (limit <= parent.counts[node]!) what = `${parent.id} has its instances here`
    if (what !== undefined) banWhereKnown(sheet, instance, node, what)
  }
}

function banWhereKnown(sheet: Worksheet, resource: Resource, node: number, what: string): void {
  if (resource.scores[node] !== ABSENT) {
    resource.scores[node] = addScores(resource.scores[node]!, -INFINITY)
    note(sheet, resource, node, -INFINITY, 'add', because(what))
  }
  for (const child of resource.children) banWhereKnown(sheet, child, node, what)
}
