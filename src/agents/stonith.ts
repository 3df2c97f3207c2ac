/**
 * Fence agents as resources: their start registers the device and asks whether it answers, as their monitor does. Fencing itself is the
 * world's. Source: spec E (the fencer); heartbeat's `stonith_host` devices are no resources and never come here.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import { OCF_ERR_GENERIC, OCF_ERR_INSTALLED, OCF_ERR_UNIMPLEMENTED, OCF_NOT_RUNNING, OCF_OK } from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import { agentText } from '../model/resource.ts'
import type { AgentCall, AgentFamily } from './contract.ts'
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
  plan: (call) => planBy(DIALECT, asksInVain(call) ? { ...call, misbehaviour: NO_ANSWER } : call),
}

const NO_ANSWER = { kind: 'result', rc: OCF_ERR_GENERIC, output: 'the device does not answer' } as const

/** What an agent does that needs the device, where that is out of reach. */
function asksInVain({ operation, isReachable, misbehaviour }: AgentCall): boolean {
  return isReachable === false && misbehaviour === undefined && (operation === 'start' || operation === 'monitor')
}

/** A device that is not registered is not running; one that is registered and broken answers with an error. */
function registered(state: LifecycleState): number {
  if (state === 'started') return OCF_OK
  return state === 'stopped' || state === 'starting' || state === 'stopping' ? OCF_NOT_RUNNING : OCF_ERR_GENERIC
}
