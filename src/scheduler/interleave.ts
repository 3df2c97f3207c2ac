/**
 * Interleaving: an ordering between two clones (or bundles) that holds between instances on the same node.
 *
 * Reads   assignments or current nodes of instances
 * Writes  links between partners; takes away the assignment of an instance that finds no partner
 * Runs    within propagation
 * Source  spec C-15.9
 */
import { isTrue } from '../cib/values.ts'
import { link, NEEDS_RUN, THEN_REQ } from './action.ts'
import { finalize, sortedNodes } from './choose.ts'
import { assignedNode, isBlocked, leavesOf, singleHome } from './nodes.ts'
import { FIRST, type Propagation, type Step, THEN } from './propagation.ts'
import { newestOf } from './record.ts'
import { foldTask, partsOf, summarize, summaryTask } from './summary.ts'
import { CLONE, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** The effect of a step by the method of a resource's variant (effects.ts). */
type Apply = (run: Propagation, method: Resource, step: Step) => number

/** Pairs the instances of both sides; undefined where this ordering is not interleaved. */
export function interleave(run: Propagation, step: Step, apply: Apply): number | undefined {
  const { first, then } = step.record
  const [one, other] = [first.resource, then.resource]
  if (one === undefined || other === undefined || one === other || one.variant < CLONE || other.variant < CLONE)
    return undefined
  const isDown = then.tail.endsWith('stop_0') || then.tail.endsWith('demote_0')
  if (!isTrue((isDown ? one : other).from.meta.get('interleave'))) return undefined
  const isCurrent = first.tail.endsWith('stopped_0') || first.tail.endsWith('demoted_0')
  let changed = 0
  for (const part of partsOf(run.sheet, other)) {
    const partner = findPartner(run.sheet, part, one, isCurrent)
    changed |=
      partner === undefined ? abandon(run.sheet, step, part, isCurrent) : pair(run, step, [partner, part], apply)
  }
  return changed
}

/** The instance of `resource` that is where `part` is. Source: spec C-15.9, step 1. */
export function findPartner(
  sheet: Worksheet,
  part: Resource,
  resource: Resource,
  isCurrent: boolean,
): Resource | undefined {
  const home = placeOf(part, isCurrent)
  const nodes = 0 <= home ? [home] : sortedNodes(sheet, part.scores, -1, part.inserted)
  const candidates = partsOf(sheet, resource)
  for (const node of nodes) {
    const partner = candidates.find((candidate) => placeOf(candidate, isCurrent) === node && !isBlocked(candidate))
    if (partner !== undefined) return partner
  }
  return undefined
}

function placeOf(part: Resource, isCurrent: boolean): number {
  return isCurrent ? singleHome(part) : assignedNode(part)
}

/** Source: spec C-15.9, step 2. */
function abandon(sheet: Worksheet, { bit }: Step, part: Resource, isCurrent: boolean): number {
  if (isCurrent || (bit & (NEEDS_RUN | THEN_REQ)) === 0) return 0
  let changed = 0
  for (const leaf of leavesOf(part)) {
    if (0 <= leaf.assigned) changed = THEN
    finalize(sheet, leaf, -1, 'forced')
  }
  return changed
}

/** Source: spec C-15.9, step 3. */
function pair(run: Propagation, step: Step, [partner, part]: readonly [Resource, Resource], apply: Apply): number {
  const { bit, node, record } = step
  const asked = summaryTask(record.first)
  const task = partner.variant === PRIMITIVE ? foldTask(asked) : asked
  const first = newestOf(partner, `${task}_0`, node)
  const then = newestOf(part, `${record.then.task}_0`, node)
  if (first === undefined || then === undefined) return 0
  let changed = link(first, then, bit, record.origin) ? FIRST | THEN : 0
  const flags = summarize(run.sheet, first, partner, -1)
  changed |= apply(run, part, { ...step, flags, record: { ...record, first, then } })
  return changed
}
