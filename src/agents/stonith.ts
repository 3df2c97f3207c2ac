/**
 * Fence agents as resources: their start only registers the device, their monitor asks whether it answers. Fencing itself is the
 * world's. Source: spec E (the fencer); heartbeat's `stonith_host` devices are no resources and never come here.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import { OCF_ERR_GENERIC, OCF_ERR_INSTALLED, OCF_ERR_UNIMPLEMENTED, OCF_NOT_RUNNING, OCF_OK } from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import { agentText } from '../model/resource.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, planBy } from './standard.ts'

const DIALECT: Dialect = {
  report: (state) => ({ rc: registered(state), output: '' }),
  missing: OCF_ERR_INSTALLED,
  unimplemented: OCF_ERR_UNIMPLEMENTED,
  failure: OCF_ERR_GENERIC,
  notRunning: OCF_NOT_RUNNING,
  operations: new Set<OperationName>(['start', 'stop', 'monitor', 'meta-data', 'validate-all']),
}

/** Fence devices as resources. */
export const STONITH_FAMILY: AgentFamily = {
  class: 'stonith',
  about: 'Fence devices as resources; started means registered with the fencer.',
  callText: (spec, operation) => `${agentText(spec.agent)} ${operation}`,
  plan: (call) => planBy(DIALECT, call),
}

/** A device that is not registered is not running; one that is registered and broken answers with an error. */
function registered(state: LifecycleState): number {
  if (state === 'started') return OCF_OK
  return state === 'stopped' || state === 'starting' || state === 'stopping' ? OCF_NOT_RUNNING : OCF_ERR_GENERIC
}
