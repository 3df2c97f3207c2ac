/**
 * `-P`: schedules every CIB of a folder and shows how long each took, from the last name to the first.
 *
 * Scores and utilization (-s, -U) show with the first file only, as in the original. Source: spec D-1.4 and probes of 2.1.5.
 */
import { readdirSync, statSync } from 'node:fs'
import { parseDate } from '../cib/dates.ts'
import type { Cib } from '../cib/read.ts'
import { scoreLineText } from '../crmsim/scores.ts'
import { simulateCib } from '../crmsim/simulation.ts'
import type { ScoreLine } from '../scheduler/worksheet.ts'
import { CODE, loadCib } from './simulate-files.ts'
import type { SimulateFlags } from './simulate-options.ts'
import { toRequest, toTextOptions } from './simulate-request.ts'
import type { Message } from './simulate-run.ts'

/** What one file took. */
export interface Timing {
  readonly file: string
  readonly seconds: number
  /** Lines that scheduling printed before. */
  readonly scores: readonly ScoreLine[]
  readonly notices: readonly string[]
}

/** The folder's timings: undefined where there is no such folder (which is no error). */
export interface Profile {
  readonly timings: readonly Timing[] | undefined
  readonly code: number
  readonly messages: readonly Message[]
}

/** Profiles the folder that `flags.profile` names. */
export async function runProfile(flags: SimulateFlags): Promise<Profile> {
  const folder = flags.profile ?? ''
  const files = filesOf(folder)
  if (files === undefined) return { timings: undefined, code: CODE.ok, messages: [] }
  const timings: Timing[] = []
  const messages: Message[] = []
  for (const file of files) {
    const loaded = await loadCib(file)
    messages.push(...loaded.notes.map((text) => ({ text, isOutput: false })))
    if (loaded.cib === undefined) return { timings, code: CODE.aborted, messages }
    timings.push(measure(loaded.cib, file, timings.length === 0 ? flags : withoutScores(flags)))
  }
  return { timings, code: CODE.ok, messages }
}

function filesOf(folder: string): readonly string[] | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  const names = readdirSync(folder).filter((name) => name.endsWith('.xml') && !name.startsWith('.'))
  const paths = names.sort().map((name) => `${folder}/${name}`)
  return paths.reverse().filter((path) => statSync(path).isFile())
}

function withoutScores({ showScores: _scores, showUtilization: _utilization, ...rest }: SimulateFlags): SimulateFlags {
  return rest
}

function measure(cib: Cib, file: string, flags: SimulateFlags): Timing {
  const { setDatetime, showScores, showUtilization, repeat = 1 } = flags
  const wall = Math.floor(Date.now() / 1000)
  const time = setDatetime === undefined ? undefined : (parseDate(setDatetime, wall) ?? wall)
  const request = toRequest(
    { run: true, showScores: showScores === true, showUtilization: showUtilization === true },
    time,
  )
  const scores: ScoreLine[] = []
  let notices: readonly string[] = []
  const began = performance.now()
  for (let count = 0; count < repeat; count++) {
    const { decision, before } = simulateCib(cib, request, wall)
    scores.push(...(decision?.sheet.lines ?? []))
    notices = before.notices
  }
  return { file, seconds: (performance.now() - began) / 1000, scores, notices }
}

/** The timings as text. */
export function profileText({ timings }: Profile, flags: SimulateFlags): string {
  if (timings === undefined) return ''
  const isFancy = toTextOptions(flags).isFancy
  const bullet = isFancy ? '  * ' : ''
  const lines: string[] = isFancy ? ['Timings:'] : []
  for (const { file, seconds, scores, notices } of timings) {
    if (flags.setDatetime !== undefined) lines.push(`Setting effective cluster time: ${flags.setDatetime}`)
    lines.push(...notices, ...scores.map((line) => `${bullet}${scoreLineText(line)}`))
    lines.push(`${bullet}Testing ${file} ... ${seconds.toFixed(2)} secs`)
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
