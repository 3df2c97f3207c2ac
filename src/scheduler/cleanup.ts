/**
 * Removing what an executor remembers of a resource, and clearing fail counts.
 *
 * Reads   nodes, Resource.failed
 * Writes  the actions RSC_delete_0 and RSC_clear_failcount_0, orderings
 * Source  spec C-5.8, C-5.10
 */
import { type Action, ORDER, THEN_REQ } from './action.ts'
import { order } from './ordering.ts'
import { addMeta } from './record.ts'
import { requestAction } from './request.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** Has the history of a resource on a node deleted, between its stop and its start. Source: spec C-5.8. */
export function requestCleanup(
  sheet: Worksheet,
  resource: Resource,
  { node, optional }: { readonly node: number; readonly optional: boolean },
): void {
  const at = sheet.nodes[node]!
  if (resource.failed || at.unclean || !at.online) return
  requestAction(sheet, resource, { task: 'delete', node, optional })
  const bits = optional ? THEN_REQ : ORDER
  order(sheet, [resource, 'stop_0'], [resource, 'delete_0'], bits)
  order(sheet, [resource, 'delete_0'], [resource, 'start_0'], bits)
}

/** Has the fail counts of a resource on a node cleared. Source: spec C-5.10. */
export function requestClearing(sheet: Worksheet, resource: Resource, node: number): Action {
  const action = requestAction(sheet, resource, { task: 'clear_failcount', node, optional: false })
  addMeta(action, 'op_no_wait', 'true')
  return action
}
