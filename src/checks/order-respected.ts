/** On each node the resources of a group start in their order: none begins to start before the one before it serves there. */
import { isServing } from '../model/lifecycle.ts'
import type { ResourceId } from '../model/names.ts'
import { type Check, textArgument, type Violation } from './contract.ts'

/** Resources of a group start in their order. Stops are not looked at: a failed stop is allowed to leave gaps. */
export const orderRespected: Check = {
  name: 'order-respected',
  about:
    'On each node the resources of a group start in their order: none begins to start before the one before it serves there.',
  parameters: [{ name: 'group', type: 'text', required: false, about: 'only this group; absent: every one' }],
  lasting: false,
  find: (trace, args) => {
    const wanted = textArgument(args, 'group')
    const before = new Map<ResourceId, ResourceId>()
    for (const group of trace.header.cluster.groups) {
      if (wanted !== undefined && group.id !== wanted) continue
      for (let i = 1; i < group.resources.length; i++) before.set(group.resources[i]!, group.resources[i - 1]!)
    }
    const serving = new Set<string>()
    const found: Violation[] = []
    for (const record of trace.records) {
      if (record.kind === 'lifecycle') {
        const key = `${record.node}\u0000${record.resource}`
        if (isServing(record.to)) serving.add(key)
        else serving.delete(key)
        const first = before.get(record.resource)
        if (record.to !== 'starting' || first === undefined || serving.has(`${record.node}\u0000${first}`)) continue
        found.push({
          at: record.at,
          seq: record.seq,
          text: `${record.resource} starts on ${record.node} while ${first}, which it needs, does not run there`,
        })
      }
    }
    return found
  },
}
