/** Checks on where resources really run: never twice, never promoted too often, data never split. */
import { isServing, type LifecycleState, mayHoldData } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { LifecycleRecord, Trace } from '../trace/record.ts'
import { type Check, numberArgument, textArgument, type Violation } from './contract.ts'

/** No resource serves on two nodes at once. */
export const neverActiveTwice: Check = {
  name: 'never-active-twice',
  about: 'No resource serves, or holds its data, on two nodes at once.',
  parameters: [{ name: 'resource', type: 'resource', required: false, about: 'only this resource; absent: every one' }],
  lasting: false,
  find: (trace, args) =>
    crowded(trace, { resource: textArgument(args, 'resource'), counts: mayRun, most: 1, word: 'active' }),
}

/** A promotable resource is promoted on so many nodes at most. */
export const promotedAtMost: Check = {
  name: 'promoted-at-most',
  about: 'A resource is promoted on no more than so many nodes at once.',
  parameters: [
    { name: 'resource', type: 'resource', required: false, about: 'only this resource; absent: every one' },
    { name: 'most', type: 'number', required: false, about: 'how many; absent: 1' },
  ],
  lasting: false,
  find: (trace, args) =>
    crowded(trace, {
      resource: textArgument(args, 'resource'),
      counts: isPromoted,
      most: numberArgument(args, 'most', 1),
      word: 'promoted',
    }),
}

/** No storage is corrupted. */
export const dataNeverSplit: Check = {
  name: 'data-never-split',
  about: 'No two nodes write to the same storage at once, unless it is made for that.',
  parameters: [{ name: 'storage', type: 'storage', required: false, about: 'only this storage; absent: every one' }],
  lasting: false,
  find: (trace, args) => {
    const wanted = textArgument(args, 'storage')
    return trace.records.flatMap((record) =>
      record.kind === 'storage' && record.phase === 'corrupted' && (wanted === undefined || wanted === record.storage)
        ? [{ at: record.at, seq: record.seq, text: record.text }]
        : [],
    )
  },
}

interface CrowdRule {
  readonly resource: string | undefined
  readonly counts: (state: LifecycleState) => boolean
  readonly most: number
  readonly word: string
}

/** One violation each time the number of nodes rises above the bound. */
function crowded(trace: Trace, rule: CrowdRule): readonly Violation[] {
  const active = new Map<ResourceId, Set<NodeName>>()
  const found: Violation[] = []
  for (const record of trace.records) {
    if (record.kind !== 'lifecycle' || (rule.resource !== undefined && record.resource !== rule.resource)) continue
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

function violation(record: LifecycleRecord, nodes: ReadonlySet<NodeName>, word: string): Violation {
  return {
    at: record.at,
    seq: record.seq,
    text: `${record.resource} is ${word} on ${[...nodes].sort().join(' and ')} at the same time`,
  }
}

/** A service that is starting does not run yet; one that failed, hangs or could not be stopped still may. */
function mayRun(state: LifecycleState): boolean {
  return mayHoldData(state) && state !== 'starting'
}

function isPromoted(state: LifecycleState): boolean {
  return isServing(state)
    ? state === 'promoted' || state === 'demoting'
    : state === 'failed-promoted' || state === 'hung-promoted'
}
