/** What the event master of central processing decides: pure plans, carried out by central.ts. Source: spec rgmanager 16. */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { Service } from './config.ts'
import { domainOf, isBlockedByExclusive, shuffle } from './domains.ts'
import { type CentralEvent, type CentralStep, isActive, onlineOf, type RgState, recordOf, rgOf } from './state.ts'

/** The steps of one event. */
export function planEvent(state: RgState, context: DaemonContext, event: CentralEvent): readonly CentralStep[] {
  switch (event.kind) {
    case 'node':
      return byPriority(state).map(({ id }) => ({ kind: 'evaluate', service: id }))
    case 'service':
      return planDependents(state, event.service)
    case 'recover':
      return planRecovery(state, context, event.service, event.exceeded)
    case 'operator':
      return planOperator(state, context, event)
  }
}

/** Priority 0 first, then 1, 2 and so on; document order among equals. */
function byPriority(state: RgState): readonly Service[] {
  return rgOf(state)
    .services.map((service, index) => ({ service, index }))
    .sort((a, b) => a.service.priority - b.service.priority || a.index - b.index)
    .map(({ service }) => service)
}

/** Where a service should be, against where it is. */
export function planService(state: RgState, context: DaemonContext, id: string): readonly CentralStep[] {
  const service = find(state, id)
  const record = recordOf(state, id)
  if (service === undefined || record.frozen || record.state === 'disabled' || record.state === 'failed') return []
  if (!service.autostart && !record.everStarted) return []
  const isThere = record.owner !== undefined && onlineOf(state).includes(record.owner)
  // Its owner is stopping it in order to recover: the recovery event follows.
  if (record.state === 'recoverable' && isThere) return []
  const holds = isThere && isActive(record)
  if (service.depend !== undefined && recordOf(state, service.depend).state !== 'started')
    return holds && service.dependMode === 'hard' ? [stopStep(id, 'stop', `${service.depend} is not started`)] : []
  const allowed = allowedNodes(state, context, service)
  if (allowed.length === 0) return holds ? [stopStep(id, 'stop', 'no node may run it')] : []
  if (!holds) return [startStep(id, allowed, `${allowed[0]} is the first that may run it`)]
  if (allowed[0] === record.owner) return []
  return [stopStep(id, 'stop', `${allowed[0]} is preferred`), startStep(id, allowed, 'it is preferred')]
}

/** Domain order among those online, then, where it is not restricted, the others; the owner first where nothing speaks for a move. */
export function allowedNodes(state: RgState, context: DaemonContext, service: Service): readonly NodeName[] {
  const domain = domainOf(state, service)
  const { owner } = recordOf(state, service.id)
  const fit = onlineOf(state).filter((node) => node === owner || !isBlockedByExclusive(state, service, node))
  const rankOf = (node: NodeName): number => {
    if (domain === undefined) return 0
    const member = domain.members.find((entry) => entry.node === node)
    if (member === undefined) return OUTSIDE
    // A member without a priority comes last here, unlike in default mode (spec 12).
    return !domain.ordered ? 1 : member.priority === 0 ? LAST : member.priority
  }
  const usable = fit.filter((node) => domain?.restricted !== true || rankOf(node) < OUTSIDE)
  const sorted = shuffle(context, 'central list', usable)
    .map((node, index) => ({ node, index, rank: rankOf(node) }))
    .sort((a, b) => a.rank - b.rank || ownerFirst(a.node, b.node, owner) || a.index - b.index)
    .map(({ node }) => node)
  const stays = domain === undefined || !domain.ordered || domain.nofailback
  if (!stays || owner === undefined || !sorted.includes(owner)) return sorted
  // An owner outside of its domain is no reason to stay.
  if (rankOf(owner) === OUTSIDE && domain !== undefined) return sorted
  return [owner, ...sorted.filter((node) => node !== owner)]
}

const LAST = 101
const OUTSIDE = 102

function ownerFirst(a: NodeName, b: NodeName, owner: NodeName | undefined): number {
  return a === owner ? -1 : b === owner ? 1 : 0
}

/** A service has changed: hard dependents follow it, soft ones only wait for it; stopped exclusive ones of number 2 and up try again. */
function planDependents(state: RgState, changed: string): readonly CentralStep[] {
  const isWaiting = ({ id, exclusive }: Service): boolean =>
    id !== changed && 2 <= exclusive && recordOf(state, id).state === 'stopped'
  return rgOf(state)
    .services.filter((service) => service.depend === changed || isWaiting(service))
    .map(({ id }) => ({ kind: 'evaluate', service: id }))
}

/** A service failed and was stopped clean by its owner. */
function planRecovery(state: RgState, context: DaemonContext, id: string, exceeded: boolean): readonly CentralStep[] {
  const service = find(state, id)
  if (service === undefined) return []
  const { lastOwner } = recordOf(state, id)
  const policy = service.recovery
  if (policy === 'disable' || (exceeded && policy === 'restart-disable'))
    return [stopStep(id, 'disable', `recovery=${policy}`)]
  const allowed = allowedNodes(state, context, service)
  const others = allowed.filter((node) => node !== lastOwner)
  const last = lastOwner !== undefined && allowed.includes(lastOwner) ? [lastOwner] : []
  if (policy === 'relocate' && others.length === 0) return [stopStep(id, 'stop', 'no other node may run it')]
  if (policy !== 'relocate' && !exceeded) return [startStep(id, [...last, ...others], 'restarts where it was')]
  return [startStep(id, [...others, ...last], 'others first, the last owner last')]
}

/** Every command of clusvcadm goes through the master; `-e` follows the domain; of a failed service only `-d` is taken. */
function planOperator(
  state: RgState,
  context: DaemonContext,
  { service: id, op, target }: Extract<CentralEvent, { kind: 'operator' }>,
): readonly CentralStep[] {
  const service = find(state, id)
  const record = recordOf(state, id)
  if (service === undefined || record.frozen || (record.state === 'failed' && op !== 'disable')) return []
  const allowed = allowedNodes(state, context, service)
  const aimed = target !== undefined && allowed.includes(target) ? [target] : []
  const holds = record.owner !== undefined && isActive(record)
  switch (op) {
    case 'enable':
    case 'enable-by-domain':
      return holds ? [] : [startStep(id, [...aimed, ...allowed.filter((node) => node !== aimed[0])], 'clusvcadm -e')]
    case 'disable':
      return [stopStep(id, 'disable', 'clusvcadm -d')]
    case 'stop':
      return [stopStep(id, 'stop', 'clusvcadm -s')]
    case 'restart':
      return [stopStep(id, 'stop', 'clusvcadm -R'), startStep(id, allowed, 'clusvcadm -R')]
    case 'relocate': {
      if (!holds) return []
      const others = allowed.filter((node) => node !== record.owner && node !== aimed[0])
      return [stopStep(id, 'stop', 'clusvcadm -r'), startStep(id, [...aimed, ...others, record.owner!], 'clusvcadm -r')]
    }
    default:
      return []
  }
}

function find(state: RgState, id: string): Service | undefined {
  return rgOf(state).services.find((service) => service.id === id)
}

function startStep(service: string, candidates: readonly NodeName[], why: string): CentralStep {
  return { kind: 'start', service, candidates, why }
}

function stopStep(service: string, mode: 'disable' | 'stop', why: string): CentralStep {
  return { kind: 'stop', service, mode, why }
}
