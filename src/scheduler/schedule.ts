/**
 * The scheduler: cluster state in, decision out. This file is its table of contents: the passes in their order.
 *
 * Pure: the state is not changed, and nothing of a decision is kept for the next.
 * Source: spec B-1.1, C-3.2.
 */
import type { ClusterState } from '../cib/state.ts'
import { assignAll } from './assign-all.ts'
import { createActions } from './collective.ts'
import { unpackConstraints } from './constraints.ts'
import { applyCriteria } from './criteria.ts'
import { scheduleFencing } from './fencing-orders.ts'
import { unpackImplicit } from './implicit.ts'
import { unpackHealth } from './locations.ts'
import { createProbes } from './probes.ts'
import { orderRemoteActions } from './remote.ts'
import { applyEarlyActions } from './request.ts'
import { toWorksheet } from './sheet.ts'
import type { Recording, Worksheet } from './worksheet.ts'

/** Makes every decision as far as assignments: who runs where, in which role, with which scores. */
export function assignResources(state: ClusterState, recording: Recording = {}): Worksheet {
  const sheet = toWorksheet(state, recording)
  applyEarlyActions(sheet)
  unpackHealth(sheet)
  unpackConstraints(sheet)
  applyCriteria(sheet)
  unpackImplicit(sheet)
  // The check of changed configuration (changes.ts) comes here.
  assignAll(sheet)
  return sheet
}

/** Creates every action that the assignments call for, with the orderings between them. */
export function planActions(sheet: Worksheet): void {
  // Deferred checks and the fail counts of orphans (changes.ts) come here.
  createProbes(sheet)
  createActions(sheet)
  orderRemoteActions(sheet)
  scheduleFencing(sheet)
}
