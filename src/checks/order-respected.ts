/**
 * On each node the resources of a group start in their order: none begins to start unless the one before it was started there, was not
 * stopped since, and was not found to have failed. What ends by itself is not held against a manager before an agent has told of it: between
 * a start and the next monitor nobody can know (Pacemaker starts the next member together with the first monitor: spec E-12.1).
 */

import type { ClusterShape } from '../model/cluster.ts'
import { isServing } from '../model/lifecycle.ts'
import type { ResourceId } from '../model/names.ts'
import type { LifecycleRecord, OperationRecord } from '../trace/record.ts'
import { type Check, textArgument, type Violation } from './contract.ts'

/** Resources of a group start in their order. Stops are not looked at: a failed stop is allowed to leave gaps. */
export const orderRespected: Check = {
  name: 'order-respected',
  about:
    'On each node the resources of a group start in their order: none begins to start before the one before it was started there, or after it was stopped or found failed.',
  parameters: [{ name: 'group', type: 'text', required: false, about: 'only this group; absent: every one' }],
  lasting: false,
  find: (trace, args) => {
    const before = predecessors(trace.header.cluster, textArgument(args, 'group'))
    const serving = new Set<string>()
    const found: Violation[] = []
    for (const record of trace.records) {
      if (record.kind === 'operation') {
        const key = keyOf(record.node, record.resource)
        if (tellsFailure(record)) serving.delete(key)
        else if (tellsStart(record)) serving.add(key)
        continue
      }
      if (record.kind !== 'lifecycle') continue
      const key = keyOf(record.node, record.resource)
      if (isServing(record.to)) serving.add(key)
      else if (!endedByItself(record)) serving.delete(key)
      const first = before.get(record.resource)
      if (record.to !== 'starting' || first === undefined || serving.has(keyOf(record.node, first))) continue
      found.push({
        at: record.at,
        seq: record.seq,
        text: `${record.resource} starts on ${record.node} while ${first}, which it needs, does not run there`,
      })
    }
    return found
  },
}

/** By resource the one that comes before it in its group. */
function predecessors({ groups }: ClusterShape, wanted: string | undefined): ReadonlyMap<ResourceId, ResourceId> {
  const before = new Map<ResourceId, ResourceId>()
  for (const group of groups) {
    if (wanted !== undefined && group.id !== wanted) continue
    for (let i = 1; i < group.resources.length; i++) before.set(group.resources[i]!, group.resources[i - 1]!)
  }
  return before
}

function keyOf(node: string, resource: ResourceId): string {
  return `${node}\u0000${resource}`
}

/** A service that crashes, vanishes or hangs asks nobody; only an agent can tell. */
function endedByItself({ event }: LifecycleRecord): boolean {
  return event === 'vanish' || event === 'crash' || event === 'hang'
}

/** The end of a monitor or status that did not find it running (0, or 8 for promoted). */
function tellsFailure({ phase, operation, status, rc }: OperationRecord): boolean {
  if (phase !== 'end' || (operation !== 'monitor' && operation !== 'status')) return false
  return status === 'timed-out' || (status === 'done' && rc !== 0 && rc !== 8)
}

/** A start that the agent calls a success, though the service may have ended in the middle of it. */
function tellsStart({ phase, operation, status, rc }: OperationRecord): boolean {
  return phase === 'end' && operation === 'start' && status === 'done' && rc === 0
}
