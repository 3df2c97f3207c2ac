/**
 * How agents that are stock differ from the general rule: which operations they have, and how long these may usually take. An agent of
 * which nothing is known has every operation of its class and the times of `defaults.ts`. Source: issue 5, item 2; model/agent-facts.ts.
 */
import type { Distribution } from '../kernel/draw.ts'
import { advertisedFor, advertises, factsOf } from '../model/agent-facts.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentRef } from '../model/resource.ts'
import { DEFAULT_TIMINGS } from './defaults.ts'

/** Every agent has these, whatever it advertises: without them it were none. */
const ALWAYS = new Set<OperationName>(['start', 'stop', 'monitor', 'meta-data', 'validate-all'])

/** False where a stock agent does not advertise the operation: it answers then that it is not implemented. */
export function hasOperation(agent: AgentRef, operation: OperationName): boolean {
  if (ALWAYS.has(operation) || factsOf(agent) === undefined) return true
  // The world's `reload` is what Pacemaker 2.1 calls reload-agent.
  if (operation === 'reload' && advertises(agent, 'reload-agent') === true) return true
  return advertises(agent, operation) === true
}

/** False where a stock agent cannot tell roles apart, even in a promotable clone. */
export function knowsRoles(agent: AgentRef): boolean {
  return factsOf(agent)?.promotable ?? true
}

/**
 * How long an operation takes where the scenario does not say, in milliseconds; undefined where the table has nothing of it. An agent that
 * advertises more time than most do is slower in proportion, six times at most: that keeps within what it advertises. Up to a minute tells nothing of how long a start
 * takes: mail servers and file systems advertise that as well as databases.
 */
export function defaultTiming(operation: string, agent: AgentRef | undefined): Distribution | undefined {
  const usual = DEFAULT_TIMINGS.get(operation)
  if (usual === undefined || usual.kind !== 'uniform' || agent === undefined) return usual
  const advertised = advertisedFor(agent, operation)?.timeout ?? 0
  const slowness = Math.min(SLOWEST, Math.max(1, Math.floor(advertised / USUAL_TIMEOUT)))
  return slowness === 1 ? usual : { ...usual, min: usual.min * slowness, max: usual.max * slowness }
}

/** What agents advertise whose work is short; most advertise 20 s, many a minute. */
const USUAL_TIMEOUT = 60_000
const SLOWEST = 6
