/**
 * The CIB that `-I` saves: as it is in the reference tool's memory once its status was read, where failed operations carry the
 * node and the resource for which they were counted, and guests' connections stand among the resources.
 *
 * Source: probes of 2.1.5. Later files (`-O`) have neither.
 */
import { EXPIRED_DIGEST } from '../cib/digests.ts'
import { guestConnections } from '../cib/read-resources.ts'
import type { ClusterState } from '../cib/state.ts'
import { appendChild, childrenNamed, copyElement, findChild, type XmlElement } from '../cib/xml.ts'

/** A copy of `tree` with the marks and connections. */
export function withFailureMarks(tree: XmlElement, state: ClusterState): XmlElement {
  const section = findChild(findChild(tree, 'configuration'), 'resources')
  const connections = section === undefined ? [] : guestConnections(section)
  const copy = copyElement(tree)
  const copied = findChild(findChild(copy, 'configuration'), 'resources')
  for (const connection of connections) appendChild(copied!, connection)
  const states = childrenNamed(findChild(copy, 'status'), 'node_state')
  markIgnored(states, state)
  markFailures(states, state)
  markExpired(states, state)
  return copy
}

function markFailures(states: readonly XmlElement[], { failedOps, resources }: ClusterState): void {
  for (const { op, resourceName, resource, uname } of failedOps) {
    const state = states.find(({ attributes }) => attributes.get('uname') === uname)
    const element = operationsOf(state, resourceName).find(({ attributes }) => attributes.get('id') === op.id)
    element?.attributes.set('uname', uname)
    element?.attributes.set('rsc-id', resources[resource]!.id)
  }
}

/** Failures that are passed over carry their node, counted or not. */
function markIgnored(states: readonly XmlElement[], { ignoredOps, status, nodes, nodeById }: ClusterState): void {
  if (ignoredOps.size === 0) return
  status.nodeStates.forEach(({ id: nodeId = '', history }, at) => {
    const node = nodes[nodeById.get(nodeId.toLowerCase()) ?? -1]
    if (node === undefined) return
    for (const { id = '', ops } of history) {
      const passed = ops.filter((op) => ignoredOps.has(op))
      for (const element of operationsOf(states[at], passed.length === 0 ? undefined : id)) {
        const isPassed = passed.some((op) => op.id === element.attributes.get('id'))
        if (isPassed) element.attributes.set('uname', node.uname)
      }
    }
  })
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

function operationsOf(state: XmlElement | undefined, history: string | undefined): readonly XmlElement[] {
  const entries = childrenNamed(findChild(findChild(state, 'lrm'), 'lrm_resources'), 'lrm_resource')
  const entry = entries.find(({ attributes }) => attributes.get('id') === history)
  return childrenNamed(entry, 'lrm_rsc_op')
}
