/**
 * At the end of a run nothing is under way: no operation but a recurring one, no fencing, no transition, no election. The audit of leftovers.
 * What nodes that are down or frozen had begun is left out: nobody can end it.
 */
import type { OperationRecord } from '../trace/record.ts'
import type { Check, Violation } from './contract.ts'
import { atTheEnd, finalState } from './final.ts'

const AT_REST: ReadonlySet<string> = new Set(['S_IDLE', 'S_NOT_DC', 'S_STOPPING', 'S_TERMINATE'])

/** Nothing is left half done. */
export const nothingLeft: Check = {
  name: 'nothing-left',
  about: 'At the end of the run nothing is left half done: no operation, fencing, transition or election.',
  parameters: [],
  lasting: false,
  find: (trace) => {
    const { live, controllers } = finalState(trace)
    const operations = new Map<string, OperationRecord>()
    const fencings = new Map<string, Violation>()
    for (const record of trace.records) {
      if (record.kind === 'operation' && record.interval === 0) {
        const key = `${record.node}\u0000${record.ticket}`
        if (record.phase === 'begin') operations.set(key, record)
        else operations.delete(key)
      } else if (record.kind === 'fence') {
        const key = `${record.by}\u0000${record.device}\u0000${record.target}`
        const text = `${record.device} has not answered to fence ${record.target}`
        if (record.phase === 'requested') fencings.set(key, { at: record.at, seq: record.seq, text })
        else if (record.phase !== 'attempt') fencings.delete(key)
      } else if (record.kind === 'node' && record.to !== 'up') {
        for (const key of [...operations.keys()]) if (key.startsWith(`${record.node}\u0000`)) operations.delete(key)
        for (const key of [...fencings.keys()]) if (key.startsWith(`${record.node}\u0000`)) fencings.delete(key)
      }
    }
    const busy = [...controllers].filter(([node, state]) => live.includes(node) && !AT_REST.has(state))
    return [
      ...[...operations.values()].map(({ at, seq, resource, operation, node }) => {
        return { at, seq, text: `${operation} of ${resource} on ${node} has not ended` }
      }),
      ...fencings.values(),
      ...atTheEnd(
        trace,
        busy.map(([node, state]) => `the controller of ${node} is in ${state}`),
      ),
    ]
  },
}
