/**
 * What rules may see wherever the scheduler judges them, and when its decision may change by time alone.
 *
 * Reads   the time, the configuration
 * Writes  nothing but Worksheet.recheckAt
 * Source  spec
 */
import type { RuleContext } from '../cib/rules.ts'
import type { NodeState } from '../cib/state.ts'
import { parametersOf } from '../cib/unpacking.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** Keeps the earliest future instant at which the decision may change. */
export function noteRecheckAt(sheet: Worksheet, at: number): void {
  if (sheet.state.clock.now < at && (sheet.recheckAt === 0 || at < sheet.recheckAt)) sheet.recheckAt = at
}

/** The instant that rules are judged at; they tell when their answer changes. */
export function contextOf(sheet: Worksheet): RuleContext {
  return { clock: sheet.state.clock, noteRecheck: (at) => noteRecheckAt(sheet, at) }
}

/** A resource's parameters on a node, or without one. Source: spec. */
export function parametersOn(sheet: Worksheet, resource: Resource, node: number): Map<string, string> {
  const { configuration, nodes, options, resources } = sheet.state
  const at: NodeState | undefined = nodes[node]
  return parametersOf({ configuration, options, resources, context: contextOf(sheet) }, resource.from, at)
}
