/**
 * What follows from a bundle: its own actions frame containers and contained resource, an address goes with its container.
 *
 * Reads   replicas, the implicit clone
 * Writes  orderings, colocations
 * Runs    within unpackImplicit
 * Source  spec C-14.5, B-7.13
 */
import { INFINITY } from '../cib/role.ts'
import type { Replica } from '../cib/state.ts'
import { FIRST_REQ, NEEDS_RUN, PRESERVE, SHOW_FIRST, SHOW_THEN } from './action.ts'
import { addColocation } from './colocations.ts'
import { orderRestart, unpackImplicitClone } from './implicit-clone.ts'
import { originOf, unpackImplicitPrimitive } from './implicit-primitive.ts'
import { order } from './ordering.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** All implicit orderings and colocations of one bundle and what is below it. */
export function unpackImplicitBundle(sheet: Worksheet, bundle: Resource): void {
  const state = bundle.from.bundle!
  const inner = sheet.resources[state.clone]
  if (inner !== undefined) {
    const [running, stopped] = 0 < inner.children.length ? ['running_0', 'stopped_0'] : ['start_0', 'stop_0']
    order(sheet, [bundle, 'start_0'], [inner, 'start_0'], SHOW_FIRST)
    order(sheet, [bundle, 'stop_0'], [inner, 'stop_0'], SHOW_FIRST)
    order(sheet, [inner, running], [bundle, 'running_0'], SHOW_THEN)
    order(sheet, [inner, stopped], [bundle, 'stopped_0'], SHOW_THEN)
  }
  for (const replica of state.replicas) unpackReplica(sheet, bundle, replica)
  if (inner === undefined) return
  unpackImplicitClone(sheet, inner)
  if (!inner.from.promotable) return
  orderRestart(sheet, bundle)
  order(sheet, [inner, 'demoted_0'], [bundle, 'demoted_0'], SHOW_THEN)
  order(sheet, [bundle, 'demote_0'], [inner, 'demote_0'], SHOW_FIRST)
  order(sheet, [inner, 'promoted_0'], [bundle, 'promoted_0'], SHOW_THEN)
  order(sheet, [bundle, 'promote_0'], [inner, 'promote_0'], SHOW_FIRST)
}

function unpackReplica(sheet: Worksheet, bundle: Resource, replica: Replica): void {
  const container = sheet.resources[replica.container]!
  const address = sheet.resources[replica.ip]
  const child = sheet.resources[replica.child]
  const connection = sheet.resources[replica.remote]
  unpackImplicitPrimitive(sheet, container)
  order(sheet, [bundle, 'start_0'], [container, 'start_0'], NEEDS_RUN | SHOW_FIRST)
  if (child !== undefined) order(sheet, [bundle, 'stop_0'], [child, 'stop_0'], SHOW_FIRST)
  order(sheet, [bundle, 'stop_0'], [container, 'stop_0'], SHOW_FIRST)
  order(sheet, [container, 'start_0'], [bundle, 'running_0'], SHOW_THEN)
  order(sheet, [container, 'stop_0'], [bundle, 'stopped_0'], SHOW_THEN)
  if (address !== undefined) {
    unpackImplicitPrimitive(sheet, address)
    order(sheet, [address, 'start_0'], [container, 'start_0'], NEEDS_RUN | PRESERVE)
    order(sheet, [container, 'stop_0'], [address, 'stop_0'], FIRST_REQ | PRESERVE)
    addColocation(sheet, {
      id: 'ip-with-docker',
      dependent: address,
      primary: container,
      score: INFINITY,
      influence: 'true',
      origin: originOf(bundle),
    })
  }
  if (connection !== undefined) unpackImplicitPrimitive(sheet, connection)
}
