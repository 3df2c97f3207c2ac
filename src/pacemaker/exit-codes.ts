/**
 * What the executor makes of an agent's answer: exit code and status of the operation in the words of OCF, by the class of the agent.
 * Decides nothing that waits: what a unit's state leads to is `units.ts`. Source: spec E-7.4, E-7.6, E-7.7.
 */
import type { OperationResult } from '../model/operation.ts'
import type { ExecutorState, OpRequest } from './executor-state.ts'

/** How an operation ended. `status`: 0 done, 2 timed out, 7 not installed. */
export interface Outcome {
  readonly rc: number
  readonly status: number
  /** Why, where somebody said it. */
  readonly text: string
}

const ERROR = 1
const NOT_INSTALLED = 5
const NOT_RUNNING = 7

/** The status of what there is no agent for. */
const STATUS_TIMED_OUT = 2
const STATUS_NOT_INSTALLED = 7

/** Devices and plugins that were started here and not stopped since, and those of which the fencer took the knowledge with it. */
export type KnownDevices = Pick<ExecutorState, 'devices' | 'lostDevices'>

/** Reads an agent's answer, and keeps `known` up to date. */
export function outcomeOf(request: OpRequest, result: OperationResult, known: KnownDevices): Outcome {
  if (result.status === 'timed-out') return lateOutcome(request)
  if (result.isMissing === true) return missingOutcome(request)
  const { agent, operation } = request
  const rc = codeOf(request, result.rc, known)
  return { rc, status: 0, text: agent.class === 'ocf' && operation !== 'notify' ? exitReason(result.output) : '' }
}

/** Its time was over. Of a unit the service manager goes on to see to it. */
export function lateOutcome({ agent, timeoutMs }: OpRequest): Outcome {
  const text = isUnit(agent.class)
    ? 'Investigate reason for timeout, and adjust configured operation timeout if necessary'
    : `Resource agent did not complete within ${Math.floor(timeoutMs / 1000)}s`
  return { rc: ERROR, status: STATUS_TIMED_OUT, text }
}

/** What is not there has been stopped, as far as units and plugins go; anything else is not installed. */
export function missingOutcome({ agent, operation }: OpRequest): Outcome {
  const stops = operation === 'stop' && (isUnit(agent.class) || agent.class === 'nagios' || agent.class === 'stonith')
  return stops ? { rc: 0, status: 0, text: '' } : { rc: NOT_INSTALLED, status: STATUS_NOT_INSTALLED, text: '' }
}

/** Classes that the service manager runs; `service` means whichever there is, and here it is systemd. */
export function isUnit(agentClass: string | undefined): boolean {
  return agentClass === 'systemd' || agentClass === 'service'
}

function codeOf(request: OpRequest, code: number, known: KnownDevices): number {
  switch (request.agent.class) {
    case 'ocf':
      return code
    case 'stonith':
      return deviceCode(request, code, known)
    case 'nagios':
      return pluginCode(request, code, known.devices)
    default:
      return scriptCode(request, code)
  }
}

/** A device is there where this executor has started it and has not forgotten it since: a probe asks nobody else. */
function deviceCode(request: OpRequest, code: number, { devices, lostDevices }: KnownDevices): number {
  const { agent, operation, intervalMs } = request
  if (operation === 'start' || operation === 'stop') {
    lostDevices.delete(agent.id)
    if (operation === 'stop') devices.delete(agent.id)
    else if (code === 0) devices.add(agent.id)
    return operation === 'stop' || code === 0 ? 0 : ERROR
  }
  if (operation !== 'monitor') return code
  if (intervalMs === 0) return lostDevices.has(agent.id) ? ERROR : devices.has(agent.id) ? 0 : NOT_RUNNING
  if (!devices.has(agent.id)) return NOT_INSTALLED
  return code === 0 ? 0 : ERROR
}

/**
 * A plugin only looks: nothing is started or stopped by it. Whatever it complains of is a failure; before its first look here there is
 * nothing to find. Source: spec E-7.6; that a probe asks nobody follows from the plugin's having nothing of its own to find.
 */
function pluginCode({ agent, operation, intervalMs }: OpRequest, code: number, known: Set<string>): number {
  if (operation === 'stop') {
    known.delete(agent.id)
    return 0
  }
  if (operation === 'monitor' && intervalMs === 0 && !known.has(agent.id)) return NOT_RUNNING
  if (operation === 'start' && code === 0) known.add(agent.id)
  return code === 0 ? 0 : ERROR
}

/** Init scripts, and units where it comes to an exit code: other codes for status than for the rest. */
function scriptCode({ operation }: OpRequest, code: number): number {
  if (operation !== 'monitor') return code < 0 || 7 < code ? ERROR : code
  switch (code) {
    case 0:
      return 0
    case 1:
    case 2:
    case 3:
      return NOT_RUNNING
    case 150:
      return NOT_INSTALLED
    case 151:
      return 4
    default:
      return ERROR
  }
}

const REASON = 'ocf-exit-reason:'
const REASON_BYTES_MAX = 128

/** What an agent gave as its reason: the first line behind the last mark. */
export function exitReason(output: string): string {
  if (output === '') return ''
  const at = output.lastIndexOf(REASON)
  if (at < 0) return ''
  const [line = ''] = output.slice(at + REASON.length).split('\n')
  let bytes = 0
  let kept = ''
  for (const character of line) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (REASON_BYTES_MAX < bytes) break
    kept += character
  }
  return kept
}
