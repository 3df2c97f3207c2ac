/**
 * What must happen before an action: the real actions that the graph puts before it, in an order in which they may run.
 *
 * Points in time at which nothing is executed are walked through. Changes nothing. Source: spec C-21.5.
 */
import { type Action, PSEUDO } from '../scheduler/action.ts'
import type { Graph, GraphAction } from '../scheduler/graph.ts'
import type { Worksheet } from '../scheduler/worksheet.ts'
import { actionText } from './explain-action-words.ts'
import { type Remark, remark } from './explain-sources.ts'

/** All that must happen before `action`, in order; empty where nothing must, undefined where the action is not in the graph. */
export function stepsBefore(sheet: Worksheet, graph: Graph, action: Action): readonly Remark[] | undefined {
  const inputs = new Map(graph.synapses.map((synapse) => [synapse.action.id, synapse.inputs]))
  if (!inputs.has(action.id)) return undefined
  const steps: Remark[] = []
  const seen = new Set([action.id])
  const visit = (list: readonly GraphAction[]): void => {
    for (const { id } of list) {
      if (seen.has(id)) continue
      seen.add(id)
      visit(inputs.get(id) ?? [])
      const step = sheet.actions[id - 1]!
      if ((step.flags & PSEUDO) === 0 && inputs.has(id)) steps.push(stepRemark(sheet, step, action))
    }
  }
  visit(inputs.get(action.id)!)
  return steps
}

/** A step, with the ordering behind it where it comes right before. */
function stepRemark(sheet: Worksheet, step: Action, action: Action): Remark {
  const link = action.before.find(({ first, origin }) => first === step && origin !== undefined)
  return remark(actionText(sheet, step), link?.origin)
}
