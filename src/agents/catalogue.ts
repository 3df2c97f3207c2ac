/**
 * The classes of agents that Quorate simulates. Adding one: a file of its own and a line here; the law tests then hold it, and
 * nothing else in the program names a class by hand.
 */
import { invariant } from '../kernel/invariant.ts'
import type { AgentClass } from '../model/resource.ts'
import type { AgentFamily } from './contract.ts'
import { HEARTBEAT_FAMILY } from './heartbeat-legacy.ts'
import { LSB_FAMILY } from './lsb.ts'
import { NAGIOS_FAMILY } from './nagios.ts'
import { OCF_FAMILY } from './ocf.ts'
import { RGMANAGER_FAMILY } from './rgmanager.ts'
import { STONITH_FAMILY } from './stonith.ts'
import { SYSTEMD_FAMILY } from './systemd.ts'

/** Every class, by name. */
export const AGENT_FAMILIES: readonly AgentFamily[] = [
  HEARTBEAT_FAMILY,
  LSB_FAMILY,
  NAGIOS_FAMILY,
  OCF_FAMILY,
  RGMANAGER_FAMILY,
  STONITH_FAMILY,
  SYSTEMD_FAMILY,
]

const BY_CLASS = new Map(AGENT_FAMILIES.map((family) => [family.class, family]))

/** The family of a class; every class has one. */
export function familyOf(agentClass: AgentClass): AgentFamily {
  const family = BY_CLASS.get(agentClass)
  invariant(family !== undefined, `class ${agentClass} has an agent family`)
  return family
}
