/**
 * What an agent tells of itself by `meta-data`, for agents that are stock: operations with the timeouts, intervals, depths and roles that
 * they advertise, and what a reload can change. An agent that is not stock has no facts: whoever asks must then allow everything.
 *
 * Advertised figures are advice. Pacemaker takes timeouts from the CIB only (its own default is 20 s), and so does Quorate. Source: issue 5,
 * item 2; the OCF resource agent API 1.1 (`reloadable`, `reload-agent`, roles).
 */
import type { AgentRef } from './resource.ts'
import { STOCK_AGENTS } from './stock-agents.ts'

/** One operation as advertised. Durations in milliseconds; 0 where none is advertised. */
export interface AdvertisedOperation {
  readonly name: string
  readonly timeout: number
  readonly interval: number
  readonly depth: number
  /** `Promoted` or `Unpromoted`; undefined where it is for any role. */
  readonly role: string | undefined
}

/** What one agent advertises. */
export interface AgentFacts {
  readonly operations: readonly AdvertisedOperation[]
  /** Knows Promoted from Unpromoted: it can promote and demote. */
  readonly promotable: boolean
  /** Parameters that need a restart when they change; undefined where the agent cannot reload. */
  readonly fixedParameters: readonly string[] | undefined
}

/** The facts of a stock agent; undefined for every other. */
export function factsOf({ class: agentClass, provider, type }: AgentRef): AgentFacts | undefined {
  return agentClass === 'ocf' ? FACTS.get(provider ?? '')?.get(type) : undefined
}

/** True where the agent says that it can do `operation`; undefined where nothing is known of it. */
export function advertises(agent: AgentRef, operation: string): boolean | undefined {
  return factsOf(agent)?.operations.some(({ name }) => name === operation)
}

/**
 * What is advertised for an operation: of several the one of that role, then the one for any role, then the first. `role` as in
 * {@link AdvertisedOperation}.
 */
export function advertisedFor(agent: AgentRef, operation: string, role?: string): AdvertisedOperation | undefined {
  const found = factsOf(agent)?.operations.filter(({ name }) => name === operation) ?? []
  return found.find((entry) => entry.role === role) ?? found.find((entry) => entry.role === undefined) ?? found[0]
}

/** By provider, then by type: asked for at many calls of an agent, so no name is put together. */
const FACTS: ReadonlyMap<string, ReadonlyMap<string, AgentFacts>> = readFacts()

function readFacts(): ReadonlyMap<string, ReadonlyMap<string, AgentFacts>> {
  const found = new Map<string, Map<string, AgentFacts>>()
  for (const entry of STOCK_AGENTS.trim().split(/\n(?! )/)) {
    const [name = '', ...words] = entry.split(/\s+/)
    const [provider = '', type = ''] = name.split(':')
    found.set(provider, (found.get(provider) ?? new Map<string, AgentFacts>()).set(type, toFacts(words)))
  }
  return found
}

function toFacts(words: readonly string[]): AgentFacts {
  const fixed = words.find((word) => word.startsWith('fixed:'))?.slice('fixed:'.length)
  const operations = words.flatMap((word) => toOperation(word) ?? [])
  const has = (wanted: string): boolean => operations.some(({ name }) => name === wanted)
  return {
    operations,
    promotable: has('promote') && has('demote'),
    fixedParameters: fixed?.split(',').filter((name) => name !== ''),
  }
}

/** `monitor=30/29^10@Promoted`. */
function toOperation(word: string): AdvertisedOperation | undefined {
  const match = /^([\w-]+)=([\d.]+)(?:\/([\d.]+))?(?:\^(\d+))?(?:@(\w+))?$/.exec(word)
  if (match === null) return undefined
  const [, name = '', timeout, interval = '0', depth = '0', role] = match
  return {
    name,
    timeout: Math.round(Number(timeout) * 1000),
    interval: Math.round(Number(interval) * 1000),
    depth: Number(depth),
    role,
  }
}
