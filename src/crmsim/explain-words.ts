/**
 * Words for what stands in a CIB: the result of an operation, the state of a node that keeps resources away.
 *
 * Each remark goes down to the line that says so. Changes nothing.
 * Source: spec A-7.15, A-11.7, A-14, B-0.21.
 */
import { expectedRc } from '../cib/op-order.ts'
import type { Failure } from '../cib/state.ts'
import type { HistoryOp } from '../cib/status.ts'
import type { Action } from '../scheduler/action.ts'
import type { WorkNode, Worksheet } from '../scheduler/worksheet.ts'
import { attributeSource, nodeStatus, operationAt, type Remark, remark } from './explain-sources.ts'
import { rcText } from './status-texts.ts'

/** `the monitor of db every 10 s on n1 returned 7 (not running), not 0 (ok)`. */
export function operationText(op: HistoryOp, resource: string, node: string): string {
  const words = STATUSES.get(op.status)
  const expected = expectedRc(op)
  const wanted = 0 <= expected && expected !== op.rc ? `, not ${expected} (${rcText(expected)})` : ''
  const reason = op.exitReason ? ` (“${op.exitReason}”)` : ''
  return `${operationName(op, resource)} on ${node} ${words ?? `returned ${op.rc} (${rcText(op.rc)})${wanted}`}${reason}`
}

/** `the start of db`. */
export function operationName({ operation = 'operation', intervalMs }: HistoryOp, resource: string): string {
  if (0 < intervalMs) return `the ${operation} of ${resource} every ${secondsText(intervalMs)}`
  return `the ${NAMES.get(operation) ?? operation} of ${resource}`
}

const NAMES = new Map([
  ['monitor', 'probe'],
  ['promote', 'promotion'],
  ['demote', 'demotion'],
  ['migrate_to', 'migration away'],
  ['migrate_from', 'migration there'],
])

const STATUSES = new Map([
  [-1, 'has not ended'],
  [1, 'was cancelled'],
  [2, 'timed out'],
  [3, 'is not supported by the agent'],
  [7, 'found that the agent is not installed'],
  [8, 'found no connection'],
])

/** A number of milliseconds as a person says it. */
export function secondsText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`
}

/** The operation at a place of the status, or what else is said there. */
export function resultAt(
  { state }: Worksheet,
  place: { readonly line: number; readonly column: number },
  else_: string,
): Remark {
  const found = operationAt(state, place)
  if (found === undefined) return remark(else_, place)
  return remark(operationText(found.op, found.resource, found.node), found.op)
}

/** What failed, as a remark. */
export function failureRemark(sheet: Worksheet, failure: Failure): Remark {
  const node = sheet.nodes[failure.node]!.name
  if (failure.reason !== undefined) return remark(failure.reason, failure)
  return resultAt(sheet, failure, `it failed on ${node}`)
}

/** The node's fence action that is carried out or wanted. */
export function fenceAction(sheet: Worksheet, node: WorkNode): Action | undefined {
  return sheet.actions.find(
    ({ task, node: at, reason, key }) =>
      task === 'stonith' && at === node.index && reason !== undefined && !key.endsWith('-on'),
  )
}

/** Why a node takes no resources: everything that keeps them away, the weightiest first; empty where nothing does. */
export function unavailability(sheet: Worksheet, node: WorkNode): readonly Remark[] {
  const found: Remark[] = []
  if (!node.online) found.push(offlineRemark(sheet, node))
  if (node.unclean) found.push(uncleanRemark(sheet, node))
  if (node.shutdown) found.push(shutdownRemark(sheet, node))
  if (node.standby) found.push(standbyRemark(sheet, node))
  if (node.maintenance) found.push(maintenanceRemark(sheet, node))
  return found
}

function offlineRemark({ state }: Worksheet, { from, isRemote, connection }: WorkNode): Remark {
  if (isRemote) return remark(`offline: its connection ${connection?.id ?? ''} is not up`, connection?.from ?? from)
  const status = nodeStatus(state, from)
  if (status === undefined) return remark('offline: the cluster has never seen it', from)
  const words = [
    ['in_ccm', status.inCcm],
    ['crmd', status.crmd],
    ['join', status.join],
  ].map(([name, value]) => (value === undefined ? `no ${name}` : `${name}=${value}`))
  return remark(`offline (${words.join(', ')})`, status)
}

function uncleanRemark(sheet: Worksheet, node: WorkNode): Remark {
  const fence = fenceAction(sheet, node)
  const origin = fence?.cause?.origin
  const reason = fence?.reason ?? (node.unseen ? 'never seen, and startup-fencing is on' : 'its state is not known')
  return remark(`unclean: ${reason}`, origin ?? node.from)
}

function shutdownRemark({ state }: Worksheet, { from, connection }: WorkNode): Remark {
  const source = attributeSource(state, from, 'shutdown')
  if (source !== undefined) return { text: 'shutting down', origin: source.origin }
  return connection === undefined
    ? remark('shutting down')
    : remark(`going down: its connection ${connection.id} is placed nowhere`, connection.from)
}

function standbyRemark(sheet: Worksheet, { index, from }: WorkNode): Remark {
  const failure = sheet.state.failures.find(({ node, response }) => node === index && response === 'standby')
  if (from.standbyOnFail && failure !== undefined) {
    const { text, origin } = failureRemark(sheet, failure)
    const { id } = sheet.resources[failure.resource]!
    return { text: `in standby after a failure of ${id} (on-fail=standby): ${text}`, origin }
  }
  const status = nodeStatus(sheet.state, from)
  if (from.pending) return remark('not yet a full member (pending)', status ?? from)
  const source = attributeSource(sheet.state, from, 'standby')
  return { text: 'in standby', origin: source?.origin ?? remark('').origin }
}

function maintenanceRemark({ state }: Worksheet, { from, connection }: WorkNode): Remark {
  const source = attributeSource(state, from, 'maintenance')
  if (source !== undefined) return { text: 'in maintenance', origin: source.origin }
  return connection === undefined
    ? remark('in maintenance', from)
    : remark(`in maintenance: its connection ${connection.id} is not managed`, connection.from)
}
