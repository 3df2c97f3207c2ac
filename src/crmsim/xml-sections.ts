/**
 * A whole status block as XML, with its optional sections: node attributes (`-A`), fail counts and failed actions (`-c`).
 *
 * Source: spec D-5, D-12, probes of 2.1.5.
 */
import { escapeValue } from '../cib/escape.ts'
import type { ClusterState, FailedOp } from '../cib/state.ts'
import { expectedScore, failCountsOf, STATUS_TEXTS, shownAttributes, shownFailures } from './status-sections.ts'
import { rcText } from './status-texts.ts'
import { nodesXml, resourcesXml } from './xml-status.ts'
import { type XmlNode, xml } from './xml-text.ts'

/** How instants are written, in the host's time zone. */
export interface XmlTimes {
  /** `Www Mmm dd hh:mm:ss yyyy`. */
  readonly localTime: (at: number) => string
  /** `YYYY-MM-DD hh:mm:ssZ`, or with a blank and the offset. */
  readonly localStamp: (at: number) => string
}

/** What of a status is shown. */
export interface XmlStatusOptions extends XmlTimes {
  readonly showAttributes: boolean
  readonly showFailcounts: boolean
}

/** One status block: `cluster_status` before, `revised_cluster_status` after. */
export function statusXml(
  state: ClusterState,
  name: 'cluster_status' | 'revised_cluster_status',
  options: XmlStatusOptions,
): XmlNode {
  const sections = [nodesXml(state), resourcesXml(state, name === 'cluster_status')]
  if (options.showAttributes) sections.push(attributesXml(state))
  if (options.showFailcounts) sections.push(historyXml(state, options), failuresXml(state, options))
  return xml(
    name,
    {},
    sections.filter((section) => section !== undefined),
  )
}

function attributesXml(state: ClusterState): XmlNode | undefined {
  const nodes = state.nodeOrder.flatMap((index) => {
    const node = state.nodes[index]!
    const names = node.online ? shownAttributes(node) : []
    const attributes = names.map((name) =>
      xml('attribute', { name, value: node.attributes.get(name), expected: expectedScore(state, node, name) }),
    )
    return attributes.length === 0 ? [] : [xml('node', { name: node.uname }, attributes)]
  })
  return nodes.length === 0 ? undefined : xml('node_attributes', {}, nodes)
}

function historyXml(state: ClusterState, { localTime }: XmlTimes): XmlNode | undefined {
  const histories = failCountsOf(state)
  if (histories.length === 0) return undefined
  const nodes = histories.flatMap(({ node, failures }) => {
    const resources = failures.map(({ id, threshold, count, last }) =>
      xml('resource_history', {
        id,
        // Only resources that are known have an entry, and orphans are known by then.
        orphan: false,
        'migration-threshold': threshold,
        'fail-count': count,
        'last-failure': last > 0 ? localTime(last) : undefined,
      }),
    )
    return resources.length === 0 ? [] : [xml('node', { name: node.uname }, resources)]
  })
  return xml('node_history', {}, nodes)
}

function failuresXml(state: ClusterState, times: XmlTimes): XmlNode | undefined {
  const failures = shownFailures(state).map((failed) => failureXml(failed, times))
  return failures.length === 0 ? undefined : xml('failures', {}, failures)
}

function failureXml({ op, uname }: FailedOp, { localStamp }: XmlTimes): XmlNode {
  const { lastRcChange, intervalMs, operation } = op
  const name = op.operationKey === undefined ? { id: op.id } : { op_key: op.operationKey }
  // The epoch itself counts as unknown (probed).
  const when =
    lastRcChange === undefined || lastRcChange === 0
      ? {}
      : {
          'last-rc-change': localStamp(lastRcChange),
          queued: op.queueTime,
          exec: op.execTime,
          interval: intervalMs,
          task: operation,
        }
  return xml('failure', {
    ...name,
    node: uname,
    exitstatus: rcText(op.rc),
    // An agent's words are escaped on their own, and then again as an attribute.
    exitreason: escapeValue(op.exitReason ?? 'none'),
    exitcode: op.rc,
    call: op.callId,
    status: STATUS_TEXTS.get(op.status) ?? 'UNKNOWN!',
    ...when,
  })
}
