/** OCF agents: named parameters in the environment, the return codes of seeds 002 and 004, roles by the monitor's code. */
import type { LifecycleState } from '../model/lifecycle.ts'
import * as ocf from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import { agentText } from '../model/resource.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, planBy } from './standard.ts'

const DIALECT: Dialect = {
  report: (state, promotable) => ({ rc: monitorCode(state, promotable), output: '' }),
  missing: ocf.OCF_ERR_INSTALLED,
  unimplemented: ocf.OCF_ERR_UNIMPLEMENTED,
  failure: ocf.OCF_ERR_GENERIC,
  operations: new Set<OperationName>([
    ...(['start', 'stop', 'monitor', 'promote', 'demote', 'notify', 'reload'] as const),
    ...(['migrate_to', 'migrate_from', 'meta-data', 'validate-all'] as const),
  ]),
}

export const OCF_FAMILY: AgentFamily = {
  class: 'ocf',
  about: 'Open Cluster Framework agents; the cluster passes parameters by name and reads the return code.',
  callText: (spec, operation) => `${agentText(spec.agent)} ${operation}`,
  plan: (call) => planBy(DIALECT, call),
}

/** What a monitor returns in each true state (seed 004, Table 10.10). */
function monitorCode(state: LifecycleState, promotable: boolean): number {
  switch (state) {
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'migrating':
      return ocf.OCF_NOT_RUNNING
    case 'started':
    case 'promoting':
    case 'hung':
      return ocf.OCF_OK
    case 'promoted':
    case 'demoting':
    case 'hung-promoted':
      return promotable ? ocf.OCF_RUNNING_PROMOTED : ocf.OCF_OK
    case 'failed-promoted':
      return promotable ? ocf.OCF_FAILED_PROMOTED : ocf.OCF_ERR_GENERIC
    case 'failed':
    case 'stuck':
    case 'unknown':
      return ocf.OCF_ERR_GENERIC
  }
}
