/**
 * What the passes ask about nodes and about where resources are. Changes nothing.
 *
 * Source: spec B-0.20, B-0.21, C-1.6.
 */
import { currentNodeOf } from '../cib/active.ts'
import type { Resource, WorkNode, Worksheet } from './worksheet.ts'
import { BUNDLE, GROUP, PRIMITIVE } from './worksheet.ts'

/** The node may take resources, as far as its own state goes. Source: spec B-0.21 without tests. */
export function isAvailable(node: WorkNode): boolean {
  return node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance
}

/** The same, with the score of a copy (or of the main object) not below 0. Source: spec B-0.21. */
export function isAvailableWith(node: WorkNode, score: number): boolean {
  return 0 <= score && isAvailable(node)
}

/** A remote node whose connection lives in a container. Source: spec C-1.6. */
export function isGuest(node: WorkNode): boolean {
  return node.isRemote && node.connection?.container !== undefined
}

/** A remote node that is no guest. */
export function isPureRemote(node: WorkNode): boolean {
  return node.isRemote && !isGuest(node)
}

/** A guest's container is not assigned anywhere (yet). */
export function isHomeless(node: WorkNode): boolean {
  const container = isGuest(node) ? node.connection!.container! : undefined
  return container !== undefined && container.assigned < 0
}

/** The current node of a resource, or −1. Source: spec B-0.20. */
export function currentNode(sheet: Worksheet, resource: Resource): number {
  return currentNodeOf(sheet.nodes, resource, resource.from.needsFencing)
}

/** The single node that a resource is assigned to, or −1: for collectives, where all members are on one. */
export function assignedNode(resource: Resource): number {
  if (resource.variant === PRIMITIVE) return resource.assigned
  let found = -1
  for (const child of resource.children) {
    for (const node of assignedNodes(child)) {
      if (0 <= found && node !== found) return -1
      found = node
    }
  }
  return found
}

/**
 * The single node that a resource is active on, or −1: for collectives, where all members are on one. Their own list may name a node
 * twice, once for a member that is unmanaged (found by probing).
 */
export function singleHome(resource: Resource): number {
  let found = -1
  for (const { runningOn } of leavesOf(resource)) {
    for (const node of runningOn) {
      if (0 <= found && node !== found) return -1
      found = node
    }
  }
  return found
}

/** Every node that a resource or something below it is assigned to, without repeats. */
export function assignedNodes(resource: Resource): readonly number[] {
  if (resource.variant === PRIMITIVE) return resource.assigned < 0 ? [] : [resource.assigned]
  const found: number[] = []
  for (const child of resource.children) {
    for (const node of assignedNodes(child)) if (!found.includes(node)) found.push(node)
  }
  return found
}

/** Itself and all primitives below it, depth first. */
export function leavesOf(resource: Resource): readonly Resource[] {
  if (resource.variant === PRIMITIVE) return [resource]
  return resource.children.flatMap(leavesOf)
}

/** `predicate` holds for the resource or something below it. */
export function someOf(resource: Resource, predicate: (member: Resource) => boolean): boolean {
  return predicate(resource) || resource.children.some((child) => someOf(child, predicate))
}

/** Blocked itself or below. Source: spec B-20.6. */
export function isBlocked(resource: Resource): boolean {
  return someOf(resource, ({ blocked }) => blocked)
}

/** The current role; of a collective the highest of its members (spec B-16.2). */
export function roleOf(resource: Resource): number {
  if (resource.variant === PRIMITIVE) return resource.role
  let role = 0
  for (const child of resource.children) role = Math.max(role, roleOf(child))
  return role
}

/** The current role as orderings see it: a bundle has none. Source: spec C-12.6. */
export function orderingRole(resource: Resource): number {
  return resource.variant === BUNDLE ? 0 : roleOf(resource)
}

/** The planned role; of a collective the highest of its members (spec B-16.2). */
export function nextRoleOf(resource: Resource): number {
  if (resource.variant === PRIMITIVE) return resource.nextRole
  let role = 0
  for (const child of resource.children) role = Math.max(role, nextRoleOf(child))
  return role
}

/** Groups whose members go together; anything else is true. */
export function isColocatedGroup(resource: Resource): boolean {
  return resource.variant === GROUP && resource.from.collocated
}
