/** What Quorate answers to a CIB, in the files in which the conformance folders keep crm_simulate's answers. */
import { readFileSync } from 'node:fs'
import { parseDate } from '../../src/cib/dates.ts'
import { readCib } from '../../src/cib/read.ts'
import { dotText } from '../../src/crmsim/dot.ts'
import { graphText } from '../../src/crmsim/graph-xml.ts'
import { scoreLineText } from '../../src/crmsim/scores.ts'
import { type Simulation, simulateCib } from '../../src/crmsim/simulation.ts'
import { simulationText } from '../../src/crmsim/simulation-text.ts'
import { linesOf } from './stages.ts'

/** Lines without blanks that do not count; order counts in the summary and the graph. */
export interface Answers {
  readonly summary: readonly string[]
  readonly scores: readonly string[]
  readonly exp: readonly string[]
  readonly dot: readonly string[]
}

const WALL = 1_700_000_000

/** Runs Quorate; `time` is that of `-t`, for everything but the summary. */
export function answersOf(file: string, time?: string): Answers {
  const text = readFileSync(file, 'utf8')
  const plain = simulate(text, undefined)
  const other = time === undefined ? plain : simulate(text, parseDate(time, WALL))
  const { sheet, graph } = other.decision!
  const options = { isFancy: true, isQuiet: false, timeText: undefined, showScores: false, showUtilization: false }
  const scores = (sheet.lines ?? []).filter(({ kind }) => kind !== 'notice').map(scoreLineText)
  const exp = graphText(graph)
  return toAnswers({
    summary: simulationText(plain, { ...options, showAttributes: false, showFailcounts: false, localTime: String }),
    scores: scores.join('\n'),
    exp,
    dot: dotText(sheet),
  })
}

/** Reads what was recorded in `folder` for the CIB of this name. */
export function recordedAnswers(folder: string, name: string): Answers {
  const read = (kind: string): string => readFileSync(`${folder}/${kind}/${name}.${kind}`, 'utf8')
  return toAnswers({
    summary: read('summary').replaceAll('ocf::', 'ocf:'),
    scores: read('scores'),
    exp: read('exp'),
    dot: read('dot'),
  })
}

function toAnswers({ summary, scores, exp, dot }: Readonly<Record<keyof Answers, string>>): Answers {
  return {
    summary: linesOf(summary),
    scores: [...new Set(linesOf(scores))].toSorted(),
    exp: linesOf(exp.replaceAll(/ (crm_feature_set|batch-limit)="[^"]*"/g, '').replaceAll(/ +(?=\/?>)/g, '')),
    dot: [...new Set(linesOf(dot))].toSorted(),
  }
}

function simulate(text: string, time: number | undefined): Simulation {
  const { value, problems } = readCib(text, 'cib.xml')
  if (value === undefined) throw new Error(problems[0]?.what)
  const request = {
    schedules: true,
    executes: true,
    showScores: true,
    showUtilization: false,
    injections: {},
    failures: [],
  }
  return simulateCib(value, { ...request, time }, Math.max(WALL, Math.floor(Date.now() / 1000)))
}
