/**
 * Why an action is required, or cannot run: from action to action along the recorded causes, down to the root in the CIB.
 *
 * Where a rule left a cause, it is followed; where an action follows from what its resource is (failed, moving, with no node left),
 * that is said. Changes nothing. Source: spec C-4.4, C-7, C-11, C-15, C-17.
 */
import { STOPPED } from '../cib/role.ts'
import { type Action, type Origin, PSEUDO } from '../scheduler/action.ts'
import { mayFence } from '../scheduler/fencing.ts'
import { currentNode, isGuest, leavesOf } from '../scheduler/nodes.ts'
import { actionsOf } from '../scheduler/record.ts'
import { foldTask } from '../scheduler/summary.ts'
import { GROUP, PRIMITIVE, type Resource, type Worksheet } from '../scheduler/worksheet.ts'
import { actionText, canRun, isNeeded } from './explain-action-words.ts'
import { quorumRemark, unmanagedRemark } from './explain-contributions.ts'
import { promotionOf } from './explain-promotion.ts'
import { nodeScores } from './explain-scores.ts'
import { metaSource, operationAt, type Remark, remark } from './explain-sources.ts'
import { placeVerdict } from './explain-verdict.ts'
import { failureRemark, operationName, resultAt, unavailability } from './explain-words.ts'

/** Every step from an action that is required to the root, nearest first. */
export function whyRequired(sheet: Worksheet, action: Action, seen: Set<Action> = new Set()): readonly Remark[] {
  if (seen.has(action)) return []
  seen.add(action)
  const { cause, resource } = action
  if (cause?.kind === 'decided') return [decidedRemark(sheet, action)]
  if (cause?.kind === 'required' && cause.action !== undefined) {
    const by = cause.action
    const step = remark(`${actionText(sheet, by)} ${needText(by)}${relation(action, by)}`, cause.origin)
    return [step, ...whyNeeded(sheet, by, seen)]
  }
  if (resource === undefined) return []
  return resource.variant === PRIMITIVE
    ? ofPrimitive(sheet, resource, action)
    : ofMembers(sheet, action, seen, 'required')
}

/** Why an action that drives another is as it is: required, or else unable to run. */
function whyNeeded(sheet: Worksheet, action: Action, seen: Set<Action>): readonly Remark[] {
  return isNeeded(action) || canRun(action) ? whyRequired(sheet, action, seen) : whyUnrunnable(sheet, action, seen)
}

function needText(action: Action): string {
  if (isNeeded(action)) return 'is required'
  return canRun(action) ? 'may be required' : 'cannot run'
}

/** Every step from an action that cannot run to the root, nearest first. */
export function whyUnrunnable(sheet: Worksheet, action: Action, seen: Set<Action> = new Set()): readonly Remark[] {
  if (seen.has(action)) return []
  seen.add(action)
  const { cause, resource } = action
  if (cause?.kind === 'unrunnable' && cause.action !== undefined) {
    const by = cause.action
    const step = remark(`${actionText(sheet, by)} cannot run${relation(action, by)}`, cause.origin)
    return [step, ...whyUnrunnable(sheet, by, seen)]
  }
  if (resource === undefined) return []
  if (resource.variant !== PRIMITIVE) return ofMembers(sheet, action, seen, 'unrunnable')
  return notRunnable(sheet, resource, action, seen)
}

/** An action of a collective is what its members make it. */
function ofMembers(
  sheet: Worksheet,
  action: Action,
  seen: Set<Action>,
  kind: 'required' | 'unrunnable',
): readonly Remark[] {
  // Points that tell of an action are as the action that they tell of.
  const tail = `${foldTask(action.added.get('notify_operation') ?? action.task)}_0`
  const isMeant = (own: Action): boolean => (kind === 'required' ? isNeeded(own) : !canRun(own))
  for (const leaf of leavesOf(action.resource!)) {
    const own = actionsOf(leaf, tail).find((other) => isMeant(other) && !seen.has(other))
    if (own === undefined) continue
    const step = remark(`${actionText(sheet, own)} ${kind === 'required' ? 'is required' : 'cannot run'}`)
    return [step, ...(kind === 'required' ? whyRequired(sheet, own, seen) : whyUnrunnable(sheet, own, seen))]
  }
  return kind === 'required' ? [] : missing(sheet, action.resource!, tail)
}

/** A collective none of whose members has the action at all. */
function missing(sheet: Worksheet, resource: Resource, tail: string): readonly Remark[] {
  const [leaf] = leavesOf(resource)
  if (leaf === undefined) return [remark(`${resource.id} is empty`)]
  if (tail === 'promote_0') return [remark(`no instance of ${resource.id} shall be promoted`)]
  return [placeVerdict(sheet, leaf, nodeScores(sheet, leaf))]
}

function relation(action: Action, by: Action): string {
  const [one, other] = [action.resource, by.resource]
  if (one === undefined || other === undefined || one === other) return ''
  const parent = one.parent === other.parent ? one.parent : undefined
  if (parent !== undefined) {
    return parent.variant === GROUP ? ` (${parent.id} keeps its members in order)` : ` (both belong to ${parent.id})`
  }
  if (one.container === other || other.container === one) return ' (a container and what it holds)'
  return ''
}

function decidedRemark(sheet: Worksheet, { cause, resource, task }: Action): Remark {
  const { what = '', origin } = cause!
  const place = origin ?? remark('').origin
  if (what === 'resource definition change') return changeRemark(sheet, place)
  if (what === 'what the status says') {
    const failure = sheet.state.failures.findLast(({ resource: index }) => index === resource?.index)
    return failure === undefined ? resultAt(sheet, place, 'its history asks for it') : respondedRemark(sheet, failure)
  }
  const result = resultAt(sheet, place, '')
  const isTold = result.text !== '' && task === 'stonith'
  return remark(isTold ? `${what}: ${result.text}` : what, place)
}

function changeRemark({ state }: Worksheet, place: Origin): Remark {
  const found = operationAt(state, place)
  if (found === undefined) return remark('its configuration has changed', place)
  const { op, resource, node } = found
  if (op.opDigest === undefined && op.opRestartDigest === undefined) {
    const text = `no digest of the parameters is kept with ${operationName(op, resource)} on ${node}: they count as changed`
    return remark(text, place)
  }
  return remark(`the configuration of ${resource} has changed since ${operationName(op, resource)} on ${node}`, place)
}

/** A failure with the response that is configured for it. */
export function respondedRemark(sheet: Worksheet, failure: Worksheet['state']['failures'][number]): Remark {
  const { text, origin } = failureRemark(sheet, failure)
  const isPlain = failure.response === 'restart' || failure.response === 'ignore'
  return remark(isPlain ? text : `${text}, on-fail=${failure.response}`, origin)
}

/** What a primitive is, and therefore must be done with it. */
function ofPrimitive(sheet: Worksheet, resource: Resource, { task, node }: Action): readonly Remark[] {
  if (task === 'start' && resource.runningOn.length === 0) return [remark(`${resource.id} is not running yet`)]
  if (task === 'promote' || task === 'demote') {
    const promotion = promotionOf(sheet, resource)
    return [promotion?.verdict ?? remark(`${resource.id} is to be ${roleWord(resource)}`)]
  }
  if (resource.assigned < 0) return [placeOf(sheet, resource)]
  const failures = sheet.state.failures.filter(({ resource: index }) => index === resource.index)
  if (resource.failed)
    return failures.length === 0 ? [remark(`${resource.id} has failed`)] : [respondedRemark(sheet, failures.at(-1)!)]
  if (resource.blocked) return [unmanagedRemark(sheet, resource)]
  if (1 < resource.runningOn.length) return [severalPlaces(sheet, resource)]
  const current = currentNode(sheet, resource)
  if (0 <= current && current !== resource.assigned) return [placeOf(sheet, resource)]
  if (resource.from.dangling.includes(node))
    return [remark(`a migration of ${resource.id} away from there never ended`)]
  return []
}

function severalPlaces(sheet: Worksheet, resource: Resource): Remark {
  const names = resource.runningOn.map((index) => sheet.nodes[index]!.name).join(' and ')
  if (0 <= resource.from.partialTarget) return remark(`a migration of ${resource.id} was under way (${names})`)
  const source = metaSource(sheet.state, resource.from, 'multiple-active')
  return remark(
    `${resource.id} is active on ${names}, ${source?.text ?? 'multiple-active=stop_start (the default)'}`,
    source?.origin,
  )
}

function roleWord({ nextRole }: Resource): string {
  return nextRole <= STOPPED ? 'stopped' : nextRole === 4 ? 'promoted' : 'unpromoted'
}

function placeOf(sheet: Worksheet, resource: Resource): Remark {
  return placeVerdict(sheet, resource, nodeScores(sheet, resource))
}

/** Source: spec C-4.4. */
function notRunnable(sheet: Worksheet, resource: Resource, action: Action, seen: Set<Action>): readonly Remark[] {
  const { node, task, reason, flags } = action
  if (!resource.managed && (flags & PSEUDO) === 0) return [unmanagedRemark(sheet, resource)]
  const at = sheet.nodes[node]
  if (at === undefined)
    return resource.assigned < 0 ? [placeOf(sheet, resource)] : [remark(`${resource.id} is not to ${task}`)]
  if (reason === 'no quorum' || reason === 'quorum freeze') return [quorumRemark(sheet)]
  const obstacles = unavailability(sheet, at)
  if (!at.online || at.pending)
    return obstacles.slice(0, 1).map(({ text, origin }) => remark(`${at.name} is ${text}`, origin))
  if (resource.assigned < 0) return [placeOf(sheet, resource)]
  const start =
    task === 'promote' ? actionsOf(resource, 'start_0').find((own) => own.node === node && !canRun(own)) : undefined
  if (start !== undefined)
    return [remark(`${actionText(sheet, start)} cannot run`), ...whyUnrunnable(sheet, start, seen)]
  if (isGuest(at) && !mayFence(sheet, at)) return [remark(`${at.name} could not be fenced`)]
  return []
}
