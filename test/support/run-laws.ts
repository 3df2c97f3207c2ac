/**
 * The laws of runs as functions: each takes the verbs of `src/run` and a scenario and gives complaints, none where it holds. The verbs are
 * arguments, so that broken ones can be put before the laws: a law that no broken verb can break would show nothing.
 */
import { fork, snapshot } from '../../src/run/fork.ts'
import { replayTo } from '../../src/run/replay.ts'
import { advance, createRun, finish, type Simulation, simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { fault } from './pair.ts'

/** What a run can be asked for. */
export interface Verbs {
  readonly simulate: typeof simulate
  /** Runs until `at`, stores the run as plain data, and goes on from there. */
  readonly stoppedAt: (scenario: Scenario, at: number) => Simulation
  /** Branches off at `at` with a node's death, and goes on with the run itself. */
  readonly branchedAt: (scenario: Scenario, at: number, node: string) => { branch: Simulation; same: Simulation }
}

export const VERBS: Verbs = {
  simulate,
  stoppedAt: (scenario, at) => {
    const branch = fork(structuredClone(replayTo(scenario, at)))
    return finish(branch, advance(branch, scenario.until))
  },
  branchedAt: (scenario, at, node) => {
    const run = createRun(scenario)
    advance(run, at)
    const other = fork(snapshot(run), [fault(at + 1, 'node-crash', { node })])
    const branch = finish(other, advance(other, scenario.until))
    return { branch, same: finish(run, advance(run, scenario.until)) }
  },
}

/** A scenario with the instants at which it is stopped and branched. */
export interface Story {
  readonly scenario: Scenario
  readonly stops: readonly number[]
  readonly branch: number
  readonly node: string
}

export interface RunLaw {
  readonly name: string
  readonly complaints: (verbs: Verbs, story: Story) => readonly string[]
}

export const RUN_LAWS: readonly RunLaw[] = [
  { name: 'gives the same trace again', complaints: repeats },
  { name: 'gives the same trace with either engine', complaints: enginesAgree },
  { name: 'handles the same events without a trace', complaints: traceCostsNothing },
  { name: 'goes on from every stop to the same end', complaints: stopsAreHarmless },
  { name: 'is not disturbed by a branch', complaints: branchesAreApart },
  { name: 'numbers its records, and no cause comes after its effect', complaints: causesComeFirst },
]

function digestOf({ trace }: Simulation): string {
  return trace.footer.digest
}

function repeats({ simulate }: Verbs, { scenario }: Story): readonly string[] {
  const first = digestOf(simulate(scenario))
  return first === digestOf(simulate(scenario)) ? [] : ['the second run is another one']
}

function enginesAgree({ simulate }: Verbs, { scenario }: Story): readonly string[] {
  const same = digestOf(simulate(scenario)) === digestOf(simulate(scenario, { engine: 'xstate' }))
  return same ? [] : ['XState gives another trace']
}

function traceCostsNothing({ simulate }: Verbs, { scenario }: Story): readonly string[] {
  const whole = simulate(scenario)
  const bare = simulate(scenario, { trace: 'none' })
  return [
    ...(bare.events === whole.events ? [] : [`${bare.events} events without a trace, ${whole.events} with it`]),
    ...(bare.reason === whole.reason ? [] : [`without a trace it ends by ${bare.reason}`]),
    ...(bare.trace.records.length === 0 ? [] : ['it kept records']),
  ]
}

function stopsAreHarmless({ simulate, stoppedAt }: Verbs, { scenario, stops }: Story): readonly string[] {
  const digest = digestOf(simulate(scenario))
  return stops
    .filter((at) => at <= scenario.until && digestOf(stoppedAt(scenario, at)) !== digest)
    .map((at) => `stopped at ${at}, it ends otherwise`)
}

function branchesAreApart({ simulate, branchedAt }: Verbs, { scenario, branch: at, node }: Story): readonly string[] {
  const { branch, same } = branchedAt(scenario, at, node)
  const shared = same.trace.records.filter((record) => record.at <= at)
  const alike = JSON.stringify(branch.trace.records.slice(0, shared.length)) === JSON.stringify(shared)
  return [
    ...(digestOf(same) === digestOf(simulate(scenario)) ? [] : ['the branch disturbed the run']),
    ...(digestOf(branch) === digestOf(same) ? ['the branch is no other run'] : []),
    ...(alike ? [] : ['the branch has another past']),
  ]
}

function causesComeFirst({ simulate }: Verbs, { scenario }: Story): readonly string[] {
  const { records } = simulate(scenario).trace
  return records.flatMap((record, index) => [
    ...(record.seq === index + 1 ? [] : [`record ${index + 1} has number ${record.seq}`]),
    ...(record.cause < record.seq ? [] : [`record ${record.seq} is caused by ${record.cause}`]),
    ...((records[record.cause - 1]?.at ?? 0) <= record.at ? [] : [`record ${record.seq} is older than its cause`]),
  ])
}
