/**
 * systemd units: the service manager, not the service, answers and stops. So a status never hangs with the service, and a stop of a hung
 * service is long but works: what ignores the stop is killed after TimeoutStopSec. Source: systemctl(1), systemd.service(5).
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import * as codes from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentFamily } from './contract.ts'
import { scriptWord } from './lsb.ts'
import { type Dialect, isHung, isUp, planBy, type Report } from './standard.ts'

/** DefaultTimeoutStopSec of systemd, in milliseconds: then the unit's processes are killed. */
const KILLED_AFTER = 90_000

/** What `systemctl` returns for a unit that does not exist. */
const NO_SUCH_UNIT = 5

const DIALECT: Dialect = {
  report: activeState,
  missing: NO_SUCH_UNIT,
  unimplemented: codes.OCF_ERR_UNIMPLEMENTED,
  failure: 1,
  notRunning: 1,
  operations: new Set<OperationName>(['start', 'stop', 'status', 'monitor', 'reload']),
}

/** systemd units. */
export const SYSTEMD_FAMILY: AgentFamily = {
  class: 'systemd',
  about: 'systemd units; the service manager answers for a hung service, and kills it when it does not stop in 90 s.',
  callText: (spec, operation) => `systemctl ${scriptWord(operation)} ${unitOf(spec.agent.type)}`,
  plan: (call) => {
    const { operation, state, misbehaviour } = call
    if (misbehaviour !== undefined || !isHung(state)) return planBy(DIALECT, call)
    if (operation === 'monitor' || operation === 'status') return { ...activeState(state), hangs: false }
    if (operation === 'stop') {
      return { begins: 'stop', ends: 'ok', rc: 0, output: '', hangs: false, delay: KILLED_AFTER }
    }
    // For the service manager the unit is active: a start has nothing to do.
    if (operation === 'start') return { rc: 0, output: '', hangs: false }
    return planBy(DIALECT, call)
  },
}

/** A name without a suffix means a service. */
function unitOf(type: string): string {
  return type.includes('.') ? type : `${type}.service`
}

/** The unit's ActiveState and the exit code of `systemctl status`. */
function activeState(state: LifecycleState): Report {
  if (isUp(state)) return { rc: codes.LSB_STATUS_RUNNING, output: 'active\n' }
  switch (state) {
    case 'stopped':
      return { rc: codes.LSB_STATUS_STOPPED, output: 'inactive\n' }
    case 'starting':
    case 'migrating':
      return { rc: codes.LSB_STATUS_STOPPED, output: 'activating\n' }
    case 'stopping':
      return { rc: codes.LSB_STATUS_STOPPED, output: 'deactivating\n' }
    case 'failed':
    case 'failed-promoted':
      return { rc: codes.LSB_STATUS_STOPPED, output: 'failed\n' }
    case 'unknown':
    case 'stuck':
      return { rc: codes.LSB_STATUS_STOPPED, output: 'deactivating\n' }
  }
}
