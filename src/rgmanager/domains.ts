/** Failover domains and exclusive services: which node may run a service, and which does so best. Source: spec rgmanager 12 and 13. */
import { uniform } from '../kernel/draw.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { FailoverDomain, Service } from './config.ts'
import { onlineOf, type RgState, recordOf, rgOf, serviceOf } from './state.ts'

/** The domain of a service; undefined where it has none or names one that is unknown. */
export function domainOf(state: RgState, service: Service): FailoverDomain | undefined {
  return rgOf(state).domains.find(({ name }) => name === service.domain)
}

/** 0: must not; 1: only if nothing better; 2: not the first choice; 3: best. (spec 12a) */
export function scoreOf(state: RgState, node: NodeName, service: Service, online: readonly NodeName[]): 0 | 1 | 2 | 3 {
  if (!online.includes(node)) return 0
  const domain = domainOf(state, service)
  if (domain === undefined) return 3
  const present = domain.members.filter((member) => online.includes(member.node))
  const own = domain.members.find((member) => member.node === node)
  if (own === undefined) {
    if (domain.restricted) return 0
    return present.length === 0 ? 3 : 1
  }
  const record = recordOf(state, service.id)
  const runsOn = record.state === 'started' || record.state === 'starting' ? record.owner : undefined
  const best = Math.min(...present.map((member) => member.priority))
  if (best < own.priority) return domain.nofailback && runsOn === node ? 3 : 2
  const elsewhere = runsOn !== undefined && runsOn !== node && online.includes(runsOn)
  return domain.nofailback && elsewhere ? 2 : 3
}

/** Services that a node runs or starts, but this one. */
export function othersOn(state: RgState, node: NodeName, service: Service): readonly Service[] {
  return [...state.records.values()]
    .filter((record) => record.owner === node && (record.state === 'started' || record.state === 'starting'))
    .flatMap((record) => (record.service === service.id ? [] : [serviceOf(state, record.service)]))
    .filter((other) => other !== undefined)
}

/** True where an exclusive service is in the way: the node runs one, or this is one and the node runs anything (spec 13). */
export function isBlockedByExclusive(state: RgState, service: Service, node: NodeName): boolean {
  const others = othersOn(state, node, service)
  return others.some((other) => other.exclusive !== 0) || (service.exclusive !== 0 && 0 < others.length)
}

/** The best other node for a service, or undefined. Equal scores: the later in the list, which newer versions shuffle (spec 12b). */
export function bestTarget(
  state: RgState,
  context: DaemonContext,
  service: Service,
  struck: readonly NodeName[],
): { readonly node: NodeName; readonly score: number } | undefined {
  const online = onlineOf(state).filter((node) => !struck.includes(node))
  const candidates = online.filter((node) => node !== state.self)
  const shuffled =
    state.config.switches.relocateTie === 'shuffle' ? shuffle(context, 'relocation', candidates) : candidates
  let best: { readonly node: NodeName; readonly score: number } | undefined
  for (const node of shuffled) {
    const base = scoreOf(state, node, service, online)
    if (base === 0 || isBlockedByExclusive(state, service, node)) continue
    const score = service.exclusive === 0 ? base : base + 2
    if (best === undefined || best.score <= score) best = { node, score }
  }
  return best
}

/** A random order from the node's own stream; nothing is drawn where there is nothing to choose. */
export function shuffle<T>(context: DaemonContext, purpose: string, list: readonly T[]): readonly T[] {
  const made = [...list]
  for (let last = made.length - 1; 0 < last; last--) {
    const at = context.draw(purpose, uniform(0, last))
    const [a, b] = [made[at]!, made[last]!]
    made[at] = b
    made[last] = a
  }
  return made
}
