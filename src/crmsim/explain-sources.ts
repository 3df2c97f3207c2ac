/**
 * Where a setting stands in the CIB: the line of an option, a meta-attribute, a node attribute, an operation in a history.
 *
 * Looks again for what reading the CIB found, under the same rules; changes nothing.
 * Source: spec.
 */
import type { Place } from '../cib/configuration.ts'
import { findPair } from '../cib/rules.ts'
import type { ClusterState, NodeState, ResourceState } from '../cib/state.ts'
import type { HistoryOp, NodeStatus } from '../cib/status.ts'
import type { Origin } from '../scheduler/action.ts'

/** Something that was said, and where: `text` for a reader, line 0 where no line of the input says it. */
export interface Remark {
  readonly text: string
  readonly origin: Origin
}

/** Where a remark comes from, as far as it is known. */
export interface From {
  readonly id?: string | undefined
  readonly line?: number
  readonly column?: number
}

/** A remark; without `origin` no line of the input stands behind it. */
export function remark(text: string, origin: From = {}): Remark {
  return { text, origin: { id: origin.id ?? '', line: origin.line ?? 0, column: origin.column ?? 0 } }
}

/** A cluster option as it is set, or its default. */
export function optionSource({ clock, configuration, options }: ClusterState, name: string, absent: string): Remark {
  const rules = { clock, health: NO_HEALTH }
  const pair = findPair([configuration.properties], name, rules, { first: 'cib-bootstrap-options' })
  if (pair !== undefined) return remark(`${name}=${pair.value}`, pair)
  return remark(`${name}=${options.all.get(name) ?? absent} (the default)`)
}

const NO_HEALTH = { red: 0, yellow: 0, green: 0 }

/** A meta-attribute of a resource and whose it is; undefined where it is nowhere set. */
export function metaSource(state: ClusterState, resource: ResourceState, name: string): Remark | undefined {
  const { clock, configuration, options, resources } = state
  const { class: cls, provider, type, config } = resource
  const own = config.attributes.find(([key]) => key === name)
  if (own !== undefined) return remark(`${name}=${own[1]}`, resource)
  const rules = { clock, resource: { class: cls, provider, type }, health: options.health }
  const chain = [resource]
  for (let at = resources[resource.parent]; at !== undefined; at = resources[at.parent]) chain.push(at)
  const lists = [...chain.map((at) => at.config.meta), configuration.resourceMetaDefaults]
  const pair = findPair(lists, name, rules)
  if (pair === undefined) {
    const value = resource.meta.get(name)
    return value === undefined ? undefined : remark(`${name}=${value} (the default here)`)
  }
  const level = lists.findIndex((sets) => sets.some(({ pairs }) => pairs.includes(pair)))
  const holder = chain[level]
  const whose = holder === resource ? '' : holder === undefined ? ' of rsc_defaults' : ` of ${holder.xmlId}`
  return remark(`${name}=${pair.value}${whose}`, pair)
}

/** The first `node_state` of a node. */
export function nodeStatus({ status }: ClusterState, node: NodeState): NodeStatus | undefined {
  return status.nodeStates.find(({ id, uname }) => id === node.id || uname === node.uname)
}

/** A node attribute, transient over permanent; undefined where it is nowhere set. */
export function attributeSource(state: ClusterState, node: NodeState, name: string): Remark | undefined {
  const rules = { clock: state.clock, health: state.options.health }
  const transient = nodeStatus(state, node)?.attributes ?? []
  const config = state.configuration.nodes.find(({ id }) => id === node.id)
  const pair =
    findPair([transient], name, rules, { overwrite: true }) ?? findPair([config?.attributes ?? []], name, rules)
  return pair === undefined ? undefined : remark(`${name}=${pair.value}`, pair)
}

/** The operation whose start tag stands at `place`, and where it ran. */
export function operationAt(
  { status }: ClusterState,
  { line, column }: Place,
): { readonly op: HistoryOp; readonly resource: string; readonly node: string } | undefined {
  if (line === 0) return undefined
  for (const { uname, history } of status.nodeStates) {
    for (const { id, ops } of history) {
      const op = ops.find((other) => other.line === line && other.column === column)
      if (op !== undefined) return { op, resource: id ?? '', node: uname ?? '' }
    }
  }
  return undefined
}
