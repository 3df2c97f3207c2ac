/**
 * What one link does to the flags of its two actions.
 *
 * Reads   flags of both ends, roles
 * Writes  flags, reasons and causes of both ends; links of interleaved instances
 * Runs    within propagation, for every record of every action
 * Source  spec C-15.3 to C-15.5, C-15.7, C-15.8
 */
import { isActiveOn } from '../cib/active.ts'
import { PROMOTED, STARTED, STOPPED } from '../cib/role.ts'
import {
  type Action,
  ASYM,
  FIRST_MIG,
  FIRST_REQ,
  type Link,
  MIGRATABLE,
  NEEDS_RUN,
  ONE_OR_MORE,
  OPTIONAL,
  ORDER,
  PROBE_GATE,
  PROMOTED_FIRST_REQ,
  PSEUDO,
  PSEUDO_NEEDS_RUN,
  RESTART,
  RUNNABLE,
  SHOW,
  SHOW_FIRST,
  SHOW_THEN,
  THEN_REQ,
  THEN_REQ_NODE,
} from './action.ts'
import { interleave } from './interleave.ts'
import { orderingRole } from './nodes.ts'
import { FIRST, type Propagation, type Step, THEN, updateFollowers } from './propagation.ts'
import { newestOf } from './record.ts'
import { orderingFlags, partsOf, summarize } from './summary.ts'
import { CLONE, GROUP, PRIMITIVE, type Resource } from './worksheet.ts'

/** Applies all bits of a record; returns which ends changed. Source: spec C-15.3. */
export function applyRecord(run: Propagation, record: Link, firstNode: number, thenNode: number): number {
  const { first, then } = record
  const flags = orderingFlags(run.sheet, first, thenNode)
  const thenFlags = orderingFlags(run.sheet, then, firstNode)
  let changed = 0
  if ((record.bits & THEN_REQ_NODE) !== 0) {
    record.bits = (record.bits & ~THEN_REQ_NODE) | THEN_REQ
    changed |= onThen(run, { bit: THEN_REQ, record, flags, node: first.node })
  } else if ((record.bits & THEN_REQ) !== 0) changed |= onThen(run, { bit: THEN_REQ, record, flags, node: then.node })
  for (const bit of IN_ORDER) {
    if ((record.bits & bit) === 0) continue
    // By itself a pure ordering changes nothing, but instances of interleaved clones are linked for it too.
    if (bit === ORDER && !(isMultiple(first.resource) && isMultiple(then.resource))) continue
    // The node is the action's own: where a group's members are limits whose flags count, not which members are reached (probed).
    const step = { bit, record, flags, node: then.node }
    changed |= bit === FIRST_REQ ? onFirst(run, step) : onThen(run, step)
  }
  if ((record.bits & SHOW_THEN) !== 0 && (first.flags & RUNNABLE) !== 0 && (flags & OPTIONAL) === 0) then.flags |= SHOW
  if ((record.bits & SHOW_FIRST) !== 0 && (thenFlags & OPTIONAL) === 0) first.flags |= SHOW
  return changed | blockBehind(record)
}

const IN_ORDER = [
  RESTART,
  FIRST_REQ,
  PROMOTED_FIRST_REQ,
  ONE_OR_MORE,
  PROBE_GATE,
  NEEDS_RUN,
  FIRST_MIG,
  PSEUDO_NEEDS_RUN,
  ORDER,
  ASYM,
] as const

/** The last row of C-15.3: behind a stop that is blocked nothing can run. */
function blockBehind({ bits, first, then, origin }: Link): number {
  if ((bits & (THEN_REQ | FIRST_REQ | RESTART)) === 0 || first.task !== 'stop') return 0
  const { resource } = first
  if (resource === undefined || resource.managed || !resource.blocked) return 0
  if ((first.flags & RUNNABLE) !== 0 || (then.flags & RUNNABLE) === 0) return 0
  then.flags &= ~RUNNABLE
  then.cause = { kind: 'unrunnable', action: first, origin }
  return THEN
}

function onThen(run: Propagation, step: Step): number {
  const { then } = step.record
  if (then.resource !== undefined) return applyBy(run, then.resource, step)
  return withoutResource(step)
}

function onFirst(run: Propagation, step: Step): number {
  const { first } = step.record
  if (first.resource !== undefined) return applyBy(run, first.resource, step)
  const isHit = (step.flags & OPTIONAL) === 0 && (first.flags & RUNNABLE) !== 0
  if (isHit) loseRun(first, step.record.then, step.record)
  return isHit ? FIRST : 0
}

/** Source: spec C-15.3, the end. */
function withoutResource({ bit, record, flags }: Step): number {
  const { first, then } = record
  if (bit === THEN_REQ) return (flags & OPTIONAL) === 0 && require(then, first, record) ? THEN : 0
  if (bit === NEEDS_RUN) return (flags & RUNNABLE) === 0 && loseRun(then, first, record) ? THEN : 0
  if (bit !== ONE_OR_MORE || (flags & RUNNABLE) === 0) return 0
  then.runnableBefore++
  if (then.runnableBefore < then.requiredBefore || (then.flags & RUNNABLE) !== 0) return 0
  then.flags |= RUNNABLE
  return THEN
}

/** The effect by the method of one variant. Source: spec C-15.7. */
export function applyBy(run: Propagation, method: Resource, step: Step): number {
  if (method.variant === PRIMITIVE) return byTable(run, step)
  const { then } = step.record
  if (method.variant !== GROUP) {
    const paired = interleave(run, step, applyBy)
    if (paired !== undefined) return paired
  }
  let changed = byTable(run, step)
  if (then.resource === undefined) return changed
  for (const part of partsOf(run.sheet, then.resource)) {
    const own = newestOf(part, `${then.task}_0`, step.node)
    if (own === undefined) continue
    // The members of a group are asked whether they can run or not; instances only where they can.
    if (method.variant !== GROUP && (summarize(run.sheet, own, part, -1) & RUNNABLE) === 0) continue
    const partChanged = applyBy(run, part, { ...step, record: between(step.record, own) })
    changed |= partChanged
    // What follows an instance hears of it at once; what follows a member of a group only when its own turn comes (probed).
    if (method.variant !== GROUP && (partChanged & THEN) !== 0) updateFollowers(run, own)
  }
  return changed
}

/** The record of the same first action with the action of a member in the place of its own. */
function between(record: Link, then: Action): Link {
  return { ...record, then }
}

/**
 * The table, then at once the parents of what changed. Where a member stands on both sides (an ordering between it and its own group),
 * what changed is both ends, so that its followers hear of it (found by probing).
 */
function byTable(run: Propagation, step: Step): number {
  const { first, then } = step.record
  const atTable = applyTable(run, step)
  const changed = atTable !== 0 && first === then ? FIRST | THEN : atTable
  if ((changed & THEN) !== 0 && then.resource?.parent !== undefined) run.update(then)
  return changed
}

function applyTable(run: Propagation, { bit, record, flags }: Step): number {
  const { first, then } = record
  const needsRun = (): number => ((then.flags & RUNNABLE) !== 0 && (flags & RUNNABLE) === 0 ? stopThen(record) : 0)
  switch (bit) {
    case THEN_REQ:
      return (flags & OPTIONAL) === 0 && (first.flags & MIGRATABLE) === 0 && require(then, first, record) ? THEN : 0
    case RESTART:
      return restart(record)
    case FIRST_REQ:
      if ((then.flags & OPTIONAL) !== 0 || (flags & MIGRATABLE) === 0 || (then.flags & MIGRATABLE) !== 0) return 0
      return loseMigration(first, then, record) ? FIRST : 0
    case PROMOTED_FIRST_REQ:
      return promotedFirst(record)
    case PROBE_GATE:
      if ((flags & RUNNABLE) !== 0 || first.resource === undefined || !isActiveOn(run.sheet.nodes, first.resource))
        return needsRun()
      record.bits = 0
      return 0
    case NEEDS_RUN:
      return needsRun()
    case FIRST_MIG:
      return firstMigration(record)
    case PSEUDO_NEEDS_RUN: {
      if ((first.flags & RUNNABLE) !== 0) return 0
      const isChanged = loseMigration(then, first, record) || (then.flags & PSEUDO) !== 0
      then.flags &= ~PSEUDO
      return isChanged ? THEN : 0
    }
    case ASYM:
      return asymmetric(record)
    default:
      return 0
  }
}

function stopThen(record: Link): number {
  const { first, then } = record
  loseRun(then, first, record)
  loseMigration(then, first, record)
  return THEN
}

function promotedFirst(record: Link): number {
  const { first, then } = record
  if ((then.flags & OPTIONAL) !== 0 || then.resource!.role !== PROMOTED) return 0
  let isChanged = require(first, then, record)
  if ((then.flags & MIGRATABLE) === 0 && loseMigration(first, then, record)) isChanged = true
  return isChanged ? FIRST : 0
}

function firstMigration(record: Link): number {
  const { first, then } = record
  let isChanged = false
  if ((then.flags & MIGRATABLE) === 0 || (then.flags & RUNNABLE) === 0) isChanged = loseRun(first, then, record)
  if ((then.flags & OPTIONAL) === 0 && require(first, then, record)) isChanged = true
  return isChanged ? FIRST : 0
}

/** Source: spec C-15.5. */
function restart(record: Link): number {
  const { first, then } = record
  if (first.resource?.variant !== PRIMITIVE || then.resource?.variant !== PRIMITIVE) return 0
  const isRequired = (then.flags & OPTIONAL) === 0
  const cannotRun = (then.flags & RUNNABLE) === 0 && then.resource.managed && first.resource === then.resource
  if (!isRequired && !cannotRun) return 0
  let changed = 0
  if (((first.flags & RUNNABLE) !== 0 || isRequired) && require(first, then, record)) changed |= FIRST
  if ((then.flags & MIGRATABLE) === 0 && loseMigration(first, then, record)) changed |= FIRST
  const isStuck = (first.flags & (OPTIONAL | RUNNABLE)) === 0
  if (isStuck && loseRun(then, first, record)) changed |= THEN
  return changed
}

/** Source: spec C-15.8. */
function asymmetric(record: Link): number {
  const { first, then } = record
  const role = orderingRole(then.resource!)
  const { runningOn } = then.resource!
  if (role === STOPPED && then.task === 'stop') return 0
  const isAtHome = STARTED <= role && runningOn.length === 1 && runningOn[0] === then.node
  if (isAtHome && then.task === 'start' && (then.flags & OPTIONAL) !== 0) return 0
  if ((first.flags & RUNNABLE) !== 0) return 0
  const isRequired = require(then, first, record)
  return loseRun(then, first, record) || isRequired ? THEN : 0
}

/** Makes an action required because of another; false where it was. */
export function require(action: Action, by: Action, { origin }: Link): boolean {
  if ((action.flags & OPTIONAL) === 0) return false
  action.flags &= ~OPTIONAL
  if (isForeign(action, by)) action.reason ??= reasonText('required', by)
  action.cause ??= { kind: 'required', action: by, origin }
  return true
}

/** Makes an action unrunnable because of another; false where it was. */
export function loseRun(action: Action, by: Action, { origin }: Link): boolean {
  if ((action.flags & RUNNABLE) === 0) return false
  action.flags &= ~RUNNABLE
  if (isForeign(action, by)) action.reason ??= reasonText('unrunnable', by)
  if (action.cause === undefined || action.cause.kind !== 'unrunnable')
    action.cause = { kind: 'unrunnable', action: by, origin }
  return true
}

function loseMigration(action: Action, by: Action, { origin }: Link): boolean {
  if ((action.flags & MIGRATABLE) === 0) return false
  action.flags &= ~MIGRATABLE
  if (isForeign(action, by)) action.reason = reasonText('unrunnable', by)
  action.cause ??= { kind: 'unmigratable', action: by, origin }
  return true
}

/** Source: spec C-15.4; actions without resource get no reason this way (found by bug-5028). */
function isForeign({ resource }: Action, by: Action): boolean {
  return resource !== undefined && resource !== by.resource
}

function reasonText(word: 'required' | 'unrunnable', { resource, task }: Action): string {
  return resource === undefined ? `${word} ${task}` : `${word} ${resource.id} ${task}`
}

/** Clones and bundles, whose instances may be paired. */
function isMultiple(resource: Resource | undefined): boolean {
  return resource !== undefined && CLONE <= resource.variant
}
