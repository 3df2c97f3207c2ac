/**
 * Reads the `status` section: node states, histories, tickets. Interprets nothing.
 *
 * Source: spec.
 */
import { readSets } from './read-sets.ts'
import type { HistoryOp, NodeStatus, ResourceHistory, Status, TicketStatus } from './status.ts'
import { scanInteger } from './values.ts'
import { childrenNamed, findChild, type XmlElement, type XmlIndex } from './xml.ts'

/** The status of a CIB; a CIB without that section has an empty one (spec ). */
export function readStatus(section: XmlElement | undefined, index: XmlIndex): Status {
  const nodeStates: NodeStatus[] = []
  const tickets: TicketStatus[] = []
  const order: ('tickets' | number)[] = []
  for (const child of section?.children ?? []) {
    if (child.name === 'node_state') {
      order.push(nodeStates.length)
      nodeStates.push(readNodeState(child, index))
    } else if (child.name === 'tickets') {
      order.push('tickets')
      for (const ticket of childrenNamed(child, 'ticket_state')) {
        const { line, column, attributes } = ticket
        const id = attributes.get('id')
        if (id) tickets.push({ id, attributes: [...attributes].filter(([name]) => name !== 'id'), line, column })
      }
    }
  }
  return { nodeStates, tickets, order }
}

function readNodeState(element: XmlElement, index: XmlIndex): NodeStatus {
  const { attributes, line, column } = element
  const resources = findChild(findChild(element, 'lrm'), 'lrm_resources')
  return {
    id: attributes.get('id'),
    uname: attributes.get('uname'),
    inCcm: attributes.get('in_ccm'),
    crmd: attributes.get('crmd'),
    join: attributes.get('join'),
    expected: attributes.get('expected'),
    nodeFenced: attributes.get('node_fenced'),
    nodeInMaintenance: attributes.get('node_in_maintenance'),
    attributes: readSets(findChild(element, 'transient_attributes'), 'instance_attributes', index),
    history: childrenNamed(resources, 'lrm_resource').map(readHistory),
    line,
    column,
  }
}

function readHistory(element: XmlElement): ResourceHistory {
  const { attributes, line, column } = element
  return {
    id: attributes.get('id'),
    class: attributes.get('class'),
    provider: attributes.get('provider'),
    type: attributes.get('type'),
    container: attributes.get('container'),
    shutdownLock: attributes.get('shutdown-lock'),
    attributes: [...attributes],
    ops: childrenNamed(element, 'lrm_rsc_op').map(readOp),
    line,
    column,
  }
}

function readOp(element: XmlElement): HistoryOp {
  const { attributes, line, column } = element
  const read = (name: string): string | undefined => attributes.get(name)
  const integer = (name: string, absent: number): number => {
    const text = attributes.get(name)
    return text === undefined ? absent : (scanInteger(text) ?? -1)
  }
  return {
    id: read('id'),
    operation: read('operation'),
    operationKey: read('operation_key'),
    callId: integer('call-id', -1),
    rc: integer('rc-code', 0),
    rcText: read('rc-code'),
    status: integer('op-status', -2),
    statusText: read('op-status'),
    intervalMs: readMs(read('interval')),
    transitionKey: read('transition-key'),
    transitionMagic: read('transition-magic'),
    lastRcChange: scanInteger(read('last-rc-change')),
    onNode: read('on_node'),
    exitReason: read('exit-reason'),
    execTime: read('exec-time'),
    queueTime: read('queue-time'),
    migrateSource: read('migrate_source'),
    migrateTarget: read('migrate_target'),
    featureSet: read('crm_feature_set'),
    opDigest: read('op-digest'),
    opRestartDigest: read('op-restart-digest'),
    opSecureDigest: read('op-secure-digest'),
    opForceRestart: read('op-force-restart'),
    opSecureParams: read('op-secure-params'),
    line,
    column,
  }
}

/** An XML millisecond attribute (spec ): plain digits here; a unit makes no sense and the number counts. */
function readMs(text: string | undefined): number {
  const value = scanInteger(text)
  return value === undefined || value < 0 || value > 4_294_967_295 ? 0 : value
}
