/**
 * The CIB that `-I` saves: as it is in the reference tool's memory once its status was read, where failed operations carry the
 * node and the resource for which they were counted, and guests' connections stand among the resources.
 *
 * Differs: on lost nodes the original marks some failures that it does not count; here these stay as they are.
 *
 * Source: probes of 2.1.5. Later files (`-O`) have neither.
 */
import { EXPIRED_DIGEST } from '../cib/digests.ts'
import { guestConnections } from '../cib/read-resources.ts'
import type { ClusterState } from '../cib/state.ts'
import type { HistoryOp } from '../cib/status.ts'
import { appendChild, childrenNamed, copyElement, findChild, type XmlElement } from '../cib/xml.ts'
import { isMaskable } from './status-texts.ts'

/** A copy of `tree` with the marks and connections; `tree` itself where there are none. */
export function withFailureMarks(tree: XmlElement, state: ClusterState): XmlElement {
  const section = findChild(findChild(tree, 'configuration'), 'resources')
  const connections = section === undefined ? [] : guestConnections(section)
  if (state.failedOps.length === 0 && state.expiredOps.size === 0 && connections.length === 0) return tree
  const copy = copyElement(tree)
  const copied = findChild(findChild(copy, 'configuration'), 'resources')
  for (const connection of connections) appendChild(copied!, connection)
  const states = childrenNamed(findChild(copy, 'status'), 'node_state')
  markFailures(states, state)
  markExpired(states, state)
  return copy
}

function markFailures(states: readonly XmlElement[], { failedOps, resources }: ClusterState): void {
  for (const { op, resourceName, resource, uname } of failedOps) {
    const state = states.find(({ attributes }) => attributes.get('uname') === uname)
    for (const { attributes } of operationsOf(state, resourceName)) {
      const isIt = attributes.get('id') === op.id
      // A probe that tells the same again is not counted, but it was looked at.
      if (!isIt && !(isMaskable(op) && isSame(attributes, op))) continue
      attributes.set('uname', uname)
      if (isIt) attributes.set('rsc-id', resources[resource]!.id)
    }
  }
}

/** A recurring failure that has expired compares as changed, so that the operation is run anew. */
function markExpired(states: readonly XmlElement[], { expiredOps, status }: ClusterState): void {
  if (expiredOps.size === 0) return
  status.nodeStates.forEach(({ history }, at) => {
    for (const { id, ops } of history) {
      for (const op of ops.filter((one) => expiredOps.has(one))) {
        const element = operationsOf(states[at], id).find(({ attributes }) => attributes.get('id') === op.id)
        element?.attributes.set('op-restart-digest', EXPIRED_DIGEST)
      }
    }
  })
}

function isSame(attributes: ReadonlyMap<string, string>, { operationKey, rcText }: HistoryOp): boolean {
  const key = attributes.get('operation_key')
  return key !== undefined && key === operationKey && attributes.get('rc-code') === rcText
}

function operationsOf(state: XmlElement | undefined, history: string | undefined): readonly XmlElement[] {
  const entries = childrenNamed(findChild(findChild(state, 'lrm'), 'lrm_resources'), 'lrm_resource')
  const entry = entries.find(({ attributes }) => attributes.get('id') === history)
  return childrenNamed(entry, 'lrm_rsc_op')
}
