/** The simulation runs here, beside the page and never in it. Text in, trace and verdicts out. */
import { expose } from 'comlink'
import { INVARIANTS, judge } from '../../src/checks/catalogue.ts'
import type { Verdict } from '../../src/checks/contract.ts'
import { hasErrors, type Problem } from '../../src/model/problem.ts'
import { lifecycleChart } from '../../src/run/charts.ts'
import { simulate } from '../../src/run/simulate.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import type { Trace } from '../../src/trace/record.ts'

/** What the page sends. */
export interface RunRequest {
  readonly name: string
  readonly text: string
  /** Files beside the scenario, by the names that it uses. */
  readonly files: readonly (readonly [name: string, text: string])[]
  readonly seed: number | undefined
}

/** What comes back: a trace, or why there is none. */
export interface RunAnswer {
  readonly problems: readonly Problem[]
  readonly trace?: Trace
  readonly verdicts?: readonly Verdict[]
  readonly invariants?: readonly Verdict[]
  readonly question?: string
  readonly description?: string
}

const laboratory = {
  run({ name, text, files, seed }: RunRequest): RunAnswer {
    const beside = new Map(files)
    const { value: scenario, problems } = readScenario(
      { name, text, fileBeside: (file) => beside.get(file) },
      VOCABULARY,
    )
    const all = scenario === undefined ? problems : [...problems, ...checkScenario(scenario, name)]
    if (scenario === undefined || hasErrors(all)) return { problems: all }
    const { trace } = simulate(scenario, seed === undefined ? {} : { seed })
    const { question, description } = scenario
    return { problems: all, trace, verdicts: judge(trace), invariants: judge(trace, INVARIANTS), question, description }
  },
  chart: () => lifecycleChart(),
}

export type Laboratory = typeof laboratory

expose(laboratory)
