/**
 * The four steps of a primitive: stop, start, promote, demote, each on the nodes that it concerns.
 *
 * Reads   Resource.runningOn, assigned, stopsUnexpected, isRestarting
 * Writes  actions, links to unfencing
 * Runs    called by roles.ts
 * Source  spec C-7.5, C-7.6
 */
import { STOPPED } from '../cib/role.ts'
import { FIRST_REQ, link, OPTIONAL, PSEUDO, RUNNABLE, THEN_REQ } from './action.ts'
import { requestCleanup } from './cleanup.ts'
import { requestFencing } from './fencing.ts'
import { actionsOf, clearFlags, isRunnable, setFlags } from './record.ts'
import { requestAction } from './request.ts'
import { orderAfterUnfencing } from './unfencing.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** One step, on all nodes that it concerns. */
export function takeStep(
  sheet: Worksheet,
  resource: Resource,
  step: 'stop' | 'start' | 'promote' | 'demote',
  isRequired: boolean,
): void {
  switch (step) {
    case 'stop':
      return stop(sheet, resource, isRequired)
    case 'start':
      return start(sheet, resource, isRequired)
    case 'promote':
      return promote(sheet, resource, isRequired)
    case 'demote':
      for (const node of resource.runningOn) {
        if (!isExpected(resource, node)) requestAction(sheet, resource, { task: 'demote', node, optional: !isRequired })
      }
  }
}

/** The node where a multiply active resource may stay. Source: spec C-7.5. */
function isExpected(resource: Resource, node: number): boolean {
  return resource.stopsUnexpected && resource.isRestarting && STOPPED < resource.nextRole && node === resource.assigned
}

/** Source: spec C-7.5. */
function stop(sheet: Worksheet, resource: Resource, isRequired: boolean): void {
  let optional = !isRequired
  for (const node of resource.runningOn) {
    if (isExpected(resource, node)) continue
    if (0 <= resource.partialTarget) {
      if (node === resource.partialTarget && node === resource.assigned) continue
      optional = false
    }
    const action = requestAction(sheet, resource, { task: 'stop', node, optional })
    if (resource.assigned < 0) action.reason = 'node availability'
    else if (resource.isRestarting && resource.stopsUnexpected) action.reason = 'being multiply active'
    if (!resource.managed) clearFlags(action, RUNNABLE)
    if (sheet.options.removeAfterStop) requestCleanup(sheet, resource, { node, optional })
    if (resource.from.needsUnfencing) {
      link(action, requestFencing(sheet, sheet.nodes[node]!, { operation: 'on', optional: true }), FIRST_REQ)
    }
  }
}

/** A start that cannot run stays optional. Source: spec C-7.6. */
function start(sheet: Worksheet, resource: Resource, isRequired: boolean): void {
  const { assigned } = resource
  const action = requestAction(sheet, resource, { task: 'start', node: assigned, optional: true })
  orderAfterUnfencing(sheet, action, THEN_REQ)
  if (isRequired && isRunnable(action)) clearFlags(action, OPTIONAL)
  if (isExpected(resource, assigned)) setFlags(action, PSEUDO)
}

/** Source: spec C-7.6. */
function promote(sheet: Worksheet, resource: Resource, isRequired: boolean): void {
  const { assigned } = resource
  const isHere = ({ node }: { readonly node: number }): boolean => node === assigned
  if (actionsOf(resource, 'start_0').some((action) => isHere(action) && !isRunnable(action))) {
    for (const action of actionsOf(resource, 'promote_0')) if (isHere(action)) clearFlags(action, RUNNABLE)
    return
  }
  const action = requestAction(sheet, resource, { task: 'promote', node: assigned, optional: !isRequired })
  if (isExpected(resource, assigned)) setFlags(action, PSEUDO)
}
