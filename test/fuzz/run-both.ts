/** One CIB through the reference tool (a process of its own) and through Quorate (in this one), with the same options. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCib } from '../../src/cib/read.ts'
import { dotText } from '../../src/crmsim/dot.ts'
import { graphText } from '../../src/crmsim/graph-xml.ts'
import { type SimulationRequest, simulateCib } from '../../src/crmsim/simulation.ts'
import { simulationText } from '../../src/crmsim/simulation-text.ts'
import type { Outcome } from '../support/stages.ts'

/** Options as pairs of a short flag and its value, such as `['-d', 'n1']`. */
export type Options = readonly (readonly [flag: string, value: string])[]

/** Where the reference tool is looked for. */
const PROGRAM = 'crm_simulate'
const TEXT = ['-S', '-s', '--text-fancy']

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
  run(cib: string, options: Options): Outcome | undefined {
    const at = (name: string): string => join(this.#folder, name)
    for (const name of ['graph', 'dot']) rmSync(at(name), { force: true })
    writeFileSync(at('cib.xml'), cib)
    const args = [
      '-x',
      at('cib.xml'),
      ...TEXT,
      '-G',
      at('graph'),
      '-D',
      at('dot'),
      ...options.flatMap(([flag, value]) => (value === '' ? [flag] : [flag, value])),
    ]
    const { status, stdout } = spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: 20_000, maxBuffer: 1 << 28 })
    if ((status !== 0 && status !== 1) || !existsSync(at('graph'))) return undefined
    return {
      text: stdout,
      graph: readFileSync(at('graph'), 'utf8'),
      dot: readFileSync(at('dot'), 'utf8'),
      exit: status,
    }
  }
}

/** Quorate's outcome; an exception is its text. */
export function runQuorate(cib: string, options: Options): Outcome {
  try {
    return simulated(cib, options)
  } catch (error) {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error)
    return { text: `threw ${text}`, graph: '', dot: '', exit: -1 }
  }
}

function simulated(text: string, options: Options): Outcome {
  const { value, problems } = readCib(text, 'cib.xml')
  if (value === undefined) throw new Error(`not read: ${problems[0]?.what}`)
  const simulation = simulateCib(value, toRequest(options), Math.floor(Date.now() / 1000))
  const { decision, execution } = simulation
  const shown = simulationText(simulation, {
    isFancy: true,
    isQuiet: false,
    timeText: undefined,
    showScores: true,
    showUtilization: options.some(([flag]) => flag === '-U'),
    showAttributes: false,
    showFailcounts: false,
    localTime: String,
  })
  const exit = execution?.end === 'terminated' ? 1 : 0
  return { text: shown, graph: graphText(decision!.graph), dot: dotText(decision!.sheet), exit }
}

function toRequest(options: Options): SimulationRequest {
  const all = (wanted: string): readonly string[] =>
    options.filter(([flag]) => flag === wanted).map(([, value]) => value)
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
    time: undefined,
  }
}
