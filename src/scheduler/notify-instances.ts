/**
 * Notifications of the instances of a clone: what each is told, where, and before and after which actions.
 *
 * Reads   the clone's notification sets, required actions of its primitives
 * Writes  actions, links, meta values
 * Runs    for each clone just before its actions are written to the graph; for stops that fencing implies when they are implied
 * Source  spec C-19.3 to C-19.8
 */
import { PROMOTED, STARTED, STOPPED, UNPROMOTED } from '../cib/role.ts'
import { isSameText } from '../cib/values.ts'
import { type Action, link, OPTIONAL, ORDER, THEN_REQ } from './action.ts'
import { currentNode, isGuest, leavesOf } from './nodes.ts'
import { createPoint, type NotificationSet, type NotifiedTask } from './notify.ts'
import { metaOf } from './op-meta.ts'
import { addMeta, clearFlags, isPseudo, isRequired, isRunnable, newestOf } from './record.ts'
import { requestAction } from './request.ts'
import { ABSENT, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

const TASKS: readonly NotifiedTask[] = ['start', 'stop', 'promote', 'demote']

/** Creates the notifications of all instances of a clone. Source: spec C-19.3. */
export function createInstanceNotifications(sheet: Worksheet, clone: Resource): void {
  const sets = sheet.notifications.get(clone)
  if (sets === undefined) return
  const leaves = leavesOf(clone)
  for (const task of TASKS) {
    const set = sets.find((other) => other.task === task)
    if (set === undefined) continue
    const entries = collectEntries(sheet, leaves)
    const isEmpty = entries[task].length === 0
    if (!isEmpty) {
      for (const point of [set.pre, set.preDone, set.post, set.postDone]) {
        if (point !== undefined) clearFlags(point, OPTIONAL)
      }
    }
    const telling = { sheet, set, isEmpty, texts: toTexts(sheet, clone, entries) }
    for (const leaf of leaves) tell(telling, leaf)
  }
}

/** What a set has to tell. */
interface Telling {
  readonly sheet: Worksheet
  readonly set: NotificationSet
  /** No instance takes this step. */
  readonly isEmpty: boolean
  readonly texts: readonly (readonly [name: string, value: string])[]
}

interface Entry {
  readonly resource: Resource
  readonly node: WorkNode | undefined
}

type Entries = Record<NotifiedTask | 'active' | 'inactive' | 'promoted' | 'unpromoted', Entry[]>

/** Source: spec C-19.4. */
function collectEntries(sheet: Worksheet, leaves: readonly Resource[]): Entries {
  const entries: Entries = {
    start: [],
    stop: [],
    promote: [],
    demote: [],
    active: [],
    inactive: [],
    promoted: [],
    unpromoted: [],
  }
  for (const resource of leaves) {
    const { role, runningOn } = resource
    const here: Entry = { resource, node: sheet.nodes[runningOn[0] ?? -1] }
    if (role === STOPPED) entries.inactive.push(here)
    else if (STARTED <= role) entries.active.push(here)
    if (role === UNPROMOTED) entries.unpromoted.push(here)
    if (role === PROMOTED) entries.promoted.push(here)
    for (const action of resource.actions) {
      const task = TASKS.find((known) => known === action.task)
      const node = sheet.nodes[action.node]
      if (task === undefined || node === undefined || !isRequired(action)) continue
      if (isRunnable(action) || (task === 'stop' && node.unclean)) entries[task].push({ resource, node })
    }
  }
  return entries
}

/** Source: spec C-19.5. */
function toTexts(sheet: Worksheet, clone: Resource, entries: Entries): Telling['texts'] {
  const texts: (readonly [string, string])[] = []
  const add = (name: string, list: readonly Entry[]): void => {
    const [resources, nodes] = toLists(list)
    texts.push([`notify_${name}_resource`, resources], [`notify_${name}_uname`, nodes])
  }
  for (const name of ['stop', 'start', 'demote', 'promote', 'active', 'unpromoted', 'promoted'] as const) {
    add(name, entries[name])
  }
  add('slave', entries.unpromoted)
  add('master', entries.promoted)
  texts.push(['notify_inactive_resource', toLists(entries.inactive)[0]])
  const names = (indexes: readonly number[]): string => orBlank(indexes.map((index) => sheet.nodes[index]!.name))
  texts.push(['notify_available_uname', names(sheet.nodeOrder.filter((index) => clone.scores[index] !== ABSENT))])
  texts.push(['notify_all_uname', names(sheet.nodeOrder)])
  if (isSameText(clone.from.meta.get('container-attribute-target'), 'host')) {
    texts.push(['notify_all_hosts', orBlank(sheet.nodeOrder.map((index) => hostName(sheet, sheet.nodes[index]!)))])
  }
  return texts
}

/** A node's name, or that of the host where its container is active. */
function hostName(sheet: Worksheet, node: WorkNode): string {
  const host = isGuest(node) ? sheet.nodes[currentNode(sheet, node.connection!.container!)] : undefined
  return (host ?? node).name
}

function orBlank(words: readonly string[]): string {
  return words.length === 0 ? ' ' : words.join(' ')
}

/** Ids of resources and names of nodes; of a resource that is listed twice, the first place. */
function toLists(entries: readonly Entry[]): readonly [resources: string, nodes: string] {
  const compare = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1)
  const sorted = [...entries].sort(
    (left, right) => compare(left.resource.id, right.resource.id) || compare(left.node?.id ?? '', right.node?.id ?? ''),
  )
  const first = sorted.filter(({ resource }, at) => sorted[at - 1]?.resource !== resource)
  return [orBlank(first.map(({ resource }) => resource.id)), orBlank(first.flatMap(({ node }) => node?.name ?? []))]
}

/** What one instance is told. Source: spec C-19.7. */
function tell(telling: Telling, instance: Resource): void {
  const { sheet, set, isEmpty, texts } = telling
  const { task } = set
  for (const action of instance.actions) {
    if (action.node < 0 || !isRequired(action) || !TASKS.some((known) => known === action.task)) continue
    for (const [name, value] of texts) addMeta(action, name, value)
  }
  if (task !== 'stop' && isEmpty) return
  if (task === 'stop' || task === 'demote') {
    if (instance.role === STOPPED) return
    const stop = newestOf(instance, 'stop_0')
    for (const index of instance.runningOn) {
      const node = sheet.nodes[index]!
      if (stop !== undefined && isPseudo(stop) && (node.unclean || node.requiresReset)) continue
      notify(telling, instance, node, 'pre')
      if (task === 'demote' || stop === undefined || !isRequired(stop)) notify(telling, instance, node, 'post')
    }
    return
  }
  const node = sheet.nodes[instance.assigned]
  if (instance.nextRole === STOPPED || node === undefined) return
  const start = newestOf(instance, 'start_0')
  const connection = sheet.nodes[start?.node ?? -1]?.connection
  const connecting = connection === undefined ? undefined : newestOf(connection, 'start_0')
  if (connecting !== undefined && !isRunnable(connecting)) return
  if (task === 'promote' || start === undefined || !isRequired(start)) notify(telling, instance, node, 'pre')
  notify(telling, instance, node, 'post')
}

/** One notification of one instance on one node. Source: spec C-19.7. */
function notify({ sheet, set, texts }: Telling, instance: Resource, node: WorkNode, type: 'pre' | 'post'): void {
  const point = type === 'pre' ? set.pre : set.post
  const done = type === 'pre' ? set.preDone : set.postDone
  if (node.online && point !== undefined && isRunnable(point)) {
    const tail = `${type}_notify_${set.task}_0`
    const optional = !isRequired(point)
    const told = requestAction(sheet, instance, { task: 'notify', tail, node: node.index, optional })
    for (const [name, value] of metaOf(sheet, point)) addMeta(told, name, value)
    for (const [name, value] of texts) addMeta(told, name, value)
    link(point, told, ORDER)
    link(told, done, ORDER)
    if (type === 'post') told.priority = 1_000_000
  }
  if (type === 'pre') return
  for (const action of instance.actions) {
    if (0 < action.intervalMs && action.task !== 'cancel') link(done, action, ORDER)
  }
}

/** Tells the others of an instance that fencing has stopped. Source: spec C-19.8. */
export function notifyFenced(sheet: Worksheet, resource: Resource, node: WorkNode, fence: Action): void {
  const point = {
    operation: 'stonith',
    task: 'stop',
    optional: !isRequired(fence),
    runnable: isRunnable(fence),
  } as const
  const post = createPoint(sheet, resource, { ...point, type: 'post' })
  const postDone = createPoint(sheet, resource, { ...point, type: 'confirmed-post' })
  link(fence, post, THEN_REQ)
  link(post, postDone, THEN_REQ)
  const texts = [
    ['notify_stop_resource', resource.id],
    ['notify_stop_uname', node.name],
  ] as const
  const set: NotificationSet = { task: 'stop', pre: undefined, preDone: undefined, post, postDone }
  for (const leaf of leavesOf(resource.top)) tell({ sheet, set, isEmpty: false, texts }, leaf)
}
