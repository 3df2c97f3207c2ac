/** The stretches in which a resource was away from every node. */
import type { Millis } from '../kernel/time.ts'
import { isServing } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Trace } from '../trace/record.ts'

export interface Absence {
  readonly from: Millis
  readonly to: Millis
  readonly seq: number
}

/** The stretches in which a resource that has served once serves nowhere; the last ends with the run. */
export function absencesOf(trace: Trace, resource: ResourceId): readonly Absence[] {
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
