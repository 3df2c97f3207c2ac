/**
 * Why a node is fenced, shut down, or left alone, and what leaves or comes to it.
 *
 * Changes nothing. Source: spec C-17, B-0.21.
 */
import type { Action } from '../scheduler/action.ts'
import { mayFence } from '../scheduler/fencing.ts'
import { isGuest } from '../scheduler/nodes.ts'
import type { Decision } from '../scheduler/schedule.ts'
import type { WorkNode, Worksheet } from '../scheduler/worksheet.ts'
import { canRun, isNeeded } from './explain-action-words.ts'
import { type ActionExplanation, itemTitle } from './explain-actions.ts'
import { whyRequired } from './explain-causes.ts'
import { optionSource, type Remark, remark } from './explain-sources.ts'
import { stepsBefore } from './explain-steps.ts'
import { failureRemark, fenceAction, unavailability } from './explain-words.ts'
import { summaryItems } from './summary.ts'

/** What is to be said about one node. */
export interface NodeExplanation {
  readonly node: string
  readonly verdict: Remark
  /** What keeps resources away from it; empty where nothing does. */
  readonly state: readonly Remark[]
  readonly actions: readonly ActionExplanation[]
  /** What happens with resources there, by the words of the Transition Summary. */
  readonly resources: readonly string[]
}

/** Explains one node. */
export function explainNode(decision: Decision, node: WorkNode): NodeExplanation {
  const { sheet } = decision
  const fence = fenceAction(sheet, node)
  const shutdown = sheet.actions.find(({ task, node: at }) => task === 'do_shutdown' && at === node.index)
  const isFenced = fence !== undefined && isNeeded(fence) && canRun(fence)
  const downs = [...(isFenced ? [fence] : []), ...(shutdown === undefined ? [] : [shutdown])]
  const state = unavailability(sheet, node)
  return {
    node: node.name,
    verdict: verdictOf(sheet, node, isFenced ? fence : undefined, shutdown),
    state,
    actions: downs.map((action) => toExplanation(decision, node, action)),
    resources: happenings(sheet, node.name),
  }
}

function verdictOf(sheet: Worksheet, node: WorkNode, fence: Action | undefined, shutdown: Action | undefined): Remark {
  const { name } = node
  if (fence !== undefined) {
    const [why] = whyFenced(sheet, node, fence)
    return remark(`${name} is fenced (${fence.added.get('stonith_action')}): ${why?.text ?? fence.reason}`, why?.origin)
  }
  if (shutdown !== undefined)
    return remark(`${name} is shut down, as was asked for`, unavailability(sheet, node).at(-1)?.origin)
  if (node.unclean && !isGuest(node)) return notFenced(sheet, node)
  const [state] = unavailability(sheet, node)
  if (state === undefined) return remark(`${name} is online and clean: it is not fenced, and resources may run there`)
  return remark(`${name} is not fenced; it takes no resources: ${state.text}`, state.origin)
}

/** What stands against fencing that is wanted. Source: spec C-17.1. */
function notFenced(sheet: Worksheet, node: WorkNode): Remark {
  const { state, resources } = sheet
  const wanted = `${node.name} is unclean, but it is not fenced`
  const because = ({ text, origin }: Remark): Remark => remark(`${wanted}: ${text}`, origin)
  if (!state.options.fencing) return because(optionSource(state, 'stonith-enabled', 'true'))
  if (!state.fencingDevice && !state.options.haveWatchdog) return remark(`${wanted}: there is no fence device`)
  if (!resources.some(({ managed }) => managed)) return remark(`${wanted}: no resource is managed`)
  if (!mayFence(sheet, node)) {
    const policy = optionSource(state, 'no-quorum-policy', 'stop')
    return remark(`${wanted}: this partition has no quorum, ${policy.text}`, policy.origin)
  }
  return remark(wanted)
}

function toExplanation({ sheet, graph }: Decision, node: WorkNode, action: Action): ActionExplanation {
  const isFencing = action.task === 'stonith'
  const title = isFencing ? `Fence ${node.name} (${action.added.get('stonith_action')})` : `Shut down ${node.name}`
  const because = isFencing
    ? whyFenced(sheet, node, action)
    : unavailability(sheet, node).filter(({ text }) => text.startsWith('shutting'))
  return {
    title,
    reason: action.reason,
    isBlocked: !canRun(action),
    because,
    before: stepsBefore(sheet, graph, action),
  }
}

function whyFenced(sheet: Worksheet, node: WorkNode, fence: Action): readonly Remark[] {
  const chain = whyRequired(sheet, fence)
  if (isGuest(node)) return [...chain, ...guestReasons(sheet, node)]
  if (0 < chain.length) return fence.cause?.kind === 'decided' ? chain : [remark(fence.reason ?? ''), ...chain]
  if (!node.unseen) return [remark(fence.reason ?? 'its state is not known', node.from)]
  const { text, origin } = optionSource(sheet.state, 'startup-fencing', 'true')
  return [remark('the cluster has never seen it', node.from), { text, origin }]
}

/** A guest is reset with its container. */
function guestReasons(sheet: Worksheet, node: WorkNode): readonly Remark[] {
  const container = node.connection!.container!
  const failures = sheet.state.failures.filter(({ resource }) => resource === container.index)
  const text = `${node.name} lives in ${container.id}, which ${container.failed ? 'has failed' : 'is stopped'}`
  return [remark(text, container.from), ...failures.map((failure) => failureRemark(sheet, failure))]
}

function happenings(sheet: Worksheet, name: string): readonly string[] {
  return summaryItems(sheet).flatMap((item) =>
    item.kind === 'resource' && (item.origin === name || item.destination === name) ? [itemTitle(item)] : [],
  )
}
