/** What the event master of central processing decides: pure plans, carried out by central.ts. Source: spec rgmanager 16. */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { Service } from './config.ts'
import { domainOf, isBlockedByExclusive, othersOn, shuffle } from './domains.ts'
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
  const dependency = service.depend === undefined ? undefined : recordOf(state, service.depend)
  const isHard = holds && service.dependMode === 'hard'
  if (dependency !== undefined && dependency.state !== 'started')
    return isHard ? [stopStep(id, 'stop', `${service.depend} is not started`)] : []
  const allowed = allowedNodes(state, context, service)
  if (!holds) return placeSteps(state, context, service, allowed)
  if (allowed.length === 0) return [stopStep(id, 'stop', 'no node may run it')]
  // Started at or after its dependency's last change, it need not be started again (spec 16, RHEL 6).
  if (dependency !== undefined && isHard && record.state === 'started' && record.since < dependency.since)
    return [stopStep(id, 'stop', `${service.depend} has started anew`), startStep(id, allowed, 'it follows that')]
  if (allowed[0] === record.owner) return []
  return [stopStep(id, 'stop', `${allowed[0]} is preferred`), startStep(id, allowed, 'it is preferred')]
}

/** A start on the first of the nodes that may run it; where there is none, something less important may have to go. */
function placeSteps(
  state: RgState,
  context: DaemonContext,
  service: Service,
  candidates: readonly NodeName[],
  why = `${candidates[0]} is the first that may run it`,
): readonly CentralStep[] {
  return candidates.length === 0 ? evictionFor(state, context, service) : [startStep(service.id, candidates, why)]
}

/**
 * Numbers of `exclusive` above 1 are priorities: one that finds no free node takes the first whose only service has a higher number.
 * What was evicted looks for a place itself once the other has started. That a free node is preferred is our reading (spec 13).
 */
function evictionFor(state: RgState, context: DaemonContext, service: Service): readonly CentralStep[] {
  if (service.exclusive === 0) return []
  for (const node of allowedNodes(state, context, service, 'all')) {
    const others = othersOn(state, node, service)
    if (!others.every(({ exclusive }) => Math.max(1, service.exclusive) < exclusive)) continue
    const why = `its number ${others[0]?.exclusive} is above ${service.exclusive} of ${service.id}`
    const stops = others.map(
      ({ id }): CentralStep => ({ kind: 'stop', service: id, mode: 'stop', why, for: service.id }),
    )
    return [...stops, startStep(service.id, [node], `${others.map(({ id }) => id).join(', ')} makes room`)]
  }
  return []
}

/** Domain order among those online, then, where it is not restricted, the others; the owner first where nothing speaks for a move. */
export function allowedNodes(
  state: RgState,
  context: DaemonContext,
  service: Service,
  which: 'all' | 'free' = 'free',
): readonly NodeName[] {
  const domain = domainOf(state, service)
  const { owner } = recordOf(state, service.id)
  const isFree = (node: NodeName): boolean => node === owner || !isBlockedByExclusive(state, service, node)
  const fit = onlineOf(state).filter((node) => which === 'all' || isFree(node))
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
  if (policy !== 'relocate' && !exceeded)
    return placeSteps(state, context, service, [...last, ...others], 'restarts where it was')
  return placeSteps(state, context, service, [...others, ...last], 'others first, the last owner last')
}

/** Why the master does not do what an operator wants, in the words of answers; undefined where it does (spec 9, 16). */
export function refusalOf(
  state: RgState,
  { service: id, op }: Extract<CentralEvent, { kind: 'operator' }>,
): string | undefined {
  if (find(state, id) === undefined) return 'no such service'
  const record = recordOf(state, id)
  // Whoever owns it decides about these by itself.
  if (op === 'freeze' || op === 'unfreeze' || op === 'convalesce' || op === 'migrate') return undefined
  if (record.frozen) return 'frozen'
  if (record.state === 'failed') return op === 'disable' ? undefined : 'aborted'
  if (op === 'relocate' || op === 'restart') return record.state === 'disabled' ? 'invalid' : undefined
  const isEnable = op === 'enable' || op === 'enable-by-domain'
  if (isEnable && state.startsLocked) return 'again'
  return isEnable && record.owner !== undefined && isActive(record) ? 'running' : undefined
}

/** Every command of clusvcadm goes through the master; `-e` follows the domain; of a failed service only `-d` is taken. */
function planOperator(
  state: RgState,
  context: DaemonContext,
  { service: id, op, target }: Extract<CentralEvent, { kind: 'operator' }>,
): readonly CentralStep[] {
  const service = find(state, id)!
  const record = recordOf(state, id)
  const allowed = allowedNodes(state, context, service)
  const aimed = target !== undefined && allowed.includes(target) ? [target] : []
  switch (op) {
    case 'enable':
    case 'enable-by-domain':
      return placeSteps(
        state,
        context,
        service,
        [...aimed, ...allowed.filter((node) => node !== aimed[0])],
        'clusvcadm -e',
      )
    case 'disable':
      return [stopStep(id, 'disable', 'clusvcadm -d')]
    case 'stop':
      return [stopStep(id, 'stop', 'clusvcadm -s')]
    case 'restart':
      return [stopStep(id, 'stop', 'clusvcadm -R'), startStep(id, allowed, 'clusvcadm -R')]
    case 'relocate': {
      const others = allowed.filter((node) => node !== record.owner && node !== aimed[0])
      const home = record.owner === undefined ? [] : [record.owner]
      return [stopStep(id, 'stop', 'clusvcadm -r'), startStep(id, [...aimed, ...others, ...home], 'clusvcadm -r')]
    }
    case 'freeze':
    case 'unfreeze':
    case 'convalesce':
    case 'migrate':
      return [{ kind: 'pass', service: id, op, target, why: 'clusvcadm' }]
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
