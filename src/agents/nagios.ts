/**
 * Plugins of monitoring systems: they look at a service that something else runs, most often in a virtual machine or container, and tell
 * by their exit code how it is. They start and stop nothing; what "runs" here is that somebody looks. Source: the plugins' guidelines
 * (exit codes 0 to 3); Pacemaker Explained, resource classes.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, isUp, planBy, type Report } from './standard.ts'

const OK = 0
const CRITICAL = 2
const UNKNOWN = 3

const DIALECT: Dialect = {
  report: lookAt,
  missing: 5,
  unimplemented: UNKNOWN,
  failure: CRITICAL,
  notRunning: CRITICAL,
  operations: new Set<OperationName>(['start', 'stop', 'monitor', 'meta-data']),
}

/** Plugins of monitoring systems. */
export const NAGIOS_FAMILY: AgentFamily = {
  class: 'nagios',
  about: 'Plugins of monitoring systems: 0 well, 1 warning, 2 critical, 3 unknown; a stop always works.',
  callText: (spec, operation) => `/usr/lib/nagios/plugins/${spec.agent.type} (${operation})`,
  plan: (call) => planBy(DIALECT, call),
}

function lookAt(state: LifecycleState, { agent }: { readonly agent: { readonly type: string } }): Report {
  if (isUp(state)) return { rc: OK, output: `${agent.type} OK\n` }
  return state === 'unknown'
    ? { rc: UNKNOWN, output: `${agent.type} UNKNOWN\n` }
    : { rc: CRITICAL, output: `${agent.type} CRITICAL\n` }
}
