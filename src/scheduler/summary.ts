/**
 * The ordering flags of actions: their own for primitives, a summary over the members for collectives, which the collective's
 * action takes on as well.
 *
 * Reads   actions of members
 * Writes  OPTIONAL and RUNNABLE of the collective's own action
 * Runs    within propagation, and once more for each clone before it is written
 * Source  spec C-15.3, C-15.6
 */
import { type Action, OPTIONAL, PSEUDO, RUNNABLE } from './action.ts'
import { containersOf } from './colocate.ts'
import { newestOf } from './record.ts'
import { BUNDLE, CLONE, GROUP, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

const FOLDED = new Map([
  ['running', 'start'],
  ['stopped', 'stop'],
  ['promoted', 'promote'],
  ['demoted', 'demote'],
])

/** The task whose completion a collective's task stands for, where members have no such point of their own. */
export function foldTask(task: string): string {
  return FOLDED.get(task) ?? task
}

/** Tasks that a summary knows; of others, such as migrations, it finds nothing among the members (probed). */
const SUMMARIZED = new Set(['monitor', 'start', 'stop', 'promote', 'demote', ...FOLDED.keys(), 'notify', 'notified'])

function memberAction(member: Resource, task: string, node: number): Action | undefined {
  return SUMMARIZED.has(task) ? newestOf(member, `${task}_0`, node) : undefined
}

/** The flags that an ordering sees; `other` is the node of the action at its other end, or −1. Source: spec C-15.3. */
export function orderingFlags(sheet: Worksheet, action: Action, other: number): number {
  const { resource } = action
  if (resource === undefined || resource.variant === PRIMITIVE) return action.flags
  const flags = summarize(sheet, action, resource, -1)
  if (resource.variant !== CLONE || other < 0) return flags
  const restricted = summarize(sheet, action, resource, other)
  return (flags & RUNNABLE) === 0 ? restricted : restricted | RUNNABLE
}

/** The summary over members, on one node or on all (−1). Source: spec C-15.6. */
export function summarize(sheet: Worksheet, action: Action, resource: Resource, node: number): number {
  switch (resource.variant) {
    case PRIMITIVE:
      return action.flags
    case GROUP:
      return summarizeGroup(action, resource, node)
    case CLONE:
    case BUNDLE:
      return summarizeInstances(sheet, action, resource, node)
  }
}

function summarizeGroup(action: Action, group: Resource, node: number): number {
  let flags = OPTIONAL | RUNNABLE | PSEUDO
  const task = foldTask(action.task)
  for (const member of group.children) {
    const own = memberAction(member, task, node)
    if (own === undefined) {
      if (task !== 'stop' && task !== 'demote') flags &= ~RUNNABLE
      continue
    }
    if ((own.flags & OPTIONAL) === 0) {
      flags &= ~OPTIONAL
      action.flags &= ~OPTIONAL
    }
    if (task !== action.task && (own.flags & RUNNABLE) === 0) {
      flags &= ~RUNNABLE
      action.flags &= ~RUNNABLE
    }
  }
  return flags
}

function summarizeInstances(sheet: Worksheet, action: Action, resource: Resource, node: number): number {
  let flags = OPTIONAL | RUNNABLE | PSEUDO
  const children = instancesFor(sheet, resource, action.task)
  const task = children[0]?.variant === PRIMITIVE ? foldTask(summaryTask(action)) : summaryTask(action)
  let isAnyRunnable = false
  for (const child of children) {
    const own = memberAction(child, task, child.variant === PRIMITIVE ? node : -1)
    if (own === undefined) continue
    const ownFlags = summarize(sheet, own, child, node)
    if ((ownFlags & OPTIONAL) === 0) {
      flags &= ~OPTIONAL
      action.flags &= ~OPTIONAL
    }
    if ((ownFlags & RUNNABLE) !== 0) isAnyRunnable = true
  }
  if (isAnyRunnable) return flags
  if (node < 0) action.flags &= ~RUNNABLE
  return flags & ~RUNNABLE
}

/** For notifications the task that they tell of: what stands between the last two underscores of the key. */
export function summaryTask({ task, tail }: Action): string {
  if (task !== 'notify' && task !== 'notified') return task
  return tail.split('_').at(-2) ?? task
}

const CONTAINER_TASKS = new Set(['start', 'running', 'stop', 'stopped', 'monitor'])

/** What the summary of a clone or bundle looks at. */
function instancesFor(sheet: Worksheet, resource: Resource, task: string): readonly Resource[] {
  if (resource.variant === CLONE) return resource.children
  const clone = sheet.resources[resource.from.bundle!.clone]
  return clone !== undefined && !CONTAINER_TASKS.has(task) ? clone.children : containersOf(sheet, resource)
}

/** The instances of a clone, the containers of a bundle, the members of a group. */
export function partsOf(sheet: Worksheet, resource: Resource): readonly Resource[] {
  return resource.variant === BUNDLE ? containersOf(sheet, resource) : resource.children
}
