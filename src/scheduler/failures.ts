/**
 * Fail counts as the passes use them: what still counts on a node, and whether the threshold is reached.
 *
 * Reads   fail-count and last-failure attributes, histories, migration-threshold, failure-timeout
 * Writes  nothing
 * Source  spec, B-8.4
 */
import { failCount, isBlocked } from '../cib/failcounts.ts'
import type { ResourceState } from '../cib/state.ts'
import { baseName } from '../cib/values.ts'
import type { Resource, WorkNode, Worksheet } from './worksheet.ts'

/** The effective fail count of a resource on a node. */
export function effectiveFailCount(sheet: Worksheet, resource: Resource, node: WorkNode): number {
  if (!hasFailures(node)) return 0
  const featureSet = sheet.state.configuration.root.featureSet
  const { count, last } = failCount(resource.from, node.from, { options: sheet.options, featureSet })
  const timeout = resource.from.failureTimeoutSeconds
  if (count <= 0 || last <= 0 || timeout <= 0 || sheet.state.clock.now <= last + timeout) return count
  return isBlockedByHistory(sheet, resource.from, node) ? count : 0
}

/**
 * The same with the counts of what the resource contains, and of what that contains in turn, unless it belongs to a bundle.
 *
 * Differs: containers in a circle, on which the original crashes, are counted once each. Found by: probes of containers in containers.
 */
export function failCountWithFillers(sheet: Worksheet, resource: Resource, node: WorkNode): number {
  const counted = new Set<Resource>()
  const countOf = (part: Resource): number => {
    if (counted.has(part)) return 0
    counted.add(part)
    const own = effectiveFailCount(sheet, part, node)
    if (part.from.bundleIndex >= 0) return own
    return part.fillers.reduce((sum, filler) => sum + countOf(filler), own)
  }
  return countOf(resource)
}

function hasFailures(node: WorkNode): boolean {
  for (const name of node.attributes.keys()) if (name.startsWith('fail-count-')) return true
  return false
}

/** A failure that blocks never expires. Source: spec, without an operation at hand. */
function isBlockedByHistory(sheet: Worksheet, resource: ResourceState, node: WorkNode): boolean {
  const base = baseName(resource.id)
  const states = sheet.state.status.nodeStates.filter(({ uname }) => uname === node.name)
  return states.some(({ history }) =>
    history.some(({ id, ops }) => id === base && ops.some((op) => isBlocked(resource, op))),
  )
}

/** True where failures have reached migration-threshold. Source: spec B-8.4, 1 to 4. */
export function isThresholdReached(sheet: Worksheet, leaf: Resource, node: WorkNode): boolean {
  if (!hasFailures(node)) return false
  const threshold = leaf.from.migrationThreshold
  if (threshold === 0 || leaf.from.failureIgnored || isBeingCleared(sheet, leaf, node)) return false
  const count = failCountWithFillers(sheet, leaf, node)
  return 0 < count && threshold - count <= 0
}

/** A `clear_failcount` is already asked for. */
function isBeingCleared(sheet: Worksheet, leaf: Resource, node: WorkNode): boolean {
  return sheet.state.earlyActions.some(
    ({ task, resource, node: at }) => task === 'clear_failcount' && resource === leaf.index && at === node.index,
  )
}
