/**
 * Notification sets: the points before and after each kind of action of a clone, between which its instances are told.
 *
 * The notifications of the instances themselves come much later (notify-instances.ts), when the graph is written.
 *
 * Reads   the clone's own actions
 * Writes  Worksheet.notifications, pseudo-actions, links
 * Runs    right after the actions that a set surrounds
 * Source  spec C-19.1, C-19.2, C-11.3, C-11.5
 */
import { type Action, link, ORDER, THEN_REQ } from './action.ts'
import { addMeta, isRequired, isRunnable } from './record.ts'
import { requestPseudo } from './request.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** What a clone tells its instances about. */
export type NotifiedTask = 'start' | 'stop' | 'promote' | 'demote'

/** The points around the actions of one kind. Absent before a stop that fencing implies. */
export interface NotificationSet {
  readonly task: NotifiedTask
  readonly pre: Action | undefined
  readonly preDone: Action | undefined
  readonly post: Action
  readonly postDone: Action
}

/** The four points around `action` and its completion. Source: spec C-19.1. */
export function createNotificationSet(
  sheet: Worksheet,
  clone: Resource,
  task: NotifiedTask,
  { action, completion }: { readonly action: Action; readonly completion: Action },
): NotificationSet {
  const before = { optional: !isRequired(action), runnable: true }
  const after = { optional: !isRequired(completion), runnable: isRunnable(completion) }
  const make = (type: string, operation: string, state: typeof before): Action =>
    createPoint(sheet, clone, { type, operation, task, ...state })
  const pre = make('pre', task, before)
  const preDone = make('confirmed-pre', task, before)
  const post = make('post', completion.task, after)
  const postDone = make('confirmed-post', completion.task, after)
  link(pre, preDone, ORDER)
  link(preDone, action, ORDER)
  link(completion, post, THEN_REQ)
  link(post, postDone, THEN_REQ)
  link(preDone, post, ORDER)
  const set: NotificationSet = { task, pre, preDone, post, postDone }
  const known = sheet.notifications.get(clone)
  if (known === undefined) sheet.notifications.set(clone, [set])
  else known.push(set)
  return set
}

interface Point {
  readonly type: string
  readonly operation: string
  readonly task: NotifiedTask
  readonly optional: boolean
  readonly runnable: boolean
}

/** One point of a set. Source: spec C-19.1. */
export function createPoint(sheet: Worksheet, resource: Resource, point: Point): Action {
  const { type, operation, task, optional, runnable } = point
  const isConfirmation = type.startsWith('confirmed-')
  const action = requestPseudo(sheet, resource, {
    task: isConfirmation ? 'notified' : 'notify',
    tail: `${type}_notify_${operation}_0`,
    optional,
    runnable,
  })
  if (type.endsWith('post')) action.priority = 1_000_000
  addMeta(action, 'notify_key_type', type)
  addMeta(action, 'notify_key_operation', operation)
  addMeta(action, 'notify_type', type.endsWith('pre') ? 'pre' : 'post')
  addMeta(action, 'notify_operation', task)
  return action
}

/** The set of a clone for one task. */
export function notificationSet(sheet: Worksheet, clone: Resource, task: NotifiedTask): NotificationSet | undefined {
  return sheet.notifications.get(clone)?.find((set) => set.task === task)
}

/** One set's end before another's beginning. Source: spec C-19.2. */
export function linkSets(first: NotificationSet | undefined, then: NotificationSet | undefined): void {
  link(first?.postDone, then?.pre, ORDER)
}
