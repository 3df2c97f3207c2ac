/**
 * Fail counts on a node, and whether a failure has expired.
 *
 * Expiry asks for `clear_failcount` and may switch a resource's failure-timeout off for good; so do parameters that changed since
 * the failure. Source: spec.
 */
import { compareDigests, needsAddress } from './digests.ts'
import { requestAction, requestFencing } from './early-actions.ts'
import type { NodeDraft } from './nodes.ts'
import { expectedRc } from './op-order.ts'
import { addScores } from './role.ts'
import type { ClusterOptions, NodeState, ResourceState } from './state.ts'
import type { HistoryOp } from './status.ts'
import type { ResourceDraft, Unpacking } from './unpacking.ts'
import { baseName, compareVersions, isSameText, scanInteger, toScore } from './values.ts'

/**
 * The raw count and the last failure (epoch seconds, 0 for none). Source: spec.
 *
 * The original uses the name as a regular expression, so that a dot in it stands for any character. Differs: other characters that
 * would be special there stand for themselves; an id that the schema accepts has none.
 */
export function failCount(
  resource: ResourceState,
  node: NodeState,
  { options, featureSet }: { readonly options: ClusterOptions; readonly featureSet: string | undefined },
): { readonly count: number; readonly last: number } {
  const name = resource.historyName ?? resource.id
  const plain = resource.unique ? name : baseName(name)
  const tails = compareVersions(featureSet, '3.0.13') >= 0 ? OPERATION_TAILS : PLAIN_TAILS
  const tail = resource.unique ? tails.unique : tails.anonymous
  const isOf = (attribute: string, start: string): boolean =>
    attribute.startsWith(start) &&
    startsWithName(attribute, start.length, plain) &&
    tail.test(attribute.slice(start.length + plain.length))
  let count = 0
  let last = 0
  for (const [attribute, value] of node.attributes) {
    if (isOf(attribute, 'fail-count-')) count = addScores(count, toScore(value, options.health))
    else if (isOf(attribute, 'last-failure-')) last = Math.max(last, scanInteger(value) ?? 0)
  }
  return { count, last }
}

const OPERATION_TAILS = { unique: /^#.+_[0-9]+$/, anonymous: /^(:[0-9]+)?#.+_[0-9]+$/ } as const
/** Those of clusters before 3.0.13, which counted for the resource as a whole. */
const PLAIN_TAILS = { unique: /^$/, anonymous: /^(:[0-9]+)?$/ } as const

function startsWithName(text: string, from: number, name: string): boolean {
  if (text.startsWith(name, from)) return true
  if (!name.includes('.') || text.length < from + name.length) return false
  for (let at = 0; at < name.length; at++) {
    if (name[at] !== '.' && name[at] !== text[from + at]) return false
  }
  return true
}

/** True where the failure that `op` reports no longer counts. Source: spec. */
export function judgeExpiry(u: Unpacking, resource: ResourceDraft, node: NodeDraft, op: HistoryOp): boolean {
  if (op.status === 7) return false
  let isExpired = isPastTimeout(u, resource, op)
  const isLastFailure = op.id?.endsWith('_last_failure_0') ?? false
  let mayClear = false
  if (resource.failureTimeoutSeconds > 0 && op.lastRcChange !== undefined) {
    const { count, effective } = countFor(u, resource, node, op)
    if (isExpired) mayClear = count === 0 ? isLastFailure && resource.reconnectIntervalMs > 0 : effective === 0
    if (effective !== 0) isExpired = false
  }
  if (!isExpired && isLastFailure && (op.operation === 'monitor' || op.operation === 'start')) {
    mayClear = hasChanged(u, resource, node, op)
  }
  if (mayClear) clearFailCount(u, resource, node, op)
  const isProbe = op.operation === 'monitor' && op.intervalMs === 0
  return isExpired && !(isProbe && [0, 7, 8, 190, 191].includes(op.rc))
}

function isPastTimeout(u: Unpacking, resource: ResourceDraft, op: HistoryOp): boolean {
  const timeout = resource.failureTimeoutSeconds
  if (timeout <= 0 || op.lastRcChange === undefined || u.context.clock.now < op.lastRcChange + timeout) return false
  const remote = u.list.nodes[resource.remoteNode]
  const isRecurringMonitor = op.operation === 'monitor' && op.intervalMs > 0
  const isWaiting = resource.reconnectIntervalMs > 0 && u.options.fencing && isRecurringMonitor
  return !(isWaiting && remote?.wasFenced === false)
}

/** The raw count, and what of it still counts; says when that may change. Source: spec. */
function countFor(
  u: Unpacking,
  resource: ResourceDraft,
  node: NodeDraft,
  op: HistoryOp,
): { readonly count: number; readonly effective: number } {
  const { clock } = u.context
  const timeout = resource.failureTimeoutSeconds
  const { count, last } = failCount(resource, node, { options: u.options, featureSet: u.configuration.root.featureSet })
  if (count > 0 && isBlocked(resource, op)) resource.failureTimeoutSeconds = 0
  const isOver = count > 0 && last > 0 && resource.failureTimeoutSeconds > 0 && clock.now > last + timeout
  const effective = isOver ? 0 : count
  if (effective !== 0 && clock.now < last + timeout + 1) u.context.noteRecheck?.(last + timeout + 1)
  return { count, effective }
}

/** Whether it failed with other parameters than those of now; put off where they are not known yet. Source: spec. */
function hasChanged(u: Unpacking, resource: ResourceDraft, node: NodeDraft, op: HistoryOp): boolean {
  if (needsAddress(u.digestSource, resource)) {
    u.deferredChecks.push({ kind: 'last-failure', resource: resource.index, node: node.index, op })
    return false
  }
  const { result } = compareDigests({ state: u.digestSource, cache: u.digests, resource, node, op })
  return result === 'all' || result === 'restart'
}

/** Asks for the count to be cleared, after fencing where a connection waits for that. Source: spec, C-5.10. */
function clearFailCount(u: Unpacking, resource: ResourceDraft, node: NodeDraft, op: HistoryOp): void {
  const action = requestAction(u, resource, { task: 'clear_failcount', node, optional: false }, op)
  const remote = u.list.nodes[resource.remoteNode]
  if (!u.options.fencing || resource.reconnectIntervalMs === 0 || remote === undefined) return
  action.after = requestFencing(u, remote, undefined, false).index
}

/** The operation's result is a failure that blocks: it never expires. Source: spec. */
export function isBlocked(resource: Pick<ResourceState, 'id' | 'ops'>, op: HistoryOp): boolean {
  const base = baseName(resource.id)
  return resource.ops.some((configured) => {
    const onFail = configured.attributes.find(([name]) => name === 'on-fail')?.[1]
    if (onFail !== 'block' || configured.intervalMs !== op.intervalMs) return false
    if (!isSameText(configured.name, op.operation)) return false
    const isFailure = op.id === `${base}_${configured.name}_${configured.intervalMs}` && op.rc !== expectedRc(op)
    return op.id === `${base}_last_failure_0` || isFailure
  })
}
