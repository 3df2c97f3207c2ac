/**
 * LSB init scripts: no parameters; `status` tells by its own exit codes (Linux Standard Base, init script actions), which are not those
 * of OCF. Whoever runs an LSB script as an OCF agent must translate them; this file does not.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import * as codes from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, isUp, planBy, type Report } from './standard.ts'

/** Exit codes of all actions but `status`: 1 generic, 3 unimplemented, 5 not installed, 7 not running. */
const LSB_GENERIC = 1
const LSB_UNIMPLEMENTED = 3
const LSB_NOT_INSTALLED = 5
const LSB_NOT_RUNNING = 7

const DIALECT: Dialect = {
  report: (state, spec) => lsbStatus(state, spec.agent.type),
  missing: LSB_NOT_INSTALLED,
  unimplemented: LSB_UNIMPLEMENTED,
  failure: LSB_GENERIC,
  notRunning: LSB_NOT_RUNNING,
  operations: new Set<OperationName>(['start', 'stop', 'status', 'monitor', 'reload']),
}

/** Init scripts. */
export const LSB_FAMILY: AgentFamily = {
  class: 'lsb',
  about: 'Init scripts; `status` returns 0 running, 1 or 2 dead with leftovers, 3 not running, 4 unknown.',
  callText: (spec, operation) => `/etc/init.d/${spec.agent.type} ${scriptWord(operation)}`,
  plan: (call) => planBy(DIALECT, call),
}

/** Init scripts know `status` where OCF says `monitor`. */
export function scriptWord(operation: OperationName): string {
  return operation === 'monitor' ? 'status' : operation
}

/** What the `status` of an init script returns and prints for `service` in each true state. */
export function lsbStatus(state: LifecycleState, service: string): Report {
  if (isUp(state)) return { rc: codes.LSB_STATUS_RUNNING, output: `${service} is running\n` }
  switch (state) {
    case 'stopped':
    case 'starting':
    case 'migrating':
      return { rc: codes.LSB_STATUS_STOPPED, output: `${service} is stopped\n` }
    // A script that stops its service has removed the PID file, and keeps its lock file to the end.
    case 'stopping':
      return { rc: codes.LSB_STATUS_DEAD_LOCK, output: `${service} dead but subsys locked\n` }
    case 'failed':
    case 'failed-promoted':
      return { rc: codes.LSB_STATUS_DEAD_PID, output: `${service} dead but pid file exists\n` }
    case 'unknown':
      return { rc: codes.LSB_STATUS_UNKNOWN, output: `${service} status unknown\n` }
    case 'stuck':
      return { rc: codes.LSB_STATUS_RUNNING, output: `${service} is running\n` }
  }
}
