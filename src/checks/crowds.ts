/** Counting where resources really run at once: what the checks on double activity share. */
import { isServing, type LifecycleState, mayHoldData } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { LifecycleRecord, Trace } from '../trace/record.ts'
import type { Violation } from './contract.ts'

export interface CrowdRule {
  readonly resource: string | undefined
  readonly counts: (state: LifecycleState) => boolean
  readonly most: number
  readonly word: string
  /** Resources that are not counted where none is named. */
  readonly except?: ReadonlySet<ResourceId>
}

/** One violation each time the number of nodes rises above the bound. */
export function crowded(trace: Trace, rule: CrowdRule): readonly Violation[] {
  const active = new Map<ResourceId, Set<NodeName>>()
  const found: Violation[] = []
  for (const record of trace.records) {
    if (record.kind !== 'lifecycle' || (rule.resource !== undefined && record.resource !== rule.resource)) continue
    if (rule.resource === undefined && rule.except?.has(record.resource) === true) continue
    const nodes = active.get(record.resource) ?? new Set<NodeName>()
    active.set(record.resource, nodes)
    if (!rule.counts(record.to)) nodes.delete(record.node)
    else if (!nodes.has(record.node)) {
      nodes.add(record.node)
      if (rule.most < nodes.size) found.push(violation(record, nodes, rule.word))
    }
  }
  return found
}

export function violation(record: LifecycleRecord, nodes: ReadonlySet<NodeName>, word: string): Violation {
  return {
    at: record.at,
    seq: record.seq,
    text: `${record.resource} is ${word} on ${[...nodes].sort().join(' and ')} at the same time`,
  }
}

/** A service that is starting does not run yet; one that failed, hangs or could not be stopped still may. */
export function mayRun(state: LifecycleState): boolean {
  return mayHoldData(state) && state !== 'starting'
}

export function isPromoted(state: LifecycleState): boolean {
  return isServing(state)
    ? state === 'promoted' || state === 'demoting'
    : state === 'failed-promoted' || state === 'hung-promoted'
}
