/**
 * The optional sections of the status display: node attributes (`-A`), fail counts and failed actions (`-c`).
 *
 * Change nothing, and know no time zone: the text of an instant is made by a function that the caller gives.
 *
 * Source: spec D-5.1 to D-5.4.
 */
import { failCount } from '../cib/failcounts.ts'
import type { ClusterState, FailedOp, NodeState, ResourceState } from '../cib/state.ts'
import { parametersOf } from '../cib/unpacking.ts'
import { isSameText, parseKey, scanInteger } from '../cib/values.ts'
import { type Outline, printSection } from './outline.ts'
import { isMaskable, rcText } from './status-texts.ts'

/** Names that are not shown among a node's attributes begin with one of these. */
const HIDDEN = ['fail-count', 'last-failure', 'shutdown', 'terminate', 'standby', '#']

/** Prints what is set for each node that is online. Source: spec D-5.1. */
export function printAttributes(state: ClusterState, outline: Outline): void {
  printSection(outline, 'Node Attributes', () => {
    for (const index of state.nodeOrder) {
      const node = state.nodes[index]!
      if (!node.online) continue
      const names = [...node.attributes.keys()].filter((name) => !HIDDEN.some((start) => name.startsWith(start)))
      if (names.length === 0) continue
      outline.open(`Node: ${node.uname}`)
      for (const name of names.sort()) outline.item(attributeText(state, node, name))
      outline.close()
    }
  })
}

function attributeText(state: ClusterState, node: NodeState, name: string): string {
  const value = node.attributes.get(name)!
  const expected = expectedScore(state, node, name)
  let text = `${padBytes(name, 32)}\t: ${padBytes(value, 10)}`
  if (expected === undefined) return text
  const score = scanInteger(value) ?? 0
  if (score <= 0) text += '\t: Connectivity is lost'
  else if (score < expected) text += `\t: Connectivity is degraded (Expected=${expected})`
  return text
}

/** Pads to a width in bytes of UTF-8, as C does. */
function padBytes(text: string, width: number): string {
  let missing = width
  for (const character of text) {
    const code = character.codePointAt(0)!
    missing -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return text + ' '.repeat(Math.max(0, missing))
}

/** What a ping resource on the node would set the attribute to if all its hosts answered. */
function expectedScore(state: ClusterState, node: NodeState, name: string): number | undefined {
  for (const index of node.running) {
    const resource = state.resources[index]!
    if (!isSameText(resource.type, 'ping') && !isSameText(resource.type, 'pingd')) continue
    const parameters = parametersOf({ ...state, context: { now: state.now } }, resource, undefined)
    if (!isSameText(parameters.get('name') ?? 'pingd', name)) continue
    // Two blanks in a row count as a host, as in the original.
    const hosts = parameters.get('host_list')
    const count = hosts ? hosts.split(' ').length : 0
    return count * (scanInteger(parameters.get('multiplier')) ?? 1)
  }
  return undefined
}

/** The text of an instant (epoch seconds) in the host's time zone. */
export type LocalTime = (at: number) => string

/** Prints fail counts by node. The header stands as soon as a node is online. Source: spec D-5.2. */
export function printFailCounts(state: ClusterState, outline: Outline, localTime: LocalTime): void {
  const seen = state.status.nodeStates.flatMap((status) => {
    const index =
      state.nodeById.get(status.id?.toLowerCase() ?? '') ?? state.nodeByName.get(status.uname?.toLowerCase() ?? '')
    const node = state.nodes[index ?? -1]
    return node?.online ? [{ node, history: status.history }] : []
  })
  if (seen.length === 0) return
  outline.space()
  outline.open('Migration Summary')
  const find = toFinder(state)
  const { featureSet } = state.configuration.root
  const textOf = (node: NodeState, id: string): string | undefined => {
    const resource = find(id)
    if (resource === undefined) return undefined
    const { count, last } = failCount(resource, node, { options: state.options, featureSet })
    const when = last > 0 ? ` last-failure='${localTime(last)}'` : ''
    return count <= 0
      ? undefined
      : `${id}: migration-threshold=${resource.migrationThreshold} fail-count=${count}${when}`
  }
  for (const { node, history } of seen) {
    const lines = history.flatMap(({ id = '' }) => textOf(node, id) ?? [])
    if (lines.length === 0) continue
    outline.open(`Node: ${node.uname}`)
    for (const line of lines) outline.item(line)
    outline.close()
  }
  outline.close()
}

/** Finds resources by id or, failing that, by the name that history has for them. */
function toFinder({ resources, resourceById }: ClusterState): (id: string) => ResourceState | undefined {
  const byName = new Map<string, ResourceState>()
  for (const resource of resources) {
    const { historyName } = resource
    if (historyName !== undefined && !byName.has(historyName)) byName.set(historyName, resource)
  }
  return (id) => resources[resourceById.get(id) ?? -1] ?? byName.get(id)
}

/** Prints failed operations in the order in which they were found. Source: spec D-5.3. */
export function printFailedOps(state: ClusterState, outline: Outline, localTime: LocalTime): void {
  const shown = state.failedOps.filter(
    ({ op }) => !isMaskable(op) && parseKey(op.operationKey ?? op.id ?? '') !== undefined,
  )
  printSection(outline, 'Failed Resource Actions', () => {
    for (const failed of shown) outline.item(failedText(failed, localTime))
  })
}

function failedText({ op, uname }: FailedOp, localTime: LocalTime): string {
  const status = STATUS_TEXTS.get(op.status) ?? 'UNKNOWN!'
  let text = `${op.operationKey ?? op.id} on ${uname} '${rcText(op.rc)}' (${op.rc}): call=${op.callId}, status='${status}'`
  if (op.exitReason) text += `, exitreason='${op.exitReason}'`
  if (op.lastRcChange !== undefined) text += `, last-rc-change='${localTime(op.lastRcChange)}'`
  if (op.queueTime !== undefined) text += `, queued=${op.queueTime}ms`
  if (op.execTime !== undefined) text += `, exec=${op.execTime}ms`
  return text
}

const STATUS_TEXTS = new Map([
  [-1, 'pending'],
  [0, 'complete'],
  [1, 'Cancelled'],
  [2, 'Timed Out'],
  [3, 'NOT SUPPORTED'],
  [4, 'Error'],
  [5, 'Hard error'],
  [6, 'Fatal error'],
  [7, 'Not installed'],
  [8, 'Internal communication failure'],
  [9, 'Cannot execute now'],
  [10, 'No fence device'],
  [11, 'CIB secrets unavailable'],
])
