/**
 * What a daemon does when something happens in the cluster: a node comes or goes, a service changes. Every node looks for itself; the
 * lock of the service decides a race. Source: spec rgmanager 12c, 12d, 13 and 14; central mode has its own rules (central.ts).
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { tellMaster } from './central.ts'
import { domainOf, isBlockedByExclusive, scoreOf } from './domains.ts'
import type { Step } from './frames.ts'
import { changeRecord } from './records.ts'
import { isActive, onlineOf, type RgState, recordOf, rgOf, type ServiceRecord } from './state.ts'
import { dependencyRuns } from './steps.ts'
import { enqueue } from './worker.ts'

/** A node's rgmanager is there, this one's included: stopped services are looked at, running ones may go back. */
export function nodeUp(state: RgState, context: DaemonContext, node: NodeName): void {
  if (state.phase !== 'running') return
  if (rgOf(state).centralProcessing) return tellMaster(state, context, { kind: 'node', node, up: true })
  for (const { id } of rgOf(state).services) {
    const record = recordOf(state, id)
    if (record.owner === state.self && node !== state.self) enqueue(state, context, id, { kind: 'failback', node })
    else enqueue(state, context, id, { kind: 'consider', why: `${node} is up` })
  }
}

/** A node's rgmanager is gone. What it ran is marked stopped and looked at, once locks are granted again. */
export function nodeDown(state: RgState, context: DaemonContext, node: NodeName): void {
  if (state.phase !== 'running') return
  const central = rgOf(state).centralProcessing
  for (const { id } of rgOf(state).services) {
    const record = recordOf(state, id)
    if (record.owner === node && isActive(record)) enqueue(state, context, id, { kind: 'owner-lost', node })
    if (!central) enqueue(state, context, id, { kind: 'consider', why: `${node} is down` })
  }
  if (central) tellMaster(state, context, { kind: 'node', node, up: false })
}

/** States of which rgmanagers tell one another by an event. */
const TOLD: readonly ServiceRecord['state'][] = ['disabled', 'failed', 'recovering', 'started', 'stopped']

/** A record has changed, here or elsewhere: the event is handled one step later, by what is true then (spec S15). */
export function serviceChanged(
  state: RgState,
  context: DaemonContext,
  before: ServiceRecord,
  after: ServiceRecord,
): void {
  if (before.state === after.state || !TOLD.includes(after.state) || state.phase !== 'running') return
  context.act({ kind: 'timer', name: `service-event ${after.service}`, delay: 0 })
}

/** Services that depend on this one start or stop with it. */
export function serviceEvent(state: RgState, context: DaemonContext, service: string): void {
  if (state.phase !== 'running') return
  if (rgOf(state).centralProcessing) {
    if (recordOf(state, service).owner === state.self || recordOf(state, service).lastOwner === state.self)
      tellMaster(state, context, { kind: 'service', service })
    return
  }
  const { state: now } = recordOf(state, service)
  for (const dependent of rgOf(state).services) {
    if (dependent.depend !== service) continue
    const record = recordOf(state, dependent.id)
    if (now === 'started' && record.state === 'stopped')
      enqueue(state, context, dependent.id, { kind: 'consider', why: `${service} is started` })
    else if (now !== 'started' && record.state === 'started' && record.owner === state.self && !record.frozen) {
      decide(context, {
        decision: 'stop-dependent',
        about: [dependent.id, service],
        text: `stops ${dependent.id}: ${service} is ${now}`,
        reasons: [{ text: 'a hard dependent runs only while its dependency is started', source: 'depend' }],
      })
      enqueue(state, context, dependent.id, { kind: 'plain-stop' })
    }
  }
}

/** Whether this node should start the service now (spec 12c). Under its lock; may mark it stopped or disabled. */
export function consider(step: Step): boolean {
  const { state, context, service } = step
  const record = recordOf(state, service.id)
  const online = onlineOf(state)
  if (record.frozen || state.startsLocked || state.phase !== 'running') return false
  if (record.state === 'disabled' || record.state === 'failed' || record.state === 'recovering') return false
  const held = record.owner !== undefined && online.includes(record.owner)
  if (record.state !== 'stopped' && held) return false
  if (record.state === 'migrating') return false
  if (!service.autostart && !record.everStarted) {
    if (record.state === 'stopped') changeRecord(state, context, service.id, 'disabled', {})
    return false
  }
  if (!dependencyRuns(step) || isBlockedByExclusive(state, service, state.self)) return false
  const score = scoreOf(state, state.self, service, online)
  if (score !== 3) return false
  decide(context, {
    decision: 'start',
    about: [service.id],
    text: `starts ${service.id}`,
    reasons: [scoreReason(step, 'this node has the best score')],
  })
  return true
}

function scoreReason({ state, service }: Step, text: string): { readonly text: string; readonly source: string } {
  const domain = domainOf(state, service)
  return domain === undefined
    ? { text: `${text}: there is no failover domain`, source: 'spec rgmanager 12a' }
    : { text, source: `failoverdomain ${domain.name}` }
}

/** A node has come up: the owner asks itself whether that one is better (spec 12d). A bare virtual machine migrates alive. */
export function considerFailback(step: Step, node: NodeName): boolean {
  const { state, context, service } = step
  const record = recordOf(state, service.id)
  if (record.owner !== state.self || record.state !== 'started' || record.frozen) return false
  const online = onlineOf(state)
  const [own, other] = [scoreOf(state, state.self, service, online), scoreOf(state, node, service, online)]
  if (other <= own || isBlockedByExclusive(state, service, node)) return false
  decide(context, {
    decision: 'failback',
    about: [service.id, node],
    text: `gives ${service.id} to ${node}`,
    reasons: [{ text: `its score is ${other}, this node's ${own}`, source: `failoverdomain ${service.domain}` }],
  })
  if (service.type !== 'vm' || 1 < service.nodes.length) return true
  const reply = { node: state.self, id: 0 }
  enqueue(state, context, service.id, { kind: 'operator', op: 'migrate', target: node, reply })
  return false
}

/** The owner died in a state that is taken over: the record says stopped, and the others hear of it (spec 14). */
export function markOwnerLost(step: Step, node: NodeName): void {
  const record = recordOf(step.state, step.service.id)
  const isTaken = record.state === 'started' || record.state === 'starting' || record.state === 'stopping'
  if (record.owner !== node || !isTaken || onlineOf(step.state).includes(node)) return
  decide(step.context, {
    decision: 'owner-lost',
    about: [step.service.id, node],
    text: `marks ${step.service.id} stopped: ${node} is gone`,
    reasons: [{ text: 'its owner can run nothing any more; no stop is run for it', source: 'spec rgmanager 14' }],
  })
  changeRecord(step.state, step.context, step.service.id, 'owner-lost', { owner: undefined, lastOwner: node })
}
