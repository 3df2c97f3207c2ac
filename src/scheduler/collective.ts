/**
 * The actions of every resource: those of primitives, and the points in time that groups, clones and bundles add around them.
 *
 * Reads   what primitives have asked for
 * Writes  actions, links, notification sets; Resource.priority of promotable instances
 * Runs    after probes, before fencing
 * Source  spec C-11, C-19.1
 */

import { isTrue } from '../cib/values.ts'
import { type Action, link, MIGRATABLE, ORDER } from './action.ts'
import { sortInstances } from './implicit-clone.ts'
import { leavesOf } from './nodes.ts'
import { createNotificationSet, linkSets, type NotifiedTask, notificationSet } from './notify.ts'
import { actionsOf, isPseudo, isRequired, isRunnable, setFlags } from './record.ts'
import { requestPseudo } from './request.ts'
import { createPrimitiveActions } from './roles.ts'
import { BUNDLE, CLONE, GROUP, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** Creates the actions of all resources, in the order of the resource list. */
export function createActions(sheet: Worksheet): void {
  for (const resource of sheet.tops) createActionsOf(sheet, resource)
}

function createActionsOf(sheet: Worksheet, resource: Resource): void {
  switch (resource.variant) {
    case PRIMITIVE:
      return createPrimitiveActions(sheet, resource)
    case GROUP:
      return createGroupActions(sheet, resource)
    case CLONE:
      return createCloneActions(sheet, resource)
    case BUNDLE:
      return createBundleActions(sheet, resource)
  }
}

/** Source: spec C-11.2. */
function createGroupActions(sheet: Worksheet, group: Resource): void {
  for (const member of group.children) createPrimitiveActions(sheet, member)
  const tasks = ['start', 'running', 'stop', 'stopped']
  if (isTrue(group.from.meta.get('promotable'))) tasks.push('demote', 'demoted', 'promote', 'promoted')
  for (const task of tasks) requestPseudo(sheet, group, { task, optional: true, runnable: true })
}

/** Source: spec C-11.3 to C-11.5. */
function createCloneActions(sheet: Worksheet, clone: Resource): void {
  createFrame(sheet, clone, clone.children)
  if (clone.from.clone?.ordered) linkInstances(clone)
  if (!clone.from.promotable) return
  for (const instance of clone.children) createActionsOf(sheet, instance)
  const leaves = leavesOf(clone)
  const isAny = (tail: string): boolean => leaves.some((leaf) => actionsOf(leaf, tail).some(isRequired))
  const [promoting, demoting] = [isAny('promote_0'), isAny('demote_0')]
  createPhase(sheet, clone, { tasks: ['promote', 'promoted'], optional: !promoting })
  createPhase(sheet, clone, { tasks: ['demote', 'demoted'], optional: !demoting })
  const set = (task: NotifiedTask) => notificationSet(sheet, clone, task)
  linkSets(set('stop'), set('promote'))
  linkSets(set('start'), set('promote'))
  linkSets(set('demote'), set('promote'))
  linkSets(set('demote'), set('start'))
  linkSets(set('demote'), set('stop'))
  for (const instance of clone.children) instance.priority = clone.priority
}

/** The instances' actions, then start, running, stop and stopped around them. Source: spec C-11.3. */
function createFrame(sheet: Worksheet, resource: Resource, instances: readonly Resource[]): void {
  let [isActive, isStarting, isStopping, isRestarting] = [false, false, false, false]
  for (const instance of instances) {
    createActionsOf(sheet, instance)
    const leaves = leavesOf(instance)
    const stops = leaves.some((leaf) => actionsOf(leaf, 'stop_0').some((stop) => isRequired(stop) && isEffective(stop)))
    const starts = leaves.some((leaf) =>
      actionsOf(leaf, 'start_0').some((start) => isRequired(start) && isRunnable(start)),
    )
    isActive ||= leaves.some(({ runningOn }) => 0 < runningOn.length)
    isStarting ||= starts
    isStopping ||= stops
    isRestarting ||= starts && stops
  }
  const runnable = isActive || isStarting
  createPhase(sheet, resource, { tasks: ['start', 'running'], optional: !isStarting, runnable })
  const { action } = createPhase(sheet, resource, { tasks: ['stop', 'stopped'], optional: !isStopping })
  if (!isRestarting) setFlags(action, MIGRATABLE)
  linkSets(notificationSet(sheet, resource, 'stop'), notificationSet(sheet, resource, 'start'))
}

function isEffective(action: Action): boolean {
  return isRunnable(action) || isPseudo(action)
}

interface Phase {
  readonly tasks: readonly [NotifiedTask, completion: string]
  readonly optional: boolean
  /** Whether the completion may run. */
  readonly runnable?: boolean
}

/** The beginning and the completion of one kind of action, with the notifications around them. */
function createPhase(
  sheet: Worksheet,
  resource: Resource,
  { tasks: [task, completed], optional, runnable = true }: Phase,
): { readonly action: Action } {
  const action = requestPseudo(sheet, resource, { task, optional, runnable: true })
  const completion = requestPseudo(sheet, resource, { task: completed, optional, runnable })
  completion.priority = 1_000_000
  if (resource.variant === CLONE && resource.from.notify) {
    createNotificationSet(sheet, resource, task, { action, completion })
  }
  return { action }
}

/** Instances of an ordered clone follow each other directly. Source: spec C-11.4. */
function linkInstances(clone: Resource): void {
  sortInstances(clone)
  const only = (instance: Resource, tail: string): Action | undefined => {
    const required = actionsOf(instance, tail).filter(isRequired)
    return required.length === 1 ? required[0] : undefined
  }
  let [lastStart, lastStop]: (Action | undefined)[] = []
  for (const instance of clone.children) {
    const stop = only(instance, 'stop_0')
    const start = only(instance, 'start_0')
    link(stop, lastStop, ORDER)
    link(lastStart, start, ORDER)
    lastStop = stop ?? lastStop
    lastStart = start ?? lastStart
  }
}

/** Source: spec C-11.6. */
function createBundleActions(sheet: Worksheet, bundle: Resource): void {
  const state = bundle.from.bundle!
  const { resources } = sheet
  for (const { ip, container, remote } of state.replicas) {
    for (const index of [ip, container, remote]) {
      const part = resources[index]
      if (part !== undefined) createPrimitiveActions(sheet, part)
    }
  }
  createFrame(
    sheet,
    bundle,
    state.replicas.map(({ container }) => resources[container]!),
  )
  const inner = resources[state.clone]
  if (inner === undefined) return
  createCloneActions(sheet, inner)
  if (!inner.from.promotable) return
  createPhase(sheet, bundle, { tasks: ['promote', 'promoted'], optional: true })
  createPhase(sheet, bundle, { tasks: ['demote', 'demoted'], optional: true })
}
