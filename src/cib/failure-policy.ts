/**
 * What a failure of one operation means for its resource: the on-fail response and the role it may have afterwards.
 *
 * Source: spec.
 */
import type { OpConfig } from './configuration.ts'
import { isRemoteNode } from './early-actions.ts'
import { findOp, opAttribute, opMeta } from './op-meta.ts'
import { PROMOTED, type Role, STARTED, STOPPED, toRole, UNPROMOTED } from './role.ts'
import type { ResourceDraft, Unpacking } from './unpacking.ts'
import { isFalse, isSameText } from './values.ts'

/** Responses by severity, the mildest first. Source: spec. */
export const RESPONSES = [
  'ignore',
  'demote',
  'restart',
  'reset-remote',
  'restart-container',
  'migrate',
  'block',
  'stop',
  'standby',
  'fence',
] as const
export type Response = (typeof RESPONSES)[number]

/** The more severe of two responses. */
export function moreSevere(left: Response, right: Response): Response {
  return RESPONSES.indexOf(left) >= RESPONSES.indexOf(right) ? left : right
}

/** The response to a failure of `task` under `key`. Source: spec. */
export function toResponse(
  u: Unpacking,
  resource: ResourceDraft,
  { key, task, intervalMs }: { readonly key: string; readonly task: string; readonly intervalMs: number },
): { readonly response: Response; readonly failRole: Role } {
  const op = findOp(resource, key)
  const meta = opMeta(u, { resource, op, task, intervalMs })
  let failRole: Role | undefined
  let response: Response | undefined
  const value = correctValue(resource, op, task, meta.get('on-fail')?.toLowerCase())
  if (value === 'fence' && !u.options.fencing) {
    response = 'stop'
    failRole = STOPPED
  } else if (value === 'nothing') response = 'ignore'
  else if (value !== 'restart-container' || resource.container >= 0) {
    response = RESPONSES.find((known) => known === value && known !== 'reset-remote')
  }
  if (response === 'stop') failRole = STOPPED

  const node = u.list.nodes[resource.remoteNode]
  const isRemote = resource.remoteConnection && node !== undefined && isRemoteNode(u, node)
  const isProbe = task === 'monitor' && intervalMs === 0
  if (response === undefined && resource.container >= 0) response = 'restart-container'
  else if ((response === undefined || !resource.managed) && isRemote && !isProbe && task !== 'start') {
    response = resource.managed ? 'reset-remote' : 'stop'
    if (!resource.managed || resource.reconnectIntervalMs > 0) failRole = STOPPED
  } else if (response === undefined && task === 'stop') response = u.options.fencing ? 'fence' : 'block'
  response ??= 'restart'
  const after = op === undefined ? undefined : meta.get('role_after_failure')
  failRole ??= after === undefined ? undefined : toRole(after) || undefined
  return { response, failRole: failRole ?? (task === 'promote' ? UNPROMOTED : STARTED) }
}

/** Source: spec. */
function correctValue(
  resource: ResourceDraft,
  op: OpConfig | undefined,
  task: string,
  written: string | undefined,
): string | undefined {
  let value = written
  if (task === 'stop' && (value === 'standby' || value === 'demote' || value === 'stop')) value = undefined
  if (task === 'demote') value ??= inheritedOnFail(resource.ops)
  if (task === 'lrm_delete') value = 'ignore'
  if (value === 'demote' && (op === undefined || (op.name !== 'promote' && !isPromotedMonitor(op)))) return undefined
  return value
}

function isPromotedMonitor(op: OpConfig): boolean {
  return op.name === 'monitor' && op.intervalMs > 0 && toRole(opAttribute(op, 'role') ?? '') === PROMOTED
}

/** What a demotion that says nothing takes over from the monitor of the promoted role. Source: spec, C-4.9. */
export function inheritedOnFail(ops: readonly OpConfig[]): string | undefined {
  for (const op of ops) {
    const onFail = opAttribute(op, 'on-fail')
    if (onFail === undefined || isFalse(opAttribute(op, 'enabled')) || !isPromotedMonitor(op)) continue
    if (!isSameText(onFail, 'demote')) return onFail.toLowerCase()
  }
  return undefined
}
