/**
 * Heartbeat 3.0.6 in haresources mode, behind the contract of every manager. Options: `hbEra` (`3.0`, the default, or `1.2`) and
 * `standbyTypeBug` (`true`, the default, or `false`). Source: spec heartbeat.
 */
import type { Manager } from '../manager/contract.ts'
import { readSwitches, type SwitchTable } from '../manager/switches.ts'
import { hasErrors, type Problem, type Reading } from '../model/problem.ts'
import type { Parameter } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import { type HeartbeatConfig, type HeartbeatSwitches, shapeOf } from './config.ts'
import { handle } from './daemon.ts'
import { readHaCf } from './ha-cf.ts'
import { readHaresources } from './haresources.ts'
import { createState, type HeartbeatState } from './state.ts'

export const heartbeat: Manager<HeartbeatConfig, HeartbeatState> = {
  name: 'heartbeat',
  read: readConfiguration,
  shape: shapeOf,
  checkCommand,
  daemon: createState,
  handle,
}

function readConfiguration(files: readonly SourceFile[], options: readonly Parameter[]): Reading<HeartbeatConfig> {
  const cfFile = fileNamed(files, 'ha.cf')
  const resourcesFile = fileNamed(files, 'haresources')
  const problems: Problem[] = []
  for (const [name, file] of [
    ['ha.cf', cfFile],
    ['haresources', resourcesFile],
  ] as const) {
    if (file === undefined)
      problems.push({
        severity: 'error',
        file: name,
        line: 0,
        column: 0,
        what: `there is no ${name}`,
        advice: 'a Heartbeat cluster needs ha.cf and haresources',
      })
  }
  const switches = toSwitches(readSwitches('heartbeat', SWITCHES, options, problems))
  if (cfFile === undefined || resourcesFile === undefined) return { value: undefined, problems }
  const cf = readHaCf(cfFile)
  problems.push(...cf.problems)
  const groups = readHaresources(resourcesFile, cf.value?.nodes ?? [])
  // Without ha.cf every owner would be unknown: one mistake is told once.
  if (cf.value !== undefined) problems.push(...groups.problems)
  if (cf.value === undefined || groups.value === undefined || hasErrors(problems)) return { value: undefined, problems }
  return { value: { cf: cf.value, groups: groups.value, switches }, problems }
}

const SWITCHES: SwitchTable = new Map([
  ['hbEra', ['3.0', '2.x', '1.2']],
  ['standbyTypeBug', ['true', 'false']],
])

function toSwitches(value: (name: string) => string): HeartbeatSwitches {
  return { era: value('hbEra') === '1.2' ? '1.2' : '3.0', standbyTypeBug: value('standbyTypeBug') === 'true' }
}

/** A file counts by the last part of its name, so that `pair.ha.cf` serves as ha.cf. */
function fileNamed(files: readonly SourceFile[], name: string): SourceFile | undefined {
  return files.find((file) => file.name === name) ?? files.find((file) => file.name.endsWith(name))
}

const STANDBY_TYPES = ['all', 'local', 'foreign', 'failback']

function checkCommand(words: readonly string[]): string | undefined {
  const [word = '', argument] = words[0] === 'heartbeat' ? words.slice(1) : words
  if (['start', 'stop', 'restart', 'shutdown', 'reboot'].includes(word)) return undefined
  if (word !== 'hb_standby' && word !== 'hb_takeover')
    return `Heartbeat knows no command "${word}"; known are hb_standby, hb_takeover, heartbeat start, stop and restart, shutdown, reboot`
  if (argument === undefined || STANDBY_TYPES.includes(argument)) return undefined
  return `${word} takes one of ${STANDBY_TYPES.join(', ')}, not "${argument}"`
}
