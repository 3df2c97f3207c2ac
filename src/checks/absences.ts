/** The stretches in which a resource was away from every node. Whoever stands still serves nobody, whatever it still holds. */
import type { Millis } from '../kernel/time.ts'
import { isServing } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Trace, TraceRecord } from '../trace/record.ts'

export interface Absence {
  readonly from: Millis
  readonly to: Millis
  readonly seq: number
}

/** The stretches in which a resource that has served once serves nowhere; the last ends with the run. */
export function absencesOf(trace: Trace, resource: ResourceId): readonly Absence[] {
  const service = createService(resource)
  const found: Absence[] = []
  let since: Absence | undefined
  for (const record of trace.records) {
    const didServe = serves(service)
    if (!follow(service, record) || serves(service) === didServe) continue
    if (didServe) since = { from: record.at, to: record.at, seq: record.seq }
    else if (since !== undefined) {
      found.push({ ...since, to: record.at })
      since = undefined
    }
  }
  if (since !== undefined) found.push({ ...since, to: trace.footer.endedAt })
  return found
}

/** Where a resource serves, as far as a trace has been followed. */
export interface Service {
  readonly resource: ResourceId
  readonly holders: Set<NodeName>
  readonly frozen: Set<NodeName>
}

/** A resource that serves nowhere yet. */
export function createService(resource: ResourceId): Service {
  return { resource, holders: new Set(), frozen: new Set() }
}

/** Follows one record; changes `service`. False where the record says nothing of it. */
export function follow({ resource, holders, frozen }: Service, record: TraceRecord): boolean {
  if (record.kind === 'node') {
    if (record.to === 'hung') frozen.add(record.node)
    else frozen.delete(record.node)
    return true
  }
  if (record.kind !== 'lifecycle' || record.resource !== resource) return false
  if (isServing(record.to)) holders.add(record.node)
  else holders.delete(record.node)
  return true
}

/** Whether anybody is served. */
export function serves({ holders, frozen }: Service): boolean {
  for (const node of holders) if (!frozen.has(node)) return true
  return false
}
