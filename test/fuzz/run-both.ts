/** One CIB through the reference tool (a process of its own) and through Quorate (in this one), with the same options. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDate } from '../../src/cib/dates.ts'
import { readCib } from '../../src/cib/read.ts'
import { localTime } from '../../src/cli/simulate-request.ts'
import { dotText } from '../../src/crmsim/dot.ts'
import { graphText } from '../../src/crmsim/graph-xml.ts'
import { type SimulationRequest, simulateCib } from '../../src/crmsim/simulation.ts'
import { simulationText, type TextOptions } from '../../src/crmsim/simulation-text.ts'
import type { Outcome } from '../support/stages.ts'
import { completed, type Forms, savedCibs, xmlForm } from './forms.ts'

/** Options as pairs of a short flag and its value, such as `['-d', 'n1']`. */
export type Options = readonly (readonly [flag: string, value: string])[]

/** Where the reference tool is looked for. */
const PROGRAM = 'crm_simulate'
/** What is asked for besides where all forms are: node attributes and fail counts. */
const MORE = ['-A', '-c']

/** True where the reference tool is installed. */
export function hasReference(): boolean {
  const { status, stdout } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' })
  return status === 0 && stdout.includes('2.1.5')
}

/** A folder for the reference tool's files; `close` removes it. */
export class Reference {
  readonly #folder = mkdtempSync(join(tmpdir(), 'quorate-fuzz-'))

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The reference's outcome; undefined where it refuses the CIB or gives up. */
  run(cib: string, options: Options, forms: Forms = 'some'): Outcome | undefined {
    const at = (name: string): string => join(this.#folder, name)
    for (const name of ['graph', 'dot', 'in', 'out']) rmSync(at(name), { force: true })
    writeFileSync(at('cib.xml'), cib)
    const given = options.flatMap(([flag, value]) => (value === '' ? [flag] : [flag, value]))
    const files = ['-G', at('graph'), '-D', at('dot'), ...(forms === 'all' ? ['-I', at('in'), '-O', at('out')] : [])]
    const shown = ['-S', '-s', ...(forms === 'all' ? MORE : []), ...given]
    const { status, stdout } = runProgram(['-x', at('cib.xml'), '--text-fancy', ...shown, ...files])
    if ((status !== 0 && status !== 1) || !existsSync(at('graph'))) return undefined
    const read = (name: string): string => readFileSync(at(name), 'utf8')
    const some = { text: stdout, graph: read('graph'), dot: read('dot'), exit: status }
    if (forms === 'some') return some
    const xml = runProgram(['-x', at('cib.xml'), '--output-as=xml', ...shown]).stdout
    return { ...some, input: read('in'), output: read('out'), xml }
  }
}

function runProgram(words: readonly string[]): { readonly status: number | null; readonly stdout: string } {
  return spawnSync(PROGRAM, words, { encoding: 'utf8', timeout: 20_000, maxBuffer: 1 << 28 })
}

/** Quorate's outcome; an exception is its text. */
export function runQuorate(cib: string, options: Options, forms: Forms = 'some'): Outcome {
  try {
    return simulated(cib, options, forms)
  } catch (error) {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error)
    return { text: `threw ${text}`, graph: '', dot: '', exit: -1 }
  }
}

function simulated(text: string, options: Options, forms: Forms): Outcome {
  const { value, problems } = readCib(text, 'cib.xml')
  if (value === undefined) throw new Error(`not read: ${problems[0]?.what}`)
  completed(value)
  const simulation = simulateCib(value, toRequest(options), Math.floor(Date.now() / 1000))
  const { decision, execution } = simulation
  const shown: TextOptions = {
    isFancy: true,
    isQuiet: false,
    timeText: valuesOf(options, '-t').at(-1),
    showScores: true,
    showUtilization: options.some(([flag]) => flag === '-U'),
    showAttributes: forms === 'all',
    showFailcounts: forms === 'all',
    localTime,
  }
  const exit = execution?.end === 'terminated' ? 1 : 0
  const drawn = { graph: graphText(decision!.graph), dot: dotText(decision!.sheet) }
  const some = { text: simulationText(simulation, shown), ...drawn, exit }
  if (forms === 'some') return some
  return { ...some, ...savedCibs(value, simulation), xml: xmlForm(simulation, shown, exit) }
}
function valuesOf(options: Options, wanted: string): readonly string[] {
  return options.filter(([flag]) => flag === wanted).map(([, value]) => value)
}

function toRequest(options: Options): SimulationRequest {
  const all = (wanted: string): readonly string[] => valuesOf(options, wanted)
  const [time] = all('-t')
  return {
    schedules: true,
    executes: true,
    showScores: true,
    showUtilization: options.some(([flag]) => flag === '-U'),
    injections: {
      quorum: all('-q').at(-1),
      watchdog: all('-w').at(-1),
      nodesUp: all('-u'),
      nodesDown: all('-d'),
      nodesFailed: all('-f'),
      ticketsGranted: all('-g'),
      ticketsRevoked: all('-r'),
      ticketsStandby: all('-b'),
      ticketsActivated: all('-e'),
      operations: all('-i'),
    },
    failures: all('-F'),
    time: time === undefined ? undefined : parseDate(time, 0),
  }
}
