/**
 * The scheduler: cluster state in, decision out. This file is its table of contents: the passes in their order.
 *
 * Pure: the state is not changed, and nothing of a decision is kept for the next.
 * Source: spec B-1.1, C-3.2.
 */
import type { ClusterState } from '../cib/state.ts'
import { applyOrderings } from './apply-orderings.ts'
import { assignAll } from './assign-all.ts'
import { buildGraph, disableInvalid } from './build-graph.ts'
import { checkConfiguration } from './changes.ts'
import { createActions } from './collective.ts'
import { unpackConstraints } from './constraints.ts'
import { applyCriteria } from './criteria.ts'
import { applyDeferredChecks, clearOrphanFailures } from './deferred.ts'
import { scheduleFencing } from './fencing-orders.ts'
import type { Graph } from './graph.ts'
import { unpackImplicit } from './implicit.ts'
import { unpackHealth } from './locations.ts'
import { orderProbes } from './probe-orderings.ts'
import { createProbes } from './probes.ts'
import { blockColocated, propagate, toPropagation } from './propagate.ts'
import { orderRemoteActions } from './remote.ts'
import { applyEarlyActions } from './request.ts'
import { toWorksheet } from './sheet.ts'
import type { Recording, Worksheet } from './worksheet.ts'

/** What was decided: the worksheet with all that led there, and the graph of what is to be done. */
export interface Decision {
  readonly sheet: Worksheet
  readonly graph: Graph
}

/** Makes the whole decision. */
export function schedule(state: ClusterState, recording: Recording = {}): Decision {
  const sheet = assignResources(state, recording)
  applyDeferredChecks(sheet)
  createProbes(sheet)
  clearOrphanFailures(sheet)
  createActions(sheet)
  orderRemoteActions(sheet)
  scheduleFencing(sheet)
  applyOrderings(sheet)
  const run = toPropagation(sheet)
  for (let at = sheet.actions.length - 1; 0 <= at; at--) blockColocated(run, sheet.actions[at]!)
  orderProbes(sheet)
  propagate(run)
  disableInvalid(sheet)
  return { sheet, graph: buildGraph(sheet) }
}

/** Makes every decision as far as assignments: who runs where, in which role, with which scores. */
export function assignResources(state: ClusterState, recording: Recording = {}): Worksheet {
  const sheet = toWorksheet(state, recording)
  applyEarlyActions(sheet)
  unpackHealth(sheet)
  unpackConstraints(sheet)
  applyCriteria(sheet)
  unpackImplicit(sheet)
  checkConfiguration(sheet)
  assignAll(sheet)
  return sheet
}
