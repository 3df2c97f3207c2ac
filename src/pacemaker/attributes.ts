/**
 * The attribute daemon: values of node attributes that live as long as the node does. Everybody hears every change; one node writes
 * them to the CIB, at once or, for a dampened attribute, when its changes have come to rest. An attribute is written once at a time: what
 * changes while its write is under way is written when that is confirmed. Source: spec E-9.4, E-9.5; the last found by the recordings'
 * logs (61 lines `Write out of … delayed`; each of the 37 waits ended within 4 ms of the confirmation, none for another attribute).
 */
import { scanInteger } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { hashOrder } from '../scheduler/hash-order.ts'
import { keyOf, log, type PacemakerState, tell, updateCib } from './state.ts'
import { type AttributeChange, type NodeAttributes, transientsOf } from './store.ts'

const INFINITY = 1_000_000

/** A change as it is told to all. */
export interface AttributeNews {
  readonly node: NodeName
  readonly name: string
  /** `value++` counts up; undefined deletes. */
  readonly value: string | undefined
  readonly dampening?: number
}

/** Sets an attribute of a node; everybody hears of it. */
export function setAttribute(state: PacemakerState, context: DaemonContext, news: AttributeNews): void {
  tell(state, context, 'attribute', news)
}

/** A change arrived. Setting what is set changes nothing. */
export function heardAttribute(state: PacemakerState, context: DaemonContext, news: AttributeNews): void {
  const { values, dampening } = state.attributes
  const { node, name } = news
  if (news.dampening !== undefined) dampening.set(name, news.dampening)
  const known = values.get(name) ?? new Map<NodeName, string>()
  const old = known.get(node)
  const value = expand(news.value, old)
  if (value === old) return
  values.set(name, known)
  if (value === undefined) known.delete(node)
  else known.set(node, value)
  tellValue(context, node, name, value)
  if (isWriter(state)) log(context, `Setting ${name}[${node}]: ${old ?? '(unset)'} -> ${value ?? '(unset)'}`)
  const delay = dampening.get(name) ?? 0
  if (delay > 0) context.act({ kind: 'timer', name: `dampen ${name}`, delay })
  else if (isWriter(state)) write(state, context, name, [node])
}

/** A dampened attribute has come to rest: everything of it is written. */
export function dampened(state: PacemakerState, context: DaemonContext, name: string): void {
  if (isWriter(state)) write(state, context, name, [...state.controller.peers])
}

/** Tells newcomers what this node's own values are. */
export function tellOwnValues(state: PacemakerState, context: DaemonContext): void {
  const own = [...state.attributes.values].flatMap(([name, known]) => {
    const value = known.get(state.self)
    return value === undefined ? [] : [[name, value] as const]
  })
  if (own.length > 0) tell(state, context, 'attributes-of', { node: state.self, values: own })
}

/** Another node's own values arrived: they win. */
export function heardValues(
  state: PacemakerState,
  context: DaemonContext,
  { node, values }: { readonly node: NodeName; readonly values: readonly (readonly [name: string, value: string])[] },
): void {
  for (const [name, value] of values) {
    const known = state.attributes.values.get(name) ?? new Map<NodeName, string>()
    state.attributes.values.set(name, known)
    if (known.get(node) !== value) tellValue(context, node, name, value)
    known.set(node, value)
    const isWritten = transientsOf(state.cib.status, keyOf(state, node).id).get(name) === value
    if (isWriter(state) && !isWritten) write(state, context, name, [node])
  }
}

/** A node is gone: what it was is forgotten. */
export function dropValues(state: PacemakerState, context: DaemonContext, node: NodeName): void {
  for (const [name, known] of state.attributes.values) if (known.delete(node)) tellValue(context, node, name, undefined)
  for (const held of state.attributes.writing.values()) held.delete(node)
}

/** For whoever reads the trace: what this node now holds to be true. */
function tellValue(context: DaemonContext, node: NodeName, name: string, value: string | undefined): void {
  context.act({ kind: 'believe', about: `attribute ${name} of ${node}`, state: value ?? '' })
}

/** The ring delivered this node's own write: what of that attribute changed meanwhile is written now. */
export function attributesWritten(
  state: PacemakerState,
  context: DaemonContext,
  changes: readonly AttributeChange[],
): void {
  for (const { name } of changes) endWrite(state, context, name)
}

/** In a new membership no write of the old one is waited for: either it came, or it is lost. */
export function forgetWrites(state: PacemakerState, context: DaemonContext): void {
  for (const name of [...state.attributes.writing.keys()]) endWrite(state, context, name)
}

function endWrite(state: PacemakerState, context: DaemonContext, name: string): void {
  const { writing } = state.attributes
  const held = writing.get(name)
  if (held === undefined) return
  writing.delete(name)
  if (held.size > 0 && isWriter(state)) write(state, context, name, [...held])
}

/** Writes an attribute's values of some nodes, all at once, in the order of the daemon's table of them. */
function write(state: PacemakerState, context: DaemonContext, name: string, nodes: readonly NodeName[]): void {
  const { writing, values } = state.attributes
  const held = writing.get(name)
  if (held !== undefined) {
    for (const node of nodes) held.add(node)
    return log(context, `Write out of '${name}' delayed: update in progress`)
  }
  const changed = hashOrder(nodes).flatMap((node): readonly NodeAttributes[] => {
    const key = keyOf(state, node)
    const value = values.get(name)?.get(node)
    return transientsOf(state.cib.status, key.id).get(name) === value ? [] : [{ node: key, changes: [{ name, value }] }]
  })
  const [first, ...also] = changed
  if (first === undefined) return
  writing.set(name, new Set())
  updateCib(state, context, { kind: 'attributes', ...first, ...(also.length === 0 ? {} : { also }) })
}

/** The writer is the DC; without one, the first by name. */
function isWriter({ controller, self }: PacemakerState): boolean {
  return (controller.dc ?? [...controller.peers].sort()[0]) === self
}

/** Source: spec E-9.4. */
function expand(value: string | undefined, old: string | undefined): string | undefined {
  const match = /^value(\+\+|\+=(\d+))$/.exec(value ?? '')
  if (match === null) return value === 'INFINITY' ? String(INFINITY) : value
  const present = old === 'INFINITY' ? INFINITY : (scanInteger(old) ?? 0)
  return String(Math.min(INFINITY, present + Number(match[2] ?? 1)))
}
