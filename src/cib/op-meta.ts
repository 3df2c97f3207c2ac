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
    if (!wanted.startsWith(start)) return undefined
    const rest = wanted.slice(start.length)
    return ops.find((op) => rest === `${op.name.toLowerCase()}_${op.intervalMs}`)
  }
  const direct = byKey(id) ?? (historyName === undefined ? undefined : byKey(historyName))
  if (direct !== undefined) return direct
  const isMigration = key.includes('migrate_to') || key.includes('migrate_from')
  const fallback = isMigration ? 'migrate' : key.includes('_notify_') ? 'notify' : undefined
  return fallback === undefined ? undefined : ops.find((op) => op.intervalMs === 0 && isSameText(op.name, fallback))
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
}

/** The operation's meta-attributes: defaults, its own sets over them, its XML attributes over all. Source: spec. */
export function opMeta(
  from: Pick<ClusterState, 'configuration' | 'options'> & { readonly context: RuleContext },
  { resource, op, task, intervalMs }: OpInstance,
): Map<string, string> {
  const meta = new Map<string, string>()
  const { class: cls, provider, type } = resource
  const { health } = from.options
  const operation = { name: task, intervalMs }
  const rules = { ...from.context, resource: { class: cls, provider, type }, operation, health }
  applySets(meta, from.configuration.opMetaDefaults, rules)
  if (op === undefined) return meta
  applySets(meta, op.meta, rules, { overwrite: true })
  for (const [name, value] of op.attributes) meta.set(name, value)
  return meta
}
