/** The worker: reads, runs and judges, so that the page never waits. The only file of the page that imports a run. */
import { expose } from 'comlink'
import { INVARIANTS, judge } from '../../src/checks/catalogue.ts'
import { hasErrors, problemText, type Reading } from '../../src/model/problem.ts'
import type { WordSpec } from '../../src/model/vocabulary.ts'
import { reasonsOfAct } from '../../src/run/act-reasons.ts'
import { machineCharts } from '../../src/run/charts.ts'
import { type Act, type Comparison, compare, comparePair, measureAlone, type Side } from '../../src/run/compare.ts'
import { simulate } from '../../src/run/simulate.ts'
import { type Transition, transitionsOf } from '../../src/run/transitions.ts'
import { serviceTrees } from '../../src/run/trees.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { type Decided, type DecisionPlace, decideAgain, type Why, why } from '../../src/run/why.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { causeChain } from '../../src/trace/diff.ts'
import { textDigest } from '../../src/trace/digest.ts'
import { fromJsonLines } from '../../src/trace/jsonl.ts'
import type { DecisionRecord } from '../../src/trace/record.ts'
import type { Bench, Job, NamedJob, OftenAsked, OpenAnswer, Outcome, VariantTable, WhyQuestion } from './contract.ts'
import { type SeedRun, toSeedRun } from './often.ts'
import { scenarioOf, sortFiles } from './opening.ts'
import { linesBehind } from './sources.ts'
import { blowOf } from './standard.ts'
import { type RawFile, unpack } from './unpack.ts'

const PROGRESS_STEPS = 100

function read(job: Job): Reading<Scenario> {
  const fileBeside = (name: string) => job.files.find((file) => file.name === name)?.text
  const { value, problems, places } = readScenario({ name: job.name, text: job.text, fileBeside }, VOCABULARY)
  if (value === undefined || hasErrors(problems)) return { value: undefined, problems }
  const all = [...problems, ...checkScenario(value, job.name, places)]
  return { value: hasErrors(all) ? undefined : value, problems: all }
}

/** The scenario to run: the variant that is asked for, where there is one of that name. */
function readVariant(job: Job): Reading<Scenario> & { readonly variants: readonly string[] } {
  const { value, problems } = read(job)
  const variants = value?.variants ?? []
  const chosen = variants.find(({ name }) => name === job.variant)?.scenario ?? value
  return { value: chosen, problems, variants: variants.map(({ name }) => name) }
}

function run(job: Job, onProgress: (at: number, until: number) => void): Outcome {
  const { value: scenario, problems, variants } = readVariant(job)
  if (scenario === undefined)
    return { problems, trace: undefined, expected: [], invariants: [], variants, files: [], trees: [] }
  let told = 0
  const { trace } = simulate(scenario, {
    ...seedOf(job),
    onProgress: (at) => {
      if (at - told < scenario.until / PROGRESS_STEPS) return
      told = at
      onProgress(at, scenario.until)
    },
  })
  return {
    problems,
    trace,
    expected: judge(trace),
    invariants: judge(trace, INVARIANTS),
    variants,
    files: scenario.files,
    trees: serviceTrees(scenario),
  }
}

function transitions(job: Job): readonly Transition[] {
  const { value: scenario } = readVariant(job)
  return scenario === undefined ? [] : transitionsOf(scenario, seedOf(job))
}

/** The last decision that was asked about: further questions about it need no further run. */
let last: { readonly key: string; readonly decided: Decided | undefined } | undefined

function answer(job: Job, place: DecisionPlace, question: WhyQuestion): Why | undefined {
  const key = JSON.stringify([job, place])
  if (last?.key !== key) {
    const { value: scenario } = readVariant(job)
    last = { key, decided: scenario === undefined ? undefined : decideAgain(scenario, place, seedOf(job)) }
  }
  return last.decided === undefined ? undefined : why(last.decided, question)
}

function seedOf({ seed }: Job): { readonly seed?: number } {
  return seed === undefined ? {} : { seed }
}

function compareAll(job: Job): VariantTable | undefined {
  const { value: scenario } = read(job)
  if (scenario?.variants === undefined) return undefined
  const scenarios = new Map(scenario.variants.map((variant) => [variant.name, variant.scenario]))
  const options = seedOf(job)
  return explained(compare(scenario, options), (name) => ({ scenario: scenarios.get(name) ?? scenario, options }))
}

function pair(left: NamedJob, right: NamedJob): VariantTable | undefined {
  const sides = [left, right].flatMap(({ name, job }) => {
    const { value: scenario } = readVariant(job)
    return scenario === undefined ? [] : [{ name, scenario, options: seedOf(job) }]
  })
  const [one, other] = sides
  if (one === undefined || other === undefined) return undefined
  return explained(comparePair(one, other), (name) => (name === other.name ? other : one))
}

type Origin = Omit<Side, 'name'>

/** Pacemaker's decisions name what is done; why, the scheduler is asked once more. Those of others name what they went by. */
function explained({ from, partings, columns }: Comparison, originOf: (name: string) => Origin): VariantTable {
  const explain = (name: string, act: Act | undefined): Act | undefined => {
    if (act === undefined) return undefined
    const { scenario, options } = originOf(name)
    const column = columns.find((entry) => entry.name === name) ?? columns[0]!
    const reasons = reasonsOfAct(scenario, column.trace, act, options)
    const behind = causeChain(column.trace, act.seq).find((entry): entry is DecisionRecord => entry.kind === 'decision')
    const named = behind === undefined || scenario.manager === 'pacemaker' ? [] : linesBehind(behind, scenario.files)
    const why = reasons.text === '' ? act.why : `${act.why}; ${reasons.text}`
    return { ...act, why, lines: [...reasons.lines, ...named] }
  }
  const base = columns[0]!.name
  return {
    from,
    partings: partings.map((parting) => {
      const { name, left, right, shift } = parting
      return {
        ...parting,
        left: explain(base, left),
        right: explain(name, right),
        ...(shift === undefined
          ? {}
          : { shift: { left: explain(base, shift.left)!, right: explain(name, shift.right)! } }),
      }
    }),
    columns: columns.map(({ acts: _, ...column }) => column),
  }
}

function often({ jobs, from, count }: OftenAsked, onRuns: (runs: readonly SeedRun[]) => void): void {
  const columns = jobs.flatMap(({ name, job }) => {
    const { value: scenario } = readVariant(job)
    return scenario === undefined ? [] : [{ name, scenario }]
  })
  const isReady = everyFew()
  let runs: SeedRun[] = []
  for (let seed = from; seed < from + count; seed++) {
    for (const { name, scenario } of columns) runs.push(toSeedRun(name, seed, measureAlone(scenario, { seed })))
    if (seed < from + count - 1 && !isReady()) continue
    onRuns(runs)
    runs = []
  }
}

/** True now and then: each message to the page costs a picture. */
function everyFew(): () => boolean {
  let last = performance.now()
  return () => {
    if (performance.now() - last < 200) return false
    last = performance.now()
    return true
  }
}

async function open(raw: readonly RawFile[]): Promise<OpenAnswer> {
  try {
    const opened = sortFiles(await Promise.all(raw.map(unpack)))
    switch (opened.kind) {
      case 'unknown':
        return { kind: 'refused', what: opened.what }
      case 'scenario':
        return opened
      case 'config':
        return { kind: 'scenario', name: opened.files[0]!.name, text: scenarioOf(opened, blowOf(opened)) }
      case 'trace': {
        const { value: trace, problems } = fromJsonLines(opened.file.text, opened.file.name)
        if (trace === undefined || hasErrors(problems))
          return { kind: 'refused', what: problems.map(problemText).join('; ') }
        const verdicts = { expected: judge(trace), invariants: judge(trace, INVARIANTS) }
        const outcome = { problems, trace, ...verdicts, variants: [], files: [], trees: [] }
        return { kind: 'trace', name: opened.file.name, outcome }
      }
    }
  } catch (error) {
    return { kind: 'refused', what: `${raw.map(({ name }) => name).join(', ')}: ${String(error)}` }
  }
}

function recognise(job: Job, scenarioDigest: string): string | undefined {
  const { value } = read(job)
  if (value === undefined) return undefined
  const { variants = [], ...base } = value
  // A run that was compared with variants does not know of them.
  const all = [{ name: '', scenario: value }, { name: '', scenario: base }, ...variants]
  return all.find(({ scenario }) => textDigest(JSON.stringify(scenario)) === scenarioDigest)?.name
}

/** Without what makes them happen: that cannot cross to the page. */
function faults(): readonly WordSpec[] {
  return VOCABULARY.faults.map(({ name, about, parameters, lasting }) => ({ name, about, parameters, lasting }))
}

const bench: Bench = {
  run,
  charts: machineCharts,
  compare: compareAll,
  faults,
  often,
  open,
  pair,
  recognise,
  transitions,
  why: answer,
}
expose(bench)
