/**
 * Unfencing: giving a node its access back before it probes or starts what needs it, and whenever a device has changed.
 *
 * Reads   nodes, Resource.scores
 * Writes  the actions stonith-NODE-on, links
 * Source  spec C-17.8, C-17.9
 */
import { type Action, link } from './action.ts'
import { requestFencing } from './fencing.ts'
import { walkTable } from './table.ts'
import { ABSENT, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

/** Unfences an action's node before the action, where its resource asks for that. Source: spec C-17.8. */
export function orderAfterUnfencing(sheet: Worksheet, action: Action, bits: number): void {
  const { resource } = action
  const node = sheet.nodes[action.node]
  if (resource === undefined || node === undefined) return
  const { fenceDevice, needsUnfencing } = resource.from
  if (!(fenceDevice && sheet.state.unfencing) && !needsUnfencing) return
  link(requestFencing(sheet, node, { operation: 'on', optional: true }), action, bits)
  const since = node.attributes.get('#node-unfenced')
  if (since === undefined || since === '0') {
    triggerUnfencing(sheet, { resource: undefined, node, reason: `required by ${resource.id} ${action.task}` })
  }
}

/** What a trigger names. */
export interface UnfencingTrigger {
  readonly resource: Resource | undefined
  readonly node: WorkNode | undefined
  readonly reason: string
}

/** Requires unfencing of a node, or of every node that may run the device. Source: spec C-17.9. */
export function triggerUnfencing(sheet: Worksheet, { resource, node, reason }: UnfencingTrigger): void {
  if (!sheet.state.unfencing || (resource !== undefined && !resource.from.fenceDevice)) return
  if (node !== undefined && isReachable(node)) {
    requestFencing(sheet, node, { operation: 'on', optional: false, reason })
  } else if (resource !== undefined) {
    // Each in the order of the device's table: it shows in the ids of the actions.
    for (const index of walkTable(sheet, resource.inserted)) {
      const other = sheet.nodes[index]!
      if (resource.scores[index] === ABSENT || !isReachable(other)) continue
      requestFencing(sheet, other, { operation: 'on', optional: false, reason })
    }
  }
}

function isReachable({ online, unclean, shutdown }: WorkNode): boolean {
  return online && !unclean && !shutdown
}
