/**
 * RGManager of the cluster.conf era (RHEL 4 to 6), with cman, fenced and the lock manager as it needs them, behind the contract of every
 * manager. Options are the version switches of spec rgmanager 0; the reference is the RHEL 6 branch.
 */
import type { Manager } from '../manager/contract.ts'
import { readSwitches, type SwitchTable } from '../manager/switches.ts'
import { hasErrors, type Problem, type Reading } from '../model/problem.ts'
import type { Parameter } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import { readClusterConf } from './cluster-conf.ts'
import { checkCommand } from './commands.ts'
import { type RgmanagerConfig, type RgSwitches, shapeOf } from './config.ts'
import { handle } from './daemon.ts'
import { createState, type RgState } from './state.ts'

export const rgmanager: Manager<RgmanagerConfig, RgState> = {
  name: 'rgmanager',
  read: readConfiguration,
  shape: shapeOf,
  checkCommand,
  daemon: createState,
  handle,
}

function readConfiguration(files: readonly SourceFile[], options: readonly Parameter[]): Reading<RgmanagerConfig> {
  const problems: Problem[] = []
  const switches = toSwitches(readSwitches('rgmanager', SWITCHES, options, problems))
  if (files.length === 0)
    problems.push({
      severity: 'error',
      file: 'cluster.conf',
      line: 0,
      column: 0,
      what: 'there is no cluster.conf',
      advice: 'an RGManager cluster needs one',
    })
  if (hasErrors(problems)) return { value: undefined, problems }
  const reading = readClusterConf(files, switches)
  return { value: reading.value, problems: [...problems, ...reading.problems] }
}

const SWITCHES: SwitchTable = new Map([
  ['depthClear', ['false', 'true']],
  ['relocateTie', ['shuffle', 'highest-id']],
  ['recoverCacheBug', ['false', 'true']],
  ['notInstalledStopOk', ['true', 'false']],
  ['doubleStopOnDisable', ['true', 'false']],
  ['stopBeforeStart', ['true', 'false']],
  ['centralProcessing', ['file', 'true', 'false']],
])

function toSwitches(value: (name: string) => string): RgSwitches {
  const central = value('centralProcessing')
  return {
    depthClear: value('depthClear') === 'true',
    relocateTie: value('relocateTie') === 'highest-id' ? 'highest-id' : 'shuffle',
    recoverCacheBug: value('recoverCacheBug') === 'true',
    notInstalledStopOk: value('notInstalledStopOk') === 'true',
    doubleStopOnDisable: value('doubleStopOnDisable') === 'true',
    stopBeforeStart: value('stopBeforeStart') === 'true',
    centralProcessing: central === 'true' || central === 'false' ? central : 'file',
  }
}
