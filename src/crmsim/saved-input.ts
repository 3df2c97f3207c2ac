/**
 * The CIB that `-I` saves: as it is in the reference tool's memory once its status was read, where failed operations carry the
 * node and the resource for which they were counted, and guests' connections stand among the resources.
 *
 * Source: probes of 2.1.5. Later files (`-O`) have neither.
 */
import { guestConnections } from '../cib/read-resources.ts'
import type { ClusterState } from '../cib/state.ts'
import { appendChild, childrenNamed, copyElement, findChild, type XmlElement } from '../cib/xml.ts'

/** A copy of `tree` with the marks and connections; `tree` itself where there are none. */
export function withFailureMarks(tree: XmlElement, { failedOps, resources }: ClusterState): XmlElement {
  const section = findChild(findChild(tree, 'configuration'), 'resources')
  const connections = section === undefined ? [] : guestConnections(section)
  if (failedOps.length === 0 && connections.length === 0) return tree
  const copy = copyElement(tree)
  const copied = findChild(findChild(copy, 'configuration'), 'resources')
  for (const connection of connections) appendChild(copied!, connection)
  const states = childrenNamed(findChild(copy, 'status'), 'node_state')
  for (const { op, resourceName, resource, uname } of failedOps) {
    const element = findOperation(
      states.find(({ attributes }) => attributes.get('uname') === uname),
      resourceName,
      op.id,
    )
    element?.attributes.set('uname', uname)
    element?.attributes.set('rsc-id', resources[resource]!.id)
  }
  return copy
}

function findOperation(
  state: XmlElement | undefined,
  history: string,
  operation: string | undefined,
): XmlElement | undefined {
  const entries = childrenNamed(findChild(findChild(state, 'lrm'), 'lrm_resources'), 'lrm_resource')
  const entry = entries.find(({ attributes }) => attributes.get('id') === history)
  return childrenNamed(entry, 'lrm_rsc_op').find(({ attributes }) => attributes.get('id') === operation)
}
