/**
 * Heartbeat's legacy class: positional parameters before the operation; only start, stop and status; `status` is read by what it
 * prints, never by its exit code. Sources: seed 003; spec heartbeat 1b and 4. The search path is `SEARCH_PATH`.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import { mayHoldData } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, planBy } from './standard.ts'

/** Where scripts are looked for; the first regular executable file wins (spec heartbeat 1). */
export const SEARCH_PATH: readonly string[] = ['/etc/ha.d/resource.d', '/etc/init.d']

/** What a shell returns for a program that it cannot find. */
const NOT_FOUND = 127

const DIALECT: Dialect = {
  report: (state) => ({ rc: state === 'stopped' ? 3 : 0, output: statusText(state) }),
  missing: NOT_FOUND,
  unimplemented: 1,
  failure: 1,
  operations: new Set<OperationName>(['start', 'stop', 'status']),
}

export const HEARTBEAT_FAMILY: AgentFamily = {
  class: 'heartbeat',
  about: 'Scripts of haresources: parameters by position, status by the words it prints.',
  callText: (spec, operation) =>
    [spec.agent.type, ...spec.parameters.map((parameter) => parameter.value), operation].join(' '),
  plan: (call) => planBy(DIALECT, call),
}

/** The words of the stock wrappers (spec heartbeat 15.7). What crashed and left nothing that works is reported as stopped. */
function statusText(state: LifecycleState): string {
  return state === 'failed' || state === 'failed-promoted' || !mayHoldData(state)
    ? 'Resource is stopped\n'
    : 'Running OK\n'
}
