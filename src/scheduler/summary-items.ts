/**
 * The Transition Summary: one item for each node and resource with which something happens, and why.
 *
 * Reads the worksheet after propagation; binds actions without a node to the node they are looked for on, as the reference does.
 * Source: spec D-6.
 */
import { PROMOTED, type Role, roleText, STARTED, STOPPED, UNPROMOTED } from '../cib/role.ts'
import { type Action, OPTIONAL, RUNNABLE } from './action.ts'
import { currentNode, isGuest } from './nodes.ts'
import { actionsOf, claimAction } from './record.ts'
import { BUNDLE, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** One item. */
export type SummaryItem =
  | { readonly kind: 'node'; readonly task: string; readonly node: string; readonly reason: string }
  | ResourceItem

/** What happens with one resource. Nodes are undefined where there is none. */
export interface ResourceItem {
  readonly kind: 'resource'
  readonly word: string
  readonly resource: string
  readonly origin: string | undefined
  readonly destination: string | undefined
  readonly role: Role
  readonly nextRole: Role
  readonly reason: string | undefined
  readonly isBlocked: boolean
  /** The action that the item shows, for explanations. */
  readonly action: Action | undefined
  readonly reasonAction: Action | undefined
}

/** All items in the order in which they are printed. Source: spec D-6.1. */
export function summaryItems(sheet: Worksheet): readonly SummaryItem[] {
  const items: SummaryItem[] = []
  for (let at = sheet.actions.length - 1; 0 <= at; at--) {
    const action = sheet.actions[at]!
    const { resource, task, reason, flags } = action
    const isFencing = task === 'stonith' || task === 'do_shutdown'
    if (resource !== undefined || !isFencing || (flags & OPTIONAL) !== 0 || reason === undefined) continue
    const word = task === 'stonith' ? `Fence (${action.added.get('stonith_action')})` : 'Shutdown'
    items.push({ kind: 'node', task: word, node: nodeText(sheet, action.node), reason })
  }
  for (const top of sheet.tops) addItems(sheet, top, items)
  return items
}

function nodeText({ nodes }: Worksheet, index: number): string {
  const node = nodes[index]!
  return isGuest(node) ? `${node.name} (resource: ${node.connection!.container!.id})` : node.name
}

function addItems(sheet: Worksheet, resource: Resource, items: SummaryItem[]): void {
  if (resource.variant === PRIMITIVE) items.push(...primitiveItems(sheet, resource))
  else if (resource.variant === BUNDLE) {
    for (const { ip, container, remote, child } of resource.from.bundle!.replicas) {
      for (const part of [ip, container, remote, child]) {
        if (0 <= part) addItems(sheet, sheet.resources[part]!, items)
      }
    }
  } else for (const child of resource.children) addItems(sheet, child, items)
}

/** What is looked up for one resource. Source: spec D-6.6. */
interface Found {
  readonly resource: Resource
  readonly current: number
  readonly next: number
  readonly role: Role
  readonly start: Action | undefined
  readonly stop: Action | undefined
  readonly promote: Action | undefined
  readonly demote: Action | undefined
  readonly migrateFrom: Action | undefined
  readonly isMoving: boolean
}

function primitiveItems(sheet: Worksheet, resource: Resource): readonly SummaryItem[] {
  // Nothing of what nobody manages is looked up, so nothing is bound (probed: it shows in the drawing).
  if (!resource.managed) return []
  const found = lookUp(sheet, resource)
  const { current, next } = found
  if (current < 0 && (resource.from.orphan || next < 0)) return []
  const make = toItem(sheet, found)
  return found.role === resource.nextRole ? sameRole(found, make) : otherRole(found, make)
}

function lookUp(sheet: Worksheet, resource: Resource): Found {
  const next = resource.assigned
  const current = currentNode(sheet, resource)
  const role = 0 <= current && resource.role === STOPPED ? STARTED : resource.role
  const find = (task: string, node: number): Action | undefined => claimAction(actionsOf(resource, `${task}_0`), node)
  const start = find('start', next)
  const canStart = start !== undefined && isRunnable(start)
  let stop = find('stop', canStart ? current : -1)
  if (stop === undefined && resource.stopsUnexpected) stop = find('stop', -1)
  return {
    resource,
    current,
    next,
    role,
    start,
    stop,
    promote: find('promote', next),
    demote: find('demote', next),
    // Looked for, and so bound, only where the role stays (probed: it shows in the drawing).
    migrateFrom: role === resource.nextRole ? find('migrate_from', next) : undefined,
    isMoving: 0 <= current && 0 <= next && current !== next,
  }
}

function isRunnable({ flags }: Action): boolean {
  return (flags & RUNNABLE) !== 0
}

function isRequired(action: Action | undefined): boolean {
  return action !== undefined && (action.flags & OPTIONAL) === 0
}

interface Wanted {
  readonly word: string
  readonly origin: number
  readonly destination: number
  readonly display: Action | undefined
  readonly reason?: Action | undefined
}

type Make = (wanted: Wanted) => ResourceItem

function toItem(sheet: Worksheet, { resource, role }: Found): Make {
  return ({ word, origin, destination, display, reason = display }) => ({
    kind: 'resource',
    word,
    resource: resource.id,
    origin: sheet.nodes[origin]?.name,
    destination: sheet.nodes[destination]?.name,
    role,
    nextRole: resource.nextRole,
    reason: reason?.reason,
    isBlocked: display !== undefined && !isRunnable(display),
    action: display,
    reasonAction: reason,
  })
}

/** Source: spec D-6.7. */
function sameRole(found: Found, make: Make): readonly SummaryItem[] {
  const { resource, current, next, start, stop, promote, demote, migrateFrom, isMoving } = found
  const across = { origin: current, destination: next }
  if (migrateFrom !== undefined && isRunnable(migrateFrom) && 0 <= current) {
    return [make({ word: 'Migrate', ...across, display: start })]
  }
  if (resource.isReloading) return [make({ word: 'Reload', ...across, display: start })]
  if (start === undefined || !isRequired(start)) {
    if (!isRequired(demote) || !isRequired(promote)) return []
    return [make({ word: 'Re-promote', ...across, display: promote, reason: demote })]
  }
  if (!isRunnable(start)) {
    const reason = stop?.reason === undefined ? start : stop
    return [make({ word: 'Stop', origin: current, destination: -1, display: stop, reason })]
  }
  if (isMoving) return [make({ word: resource.failed ? 'Recover' : 'Move', ...across, display: stop })]
  if (resource.failed) return [make({ word: 'Recover', origin: current, destination: -1, display: stop })]
  return [make({ word: 'Restart', ...across, display: start })]
}

/** Source: spec D-6.8. */
function otherRole(found: Found, make: Make): readonly SummaryItem[] {
  const { resource, current, next, role, start, stop, promote, demote, isMoving } = found
  const across = { origin: current, destination: next }
  const cannotStart = start !== undefined && !isRunnable(start)
  if (stop !== undefined && (resource.nextRole === STOPPED || cannotStart)) {
    return resource.runningOn.map((node) => {
      const display = claimAction(actionsOf(resource, 'stop_0'), node)
      const reason = display?.reason === undefined ? start : display
      return make({ word: 'Stop', origin: node, destination: -1, display, reason })
    })
  }
  if (stop !== undefined && resource.failed && resource.stopNeeded) {
    return [make({ word: 'Recover', ...across, display: stop, reason: start })]
  }
  if (isMoving) return [make({ word: 'Move', ...across, display: stop })]
  if (resource.isReloading) return [make({ word: 'Reload', ...across, display: start })]
  if (isRequired(stop)) return [make({ word: 'Restart', ...across, display: start })]
  if (role === PROMOTED) return [make({ word: 'Demote', ...across, display: demote })]
  if (resource.nextRole === PROMOTED) return [make({ word: 'Promote', ...across, display: promote })]
  if (role === STOPPED && STOPPED < resource.nextRole) {
    return [make({ word: 'Start', origin: current, destination: next, display: start })]
  }
  return []
}

/** The lines without their bullets, in columns. Source: spec D-6.2, D-6.3. */
export function summaryTexts(items: readonly SummaryItem[]): readonly string[] {
  let idWidth = 5
  let detailWidth = 5
  for (const item of items) {
    if (item.kind !== 'resource') continue
    if (idWidth < item.resource.length) idWidth = item.resource.length + 2
    detailWidth = Math.max(detailWidth, detailsText(item).length)
  }
  return items.map((item) => {
    if (item.kind === 'node') return `${item.task} ${item.node} '${item.reason}'`
    const columns = [
      item.word.padEnd(8),
      item.resource.padEnd(idWidth),
      `( ${detailsText(item).padStart(detailWidth)} )`,
    ]
    const suffix = suffixText(item)
    return `${columns.join('   ')}${suffix === undefined ? '' : `  ${suffix}`}`
  })
}

/** Source: spec D-6.5. */
function suffixText({ reason, isBlocked }: ResourceItem): string | undefined {
  if (reason === undefined) return isBlocked ? 'blocked' : undefined
  return `due to ${reason}${isBlocked ? ' (blocked)' : ''}`
}

/** Source: spec D-6.4. */
function detailsText({ origin, destination, role, nextRole }: ResourceItem): string {
  const needsRole = STARTED < role || UNPROMOTED < nextRole
  const now = roleText(role)
  const change = `${now} -> ${roleText(nextRole)}`
  if (origin === undefined) return needsRole ? `${change} ${destination}` : `${destination}`
  if (destination === undefined) return needsRole ? `${now} ${origin}` : origin
  const isSameHost = origin === destination
  if (role === nextRole) {
    const where = isSameHost ? origin : `${origin} -> ${destination}`
    if (!needsRole) return where
    return isSameHost ? `${now} ${where}` : `${where} ${now}`
  }
  return isSameHost ? `${change} ${origin}` : `${now} ${origin} -> ${roleText(nextRole)} ${destination}`
}
