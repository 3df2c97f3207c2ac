/**
 * The Full List of Resources: one item a primitive, groups and clones and bundles with what is below them.
 *
 * Changes nothing. `withPending` is false for the revised status, where pending operations are not shown. Source: spec D-4.
 */
import { currentNodeOf, isActiveOn } from '../cib/active.ts'
import { PROMOTED, type Role, roleText, STARTED, STOPPED, toRole, UNPROMOTED } from '../cib/role.ts'
import type { ClusterState, NodeState, ResourceState } from '../cib/state.ts'
import { compareNames, isSameText, mergeSort, parseKey } from '../cib/values.ts'
import type { Outline } from './outline.ts'
import { isMaskable, rcText } from './status-texts.ts'

/** What the display of one state needs. */
export interface Display {
  readonly state: ClusterState
  readonly outline: Outline
  readonly withPending: boolean
}

/** Prints the list; `No resources` where there is nothing to print. Source: spec D-4.1. */
export function printResources(display: Display): void {
  const { state, outline } = display
  outline.open('Full List of Resources')
  const before = outline.lines.length
  for (const index of state.tops) {
    const resource = state.resources[index]!
    if (resource.orphan && !isActive(state, resource, 'all')) continue
    printResource(display, resource)
  }
  if (outline.lines.length === before) outline.item('No resources')
  outline.close()
}

function printResource(display: Display, resource: ResourceState): void {
  // A collection whose only active member is unmanaged on a lost node is active nowhere: it is hidden, also within a clone (probed).
  if (resource.runningOn.length === 0 && isActive(display.state, resource, 'any')) return
  switch (resource.kind) {
    case 'primitive':
      if (!resource.internal) display.outline.item(primitiveText(display, resource))
      return
    case 'group':
      printGroup(display, resource)
      return
    case 'clone':
      printClone(display, resource)
      return
    case 'bundle':
      printBundle(display, resource)
  }
}

function childrenOf(state: ClusterState, resource: ResourceState): readonly ResourceState[] {
  return resource.children.map((child) => state.resources[child]!)
}

/** True where it is active somewhere, or (`all`) whole. Source: spec D-4.2. */
export function isActive(state: ClusterState, resource: ResourceState, mode: 'any' | 'all'): boolean {
  if (resource.kind === 'primitive') {
    return isActiveOn(state.nodes, resource)
  }
  const children = childrenOf(state, resource)
  if (resource.kind === 'group' && children.length === 0) return false
  const test = (child: ResourceState): boolean => isActive(state, child, mode)
  return mode === 'any' ? children.some(test) : children.every(test)
}

function isPromotableBelow(state: ClusterState, resource: ResourceState): boolean {
  return state.resources[resource.top]!.promotable
}

function displayRole(state: ClusterState, resource: ResourceState): Role {
  return resource.role === STARTED && isPromotableBelow(state, resource) ? UNPROMOTED : resource.role
}

/** Words for operations that are under way. */
export const PENDING: ReadonlyMap<string, string> = new Map([
  ['start', 'Starting'],
  ['stop', 'Stopping'],
  ['migrate_to', 'Migrating'],
  ['migrate_from', 'Migrating'],
  ['promote', 'Promoting'],
  ['demote', 'Demoting'],
])

function primitiveText(display: Display, resource: ResourceState): string {
  const { state } = display
  let node = currentNodeOf(state.nodes, resource, resource.needsFencing)
  if (node < 0) node = resource.pendingNode
  if (node < 0) node = resource.lockNode
  return itemText(display, resource, resource.shownId, state.nodes[node])
}

/** Source: spec D-4.3. */
function itemText(display: Display, resource: ResourceState, name: string, at: NodeState | undefined): string {
  const { state, withPending } = display
  const isMultiple = resource.runningOn.length > 1
  const node = isMultiple ? undefined : at
  // History need not name the agent of an orphan; a provider that is not there leaves no gap (probed).
  const provider = isSameText(resource.class, 'ocf') && resource.provider !== undefined ? [resource.provider] : []
  const agent = [resource.class ?? 'unknown', ...provider, resource.type ?? 'unknown']
  const role = displayRole(state, resource)
  let text = `${name}\t(${agent.join(':')}):\t`
  if (resource.orphan) text += ' ORPHANED'
  if (resource.failed) text += role > UNPROMOTED ? ` FAILED ${roleText(role)}` : ' FAILED'
  else text += ` ${(withPending ? PENDING.get(resource.pendingTask ?? '') : undefined) ?? roleText(role)}`
  if (node !== undefined) text += ` ${node.uname}`
  const probe = role === STOPPED ? failedProbe(state, resource, node) : undefined
  if (probe !== undefined) text += ` (${rcText(probe)}) `
  const flags = flagsOf(display, resource, node)
  if (flags.length > 0) text += ` (${flags.join(', ')})`
  const description = resource.config.attributes.find(([key]) => key === 'description')?.[1]
  if (isMultiple && description !== undefined) text += ` ${description}`
  if (isMultiple) text += ` [ ${resource.runningOn.map((index) => state.nodes[index]!.uname).join(' ')} ]`
  return text
}

/** Source: spec D-4.6. */
function flagsOf({ state, withPending }: Display, resource: ResourceState, node: NodeState | undefined): string[] {
  const flags: string[] = []
  if (node !== undefined && !node.online && node.unclean) flags.push('UNCLEAN')
  if (node !== undefined && node.index === resource.lockNode) flags.push('LOCKED')
  if (withPending && resource.pendingTask === 'monitor' && resource.pendingIntervalMs > 0) flags.push('Monitoring')
  const target = resource.meta.get('target-role')
  const role = toRole(target ?? '')
  if (role === STOPPED) flags.push('disabled')
  else if (role === UNPROMOTED && isPromotableBelow(state, resource)) flags.push(`target-role:${target}`)
  if (resource.blocked) flags.push('blocked')
  else if (!resource.managed) flags.push('unmanaged')
  if (resource.failureIgnored) flags.push('failure ignored')
  return flags
}

/** The return code of a failed probe on record. Source: spec D-4.7. */
function failedProbe(state: ClusterState, resource: ResourceState, node: NodeState | undefined): number | undefined {
  const clone = state.resources[resource.top]!
  // Below a clone only the cloned element's id counts, not the instance's (probed).
  const id = clone.kind === 'clone' ? state.resources[clone.children[0] ?? -1]?.xmlId : resource.id
  for (const { op } of state.failedOps) {
    if (!isMaskable(op) || !op.onNode) continue
    if (node !== undefined && !isSameText(op.onNode, node.uname)) continue
    const name = parseKey(op.operationKey ?? op.id ?? '')?.resource
    if (name !== undefined && name === id) return op.rc
  }
  return undefined
}

/** True where target-role keeps it down. Source: spec A-10.11. */
export function isDisabled(state: ClusterState, resource: ResourceState): boolean {
  const role = toRole(resource.meta.get('target-role') ?? '')
  return role === STOPPED || (role === UNPROMOTED && isPromotableBelow(state, resource))
}

function printGroup(display: Display, group: ResourceState): void {
  // One whose members were not taken is not seen (found by members-that-are-not-taken).
  if (group.children.length === 0) return
  const words = [...(group.managed ? [] : ['unmanaged']), ...(isDisabled(display.state, group) ? ['disabled'] : [])]
  display.outline.open(`Resource Group: ${group.id}${words.length > 0 ? ` (${words.join(', ')})` : ''}`)
  for (const member of childrenOf(display.state, group)) display.outline.item(primitiveText(display, member))
  display.outline.close()
}

/** The resource and all below it. */
function familyOf(state: ClusterState, resource: ResourceState): readonly ResourceState[] {
  return [resource, ...childrenOf(state, resource).flatMap((child) => familyOf(state, child))]
}

/** Source: spec D-4.10. */
function printClone(display: Display, clone: ResourceState): void {
  const { state, outline } = display
  const children = childrenOf(state, clone)
  const words = [
    ...(clone.promotable ? ['promotable'] : []),
    ...(clone.unique ? ['unique'] : []),
    ...(clone.managed ? [] : ['unmanaged']),
    ...(isDisabled(state, clone) ? ['disabled'] : []),
  ]
  const note = words.length > 0 ? ` (${words.join(', ')})` : ''
  outline.open(`Clone Set: ${clone.id} [${children[0]?.xmlId ?? ''}]${note}`)
  const promoted: string[] = []
  const started: string[] = []
  const stopped: ResourceState[] = []
  for (const child of children) {
    const isAnyActive = isActive(state, child, 'any')
    const family = familyOf(state, child)
    const places = [...new Set(family.flatMap((member) => member.runningOn))]
    const only = places.length === 1 ? state.nodes[places[0]!] : undefined
    const isPending = display.withPending && child.pendingTask !== undefined
    if (clone.unique ? isAnyActive || !clone.orphan : isPending) printResource(display, child)
    else if (!isAnyActive) {
      if (!child.orphan) stopped.push(child)
    } else if (family.some((member) => member.orphan || !member.managed || member.failed)) printResource(display, child)
    else if (isActive(state, child, 'all') && only !== undefined && (only.online || !only.unclean)) {
      const roles = child.kind === 'group' ? childrenOf(state, child).map((member) => member.role) : [child.role]
      if (roles.includes(PROMOTED)) promoted.push(only.uname)
      else started.push(only.uname)
    } else printResource(display, child)
  }
  if (promoted.length > 0) outline.item(`Promoted: ${bracket(promoted)}`)
  const target = toRole(clone.meta.get('target-role') ?? children[0]?.meta.get('target-role') ?? '')
  if (started.length > 0) {
    const word = clone.promotable ? `Unpromoted${target === UNPROMOTED ? ' (target-role)' : ''}` : 'Started'
    outline.item(`${word}: ${bracket(started)}`)
  }
  printStopped(display, clone, { active: promoted.length + started.length, stopped, target })
  outline.close()
}

function bracket(names: readonly string[]): string {
  return `[ ${mergeSort(names, compareNames).join(' ')} ]`
}

/** Source: spec D-4.11. */
function printStopped(
  { state, outline }: Display,
  clone: ResourceState,
  {
    active,
    stopped,
    target,
  }: { readonly active: number; readonly stopped: readonly ResourceState[]; readonly target: Role },
): void {
  const byStatus = new Map<string, string[]>()
  const add = (status: string, name: string): void => {
    const names = byStatus.get(status) ?? []
    byStatus.set(status, names)
    names.push(name)
  }
  if (!clone.unique && clone.clone!.max > active) {
    // The clone's own list: what is unmanaged on an offline node never got there (spec A-16.9).
    const running = new Set(clone.runningOn)
    const nodes = clone.allowed.nodes.length > 0 ? clone.allowed.nodes : clone.knownOn
    for (const index of nodes) {
      const node = state.nodes[index]!
      if (running.has(index)) continue
      const child = state.resources[clone.children[0] ?? -1]
      const probe = child === undefined ? undefined : failedProbe(state, child, node)
      const why = probe !== undefined ? ` (${rcText(probe)})` : target === STOPPED ? ' (disabled)' : ''
      add(`Stopped${why}`, node.uname)
    }
  } else for (const instance of stopped) add('Stopped', instance.id)
  const statuses = [...byStatus].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  for (const [status, names] of statuses) outline.item(`${status}: ${bracket(names)}`)
}

/** Source: spec D-4.12. */
function printBundle(display: Display, bundle: ResourceState): void {
  const { state, outline } = display
  const { replicas, image } = bundle.bundle!
  const words = [...(bundle.unique ? [' (unique)'] : []), ...(bundle.managed ? [] : [' (unmanaged)'])].join('')
  outline.open(`Container bundle${replicas.length > 1 ? ' set' : ''}: ${bundle.id} [${image}]${words}`)
  for (const { child, container, remote, ipAddress } of replicas) {
    const shown = state.resources[child >= 0 ? child : container]!
    const named = state.resources[remote >= 0 ? remote : container]!
    const name = `${named.shownId}${ipAddress === undefined ? '' : ` (${ipAddress})`}`
    const host = state.resources[container]!
    const node = currentNodeOf(state.nodes, host, host.needsFencing)
    outline.item(itemText(display, shown, name, state.nodes[node >= 0 ? node : shown.lockNode]))
  }
  outline.close()
}
