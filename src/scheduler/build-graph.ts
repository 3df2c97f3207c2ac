/**
 * The transition graph: which actions enter it, in which order, and what each waits for.
 *
 * Reads   actions and links after propagation
 * Writes  IN_GRAPH, Link.inGraph, merged inputs; instance notifications, which come into being here
 * Runs    last
 * Source  spec C-12.9, C-21.1 to C-21.6
 */
import { parseInterval } from '../cib/values.ts'
import {
  type Action,
  ANTI_COLOC,
  DEDUPLICATED,
  FIRST_MIG,
  IN_GRAPH,
  type Link,
  LOAD,
  MIGRATABLE,
  ON_DC,
  ONE_OR_MORE,
  OPTIONAL,
  ORDER,
  PRESERVE,
  PSEUDO,
  RUNNABLE,
  SHOW,
  SHOW_FIRST,
  SHOW_THEN,
  UNLESS_MIGRATING,
} from './action.ts'
import type { Graph, GraphAction, Synapse } from './graph.ts'
import { ActionView, maintenanceChanges } from './graph-action.ts'
import { isGuest } from './nodes.ts'
import { createInstanceNotifications } from './notify-instances.ts'
import { requestNodeAction } from './request.ts'
import { summarize } from './summary.ts'
import { BUNDLE, CLONE, type Resource, type Worksheet } from './worksheet.ts'

/** Builds the graph. */
export function buildGraph(sheet: Worksheet): Graph {
  const header = toHeader(sheet)
  const synapses: Synapse[] = []
  const views = new Map<Action, GraphAction>()
  const viewOf = (action: Action): GraphAction => {
    const known = views.get(action)
    if (known !== undefined) return known
    const view = new ActionView(sheet, action)
    views.set(action, view)
    return view
  }
  const write = (action: Action): void => {
    const synapse = toSynapse(sheet, action, viewOf)
    if (synapse !== undefined) synapses.push(synapse)
  }
  for (const top of sheet.tops) writeResource(sheet, top, write)
  if (0 < maintenanceChanges(sheet).length) {
    const name = 'maintenance_nodes'
    requestNodeAction(sheet, { key: name, task: name, optional: true }).flags |= PSEUDO | SHOW
  }
  for (let at = sheet.actions.length - 1; 0 <= at; at--) write(sheet.actions[at]!)
  return { header, synapses }
}

/** Source: spec C-21.1. */
function toHeader(sheet: Worksheet): Graph['header'] {
  const { all, startFailureIsFatal, migrationLimit, batchLimit } = sheet.options
  const limit = Number.parseInt(migrationLimit, 10)
  // As it was written, unless it means nothing (probed).
  const interval = (name: string): string => {
    const text = all.get(name)
    return text === undefined || parseInterval(text) === undefined ? '60s' : text
  }
  return [
    ['cluster-delay', interval('cluster-delay')],
    ['stonith-timeout', interval('stonith-timeout')],
    ['failed-stop-offset', 'INFINITY'],
    ['failed-start-offset', startFailureIsFatal ? 'INFINITY' : '1'],
    ['batch-limit', batchLimit],
    ['transition_id', '0'],
    ...(0 < limit ? [['migration-limit', migrationLimit] as const] : []),
    ...(0 < sheet.recheckAt ? [['recheck-by', String(sheet.recheckAt)] as const] : []),
  ]
}

type Write = (action: Action) => void

/** Source: spec C-21.3. */
function writeResource(sheet: Worksheet, resource: Resource, write: Write): void {
  if (resource.variant === BUNDLE) return writeBundle(sheet, resource, write)
  if (resource.variant === CLONE) {
    for (const action of resource.actions) summarize(sheet, action, resource, -1)
    createInstanceNotifications(sheet, resource)
    for (const instance of resource.children) writeResource(sheet, instance, write)
    writeOwn(resource, write)
    return
  }
  writeOwn(resource, write)
  for (const member of resource.children) writeResource(sheet, member, write)
}

function writeOwn({ actions }: Resource, write: Write): void {
  for (let at = actions.length - 1; 0 <= at; at--) write(actions[at]!)
}

function writeBundle(sheet: Worksheet, { from }: Resource, write: Write): void {
  const { clone, replicas } = from.bundle!
  const parts = replicas.flatMap(({ ip, container, remote }) => [ip, container, remote])
  for (const index of [clone, ...parts]) {
    const part = sheet.resources[index]
    if (part !== undefined) writeResource(sheet, part, write)
  }
}

function toSynapse(sheet: Worksheet, action: Action, viewOf: (action: Action) => GraphAction): Synapse | undefined {
  mergeInputs(action)
  if (!isWritten(sheet, action)) return undefined
  action.flags |= IN_GRAPH
  const inputs: GraphAction[] = []
  for (const record of action.before) {
    if (!isTrigger(sheet, record)) continue
    record.inGraph = true
    inputs.push(viewOf(record.first))
  }
  return {
    priority: Math.max(action.resource?.priority ?? 0, action.priority, 0),
    action: viewOf(action),
    inputs,
  }
}

/** Sorts the inputs by id and merges those of the same action. Source: spec C-21.5. */
function mergeInputs(action: Action): void {
  if ((action.flags & DEDUPLICATED) !== 0) return
  action.flags |= DEDUPLICATED
  const newestFirst = action.before.reverse()
  newestFirst.sort((left, right) => left.first.id - right.first.id)
  let kept = 0
  for (const record of newestFirst) {
    const last = newestFirst[kept - 1]
    if (last !== undefined && last.first === record.first) last.bits |= record.bits
    else newestFirst[kept++] = record
  }
  newestFirst.length = kept
}

/** Source: spec C-21.4. */
function isWritten(sheet: Worksheet, action: Action): boolean {
  return (action.flags & IN_GRAPH) === 0 && mayBeWritten(sheet, action)
}

function mayBeWritten(sheet: Worksheet, { flags, resource, task, intervalMs, node }: Action): boolean {
  if ((flags & RUNNABLE) === 0 || (flags & (OPTIONAL | SHOW)) === OPTIONAL) return false
  if (resource !== undefined && !resource.managed && task !== 'monitor' && intervalMs === 0) return false
  if ((flags & PSEUDO) !== 0 || task === 'stonith' || task === 'do_shutdown') return true
  const at = sheet.nodes[node]
  if (at === undefined) return false
  if ((flags & ON_DC) !== 0 || (isGuest(at) && !at.requiresReset)) return true
  return at.online && !at.unclean
}

/** An input becomes a trigger; links found void here are disabled. Source: spec C-21.5. */
function isTrigger(sheet: Worksheet, record: Link): boolean {
  const { first, then, bits } = record
  if (bits === 0) return false
  if ((first.flags & RUNNABLE) === 0) {
    if ((bits & ~(ORDER | SHOW_FIRST | SHOW_THEN)) === 0) return false
    if ((bits & (ONE_OR_MORE | FIRST_MIG)) !== 0) return false
  }
  const isMigrating = (first.flags & MIGRATABLE) !== 0
  if (isMigrating && (bits & UNLESS_MIGRATING) !== 0) return false
  if (isMigrating && bits === ORDER && first.tail.endsWith('stop_0')) return false
  if (bits === LOAD) return isLoad(record)
  if (bits === ANTI_COLOC) {
    const isApart = 0 <= first.node && 0 <= then.node && first.node !== then.node
    return isApart || (first.flags & OPTIONAL) !== 0 ? disable(record) : true
  }
  const isHopeless = first.resource !== undefined && first.resource !== then.resource && first.resource.failed
  if (isHopeless && !first.resource.managed && first.tail.endsWith('stop_0') && then.resource?.variant === CLONE)
    return false
  const isIdle = (first.flags & (OPTIONAL | SHOW)) === OPTIONAL
  return !isIdle || (first.flags & IN_GRAPH) !== 0 || mayBeWritten(sheet, first)
}

function isLoad(record: Link): boolean {
  const { first, then } = record
  const isMigration = then.task === 'migrate_to'
  const node = isMigration ? (then.resource?.assigned ?? -1) : then.node
  if (node < 0 || node !== first.node) return disable(record)
  return !isMigration && (first.flags & OPTIONAL) !== 0 ? disable(record) : true
}

function disable(record: Link): boolean {
  record.bits = 0
  return false
}

/** Takes links that cannot be meant out of the way. Source: spec C-12.9. */
export function disableInvalid(sheet: Worksheet): void {
  for (let at = sheet.actions.length - 1; 0 <= at; at--) {
    const action = sheet.actions[at]!
    for (let input = action.before.length - 1; 0 <= input; input--) {
      const record = action.before[input]!
      if (isInsideOut(sheet, record) || closesLoop(sheet, record)) record.bits = 0
    }
  }
}

/** A user's ordering between what runs in a guest and the guest's own container. */
function isInsideOut(sheet: Worksheet, { first, then, bits }: Link): boolean {
  if ((bits & PRESERVE) !== 0 || first.resource === undefined || then.resource === undefined) return false
  const container = sheet.nodes[first.node]?.connection?.container
  return container !== undefined && then.resource === container
}

function closesLoop(sheet: Worksheet, { first, then, bits }: Link): boolean {
  return bits === LOAD && then.task === 'migrate_to' && reaches(sheet, first, then, new Set())
}

function reaches(sheet: Worksheet, from: Action, goal: Action, path: Set<Action>): boolean {
  if (path.has(from)) return false
  path.add(from)
  const found = from.before.some(
    (record) => isTrigger(sheet, record) && (record.first === goal || reaches(sheet, record.first, goal, path)),
  )
  path.delete(from)
  return found
}
