/**
 * `quorate simulate`: what crm_simulate does, with its options, words and exit codes; one file, or a folder in one process.
 *
 * Only this file reads, writes and tells the time; the work is done in src/crmsim. Source: spec D-1, D-11, design's command line.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import decodeBzip from 'seek-bzip'
import { parseDate } from '../cib/dates.ts'
import { type Cib, readCib } from '../cib/read.ts'
import { cibText } from '../crmsim/cib-xml.ts'
import { dotText } from '../crmsim/dot.ts'
import { graphText } from '../crmsim/graph-xml.ts'
import { scoreLineText } from '../crmsim/scores.ts'
import { type Simulation, type SimulationRequest, simulateCib } from '../crmsim/simulation.ts'
import { simulationText, type TextOptions } from '../crmsim/simulation-text.ts'
import { problemText } from '../model/problem.ts'
import type { SimulateFlags } from './simulate.ts'

/** Exit codes of the reference tool. Source: spec D-11.1. */
const OK = 0
const TERMINATED = 1
const NO_INPUT = 70
const CANNOT_WRITE = 74
const UNREADABLE_OUTPUT = 105
const ABORTED = 134

/** Runs the command and returns its exit code. */
export function simulate(flags: SimulateFlags): number {
  return flags.batch === undefined ? simulateOne(flags) : simulateBatch(flags.batch, flags.out ?? '.')
}

function simulateOne(flags: SimulateFlags): number {
  const path = flags.xmlPipe === true ? '-' : (flags.xmlFile ?? '-')
  const cib = load(path)
  if (cib === undefined) return NO_INPUT
  const wall = Math.floor(Date.now() / 1000)
  const time = flags.setDatetime === undefined ? undefined : parseDate(flags.setDatetime, wall)
  const request = toRequest(flags, time)
  const simulation = simulateCib(cib, request, wall)
  for (const error of simulation.injected?.errors ?? []) process.stderr.write(`${error}\n`)
  for (const error of simulation.execution?.errors ?? []) process.stderr.write(`${error}\n`)
  process.stdout.write(simulationText(simulation, toTextOptions(flags)))
  return finish(flags, simulation, path)
}

/** Writes the files that were asked for, and says how it went. */
function finish(flags: SimulateFlags, simulation: Simulation, path: string): number {
  const { injected, decision, execution, cib } = simulation
  if (injected?.fatal !== undefined) {
    process.stderr.write(`${injected.fatal}\n`)
    return ABORTED
  }
  if (flags.saveInput !== undefined && injected !== undefined && !write(flags.saveInput, cibText(injected.cib.tree))) {
    return UNREADABLE_OUTPUT
  }
  const dot = { all: flags.allActions === true, ids: (flags.verbose ?? 0) > 0 }
  const graphs = decision === undefined ? [] : [
    [flags.saveGraph, () => graphText(decision.graph)] as const,
    [flags.saveDotfile, () => dotText(decision.sheet, dot)] as const,
  ]
  for (const [file, text] of graphs) if (file !== undefined && !write(file, text())) return CANNOT_WRITE
  const output = flags.inPlace === true ? path : flags.saveOutput
  if (output !== undefined && !write(output, cibText(cib.tree))) return UNREADABLE_OUTPUT
  if (execution?.end !== 'terminated') return OK
  process.stderr.write('Transition failed: terminated\nAn invalid transition was produced\n')
  return TERMINATED
}

function write(file: string, text: string): boolean {
  try {
    writeFileSync(file, text)
    return true
  } catch {
    return false
  }
}

/** What the options ask for, one implying another. Source: spec D-1. */
function toRequest(flags: SimulateFlags, time: number | undefined): SimulationRequest {
  const executes = flags.simulate === true || flags.inPlace === true || (flags.opFail?.length ?? 0) > 0
  const showScores = flags.showScores === true
  const showUtilization = flags.showUtilization === true
  const hasFiles = flags.saveGraph !== undefined || flags.saveDotfile !== undefined
  return {
    schedules: executes || flags.run === true || showScores || showUtilization || hasFiles,
    executes,
    showScores,
    showUtilization,
    injections: {
      quorum: flags.quorum,
      watchdog: flags.watchdog,
      nodesUp: flags.nodeUp ?? [],
      nodesDown: flags.nodeDown ?? [],
      nodesFailed: flags.nodeFail ?? [],
      ticketsGranted: flags.ticketGrant ?? [],
      ticketsRevoked: flags.ticketRevoke ?? [],
      ticketsStandby: flags.ticketStandby ?? [],
      ticketsActivated: flags.ticketActivate ?? [],
      operations: flags.opInject ?? [],
    },
    failures: flags.opFail ?? [],
    time,
  }
}

function toTextOptions(flags: SimulateFlags): TextOptions {
  const showScores = flags.showScores === true
  const showUtilization = flags.showUtilization === true
  return {
    isFancy: flags.textFancy === true || (!showScores && !showUtilization),
    isQuiet: flags.quiet === true,
    timeText: flags.setDatetime,
    showScores,
    showUtilization,
    showAttributes: flags.showAttrs === true,
    showFailcounts: flags.showFailcounts === true,
    localTime,
  }
}

/** `Www Mmm dd hh:mm:ss yyyy` in the host's time zone. Source: spec D-5.2. */
function localTime(at: number): string {
  const date = new Date(at * 1000)
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'))
  const [day, month, number] = date.toDateString().split(' ')
  return `${day} ${month} ${String(Number(number)).padStart(2, ' ')} ${time.join(':')} ${date.getFullYear()}`
}

const STAGES = ['summary', 'scores', 'exp', 'dot'] as const

/** Every CIB of a folder in one process. */
function simulateBatch(folder: string, out: string): number {
  for (const stage of STAGES) mkdirSync(join(out, stage), { recursive: true })
  const extra = readArguments(join(dirname(folder), 'args.json'))
  let exit = OK
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.xml')) continue
    const cib = load(join(folder, file))
    if (cib === undefined) exit = NO_INPUT
    else simulateInBatch(cib, { out, name: basename(file, '.xml'), timeText: extra.get(basename(file, '.xml')) })
  }
  return exit
}

interface BatchItem {
  readonly out: string
  readonly name: string
  readonly timeText: string | undefined
}

function simulateInBatch(cib: Cib, { out, name, timeText }: BatchItem): void {
  const wall = Math.floor(Date.now() / 1000)
  const flags: SimulateFlags = { simulate: true }
  const plain = simulateCib(cib, { ...toRequest(flags, undefined), showScores: true }, wall)
  const time = timeText === undefined ? undefined : parseDate(timeText, wall)
  const other = time === undefined ? plain : simulateCib(cib, { ...toRequest({ run: true }, time), showScores: true }, wall)
  const { sheet, graph } = other.decision!
  const put = (stage: (typeof STAGES)[number], suffix: string, text: string): void =>
    writeFileSync(join(out, stage, `${name}.${suffix}`), text)
  put('summary', 'summary', simulationText(plain, toTextOptions(flags)))
  put('scores', 'scores', `${(sheet.lines ?? []).map(scoreLineText).join('\n')}\n`)
  put('exp', 'exp', graphText(graph))
  put('dot', 'dot', dotText(sheet))
}

/** `-t` of single files: it counts for scores, dot and graph. */
function readArguments(file: string): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map()
  const table: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const times = new Map<string, string>()
  for (const [name, words] of Object.entries(table as Record<string, readonly string[]>)) {
    const at = words.indexOf('-t')
    if (at >= 0 && words[at + 1] !== undefined) times.set(name, words[at + 1]!)
  }
  return times
}

function load(path: string): Cib | undefined {
  const { value, problems } = readCib(readText(path), path)
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`)
  return value
}

function readText(path: string): string {
  const bytes = readFileSync(path === '-' ? 0 : path)
  return (path.endsWith('.bz2') ? Buffer.from(decodeBzip.decode(bytes)) : bytes).toString('utf8')
}
