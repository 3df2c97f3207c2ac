/**
 * RGManager's agents (`/usr/share/cluster/*.sh`): attributes by name in the environment, the OCF actions under LSB's word `status`, and
 * exit codes of which only zero and nonzero count. How deep a status looks is the caller's `OCF_CHECK_LEVEL`.
 * Sources: seed 001; spec rgmanager 2 (stock agents) and 5 (environment).
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import { OCF_ERR_GENERIC, OCF_ERR_INSTALLED, OCF_ERR_UNIMPLEMENTED, OCF_OK } from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import type { ResourceSpec } from '../model/resource.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, isUp, planBy, type Report } from './standard.ts'

/** How long `ip.sh` waits after it has removed an address, unless its `sleeptime` says otherwise. */
const SLEEP_TIME = 10_000

const DIALECT: Dialect = {
  report: (state) => report(state),
  missing: OCF_ERR_INSTALLED,
  unimplemented: OCF_ERR_UNIMPLEMENTED,
  failure: OCF_ERR_GENERIC,
  notRunning: OCF_ERR_GENERIC,
  operations: new Set<OperationName>([
    ...(['start', 'stop', 'status', 'monitor', 'recover', 'reconfig', 'reload'] as const),
    ...(['migrate_to', 'migrate_from', 'meta-data', 'validate-all'] as const),
  ]),
}

/** Agents of cluster.conf. */
export const RGMANAGER_FAMILY: AgentFamily = {
  class: 'rgmanager',
  about: 'The agents of cluster.conf; `status` has depths, and every exit code but 0 is a failure.',
  callText: (spec, operation) => `${spec.id} ${operation}`,
  plan: (call) => {
    const plan = planBy(DIALECT, call)
    const waits = call.spec.agent.type === 'ip' && call.operation === 'stop' && plan.begins !== undefined && !plan.hangs
    return waits ? { ...plan, delay: (plan.delay ?? 0) + sleepOf(call.spec) } : plan
  },
}

function sleepOf(spec: ResourceSpec): number {
  const given = spec.parameters.find((parameter) => parameter.name === 'sleeptime')?.value
  const seconds = Number.parseInt(given ?? '', 10)
  return Number.isNaN(seconds) ? SLEEP_TIME : 1000 * seconds
}

/** Running or not: the scripts translate whatever their service says into 0 and 1. */
function report(state: LifecycleState): Report {
  return { rc: isUp(state) || state === 'stuck' ? OCF_OK : OCF_ERR_GENERIC, output: '' }
}
