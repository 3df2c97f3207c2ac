/**
 * What an operation is configured to be: its `op` entry, the meta-attributes of an action, its own instance attributes.
 *
 * Worked out when the graph is written, not when the action is made: most actions are never written. Only where rules stand in
 * the way is it looked at early, because a rule may tell when the decision must be made again.
 *
 * Reads   configuration, Action.task, added, replaced
 * Writes  nothing but Worksheet.recheckAt
 * Source  spec C-4.3 item 2, C-4.5 to C-4.10, C-4.13
 */
import type { NvSet, OpConfig } from '../cib/configuration.ts'
import { parseDate } from '../cib/dates.ts'
import { inheritedOnFail } from '../cib/failure-policy.ts'
import { opAttribute, opMeta, opWithTail, standInOp } from '../cib/op-meta.ts'
import { applySets } from '../cib/rules.ts'
import { isFalse, isSameText, simpleDurationMs, timeoutMs } from '../cib/values.ts'
import type { Action, Need } from './action.ts'
import { contextOf, parametersOn } from './context.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** The configured operation of a key, disabled ones included. Source: spec C-4.5. */
export function findOp(resource: Resource, tail: string): OpConfig | undefined {
  const { ops } = resource.from
  return opWithTail(ops, tail) ?? standInOp(ops, `${resource.id}_${tail}`)
}

/** An `op` that is not switched off. */
export function isEnabled(op: OpConfig): boolean {
  return !isFalse(opAttribute(op, 'enabled'))
}

/** What must be there before the task may run. Source: spec C-4.8. */
export function needOf(resource: Resource | undefined, task: string): Need {
  if (resource === undefined || (task !== 'start' && task !== 'promote')) return 'nothing'
  if (resource.from.needsFencing) return 'fencing'
  return resource.from.needsQuorum ? 'quorum' : 'nothing'
}

/** The action's whole meta, without what the graph adds when it writes it. Source: spec C-4.7, C-4.10, C-4.13. */
export function metaOf(sheet: Worksheet, action: Action): Map<string, string> {
  const { resource } = action
  const meta = resource === undefined ? new Map<string, string>() : baseMeta(sheet, resource, action)
  for (const [name, value] of action.added) if (!meta.has(name)) meta.set(name, value)
  for (const [name, value] of action.replaced) meta.set(name, value)
  return meta
}

/** The op's own instance attributes on the action's node. Source: spec C-4.3 item 2. */
export function extraOf(sheet: Worksheet, { op, node, resource }: Action): ReadonlyMap<string, string> {
  const extra = new Map<string, string>()
  if (op === undefined || resource === undefined || node < 0) return extra
  const { attributes } = sheet.nodes[node]!
  applySets(extra, op.instance, { ...contextOf(sheet), attributes, health: sheet.options.health })
  return extra
}

/** Rules that speak of dates say when to look again, even for actions that are never written. */
export function noteRechecks(sheet: Worksheet, action: Action): void {
  const { op, resource } = action
  if (resource === undefined) return
  const hasRules = (sets: readonly NvSet[] | undefined): boolean => sets?.some(({ rules }) => 0 < rules.length) ?? false
  if (hasRules(sheet.state.configuration.opMetaDefaults) || hasRules(op?.meta)) baseMeta(sheet, resource, action)
  if (hasRules(op?.instance)) extraOf(sheet, action)
}

/** Source: spec C-4.7. */
function baseMeta(sheet: Worksheet, resource: Resource, action: Action): Map<string, string> {
  const { op, intervalMs } = action
  const task = action.cancelledTask ?? action.task
  const isProbe = task === 'monitor' && intervalMs === 0
  const { configuration, options } = sheet.state
  const timeout = isProbe ? monitorTimeout(resource) : undefined
  const operation = { resource: resource.from, op, task, intervalMs, timeout }
  const meta = opMeta({ configuration, options, context: contextOf(sheet) }, operation)
  meta.delete('id')
  if (0 < intervalMs) meta.set('interval', String(intervalMs))
  else meta.delete('interval')
  if (resource.from.fenceDevice && (task === 'start' || isProbe)) {
    const own = parametersOn(sheet, resource, action.node).get('pcmk_monitor_timeout')
    if (own !== undefined) meta.set('timeout', own)
  }
  meta.set('timeout', String(timeoutMs(meta.get('timeout'))))
  const onFail = meta.get('on-fail') ?? (task === 'demote' ? inheritedOnFail(resource.from.ops) : undefined)
  if (isSameText(onFail, 'block')) meta.set('on-fail', 'block')
  applyStartDelay(sheet, meta, intervalMs)
  return meta
}

/** The timeout of the most frequent monitor, which probes use too. Source: spec C-4.7 item 2. */
function monitorTimeout(resource: Resource): string | undefined {
  let chosen: OpConfig | undefined
  for (const op of resource.from.ops) {
    if (op.name !== 'monitor' || op.intervalMs === 0 || !isEnabled(op)) continue
    if (chosen === undefined || op.intervalMs < chosen.intervalMs) chosen = op
  }
  return chosen === undefined ? undefined : opAttribute(chosen, 'timeout')
}

/** Source: spec C-4.10. */
function applyStartDelay(sheet: Worksheet, meta: Map<string, string>, intervalMs: number): void {
  const written = meta.get('start-delay')
  if (written !== undefined) {
    meta.set('start-delay', String(Math.max(0, simpleDurationMs(written))))
    return
  }
  const text = meta.get('interval-origin')
  if (text === undefined) return
  const { now } = sheet.state.clock
  const origin = parseDate(text, now)
  const seconds = Math.floor(intervalMs / 1000)
  if (origin === undefined || seconds <= 0) return
  const remainder = (now - origin) % seconds
  const delay = remainder <= 0 ? -remainder : seconds - remainder
  meta.set('start-delay', String(delay * 1000))
}
