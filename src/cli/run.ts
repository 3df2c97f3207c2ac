/** Commands that run: `run`, `verify`, `check`. */
import { statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expectationText, INVARIANTS, judge } from '../checks/catalogue.ts'
import type { Verdict } from '../checks/contract.ts'
import { clockText, durationText } from '../kernel/time.ts'
import { problemText } from '../model/problem.ts'
import { recoveriesOf, recoveryText } from '../report/recovery.ts'
import { storyText } from '../report/story.ts'
import { findManager } from '../run/managers.ts'
import { type SimulateOptions, simulate } from '../run/simulate.ts'
import { commandsOf, type Scenario } from '../scenario/scenario.ts'
import { firstDifference } from '../trace/diff.ts'
import { type Frame, Frames } from '../trace/frames.ts'
import { toJsonLines } from '../trace/jsonl.ts'
import type { Trace } from '../trace/record.ts'
import { CommandError, EXIT, note, print, progress } from './console.ts'
import { loadScenario } from './load.ts'

export interface RunFlags {
  readonly seed?: number
  readonly trace?: string
  readonly json?: true
  readonly messages?: true
  readonly quiet?: true
}

/** Runs a scenario, tells its story and holds it against its expectations. Returns the exit code. */
export function runCommand(path: string, flags: RunFlags): number {
  const scenario = loadScenario(path)
  const trace = simulateShowing(scenario, optionsOf(flags))
  if (flags.trace !== undefined) writeTrace(trace, flags.trace)
  const verdicts = judge(trace)
  const recoveries = recoveriesOf(trace)
  if (flags.json)
    print(
      JSON.stringify({ title: scenario.title, seed: trace.header.seed, footer: trace.footer, verdicts, recoveries }),
    )
  else {
    if (!flags.quiet) print(storyText(trace))
    if (!flags.quiet && recoveries.length > 0) print(`${recoveryText(recoveries)}\n`)
    print(verdictText(verdicts, judge(trace, INVARIANTS)))
  }
  if (trace.footer.reason === 'event-limit')
    note('the run was stopped by its limit of events: raise eventsMax, or look for a loop in the story')
  return verdicts.every((verdict) => verdict.held) ? EXIT.held : EXIT.violated
}

/** Runs a scenario twice, with both engines, and shows the first record that differs. Returns the exit code. */
export function verifyCommand(path: string, flags: RunFlags): number {
  const scenario = loadScenario(path)
  const first = simulateShowing(scenario, optionsOf(flags))
  const second = simulateShowing(scenario, { ...optionsOf(flags), engine: 'xstate' })
  const same = first.footer.digest === second.footer.digest
  if (flags.json) print(JSON.stringify({ same, digest: first.footer.digest, other: second.footer.digest }))
  else if (same) print(`same: ${first.footer.records} records, digest ${first.footer.digest}`)
  else print(differenceText(first, second))
  return same ? EXIT.held : EXIT.violated
}

/** Says whether a scenario can run, without running it, and what its configuration's author may not think of. */
export function checkCommand(path: string): number {
  const scenario = loadScenario(path)
  // Files beside a scenario are named as they are reached from here.
  const placeOf = (file: string): string =>
    statSync(path).isDirectory() ? join(path, file) : basename(path) === file ? path : join(dirname(path), file)
  for (const problem of findManager(scenario.manager)?.advise?.(scenario.files) ?? [])
    note(problemText({ ...problem, file: placeOf(problem.file) }))
  const facts = [scenario.manager, ...clusterFacts(scenario), durationText(scenario.until)]
  print(`${path}: ${scenario.title} — can run (${[...facts, count(scenario.timeline.length, 'step')].join(', ')})`)
  return EXIT.held
}

/** What the cluster has, and from where its run goes on. */
function clusterFacts(scenario: Scenario): readonly string[] {
  const { manager, files, options } = scenario
  const found = findManager(manager)
  const config = found?.read(files, options, commandsOf(scenario)).value
  if (found === undefined || config === undefined) return []
  const { nodes, resources } = found.shape(config)
  const begun = found.beginning?.(config)
  const up = begun === undefined ? [] : nodes.filter((node) => begun.nodes.includes(node))
  const beginning = begun === undefined ? 'from all nodes off' : `from its recorded state with ${up.length} up`
  return [count(nodes.length, 'node'), count(resources.length, 'resource'), beginning]
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`
}

/** The first difference between two traces with the state around it, as text. */
export function differenceText(left: Trace, right: Trace): string {
  const difference = firstDifference(left, right)
  if (difference === undefined) return 'the records are the same; the headers differ'
  const show = (mark: string, record: unknown): string =>
    `${mark} ${record === undefined ? '(the trace ends here)' : JSON.stringify(record)}`
  return [
    `the traces differ first at record ${difference.index + 1}; just before it:`,
    ...stateText(new Frames(left).atSeq(difference.index)),
    ...difference.before.map((record) => show(' ', record)),
    show('-', difference.left),
    show('+', difference.right),
  ].join('\n')
}

/** Nodes, what runs on them and what goes on, as lines. */
function stateText(frame: Frame): readonly string[] {
  const nodes = [...frame.nodes.values()].map((node) => {
    const running = [...frame.resources.get(node.name)!].filter(([, resource]) => resource.state !== 'stopped')
    const views = [...node.views].map(([member, status]) => `sees ${member} ${status}`)
    return `  ${node.name} is ${node.state}; ${[...views, ...running.map(([id, resource]) => `${id} ${resource.state}`)].join(', ') || 'nothing runs'}`
  })
  return [...nodes, ...[...frame.faults.values()].map((fault) => `  goes on: ${fault}`)]
}

/** Verdicts as lines: expectations first, then what every run is held against. */
export function verdictText(verdicts: readonly Verdict[], invariants: readonly Verdict[]): string {
  const lines = verdicts.flatMap((verdict) => [
    `${verdict.held ? '✓ held    ' : '✗ violated'}  ${expectationText(verdict.expectation)}`,
    ...verdict.violations.map((violation) => `             ${clockText(violation.at)}  ${violation.text}`),
  ])
  const facts = invariants
    .filter(
      (verdict) => !verdict.held && !verdicts.some((other) => other.expectation.check === verdict.expectation.check),
    )
    .flatMap((verdict) => verdict.violations.map((violation) => `! ${clockText(violation.at)}  ${violation.text}`))
  return [...(lines.length === 0 ? ['no expectations'] : lines), ...facts].join('\n')
}

function simulateShowing(scenario: Scenario, options: SimulateOptions): Trace {
  try {
    const show = (at: number): void => progress(`${scenario.title}: ${clockText(at)} of ${clockText(scenario.until)}`)
    const { trace } = simulate(scenario, { ...options, onProgress: show })
    progress('')
    return trace
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), EXIT.ownFault)
  }
}

function optionsOf(flags: RunFlags): SimulateOptions {
  return {
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.messages ? { messages: 'all' as const } : {}),
  }
}

function writeTrace(trace: Trace, path: string): void {
  if (path === '-') {
    print(toJsonLines(trace))
    return
  }
  try {
    writeFileSync(path, toJsonLines(trace))
  } catch (error) {
    throw new CommandError(`${path}: cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
  note(`trace written to ${path}`)
}
