/**
 * What the scheduler's log says beside its actions: what it has found and what follows from that for where a resource may run. These
 * lines lead from a failure to the action that is decided. Source: the recordings' logs (texts); spec A-14.14, B-8.4, B-3.11 (when).
 *
 * Differs: the original says them again at each run; a DC here tells what it did not say the last time.
 */
import type { ClusterState, ResourceState } from '../cib/state.ts'
import { OCF_CODES, ocfText } from '../model/ocf.ts'
import { isThresholdReached } from '../scheduler/failures.ts'
import type { Worksheet } from '../scheduler/worksheet.ts'

/** The lines, each once. O(resources × nodes). */
export function remarksOn(sheet: Worksheet): readonly string[] {
  const { state } = sheet
  return [...new Set([...tooActive(state), ...prevented(state), ...thresholds(sheet)])]
}

const POLICIES = {
  block: 'waiting for an administrator',
  stop_only: 'shutting it down',
  stop_start: 'attempting recovery',
  stop_unexpected: 'stopping unexpected instances',
} as const

function tooActive({ resources, nodes }: ClusterState): readonly string[] {
  return resources.flatMap((resource) => {
    if (resource.kind !== 'primitive' || 0 <= resource.partialTarget) return []
    const active = resource.runningOn.filter((at) => resource.needsFencing || isTrusted(nodes[at]!))
    if (active.length < 2) return []
    const words = POLICIES[resource.multipleActive]
    return [`${resource.class} resource ${resource.id} might be active on ${active.length} nodes (${words})`]
  })
}

function isTrusted({ online, unclean }: ClusterState['nodes'][number]): boolean {
  return online && !unclean
}

function prevented({ changes, resources, nodes, failedOps }: ClusterState): readonly string[] {
  return changes.flatMap(({ reason, resource, node }) => {
    const { id } = resources[resource]!
    if (reason === 'fatal error')
      return [`Preventing ${id} from restarting anywhere because of fatal failure (${ocfText(6)})`]
    if (reason !== 'hard error') return []
    const failed = failedOps.filter((each) => each.node === node && isUnder(resources, each.resource, resource))
    const { rc } = failed.map(({ op }) => op).findLast((op) => OCF_CODES[op.rc]?.recovery === 'hard') ?? {}
    const words = rc === undefined ? '' : ` (${ocfText(rc)})`
    return [`Preventing ${id} from restarting on ${nodes[node]!.uname} because of hard failure${words}`]
  })
}

function isUnder(resources: readonly ResourceState[], child: number, parent: number): boolean {
  for (let at = child; 0 <= at; at = resources[at]!.parent) if (at === parent) return true
  return false
}

function thresholds(sheet: Worksheet): readonly string[] {
  return sheet.resources.flatMap((resource) => {
    if (resource.children.length > 0) return []
    const { id } = resource.from.unique ? resource : resource.top
    return sheet.nodes.flatMap((node) => {
      if (!isThresholdReached(sheet, resource, node)) return []
      return [`${id} cannot run on ${node.name} due to reaching migration threshold (clean up resource to allow again)`]
    })
  })
}
