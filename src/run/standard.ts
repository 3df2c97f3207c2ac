/**
 * The standard story for a configuration that comes without a scenario: boot, settle, power loss of the node that runs most, return.
 * A CIB by itself goes on from where it is.
 */
import { MINUTE, SECOND } from '../kernel/time.ts'
import type { ManagerName } from '../model/names.ts'
import type { Reading } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'
import { SCENARIO_DEFAULTS, type Scenario } from '../scenario/scenario.ts'
import { findManager } from './managers.ts'

/** What every scenario has that was made of a configuration alone. */
const PLAIN = {
  description: '',
  options: [],
  until: 15 * MINUTE,
  seed: SCENARIO_DEFAULTS.seed,
  eventsMax: SCENARIO_DEFAULTS.eventsMax,
  timings: [],
  power: [],
  chaos: [],
} satisfies Partial<Scenario>

/** A CIB with a status section (`pe-input`) goes on from its instant and nothing befalls it: what its cluster would have done. */
export function continuation(file: SourceFile): Reading<Scenario> {
  const { value: config, problems } = findManager('pacemaker')!.read([file], [])
  if (config === undefined) return { value: undefined, problems }
  const value: Scenario = {
    title: `What happens next in ${file.name}`,
    question: 'What does this cluster do from here on by itself?',
    manager: 'pacemaker',
    files: [file],
    ...PLAIN,
    timeline: [],
    expectations: [],
  }
  return { value, problems }
}

/** The standard scenario of a manager's own files, or their problems. */
export function standardScenario(managerName: ManagerName, files: readonly SourceFile[]): Reading<Scenario> {
  const manager = findManager(managerName)!
  const { value: config, problems } = manager.read(files, [])
  if (config === undefined) return { value: undefined, problems }
  const shape = manager.shape(config)
  const load = (node: string): number =>
    shape.groups.filter((group) => group.preferredNode === node).reduce((sum, group) => sum + group.resources.length, 0)
  const [busiest = ''] = [...shape.nodes].sort((a, b) => load(b) - load(a) || (a < b ? -1 : 1))
  const why = `the standard story: ${busiest} is the preferred node of most resources`
  const value: Scenario = {
    title: `The standard story: ${busiest} loses power and comes back`,
    question: 'What does this configuration do when its busiest node dies?',
    manager: managerName,
    files,
    ...PLAIN,
    timeline: [
      {
        kind: 'fault',
        at: 5 * MINUTE,
        fault: 'node-crash',
        arguments: [{ name: 'node', value: busiest }],
        lasts: 2 * MINUTE + 30 * SECOND,
        why,
      },
    ],
    expectations: [
      { check: 'never-active-twice', arguments: [] },
      { check: 'settles', arguments: [{ name: 'within', value: 5 * MINUTE }] },
    ],
  }
  return { value, problems }
}
