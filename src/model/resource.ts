/** What a resource is, whichever manager runs it: an id, the agent that operates it, and the parameters that the agent is given. */
import type { ResourceId } from './names.ts'

/**
 * The classes of agents; `heartbeat` is the legacy class of haresources, `rgmanager` that of cluster.conf's resources, `stonith` that of
 * fence devices.
 */
export type AgentClass = 'heartbeat' | 'lsb' | 'nagios' | 'ocf' | 'rgmanager' | 'stonith' | 'systemd'

/** Which program operates a resource. `provider` is given for class ocf only. */
export interface AgentRef {
  readonly class: AgentClass
  readonly provider?: string
  readonly type: string
}

/** One parameter. Positional parameters (class heartbeat) are named `1`, `2`, … */
export interface Parameter {
  readonly name: string
  readonly value: string
}

/** One resource as the world knows it. */
export interface ResourceSpec {
  readonly id: ResourceId
  readonly agent: AgentRef
  readonly parameters: readonly Parameter[]
  /** True where the agent distinguishes Promoted from Unpromoted. */
  readonly promotable: boolean
}

/** Renders an agent as administrators write it: `ocf:heartbeat:IPaddr2`, `lsb:httpd`. */
export function agentText(agent: AgentRef): string {
  return agent.provider === undefined
    ? `${agent.class}:${agent.type}`
    : `${agent.class}:${agent.provider}:${agent.type}`
}
