/** LSB init scripts and systemd units: no parameters; `status` tells by its own exit codes (Linux Standard Base, init script actions). */
import type { LifecycleState } from '../model/lifecycle.ts'
import * as codes from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import { agentText } from '../model/resource.ts'
import type { AgentFamily } from './contract.ts'
import { type Dialect, planBy } from './standard.ts'

const LSB_NOT_INSTALLED = 5
const LSB_UNIMPLEMENTED = 3

const DIALECT: Dialect = {
  report: (state) => statusOf(state),
  missing: LSB_NOT_INSTALLED,
  unimplemented: LSB_UNIMPLEMENTED,
  failure: 1,
  operations: new Set<OperationName>(['start', 'stop', 'status', 'monitor', 'reload']),
}

export const LSB_FAMILY: AgentFamily = {
  class: 'lsb',
  about: 'Init scripts; `status` returns 0 running, 1 or 2 dead with leftovers, 3 not running, 4 unknown.',
  callText: (spec, operation) => `/etc/init.d/${spec.agent.type} ${scriptWord(operation)}`,
  plan: (call) => planBy(DIALECT, call),
}

export const SYSTEMD_FAMILY: AgentFamily = {
  class: 'systemd',
  about: 'systemd units; a monitor asks for ActiveState, and a hung unit answers through its manager.',
  callText: (spec, operation) => `${agentText(spec.agent)} ${scriptWord(operation)}`,
  plan: (call) => planBy(DIALECT, call),
}

/** Init scripts know `status` where OCF says `monitor`. */
function scriptWord(operation: OperationName): string {
  return operation === 'monitor' ? 'status' : operation
}

function statusOf(state: LifecycleState): { readonly rc: number; readonly output: string } {
  switch (state) {
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'migrating':
      return { rc: codes.LSB_STATUS_STOPPED, output: 'not running\n' }
    case 'failed':
    case 'failed-promoted':
      return { rc: codes.LSB_STATUS_DEAD_PID, output: 'dead but pid file exists\n' }
    case 'unknown':
      return { rc: codes.LSB_STATUS_UNKNOWN, output: 'status unknown\n' }
    case 'started':
    case 'promoting':
    case 'promoted':
    case 'demoting':
    case 'hung':
    case 'hung-promoted':
    case 'stuck':
      return { rc: codes.LSB_STATUS_RUNNING, output: 'running\n' }
  }
}
