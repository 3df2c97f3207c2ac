/** Checks on recovery: in time, behind fencing, in order, and to an end. */
import type { Millis } from '../kernel/time.ts'
import { clockText, durationText } from '../kernel/time.ts'
import { isServing } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Trace } from '../trace/record.ts'
import { type Check, numberArgument, textArgument, type Violation } from './contract.ts'

/** A resource that once served is never away for longer than a limit. */
export const recoveredWithin: Check = {
  name: 'recovered-within',
  about: 'A resource that has served once is never away from every node for longer than a limit.',
  parameters: [
    { name: 'resource', type: 'resource', required: true, about: 'the resource' },
    { name: 'limit', type: 'duration', required: true, about: 'how long it may be away' },
  ],
  lasting: false,
  find: (trace, args) => {
    const resource = textArgument(args, 'resource') ?? ''
    const limit = numberArgument(args, 'limit', 0)
    return absencesOf(trace, resource).flatMap(({ from, to, seq }) => {
      if (to - from <= limit) return []
      return [
        {
          at: from,
          seq,
          text: `${resource} was away for ${durationText(to - from)} from ${clockText(from)}; ${durationText(limit)} was the limit`,
        },
      ]
    })
  },
}

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

/** Resources of a group start in order and stop against it. */
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

/** After the last fault everything comes to rest. */
export const settles: Check = {
  name: 'settles',
  about:
    'After the last fault or command the cluster comes to rest within a time: no operation, fencing or change of a resource later.',
  parameters: [
    { name: 'within', type: 'duration', required: false, about: 'how long after the last fault; absent: two minutes' },
  ],
  lasting: false,
  find: (trace, args) => {
    const within = numberArgument(args, 'within', 120_000)
    let last: Millis = 0
    for (const record of trace.records) if (record.kind === 'fault' || record.kind === 'command') last = record.at
    const late = trace.records.find(
      (record) =>
        last + within < record.at &&
        (record.kind === 'lifecycle' ||
          record.kind === 'fence' ||
          (record.kind === 'operation' && record.interval === 0)),
    )
    if (late !== undefined)
      return [
        {
          at: late.at,
          seq: late.seq,
          text: `the cluster still acts ${durationText(late.at - last)} after the last fault`,
        },
      ]
    if (trace.footer.reason === 'event-limit')
      return [{ at: trace.footer.endedAt, seq: 0, text: 'the run was stopped by its limit of events' }]
    return []
  },
}

interface Absence {
  readonly from: Millis
  readonly to: Millis
  readonly seq: number
}

/** The stretches in which a resource that has served once serves nowhere; the last ends with the run. */
function absencesOf(trace: Trace, resource: ResourceId): readonly Absence[] {
  const serving = new Set<NodeName>()
  const found: Absence[] = []
  let since: Absence | undefined
  for (const record of trace.records) {
    if (record.kind !== 'lifecycle' || record.resource !== resource) continue
    const before = serving.size
    if (isServing(record.to)) serving.add(record.node)
    else serving.delete(record.node)
    if (0 < before && serving.size === 0) since = { from: record.at, to: record.at, seq: record.seq }
    else if (0 < serving.size && since !== undefined) {
      found.push({ ...since, to: record.at })
      since = undefined
    }
  }
  if (since !== undefined) found.push({ ...since, to: trace.footer.endedAt })
  return found
}
