/**
 * One run of the simulator from the command line: what crm_simulate does, in its order, with its words and exit codes.
 *
 * Reads and writes files and tells the time; the work is done in src/crmsim. Source: spec D-1, D-11, probes of 2.1.5.
 */
import { parseDate } from '../cib/dates.ts'
import type { Cib } from '../cib/read.ts'
import { cibText } from '../crmsim/cib-xml.ts'
import { dotText } from '../crmsim/dot.ts'
import { graphDump } from '../crmsim/graph-dump.ts'
import { graphText } from '../crmsim/graph-xml.ts'
import { withFailureMarks } from '../crmsim/saved-input.ts'
import { type Simulation, simulateCib } from '../crmsim/simulation.ts'
import { type Extent, simulationText } from '../crmsim/simulation-text.ts'
import { CODE, loadCib, type Trouble, writeText } from './simulate-files.ts'
import type { SimulateFlags } from './simulate-options.ts'
import { toRequest, toTextOptions } from './simulate-request.ts'

/** How a run ended. */
export interface Outcome {
  readonly code: number
  /** What there is to show, as far as the run came; undefined where nothing was read. */
  readonly simulation: Simulation | undefined
  readonly extent: Extent
  /** The original breaks off here, and leaves no XML. */
  readonly isBroken: boolean
  /** What goes to standard error, in order. */
  readonly messages: readonly Message[]
}

/** One line for standard error. */
export interface Message {
  readonly text: string
  /** It belongs to the output: XML has it in the document instead. */
  readonly isOutput: boolean
}

/** Runs once. */
export async function runOnce(flags: SimulateFlags): Promise<Outcome> {
  if ('input' in flags && flags.input === undefined) {
    return failed(CODE.noInput, ['crm_simulate: CIB query failed: Input file not available'])
  }
  const path = flags.input ?? '-'
  const { cib, code, notes } = await loadCib(path)
  if (cib === undefined) return failed(code, notes)
  const working = flags.inPlace === true ? path : flags.saveOutput
  if (flags.inPlace === true && (path === '-' || path.endsWith('.bz2'))) {
    // Differs: the original writes a file named "-", or plain text over the compressed file, before it gives up.
    return failed(CODE.noInput, [...notes, `crm_simulate: ${path}: the result can be stored only in a plain file`])
  }
  const trouble = working === undefined ? undefined : writeText(working, cibText(cib.tree))
  if (trouble !== undefined) {
    return failed(trouble.code, [...notes, `crm_simulate: Could not create '${working}': ${trouble.words}`])
  }
  return finish({ flags, working, cib, simulation: toSimulation(flags, cib), notes })
}

function failed(code: number, notes: readonly string[]): Outcome {
  return { code, simulation: undefined, extent: 'read', isBroken: false, messages: notes.map(toNote) }
}

function toNote(text: string): Message {
  return { text, isOutput: false }
}

function toError(text: string): Message {
  return { text, isOutput: true }
}

function toSimulation(flags: SimulateFlags, cib: Cib): Simulation {
  const wall = Math.floor(Date.now() / 1000)
  const time = flags.setDatetime === undefined ? undefined : (parseDate(flags.setDatetime, wall) ?? wall)
  return simulateCib(cib, toRequest(flags, time), wall)
}

interface Finished {
  readonly flags: SimulateFlags
  /** The file that holds the CIB in the end, if one was named. */
  readonly working: string | undefined
  /** The CIB before anything was done to it. */
  readonly cib: Cib
  readonly simulation: Simulation
  readonly notes: readonly string[]
}

/** Writes the files that were asked for, and says how it went. */
function finish({ flags, working, cib, simulation, notes }: Finished): Outcome {
  const { injected, execution } = simulation
  const current = injected?.cib ?? cib
  const messages = [...notes.map(toNote), ...(injected?.errors ?? []).map(toError)]
  const ended = (code: number, extent: Extent): Outcome => {
    if (working !== undefined) writeText(working, cibText((extent === 'done' ? simulation.cib : current).tree))
    return { code, simulation, extent, isBroken: false, messages }
  }
  // What is broken off leaves the file as it was first written.
  const broken = (code: number, extent: Extent, why: string): Outcome => {
    return { code, simulation, extent, isBroken: true, messages: [...messages, toNote(why)] }
  }
  if (injected?.fatal !== undefined) return broken(injected.fatalCode, 'modified', injected.fatal)
  const trouble = writeInput(flags, current, simulation)
  if (trouble !== undefined) return ended(trouble.code, 'modified')
  if (!writeGraphs(flags, simulation)) return ended(CODE.inputOutput, 'scheduled')
  messages.push(...(execution?.errors ?? []).map(toError))
  if (execution?.fatal !== undefined) return broken(CODE.unreadable, 'executing', execution.fatal)
  if (execution?.end !== 'terminated') return ended(CODE.ok, 'done')
  const dump = (flags.verbose ?? 0) > 0 ? graphDump(simulation.decision!.graph) : []
  messages.push(toError('Transition failed: terminated'), ...dump.map(toNote))
  messages.push(toError('An invalid transition was produced'))
  return ended(CODE.error, 'done')
}

function writeInput({ saveInput }: SimulateFlags, { tree }: Cib, { scheduled }: Simulation): Trouble | undefined {
  return saveInput === undefined ? undefined : writeText(saveInput, cibText(withFailureMarks(tree, scheduled)))
}

/** False where a file could not be written. */
function writeGraphs(flags: SimulateFlags, { decision }: Simulation): boolean {
  if (decision === undefined) return true
  const { saveGraph, saveDotfile } = flags
  if (saveGraph !== undefined && writeText(saveGraph, graphText(decision.graph)) !== undefined) return false
  const dot = { all: flags.allActions === true, ids: (flags.verbose ?? 0) > 0 }
  return saveDotfile === undefined || writeText(saveDotfile, dotText(decision.sheet, dot)) === undefined
}

/** What a run shows as text. */
export function outcomeText({ simulation, extent }: Outcome, flags: SimulateFlags): string {
  return simulation === undefined ? '' : simulationText(simulation, toTextOptions(flags), extent)
}
