/** Fence agents as resources: their start only registers the device, their monitor asks whether it answers. Fencing itself is the world's. */
import type { OperationName } from '../model/operation.ts'
import { agentText } from '../model/resource.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, planBy } from './standard.ts'

const DIALECT: Dialect = {
  report: (state) => ({ rc: state === 'started' ? 0 : 7, output: '' }),
  missing: 5,
  unimplemented: 3,
  failure: 1,
  operations: new Set<OperationName>(['start', 'stop', 'monitor', 'meta-data', 'validate-all']),
}

export const STONITH_FAMILY: AgentFamily = {
  class: 'stonith',
  about: 'Fence devices as resources; started means registered with the fencer.',
  callText: (spec, operation) => `${agentText(spec.agent)} ${operation}`,
  plan: (call) => planBy(DIALECT, call),
}
