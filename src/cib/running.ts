/**
 * Where a resource is active, and what follows at once: unmanaged resources stay, multiply active ones are treated as configured.
 *
 * Source: spec, B-3.1, B-3.8, B-3.9, B-3.11.
 */

import { currentNodeOf } from './active.ts'
import { containerOf } from './early-actions.ts'
import type { NodeDraft } from './nodes.ts'
import { INFINITY, PROMOTED } from './role.ts'
import { addToScore, banEverywhereAfresh, type ResourceDraft, type Unpacking } from './unpacking.ts'

/** Notes that `resource` is active on `node`. Source: spec. */
export function addRunning(u: Unpacking, resource: ResourceDraft, node: NodeDraft, isFailed: boolean): void {
  if (resource.runningOn.includes(node.index)) return
  const { line, column } = resource
  resource.runningOn.push(node.index)
  if (resource.kind === 'primitive') {
    node.running.push(resource.index)
    addPriority(u, resource, node, isFailed)
    if (node.maintenance) resource.managed = false
  }
  if (!resource.managed) {
    addToScore(u, resource, node.index, INFINITY, { reason: 'unmanaged where active', line, column })
    for (let at = u.resources[resource.parent]; at !== undefined; at = u.resources[at.parent]) {
      if (node.online) at.runningOn.push(node.index)
    }
    return
  }
  if (resource.kind === 'primitive' && activeCount(u, resource) > 1) applyMultipleActive(u, resource)
  const parent = u.resources[resource.parent]
  if (parent !== undefined) addRunning(u, parent, node, false)
}

function addPriority(u: Unpacking, resource: ResourceDraft, node: NodeDraft, isFailed: boolean): void {
  if (resource.priority === 0 || isFailed) return
  const priority = resource.priority + (resource.role === PROMOTED ? 1 : 0)
  node.priority += priority
  for (const host of containerOf(u, node)?.runningOn ?? []) u.list.nodes[host]!.priority += priority
}

function activeCount(u: Unpacking, resource: ResourceDraft): number {
  if (resource.needsFencing) return resource.runningOn.length
  return resource.runningOn.filter((at) => u.list.nodes[at]!.online && !u.list.nodes[at]!.unclean).length
}

function applyMultipleActive(u: Unpacking, resource: ResourceDraft): void {
  const { line, column } = resource
  if (resource.multipleActive === 'stop_only') {
    banEverywhereAfresh(u, resource, { reason: 'multiple-active=stop_only', line, column })
  } else if (resource.multipleActive === 'block') {
    block(resource)
    const parent = u.resources[resource.parent]
    if ((parent?.kind === 'group' || parent?.kind === 'bundle') && parent.multipleActive === 'block') {
      for (const child of parent.children) block(u.resources[child]!)
    }
  }
}

/** Takes a resource out of the cluster's hands for good. */
export function block(resource: ResourceDraft): void {
  resource.managed = false
  resource.blocked = true
}

/** The node a resource counts as being on, or undefined. Source: spec, B-0.20. */
export function currentNode(u: Unpacking, resource: ResourceDraft): NodeDraft | undefined {
  return u.list.nodes[currentNodeOf(u.list.nodes, resource, resource.needsFencing)]
}
