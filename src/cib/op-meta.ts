/**
 * The configured operation behind a key, and its meta-attributes as far as unpacking needs them.
 *
 * Not made here: what only an action of the graph has (start-delay, the timeouts of probes and fence devices).
 * Source: spec, C-4.5, C-4.7.
 */
import type { OpConfig } from './configuration.ts'
import { applySets, type RuleContext } from './rules.ts'
import type { ClusterState, ResourceState } from './state.ts'
import { isSameText } from './values.ts'

/** The configured operation of a key, disabled ones included. Source: spec. */
export function findOp(resource: ResourceState, key: string): OpConfig | undefined {
  const { ops, id, historyName } = resource
  if (ops.length === 0) return undefined
  const wanted = key.toLowerCase()
  const byKey = (name: string): OpConfig | undefined => {
    const start = `${name.toLowerCase()}_`
    return wanted.startsWith(start) ? opWithTail(ops, wanted.slice(start.length)) : undefined
  }
  return byKey(id) ?? (historyName === undefined ? undefined : byKey(historyName)) ?? standInOp(ops, key)
}

/** The first `op` with this name and interval, as the end of a key in any letter case. */
export function opWithTail(ops: readonly OpConfig[], tail: string): OpConfig | undefined {
  const wanted = tail.toLowerCase()
  return ops.find(
    (op) => wanted.endsWith(`_${op.intervalMs}`) && wanted === `${op.name.toLowerCase()}_${op.intervalMs}`,
  )
}

/** The `op` that stands in for one that is not configured: `migrate` and `notify` for their parts. Source: spec C-4.5. */
export function standInOp(ops: readonly OpConfig[], key: string): OpConfig | undefined {
  const isMigration = key.includes('migrate_to') || key.includes('migrate_from')
  const name = isMigration ? 'migrate' : key.includes('_notify_') ? 'notify' : undefined
  return name === undefined ? undefined : ops.find((op) => op.intervalMs === 0 && isSameText(op.name, name))
}

/** The value of an XML attribute of an `op`. */
export function opAttribute(op: OpConfig, name: string): string | undefined {
  return op.attributes.find(([key]) => key === name)?.[1]
}

/** Whose operation it is, and which. */
export interface OpInstance {
  readonly resource: ResourceState
  readonly op: OpConfig | undefined
  readonly task: string
  readonly intervalMs: number
  /** A timeout that stands over the defaults and under what the operation itself says (probes, spec C-4.7 item 2). */
  readonly timeout?: string | undefined
}

/** The operation's meta-attributes: defaults, its own sets over them, its XML attributes over all. Source: spec. */
export function opMeta(
  from: Pick<ClusterState, 'configuration' | 'options'> & { readonly context: RuleContext },
  { resource, op, task, intervalMs, timeout }: OpInstance,
): Map<string, string> {
  const meta = new Map<string, string>()
  const { class: cls, provider, type } = resource
  const { health } = from.options
  const operation = { name: task, intervalMs }
  const rules = { ...from.context, resource: { class: cls, provider, type }, operation, health }
  applySets(meta, from.configuration.opMetaDefaults, rules)
  if (timeout !== undefined) meta.set('timeout', timeout)
  if (op === undefined) return meta
  applySets(meta, op.meta, rules, { overwrite: true })
  for (const [name, value] of op.attributes) meta.set(name, value)
  return meta
}
