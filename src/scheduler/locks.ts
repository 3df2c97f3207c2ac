/** Giving up a shutdown lock: the lock node's history of the resource is to be removed. Source: spec C-2, C-20.2. */
import { requestAction } from './request.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** Asks for the removal of the resource's history on `node`. */
export function requestHistoryRemoval(sheet: Worksheet, resource: Resource, node: number): void {
  requestAction(sheet, resource, { task: 'lrm_delete', node, optional: false })
}
