/** What ran on a node that its peer holds for dead starts elsewhere only after that node was fenced. */
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Check, Violation } from './contract.ts'

/** A node that was lost is fenced before what it ran starts elsewhere. */
export const fencedBeforeRecovery: Check = {
  name: 'fenced-before-recovery',
  about: 'What ran on a node that its peer holds for dead starts elsewhere only after that node was fenced.',
  parameters: [],
  lasting: false,
  find: (trace) => {
    const suspects = new Map<NodeName, Set<ResourceId>>()
    const running = new Map<NodeName, Set<ResourceId>>()
    const found: Violation[] = []
    for (const record of trace.records) {
      if (record.kind === 'lifecycle') {
        const held = running.get(record.node) ?? new Set<ResourceId>()
        running.set(record.node, held)
        if (record.to === 'started' || record.to === 'promoted') held.add(record.resource)
        else if (record.to === 'stopped' && record.event !== 'power-lost') held.delete(record.resource)
      } else if (record.kind === 'membership' && record.status === 'dead' && record.member !== record.node) {
        if (!suspects.has(record.member)) suspects.set(record.member, new Set(running.get(record.member)))
      } else if (record.kind === 'fence' && record.phase === 'succeeded') {
        suspects.delete(record.target)
        running.delete(record.target)
      } else if (record.kind === 'process' && record.state === 'running') {
        // A node whose manager begins anew tells its peers what it holds: it is no longer a suspect.
        suspects.delete(record.node)
        running.delete(record.node)
      } else if (record.kind === 'operation' && record.phase === 'begin' && record.operation === 'start') {
        for (const [node, lost] of suspects) {
          if (node === record.node || !lost.has(record.resource)) continue
          found.push({
            at: record.at,
            seq: record.seq,
            text: `${record.node} starts ${record.resource} although ${node}, which ran it, was not fenced`,
          })
        }
      }
    }
    return found
  },
}
