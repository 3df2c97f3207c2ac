/**
 * What it takes to begin an action of a graph: a message to the node, an order to the fencer, a change of the CIB.
 * Source: spec E-6.4, E-6.7, E-9.7.
 */
import { digestOf } from '../cib/digests.ts'
import { baseName, isTrue, parseInterval, parseKey, scanInteger } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { Parameter } from '../model/resource.ts'
import type { GraphResource } from '../scheduler/graph.ts'
import { setAttribute } from './attributes.ts'
import { primitivesOf } from './devices.ts'
import type { OpRequest } from './executor-state.ts'
import { requestFence } from './fencer.ts'
import { parametersIn } from './history.ts'
import { durationOption } from './machine.ts'
import type { PlanAction } from './plan.ts'
import { keyOf, log, nameOf, type PacemakerState, tell, updateCib } from './state.ts'
import { nodeStatusOf, transientsOf } from './store.ts'

/** Begins an action; true where that is all there is to it. */
export function initiate(state: PacemakerState, context: DaemonContext, number: number, action: PlanAction): boolean {
  if (action.operation === 'stonith') return initiateFence(state, context, action)
  if (action.element === 'crm_event') return initiateCluster(state, context, action)
  const { node, operation, resource } = action
  if (node === undefined || resource === undefined || operation === 'probe_again') return true
  log(context, `Initiating ${operation} operation ${action.operationKey} on ${node}`)
  if (operation === 'delete' || operation === 'lrm_delete') {
    tell(state, context, 'forget', { to: action.routerNode ?? node, node, resource: nameThere(state, node, resource) })
    return true
  }
  setActionTimer(state, context, action)
  if (operation === 'cancel') {
    const parts = parseKey(action.operationKey)
    const key = parts === undefined ? action.operationKey : `${parts.task}_${parts.intervalMs}`
    const name = nameThere(state, node, resource)
    tell(state, context, 'cancel', { to: action.routerNode ?? node, node, resource: name, key })
  } else tell(state, context, 'op', { to: action.routerNode ?? node, node, request: toRequest(state, number, action) })
  return false
}

/**
 * The name under which a node's history knows a resource: old histories number the instances of anonymous clones (`db:0`), and go on doing
 * so. Source: spec D-7.6 (which name an action's resource has).
 */
function nameThere(state: PacemakerState, node: string, { id, longId }: GraphResource): string {
  const history = longId === undefined ? [] : (nodeStatusOf(state.cib.status, keyOf(state, node).id)?.history ?? [])
  const isKnown = (name: string | undefined): boolean => history.some((entry) => entry.id === name)
  return longId !== undefined && !isKnown(id) && isKnown(longId) ? longId : id
}

/** The world's name for a resource: an orphan that an old history numbers is still the one service of its anonymous clone. */
function serviceOf({ cib }: PacemakerState, id: string): string {
  const base = id.replace(/:\d+$/, '')
  if (base === id) return id
  const clone = cib.configuration.resources.find(
    (entry) => entry.kind === 'clone' && primitivesOf(entry).some((primitive) => primitive.id === base),
  )
  const isUnique = clone?.meta.some((set) =>
    set.pairs.some(({ name, value }) => name === 'globally-unique' && isTrue(value)),
  )
  return clone === undefined || isUnique === true ? id : base
}

/** The request to the executor. */
export function toRequest(state: PacemakerState, number: number, action: PlanAction): OpRequest {
  const { attributes, params, resource, intervalMs, operation } = action
  const read = (name: string): string | undefined => attributes.find(([key]) => key === name)?.[1]
  const parameters = parametersIn([...attributes, ...params], intervalMs)
  const { id, class: agentClass, provider, type } = resource!
  const name = action.node === undefined ? id : nameThere(state, action.node, resource!)
  const source = read('CRM_meta_migrate_source')
  const target = read('CRM_meta_migrate_target')
  return {
    agent: { id: name, class: agentClass, provider, type, shutdownLock: action.shutdownLock },
    service: serviceOf(state, id),
    operation,
    intervalMs,
    timeoutMs: timeoutOf(state, action, parameters),
    startDelayMs: scanInteger(read('CRM_meta_start_delay')) ?? 0,
    expectedRc: scanInteger(read('CRM_meta_op_target_rc')) ?? 0,
    origin: { action: action.id, transition: number, dc: state.controller.life },
    onFail: read('CRM_meta_on_fail'),
    ...(read('CRM_meta_record_pending') === undefined || isTrue(read('CRM_meta_record_pending'))
      ? {}
      : { recordsPending: false }),
    digest: digestOf(new Map(parameters)),
    parameters,
    migration: source === undefined || target === undefined ? undefined : { source, target },
    environment: operation === 'notify' ? notifyEnvironment(attributes) : undefined,
  }
}

/** A device's own timeout for monitors goes first; without any, the interval counts, or what a message may take. Source: spec E-6.4, E-7.1. */
function timeoutOf(
  state: PacemakerState,
  { attributes, intervalMs, resource }: PlanAction,
  parameters: OpRequest['parameters'],
): number {
  const given = scanInteger(attributes.find(([name]) => name === 'CRM_meta_timeout')?.[1]) ?? 20_000
  const own = parameters.find(([name]) => name === 'pcmk_monitor_timeout')?.[1]
  if (intervalMs > 0 && resource?.class === 'stonith' && own !== undefined) return parseInterval(own) ?? given
  if (given > 0) return given
  return intervalMs > 0 ? intervalMs : durationOption(state, 'cluster-delay', 60_000)
}

/** The variables of a notification. Source: spec E-10.2. */
function notifyEnvironment(attributes: PlanAction['attributes']): readonly Parameter[] {
  return attributes.flatMap(([name, value]) =>
    name.startsWith('CRM_meta_notify_') ? [{ name: `OCF_RESKEY_${name}`, value }] : [],
  )
}

/** An action whose result never comes is given up. Source: spec E-6.7. */
function setActionTimer(state: PacemakerState, context: DaemonContext, action: PlanAction): void {
  const delay = durationOption(state, 'cluster-delay', 60_000)
  const read = (name: string): number => scanInteger(action.attributes.find(([key]) => key === name)?.[1]) ?? 0
  const timeout = read('CRM_meta_timeout') || delay
  context.act({
    kind: 'timer',
    name: `action ${action.id}`,
    delay: timeout + read('CRM_meta_start_delay') + delay,
  })
}

function initiateFence(state: PacemakerState, context: DaemonContext, action: PlanAction): boolean {
  const read = (name: string): string | undefined => action.attributes.find(([key]) => key === name)?.[1]
  const target = action.node
  if (target === undefined || state.dc === undefined) return true
  const wanted = read('CRM_meta_stonith_action')
  const kind = wanted === 'on' || wanted === 'off' ? wanted : wanted === 'poweroff' ? 'off' : 'reboot'
  const delay = scanInteger(read('CRM_meta_priority_fencing_delay') ?? read('CRM_meta_priority-fencing-delay')) ?? 0
  if (kind !== 'on') state.dc.downfalls.set(target, { reason: 'fencing', actionId: action.id })
  const timeout = durationOption(state, 'stonith-timeout', 60_000)
  log(context, `Requesting fencing (${kind}) of node ${target} | action=${action.id} timeout=${timeout}`)
  requestFence(state, context, {
    target,
    action: kind,
    delay,
    actionId: action.id,
    client: `pacemaker-controld.${state.controller.life}`,
    maySelfFence: state.ring.members.length === 1,
  })
  return false
}

function initiateCluster(state: PacemakerState, context: DaemonContext, action: PlanAction): boolean {
  const { operation, node, resource } = action
  if (node === undefined) return true
  log(context, `Handling controller request '${action.id}' (${operation} on ${node}) without waiting`)
  switch (operation) {
    case 'do_shutdown':
      beginShutdown(state, context, node, action.id)
      break
    case 'clear_failcount':
      if (resource !== undefined) clearFailcount(state, context, node, resource.id)
      break
    case 'lrm_delete':
      // A lock is cleared in the CIB alone: its node may be down (spec C-20.2).
      if (resource !== undefined)
        updateCib(state, context, {
          kind: 'erase-resource',
          node: keyOf(state, node),
          resource: resource.id,
          isLock: true,
        })
      break
  }
  return true
}

function beginShutdown(state: PacemakerState, context: DaemonContext, node: string, actionId: number): void {
  const { dc } = state
  if (dc === undefined) return
  if (node === state.self) {
    if (dc.graph !== undefined) dc.graph.followUp = 'shutdown'
    return
  }
  dc.downfalls.set(node, { reason: 'shutdown', actionId })
  updateCib(state, context, { kind: 'node', node: keyOf(state, node), fields: { expected: 'down' } })
  tell(state, context, 'do-shutdown', node)
}

/** Remote nodes whose maintenance begins or ends: it is written, and told to whoever holds their connections. Source: spec C-21.17, E-10. */
export function tellMaintenance(state: PacemakerState, context: DaemonContext, { maintenance }: PlanAction): void {
  for (const [id, isOn] of maintenance ?? []) {
    const name = nameOf(state, id) ?? id
    const fields = { nodeInMaintenance: isOn ? '1' : '0' }
    updateCib(state, context, { kind: 'node', node: keyOf(state, name), fields })
    tell(state, context, 'maintenance', { node: name, isOn } satisfies MaintenanceNews)
  }
}

/** A remote node is in maintenance from now on, or no more. */
export interface MaintenanceNews {
  readonly node: string
  readonly isOn: boolean
}

/** Deletes what counts failures of a resource on a node, and the record of the last one. */
function clearFailcount(state: PacemakerState, context: DaemonContext, node: string, resource: string): void {
  const key = keyOf(state, node)
  for (const { id = '', ops } of nodeStatusOf(state.cib.status, key.id)?.history ?? []) {
    const failure = `${id}_last_failure_0`
    if ((id === resource || baseName(id) === resource) && ops.some((op) => op.id === failure))
      updateCib(state, context, { kind: 'erase-op', node: key, resource: id, ids: [failure] })
  }
  clearCounts(state, context, node, resource)
}

/** Deletes what counts failures of a resource on a node: the counts, then the instants. */
export function clearCounts(state: PacemakerState, context: DaemonContext, node: string, resource: string): void {
  const names = [...transientsOf(state.cib.status, keyOf(state, node).id).keys()]
  const known = [...state.attributes.values].flatMap(([name, values]) => (values.has(node) ? [name] : []))
  for (const name of [...new Set([...names, ...known])].filter((name) => countsFor(name, resource)).sort())
    setAttribute(state, context, { node, name, value: undefined })
}

/**
 * True for an attribute that counts failures of a resource: of one operation, or, as clusters of old counted, of all, and of each instance
 * of an anonymous clone by itself. Source: spec.
 */
export function countsFor(name: string, resource: string): boolean {
  const start = `fail-count-${resource}`
  const tail = name.startsWith(start) ? name.slice(start.length) : undefined
  const since = `last-failure-${resource}`
  return /^(:\d+)?(#.*)?$/.test(tail ?? (name.startsWith(since) ? name.slice(since.length) : 'x'))
}
