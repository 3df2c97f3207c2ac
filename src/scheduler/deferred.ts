/**
 * Checks that wait until assignment is done: parameters of bundle connections, which name their host, and orphans' failures.
 *
 * Reads   the container's assignment, digests, fail counts
 * Writes  actions, orderings
 * Runs    after assignment; the deferred checks before probes, the orphans after them
 * Source  spec C-5.9, C-5.10, A-19.6
 */
import { needsAddress } from '../cib/digests.ts'
import { ORDER } from './action.ts'
import { checkParameters, compare } from './changes.ts'
import { requestClearing } from './cleanup.ts'
import { effectiveFailCount } from './failures.ts'
import { currentNode } from './nodes.ts'
import { order } from './ordering.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/**
 * Makes up for the checks that were put off, the last one first. (Spec C-5.10 says the first one first; the recorded graph of
 * cancel-behind-moving-remote agrees with .)
 */
export function applyDeferredChecks(sheet: Worksheet): void {
  const early = sheet.state.deferredChecks.map((check) => ({
    ...check,
    resource: sheet.resources[check.resource]!,
    node: sheet.nodes[check.node]!,
  }))
  for (const { kind, ...check } of [...early, ...sheet.deferredChecks].reverse()) {
    const checked = { ...check, address: hostAddress(sheet, check.resource) }
    if (kind === 'active') checkParameters(sheet, checked)
    else {
      const { result } = compare(sheet, checked)
      if (result !== 'match' && result !== 'unknown') requestClearing(sheet, check.resource, check.node.index)
    }
  }
}

/** The name of the host where a connection's container is or will be, for the parameter `addr="#uname"`. Source: spec. */
export function hostAddress(sheet: Worksheet, connection: Resource): string | undefined {
  const { container } = connection
  if (container === undefined || !needsAddress(sheet.state, connection.from)) return undefined
  const host = container.assigned < 0 ? currentNode(sheet, container) : container.assigned
  return sheet.nodes[host]?.name
}

/** Failures of what the configuration no longer knows are of no use. Source: spec C-5.9. */
export function clearOrphanFailures(sheet: Worksheet): void {
  if (!sheet.options.stopOrphanResources) return
  for (const resource of sheet.tops) {
    if (!resource.from.orphan) continue
    for (const index of sheet.nodeOrder) {
      const node = sheet.nodes[index]!
      if (!node.online || effectiveFailCount(sheet, resource, node) === 0) continue
      order(sheet, requestClearing(sheet, resource, index), [resource, 'stop_0'], ORDER)
    }
  }
}
