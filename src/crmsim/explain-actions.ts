/**
 * Why something happens with a primitive: for each item of the Transition Summary the reasons down to the root, and what must
 * happen first.
 *
 * Changes nothing. Source: spec D-6.6 to D-6.8, C-7.
 */
import { PROMOTED } from '../cib/role.ts'
import type { Action } from '../scheduler/action.ts'
import { currentNode } from '../scheduler/nodes.ts'
import { actionsOf } from '../scheduler/record.ts'
import type { Decision } from '../scheduler/schedule.ts'
import type { Resource, Worksheet } from '../scheduler/worksheet.ts'
import { actionText, canRun, isNeeded } from './explain-action-words.ts'
import { respondedRemark, whyRequired, whyUnrunnable } from './explain-causes.ts'
import { promotionOf } from './explain-promotion.ts'
import { nodeScores } from './explain-scores.ts'
import { type Remark, remark } from './explain-sources.ts'
import { isProbe, probesText, stepsBefore } from './explain-steps.ts'
import { placeVerdict } from './explain-verdict.ts'
import { type ResourceItem, summaryItems } from './summary.ts'

/** One thing that happens. */
export interface ActionExplanation {
  readonly title: string
  /** What crm_simulate gives as the reason. */
  readonly reason: string | undefined
  readonly isBlocked: boolean
  /** From the nearest reason to the root. */
  readonly because: readonly Remark[]
  /** What must happen first, in order; undefined where the action is not carried out. */
  readonly before: readonly Remark[] | undefined
}

/** Everything of the Transition Summary that concerns one primitive. */
export function actionsFor({ sheet, graph }: Decision, resource: Resource): readonly ActionExplanation[] {
  const items = summaryItems(sheet).filter(
    (item): item is ResourceItem => item.kind === 'resource' && item.resource === resource.id,
  )
  return items.map((item) => {
    const last = lastAction(sheet, resource, item)
    return {
      title: itemTitle(item),
      reason: item.reason,
      isBlocked: item.isBlocked,
      because: withoutRepeats(reasons(sheet, resource, item)),
      before: last === undefined || item.isBlocked ? undefined : stepsBefore(sheet, graph, last),
    }
  })
}

/** What else the graph does with a primitive: monitors, clean-ups, and its probes as one. */
export function otherActions({ sheet, graph }: Decision, resource: Resource): readonly string[] {
  const actions = graph.synapses.flatMap(({ action: { id } }) => {
    const action = sheet.actions[id - 1]!
    return action.resource !== resource || SHOWN.has(action.task) ? [] : [action]
  })
  const probes = actions.filter(isProbe)
  const others = actions.filter((action) => !isProbe(action)).map((action) => actionText(sheet, action))
  return 0 < probes.length ? [...others, probesText(sheet, probes)] : others
}

const SHOWN = new Set(['start', 'stop', 'promote', 'demote', 'migrate_to', 'migrate_from', 'reload-agent', 'notify'])

/** `Move db from n1 to n2`. */
export function itemTitle({ word, resource, origin, destination, nextRole, isBlocked }: ResourceItem): string {
  const from = origin === undefined || origin === destination ? undefined : origin
  const to = destination ?? origin
  const isLeaving = destination === undefined && word !== 'Start'
  const where = isLeaving || from === undefined ? `on ${origin ?? to}` : `from ${from} to ${destination}`
  const place = origin === undefined && destination !== undefined ? `on ${destination}` : where
  const role = nextRole === PROMOTED && word !== 'Promote' && word !== 'Re-promote' ? ' as promoted' : ''
  const name = word === 'Migrate' ? 'Migrate (live)' : word
  return `${name} ${resource} ${place}${isLeaving ? '' : role}${isBlocked ? ' – blocked' : ''}`
}

function withoutRepeats(list: readonly Remark[]): readonly Remark[] {
  return list.filter(({ text }, at) => list.findIndex((other) => other.text === text) === at)
}

function find(resource: Resource, task: string, node: number): Action | undefined {
  return actionsOf(resource, `${task}_0`).findLast((action) => node < 0 || action.node === node)
}

/** The action with which the item is done. */
function lastAction(sheet: Worksheet, resource: Resource, { word, origin }: ResourceItem): Action | undefined {
  const { assigned, nextRole } = resource
  switch (word) {
    case 'Stop':
      return find(
        resource,
        'stop',
        sheet.nodes.findIndex(({ name }) => name === origin),
      )
    case 'Demote':
      return find(resource, 'demote', -1)
    case 'Migrate':
      return find(resource, 'migrate_from', assigned)
    case 'Reload':
      return find(resource, 'reload-agent', -1)
    default: {
      const promote = nextRole === PROMOTED ? find(resource, 'promote', assigned) : undefined
      const isPromoted = promote !== undefined && isNeeded(promote) && canRun(promote)
      return isPromoted ? promote : (find(resource, 'start', assigned) ?? find(resource, 'stop', -1))
    }
  }
}

function reasons(sheet: Worksheet, resource: Resource, item: ResourceItem): readonly Remark[] {
  const { action, reasonAction, isBlocked } = item
  const found = [...ofWord(sheet, resource, item)]
  if (isBlocked && action !== undefined) {
    found.push(remark(`${actionText(sheet, action)} cannot run`), ...whyUnrunnable(sheet, action))
  }
  if (found.length === 0 && item.reason !== undefined) found.push(remark(item.reason))
  if (found.length === 0 && reasonAction !== undefined) found.push(...whyRequired(sheet, reasonAction))
  return found
}

function ofWord(sheet: Worksheet, resource: Resource, { word, reasonAction }: ResourceItem): readonly Remark[] {
  const { assigned } = resource
  switch (word) {
    case 'Recover':
    case 'Re-promote':
      return [
        ...failuresOf(sheet, resource),
        ...followed(sheet, [find(resource, 'stop', -1), find(resource, 'start', assigned)]),
      ]
    case 'Start':
      return whyMoves(sheet, resource)
    case 'Move':
    case 'Migrate':
      return whyMoves(sheet, resource)
    case 'Stop':
      return whyStops(sheet, resource)
    case 'Promote':
    case 'Demote':
      return whyRole(sheet, resource)
    case 'Reload':
      return followed(sheet, [find(resource, 'reload-agent', -1)])
    default:
      return followed(sheet, [reasonAction, find(resource, 'stop', -1), find(resource, 'start', assigned)])
  }
}

/** The chain of the first action that has one. */
function followed(sheet: Worksheet, actions: readonly (Action | undefined)[]): readonly Remark[] {
  for (const action of actions) {
    const chain = action === undefined ? [] : whyRequired(sheet, action)
    if (0 < chain.length) return chain
  }
  return []
}

function failuresOf(sheet: Worksheet, { index }: Resource): readonly Remark[] {
  return sheet.state.failures
    .filter(({ resource }) => resource === index)
    .map((failure) => respondedRemark(sheet, failure))
}

function whyMoves(sheet: Worksheet, resource: Resource): readonly Remark[] {
  const current = currentNode(sheet, resource)
  const scores = nodeScores(sheet, resource)
  const left = scores.find(({ index }) => index === current)
  const place = placeVerdict(sheet, resource, scores)
  const others = (left?.obstacles ?? []).filter(({ text }) => !place.text.includes(text))
  return [place, ...others.map(({ text, origin }) => ({ text: `${left!.node} may not run it: ${text}`, origin }))]
}

/** With no place to be, or with a start that cannot run. */
function whyStops(sheet: Worksheet, resource: Resource): readonly Remark[] {
  if (resource.assigned < 0) return [placeVerdict(sheet, resource, nodeScores(sheet, resource))]
  const start = find(resource, 'start', resource.assigned)
  if (start === undefined || canRun(start)) return followed(sheet, [find(resource, 'stop', -1)])
  return [remark(`${actionText(sheet, start)} cannot run`), ...whyUnrunnable(sheet, start)]
}

function whyRole(sheet: Worksheet, resource: Resource): readonly Remark[] {
  const promotion = promotionOf(sheet, resource)
  const verdict = promotion === undefined ? [] : [promotion.verdict]
  return [...verdict, ...followed(sheet, [find(resource, 'demote', -1), find(resource, 'promote', -1)])]
}
