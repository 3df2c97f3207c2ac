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
      const names = shownAttributes(node)
      if (names.length === 0) continue
      outline.open(`Node: ${node.uname}`)
      for (const name of names) outline.item(attributeText(state, node, name))
      outline.close()
    }
  })
}

/** The names of the attributes that are shown, sorted. */
export function shownAttributes({ attributes }: NodeState): readonly string[] {
  return [...attributes.keys()].filter((name) => !HIDDEN.some((start) => name.startsWith(start))).sort()
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
export function expectedScore(state: ClusterState, node: NodeState, name: string): number | undefined {
  for (const index of node.running) {
    const resource = state.resources[index]!
    if (!isSameText(resource.type, 'ping') && !isSameText(resource.type, 'pingd')) continue
    const parameters = parametersOf({ ...state, context: { clock: state.clock } }, resource, undefined)
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
  const histories = failCountsOf(state)
  if (histories.length === 0) return
  outline.space()
  outline.open('Migration Summary')
  for (const { node, failures } of histories) {
    if (failures.length === 0) continue
    outline.open(`Node: ${node.uname}`)
    for (const { id, threshold, count, last } of failures) {
      const when = last > 0 ? ` last-failure='${localTime(last)}'` : ''
      outline.item(`${id}: migration-threshold=${threshold} fail-count=${count}${when}`)
    }
    outline.close()
  }
  outline.close()
}

/** What has failed on one node that is online. */
export interface NodeFailures {
  readonly node: NodeState
  readonly failures: readonly {
    /** The name under which the history knows the resource. */
    readonly id: string
    readonly threshold: number
    readonly count: number
    /** Epoch seconds; 0: unknown. */
    readonly last: number
  }[]
}

/** The fail counts of each node that is online and has a state, in the order of the status section. */
export function failCountsOf(state: ClusterState): readonly NodeFailures[] {
  const find = toFinder(state)
  const { featureSet } = state.configuration.root
  return state.status.nodeStates.flatMap((status) => {
    const index =
      state.nodeById.get(status.id?.toLowerCase() ?? '') ?? state.nodeByName.get(status.uname?.toLowerCase() ?? '')
    const node = state.nodes[index ?? -1]
    if (!node?.online) return []
    const failures = status.history.flatMap(({ id = '' }) => {
      const resource = find(id)
      if (resource === undefined) return []
      const { count, last } = failCount(resource, node, { options: state.options, featureSet })
      return count <= 0 ? [] : [{ id, threshold: resource.migrationThreshold, count, last }]
    })
    return [{ node, failures }]
  })
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
  const shown = shownFailures(state)
  printSection(outline, 'Failed Resource Actions', () => {
    for (const failed of shown) outline.item(failedText(failed, localTime))
  })
}

/** The failed operations that are shown. */
export function shownFailures({ failedOps }: ClusterState): readonly FailedOp[] {
  return failedOps.filter(({ op }) => !isMaskable(op) && parseKey(op.operationKey ?? op.id ?? '') !== undefined)
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

/** Words for the status of an operation's execution. */
export const STATUS_TEXTS: ReadonlyMap<number, string> = new Map([
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
