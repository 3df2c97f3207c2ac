/**
 * From the role a primitive has to the role it shall have: which steps it takes, and which of them are required.
 *
 * Every primitive goes down to Stopped and up again to where it is, optionally, so that whatever must restart it later finds
 * the actions; only then come the steps to the role it shall have. The order of requests gives the ids.
 *
 * Reads   Resource.role, runningOn, assigned, failed, blocked
 * Writes  Resource.nextRole where unknown, partialSource, partialTarget, stopsUnexpected, isRestarting; actions
 * Runs    after probes; called for each primitive by collective.ts
 * Source  spec C-7
 */
import { PROMOTED, type Role, STARTED, STOPPED, UNKNOWN } from '../cib/role.ts'
import { DANGLE, SHOW } from './action.ts'
import { requestCleanup } from './cleanup.ts'
import { createMigration, mayMigrate } from './migration.ts'
import { currentNode } from './nodes.ts'
import { isRequired, setFlags } from './record.ts'
import { createRecurring } from './recurring.ts'
import { requestAction } from './request.ts'
import { takeStep } from './role-steps.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** Creates all actions of one primitive. Source: spec C-7.4. */
export function createPrimitiveActions(sheet: Worksheet, resource: Resource): void {
  if (resource.nextRole === UNKNOWN) resource.nextRole = resource.assigned < 0 ? STOPPED : STARTED
  const current = currentNode(sheet, resource)
  stopDangling(sheet, resource)
  const { assigned } = resource
  const isMoving = 0 <= current && 0 <= assigned && current !== assigned && STARTED <= resource.nextRole
  const partial = judgePlaces(sheet, resource, current, isMoving && mayMigrate(sheet, resource, current))
  if (resource.startPending)
    setFlags(requestAction(sheet, resource, { task: 'start', node: assigned, optional: true }), SHOW)
  const restart = isMoving ? NO_RESTART : judgeRestart(sheet, resource, current)
  const needStop = isMoving || partial.needStop || restart.needStop
  takeDetour(sheet, resource, { needStop, needPromote: restart.needPromote })
  takeSteps(sheet, resource, { from: resource.role, to: () => resource.nextRole, isRequired: () => true })
  createRecurring(sheet, resource)
  if (partial.migrates) createMigration(sheet, resource, { current, isPartial: partial.isPartial })
}

/** Where a migration came to nothing, the resource may still be on the node it left. Source: spec C-7.4 item 3. */
function stopDangling(sheet: Worksheet, resource: Resource): void {
  for (const node of resource.from.dangling) {
    setFlags(requestAction(sheet, resource, { task: 'stop', node, optional: false }), DANGLE)
    if (sheet.options.removeAfterStop) requestCleanup(sheet, resource, { node, optional: false })
  }
}

interface Places {
  readonly needStop: boolean
  readonly migrates: boolean
  /** A migration under way goes on. */
  readonly isPartial: boolean
}

/** What being in several places means. Source: spec C-7.4 items 5 and 6. */
function judgePlaces(sheet: Worksheet, resource: Resource, current: number, migrates: boolean): Places {
  const { runningOn, partialSource, partialTarget } = resource
  if (0 <= partialSource || 0 <= partialTarget) {
    resource.stopsUnexpected = false
    const goesOn =
      migrates &&
      runningOn.length === 2 &&
      0 <= partialSource &&
      current === partialSource &&
      0 <= partialTarget &&
      resource.assigned === partialTarget
    if (goesOn) return { needStop: false, migrates: true, isPartial: true }
    resource.partialSource = -1
    resource.partialTarget = -1
    return { needStop: true, migrates: false, isPartial: false }
  }
  const isClean = (index: number): boolean => sheet.nodes[index]!.online && !sheet.nodes[index]!.unclean
  const count = resource.from.needsFencing ? runningOn.length : runningOn.filter(isClean).length
  const policy = 1 < count ? resource.from.multipleActive : undefined
  resource.stopsUnexpected = policy === 'stop_unexpected'
  return { needStop: policy === 'stop_start' || policy === 'stop_unexpected', migrates, isPartial: false }
}

interface Restart {
  readonly needStop: boolean
  readonly needPromote: boolean
}

const NO_RESTART: Restart = { needStop: false, needPromote: false }

/** What asks for a restart where it is. Source: spec C-7.4 item 8. */
function judgeRestart(sheet: Worksheet, resource: Resource, current: number): Restart {
  if (resource.failed) {
    if (resource.stopNeeded) return { needStop: true, needPromote: false }
    return { needStop: false, needPromote: resource.nextRole === PROMOTED }
  }
  if (resource.blocked) return { needStop: true, needPromote: false }
  const { assigned } = resource
  if (resource.role <= STARTED || current < 0 || assigned < 0) return NO_RESTART
  const start = requestAction(sheet, resource, { task: 'start', node: assigned, optional: true })
  return { needStop: isRequired(start), needPromote: false }
}

/** Down to Stopped and up again. Source: spec C-7.4 items 9 and 10. */
function takeDetour(sheet: Worksheet, resource: Resource, { needStop, needPromote }: Restart): void {
  resource.isRestarting = true
  takeSteps(sheet, resource, { from: resource.role, to: () => STOPPED, isRequired: () => needStop })
  if (resource.role <= resource.nextRole && !resource.blocked) {
    const isNeeded = (step: Step): boolean => needStop || (step === 'promote' && needPromote)
    takeSteps(sheet, resource, { from: STOPPED, to: () => resource.role, isRequired: isNeeded })
  }
  resource.isRestarting = false
}

type Step = 'stop' | 'start' | 'promote' | 'demote'

interface Path {
  readonly from: Role
  /** Asked at every step: a request may lower what the resource shall be. */
  readonly to: () => Role
  readonly isRequired: (step: Step) => boolean
}

/** One step after the other, until nothing is left to do. */
function takeSteps(sheet: Worksheet, resource: Resource, path: Path): void {
  for (let role = path.from; role !== path.to(); ) {
    const next = STEPS[role]![path.to()]!
    const step = stepBetween(role, next)
    if (step === undefined) return
    takeStep(sheet, resource, step, path.isRequired(step))
    role = next
  }
}

/** The role that one step leads to: by current role, then by target. Source: spec C-7.2. */
const STEPS: readonly (readonly Role[])[] = [
  [0, 1, 1, 1, 1],
  [1, 1, 2, 3, 3],
  [1, 1, 2, 3, 4],
  [1, 1, 1, 3, 4],
  [1, 3, 3, 3, 4],
]

/** Source: spec C-7.3. */
function stepBetween(from: Role, to: Role): Step | undefined {
  if (from === to || (from === 2 && to === 3)) return undefined
  if (from === PROMOTED) return 'demote'
  if (to === PROMOTED) return 'promote'
  return from === STOPPED ? 'start' : 'stop'
}
