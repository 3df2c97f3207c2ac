/**
 * Heartbeat's legacy class: positional parameters before the operation; only start, stop and status; `status` is read by what it
 * prints, never by its exit code (the reading is the manager's). A script comes from resource.d or, where it is none of Heartbeat's own,
 * from init.d, and speaks accordingly. Sources: seed 003; spec heartbeat 1, 1b, 4 and 15.7.
 */
import { type LifecycleState, mayHoldData } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentFamily } from './contract.ts'
import { lsbStatus } from './lsb.ts'
import { type Dialect, planBy, type Report } from './standard.ts'

/** Where scripts are looked for, in this order; the first regular executable file wins (spec heartbeat 1). */
const RESOURCE_D = '/etc/ha.d/resource.d'
const INIT_D = '/etc/init.d'

/** The scripts that stand in resource.d: Heartbeat's own, and those that DRBD brings. */
const RESOURCE_SCRIPTS = new Set([
  ...['apache', 'AudibleAlarm', 'db2', 'Delay', 'drbddisk', 'drbdupper', 'Filesystem', 'ICP', 'ids', 'IPaddr'],
  ...['IPaddr2', 'IPsrcaddr', 'IPv6addr', 'LinuxSCSI', 'LVM', 'LVSSyncDaemonSwap', 'MailTo', 'OCF', 'portblock'],
  ...['Raid1', 'SendArp', 'ServeRAID', 'WAS', 'WinPopup', 'Xinetd'],
])

/** What a shell returns for a program that it cannot find. */
const NOT_FOUND = 127

const DIALECT: Dialect = {
  report: (state, spec) =>
    isResourceScript(spec.agent.type) ? wrapperStatus(state) : lsbStatus(state, spec.agent.type),
  missing: NOT_FOUND,
  unimplemented: 1,
  failure: 1,
  notRunning: 1,
  operations: new Set<OperationName>(['start', 'stop', 'status']),
}

/** Scripts of haresources. */
export const HEARTBEAT_FAMILY: AgentFamily = {
  class: 'heartbeat',
  about: 'Scripts of haresources: parameters by position, status by the words it prints.',
  callText: (spec, operation) =>
    [spec.agent.type, ...spec.parameters.map((parameter) => parameter.value), operation].join(' '),
  plan: (call) => planBy(DIALECT, call),
}

/** The file that runs for a script named in haresources. */
export function scriptPath(type: string): string {
  return `${isResourceScript(type) ? RESOURCE_D : INIT_D}/${type}`
}

function isResourceScript(type: string): boolean {
  return RESOURCE_SCRIPTS.has(type)
}

/** The words of the stock wrappers (spec heartbeat 15.7). What crashed and left nothing that works is reported as stopped. */
function wrapperStatus(state: LifecycleState): Report {
  const isDown = state === 'failed' || state === 'failed-promoted' || !mayHoldData(state)
  return isDown ? { rc: 3, output: 'Resource is stopped\n' } : { rc: 0, output: 'Running OK\n' }
}
