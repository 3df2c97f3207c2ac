/**
 * Node criteria: shutdown locks, location constraints, stickiness, failure thresholds, exclusive discovery, in this order.
 *
 * Reads   constraints, Resource.runningOn, fail counts, options
 * Writes  Resource.scores, lockNode, exclusiveDiscovery
 * Runs    after all constraints, before implicit ones
 * Source  spec B-8
 */
import { INFINITY } from '../cib/role.ts'
import { scanInteger } from '../cib/values.ts'
import { noteRecheckAt } from './context.ts'
import { isThresholdReached } from './failures.ts'
import { applyLocations } from './locations.ts'
import { requestHistoryRemoval } from './locks.ts'
import { isPureRemote } from './nodes.ts'
import { addScore, ban, because, note, setScore } from './table.ts'
import { ABSENT, EXCLUSIVE, GROUP, PRIMITIVE, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

/** All node criteria. */
export function applyCriteria(sheet: Worksheet): void {
  if (sheet.options.shutdownLock) for (const top of sheet.tops) applyLock(sheet, top)
  applyLocations(sheet)
  for (const top of sheet.tops) applyStickiness(sheet, top)
  for (const index of sheet.nodeOrder) {
    const node = sheet.nodes[index]!
    for (const top of sheet.tops) {
      applyThreshold(sheet, top, node)
      applyExclusive(sheet, top, index)
    }
  }
}

/** Source: spec B-8.1, C-20.2. */
function applyLock(sheet: Worksheet, resource: Resource): void {
  if (resource.variant === GROUP) for (const member of resource.children) applyLock(sheet, member)
  if (resource.variant !== PRIMITIVE || resource.from.fenceDevice || resource.from.class === undefined) return
  const connected = sheet.nodes[resource.remoteNode]
  if (connected !== undefined && isPureRemote(connected)) return
  if (0 <= resource.lockNode && 0 < resource.runningOn.length) {
    requestHistoryRemoval(sheet, resource, resource.lockNode)
    resource.lockNode = -1
  } else if (resource.lockNode < 0 && resource.runningOn.length === 1) {
    const node = sheet.nodes[resource.runningOn[0]!]!
    if (node.shutdown && !node.unclean) lockTo(sheet, resource, node)
  }
  const holder = sheet.nodes[resource.lockNode]
  if (holder === undefined) return
  const limit = sheet.options.shutdownLockLimitSeconds
  if (0 < limit) noteRecheckAt(sheet, resource.lockTime + limit + 1)
  for (const index of sheet.nodeOrder) {
    if (sheet.nodes[index]!.name !== holder.name) ban(sheet, resource, index, because('shutdown lock'))
  }
}

function lockTo(sheet: Worksheet, resource: Resource, node: WorkNode): void {
  resource.lockNode = node.index
  const since = scanInteger(node.attributes.get('shutdown')) ?? 0
  resource.lockTime = 0 < since ? since : sheet.state.clock.now
}

/** Source: spec B-8.3. */
function applyStickiness(sheet: Worksheet, resource: Resource): void {
  for (const child of resource.children) applyStickiness(sheet, child)
  const { stickiness } = resource.from
  if (0 < resource.children.length || !resource.managed || stickiness < 1 || resource.runningOn.length !== 1) return
  const node = resource.runningOn[0]!
  if (!sheet.options.symmetric && resource.scores[node] === ABSENT) return
  addScore(sheet, resource, node, stickiness, because('resource-stickiness'))
}

/** Source: spec B-8.4. */
function applyThreshold(sheet: Worksheet, resource: Resource, node: WorkNode): void {
  if (0 < resource.children.length) {
    for (const child of resource.children) applyThreshold(sheet, child, node)
    return
  }
  if (!isThresholdReached(sheet, resource, node)) return
  ban(sheet, resource.from.unique ? resource : resource.top, node.index, because('migration-threshold reached'))
}

/** Source: spec B-8.5. */
function applyExclusive(sheet: Worksheet, resource: Resource, node: number): void {
  if (!resource.exclusiveDiscovery && !resource.top.exclusiveDiscovery) return
  for (const child of resource.children) applyExclusive(sheet, child, node)
  if (resource.scores[node] === ABSENT || resource.discovery[node] === EXCLUSIVE) return
  setScore(resource, node, -INFINITY)
  note(sheet, resource, node, -INFINITY, 'set', because('resource-discovery=exclusive elsewhere'))
}
