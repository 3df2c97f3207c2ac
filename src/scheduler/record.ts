/**
 * Recording an action: it gets its id and its place in the lists. Also the few questions that everybody asks of an action.
 *
 * Decides nothing: whether an action is needed and may run is judged in request.ts.
 * Source: spec C-1.1 to C-1.3, C-2, C-3.1, C-4.1.
 */
import { type Action, OPTIONAL, PSEUDO, RUNNABLE } from './action.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** What a new action needs to be told. */
export interface NewAction {
  readonly resource: Resource | undefined
  /** The whole key where there is no resource. */
  readonly tail: string
  readonly task: string
  readonly intervalMs: number
  /** −1: none. */
  readonly node: number
  readonly flags: number
}

/** Most actions have no meta values of their own; they share this. */
const NO_META: ReadonlyMap<string, string> = new Map()

/** Makes an action and puts it at the end of all lists. */
export function recordAction(sheet: Worksheet, given: NewAction): Action {
  const { resource, tail, task, intervalMs, node, flags } = given
  const action: Action = {
    id: sheet.actions.length + 1,
    key: resource === undefined ? tail : `${resource.id}_${tail}`,
    tail,
    task,
    cancelledTask: undefined,
    intervalMs,
    resource,
    node,
    flags,
    op: undefined,
    need: 'nothing',
    reason: undefined,
    cause: undefined,
    priority: 0,
    requiredBefore: 0,
    runnableBefore: 0,
    added: NO_META,
    replaced: NO_META,
    before: [],
    after: [],
    used: undefined,
  }
  sheet.actions.push(action)
  resource?.actions.push(action)
  const index = resource?.byTail ?? sheet.nodeActions
  const name = tail.toLowerCase()
  const known = index.get(name)
  if (known === undefined) index.set(name, [action])
  else known.push(action)
  return action
}

const NO_ACTIONS: readonly Action[] = []

/** All actions of a resource with this tail, oldest first. */
export function actionsOf(resource: Resource, tail: string): readonly Action[] {
  return resource.byTail.get(tail.toLowerCase()) ?? NO_ACTIONS
}

/** The newest action of a resource with this tail, on `node` if one is given. Source: spec C-23 number 2. */
export function newestOf(resource: Resource, tail: string, node = -1): Action | undefined {
  const actions = actionsOf(resource, tail)
  if (node < 0) return actions.at(-1)
  return actions.findLast((action) => action.node === node)
}

/**
 * The oldest action with this tail that is on `node` or on none; −1: the oldest of all. Those without a node that are met on the
 * way are given it. Source: spec C-4.1.
 */
export function claimAction(actions: readonly Action[], node: number): Action | undefined {
  if (node < 0) return actions[0]
  let found: Action | undefined
  for (const action of actions) {
    if (action.node < 0) action.node = node
    if (action.node === node) found ??= action
  }
  return found
}

/** Not optional. */
export function isRequired({ flags }: Action): boolean {
  return (flags & OPTIONAL) === 0
}

/** May run, as far as is known. */
export function isRunnable({ flags }: Action): boolean {
  return (flags & RUNNABLE) !== 0
}

/** Nothing is executed for it. */
export function isPseudo({ flags }: Action): boolean {
  return (flags & PSEUDO) !== 0
}

/** Sets bits of action flags. */
export function setFlags(action: Action, bits: number): void {
  action.flags |= bits
}

/** Clears bits of action flags. */
export function clearFlags(action: Action, bits: number): void {
  action.flags &= ~bits
}

/** Adds a meta value unless there is one; `#default` never counts. Source: spec C-4.13. */
export function addMeta(action: Action, name: string, value: string): void {
  if (value.toLowerCase() !== '#default' && !action.added.has(name)) action.added = withPair(action.added, name, value)
}

/** Sets a meta value whatever the operation's own meta says. Source: spec C-4.13. */
export function replaceMeta(action: Action, name: string, value: string): void {
  action.replaced = withPair(action.replaced, name, value)
}

/** The table with one pair more: the same table, unless it is the shared empty one. */
function withPair(table: ReadonlyMap<string, string>, name: string, value: string): ReadonlyMap<string, string> {
  if (table === NO_META) return new Map([[name, value]])
  // Every other table was made here, for one action alone.
  return (table as Map<string, string>).set(name, value)
}
