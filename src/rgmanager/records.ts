/** The shared records of services: changed under their lock by one node, told to all, and moved by the XState machine of a service. */

import { compile } from '../machines/engine.ts'
import { type RgServiceEvent, rgService } from '../machines/rg-service.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { log } from '../manager/tell.ts'
import { serviceChanged } from './events.ts'
import { tellAll } from './ring.ts'
import { type RgState, recordOf, type ServiceRecord, type ServiceState } from './state.ts'

const ENGINE = compile(rgService)

/** Changes a record: `event` moves its state, `patch` the rest. Only under the service's lock. */
export function changeRecord(
  state: RgState,
  context: DaemonContext,
  service: string,
  event: RgServiceEvent | undefined,
  patch: Partial<Pick<ServiceRecord, 'everStarted' | 'frozen' | 'lastOwner' | 'owner' | 'partial' | 'restarts'>>,
): void {
  const before = recordOf(state, service)
  const to = event === undefined ? before.state : ENGINE.next(before.state, event)
  if (to === undefined) {
    // Somebody else has taken the service meanwhile, rightly by its own lights: what happened here no longer counts.
    log(context, 'warning', `${service} is ${before.state} now: ${event} does not count any more`)
    return
  }
  const after: ServiceRecord = {
    ...before,
    ...patch,
    // The engine's states are exactly those of a service.
    state: to as ServiceState,
    version: before.version + 1,
    since: to === before.state ? before.since : context.now,
  }
  if (event !== undefined)
    context.act({ kind: 'machine', machine: service, from: before.state, to: after.state, event })
  store(state, context, before, after)
  tellAll(state, context, 'record', after)
}

/** Another node's record: taken where it is newer. */
export function takeRecord(state: RgState, context: DaemonContext, record: ServiceRecord): void {
  const before = recordOf(state, record.service)
  if (record.version <= before.version) return
  store(state, context, before, record)
}

function store(state: RgState, context: DaemonContext, before: ServiceRecord, after: ServiceRecord): void {
  state.records.set(after.service, after)
  if (beliefText(before) !== beliefText(after))
    context.act({ kind: 'believe', about: after.service, state: beliefText(after) })
  if (before.state !== after.state) serviceChanged(state, context, before, after)
}

/** As clustat shows it: `started on n1`, with Z for frozen and P for partial. */
export function beliefText({ state, owner, frozen, partial }: ServiceRecord): string {
  const flags = `${frozen ? ' [Z]' : ''}${partial ? ' [P]' : ''}`
  return `${state}${owner === undefined ? '' : ` on ${owner}`}${flags}`
}
