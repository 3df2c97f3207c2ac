/**
 * What ran on a node that the starting node holds for dead starts there only after that node was fenced. Fence devices and instances of
 * promotable clones are left out: a device is used from anywhere, an instance starts beside its kin and holds nothing of theirs.
 *
 * Nobody is held to what he cannot know: a Pacemaker node that came up has its peers' CIB only when its join was finalized, which a
 * running transition delays; cut off before, it takes those whom it never knew as members for down (spec E-4.5).
 */
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Trace } from '../trace/record.ts'
import type { Check, Violation } from './contract.ts'

/** A node that was lost is fenced before what it ran starts elsewhere. */
export const fencedBeforeRecovery: Check = {
  name: 'fenced-before-recovery',
  about: 'What ran on a node that its peer holds for dead starts elsewhere only after that node was fenced.',
  parameters: [],
  lasting: false,
  find: (trace) => {
    const free = freeResources(trace)
    /** By whoever holds another for dead, then by that other: what it ran then. */
    const suspects = new Map<NodeName, Map<NodeName, Set<ResourceId>>>()
    const running = new Map<NodeName, Set<ResourceId>>()
    const found: Violation[] = []
    /** Nodes whose controller came up and was not taken in by others yet, with the members that each sees. */
    const strangers = new Map<NodeName, Set<NodeName>>()
    const clear = (node: NodeName): void => {
      for (const lost of suspects.values()) lost.delete(node)
      running.delete(node)
    }
    for (const record of trace.records) {
      if (record.kind === 'lifecycle') {
        const held = running.get(record.node) ?? new Set<ResourceId>()
        running.set(record.node, held)
        if (record.to === 'started' || record.to === 'promoted') held.add(record.resource)
        else if (record.to === 'stopped' && record.event !== 'power-lost') held.delete(record.resource)
      } else if (record.kind === 'membership' && record.member !== record.node) {
        const lost = suspects.get(record.node) ?? new Map<NodeName, Set<ResourceId>>()
        suspects.set(record.node, lost)
        if (record.status === 'dead') strangers.get(record.node)?.delete(record.member)
        else strangers.get(record.node)?.add(record.member)
        if (record.status !== 'dead') lost.delete(record.member)
        else if (!strangers.has(record.node) && !lost.has(record.member))
          lost.set(record.member, new Set(running.get(record.member)))
      } else if (record.kind === 'fence' && record.phase === 'succeeded') clear(record.target)
      // A node whose manager begins anew tells its peers what it holds: it is no longer a suspect, and suspects nobody yet.
      else if (record.kind === 'process' && record.state === 'running') {
        clear(record.node)
        suspects.delete(record.node)
        if (trace.header.cluster.manager === 'pacemaker') strangers.set(record.node, new Set())
      } else if (record.kind === 'machine' && record.machine === 'controller') {
        const seen = strangers.get(record.node)?.size ?? 0
        if (record.to === 'S_NOT_DC' || (record.to === 'S_POLICY_ENGINE' && 0 < seen)) strangers.delete(record.node)
      } else if (record.kind === 'operation' && record.phase === 'begin' && record.operation === 'start') {
        for (const [node, lost] of suspects.get(record.node) ?? []) {
          if (!lost.has(record.resource) || free.has(record.resource)) continue
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

function freeResources({ header }: Trace): ReadonlySet<ResourceId> {
  const free = header.cluster.resources.filter((spec) => spec.agent.class === 'stonith' || spec.promotable)
  return new Set(free.map((spec) => spec.id))
}
