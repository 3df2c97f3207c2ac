/** The worker: reads, runs and judges, so that the page never waits. The only file of the page that imports a run. */
import { expose } from 'comlink'
import { INVARIANTS, judge } from '../../src/checks/catalogue.ts'
import { hasErrors, type Reading } from '../../src/model/problem.ts'
import { machineCharts } from '../../src/run/charts.ts'
import { simulate } from '../../src/run/simulate.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { Bench, Job, Outcome } from './contract.ts'

const PROGRESS_STEPS = 100

function read(job: Job): Reading<Scenario> {
  const fileBeside = (name: string) => job.files.find((file) => file.name === name)?.text
  const { value, problems, places } = readScenario({ name: job.name, text: job.text, fileBeside }, VOCABULARY)
  if (value === undefined || hasErrors(problems)) return { value: undefined, problems }
  const all = [...problems, ...checkScenario(value, job.name, places)]
  return { value: hasErrors(all) ? undefined : value, problems: all }
}

function run(job: Job, onProgress: (at: number, until: number) => void): Outcome {
  const { value: scenario, problems } = read(job)
  if (scenario === undefined) return { problems, trace: undefined, expected: [], invariants: [] }
  let told = 0
  const { trace } = simulate(scenario, {
    ...(job.seed === undefined ? {} : { seed: job.seed }),
    onProgress: (at) => {
      if (at - told < scenario.until / PROGRESS_STEPS) return
      told = at
      onProgress(at, scenario.until)
    },
  })
  return { problems, trace, expected: judge(trace), invariants: judge(trace, INVARIANTS) }
}

const bench: Bench = { run, check: (job) => read(job).problems, charts: machineCharts }
expose(bench)
