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
  const steps: Action[] = []
  const seen = new Set([action.id])
  const visit = (list: readonly GraphAction[]): void => {
    for (const { id } of list) {
      if (seen.has(id)) continue
      seen.add(id)
      visit(inputs.get(id) ?? [])
      const step = sheet.actions[id - 1]!
      if (inputs.has(id) && isReal(step)) steps.push(step)
    }
  }
  visit(inputs.get(action.id)!)
  return toRemarks(sheet, steps, action)
}

function isReal({ flags, task }: Action): boolean {
  return (flags & PSEUDO) === 0 && task !== 'notify'
}

/** Looks once whether the resource is there. */
export function isProbe({ task, intervalMs }: Action): boolean {
  return task === 'monitor' && intervalMs === 0
}

/** Probes that follow each other go together: their order does not count. */
function toRemarks(sheet: Worksheet, steps: readonly Action[], action: Action): readonly Remark[] {
  const found: Remark[] = []
  for (let at = 0; at < steps.length; at++) {
    let end = at
    while (end < steps.length && isProbe(steps[end]!)) end++
    if (end - at < 2) found.push(stepRemark(sheet, steps[at]!, action))
    else {
      found.push(remark(probesText(sheet, steps.slice(at, end))))
      at = end - 1
    }
  }
  return found
}

/** Several probes as one: what is probed, and where. */
export function probesText({ nodes, nodeOrder }: Worksheet, probes: readonly Action[]): string {
  const ids = [...new Set(probes.map(({ resource }) => resource!.id))]
  const names = nodeOrder
    .filter((index) => probes.some(({ node }) => node === index))
    .map((index) => nodes[index]!.name)
  return `probe ${listText(ids)} on ${listText(names)}`
}

function listText(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} others`
}

/** A step, with the ordering behind it where it comes right before. */
function stepRemark(sheet: Worksheet, step: Action, action: Action): Remark {
  const link = action.before.find(({ first, origin }) => first === step && origin !== undefined)
  return remark(actionText(sheet, step), link?.origin)
}
