/**
 * `quorate simulate --batch`: every CIB of a folder in one process, in the layout that the reference outputs have.
 *
 * Source: spec D-1; /conformance of the project.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseDate } from '../cib/dates.ts'
import type { Cib } from '../cib/read.ts'
import { dotText } from '../crmsim/dot.ts'
import { graphText } from '../crmsim/graph-xml.ts'
import { scoreLineText } from '../crmsim/scores.ts'
import { simulateCib } from '../crmsim/simulation.ts'
import { simulationText } from '../crmsim/simulation-text.ts'
import { CODE, loadCib } from './simulate-files.ts'
import { toRequest, toTextOptions } from './simulate-request.ts'

const STAGES = ['summary', 'scores', 'exp', 'dot'] as const

/** Runs every `*.xml` of `folder` and writes below `out`; the code is that of the last file that could not be read. */
export async function simulateBatch(folder: string, out: string): Promise<number> {
  for (const stage of STAGES) mkdirSync(join(out, stage), { recursive: true })
  const times = readTimes(join(dirname(folder), 'args.json'))
  let code: number = CODE.ok
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.xml')) continue
    const loaded = await loadCib(join(folder, file))
    const name = basename(file, '.xml')
    for (const note of loaded.notes) process.stderr.write(`${name}: ${note}\n`)
    if (loaded.cib === undefined) code = loaded.code
    else simulateInBatch(loaded.cib, { out, name, timeText: times.get(name) })
  }
  return code
}

interface BatchItem {
  readonly out: string
  readonly name: string
  readonly timeText: string | undefined
}

function simulateInBatch(cib: Cib, { out, name, timeText }: BatchItem): void {
  const wall = Math.floor(Date.now() / 1000)
  const plain = simulateCib(cib, { ...toRequest({ simulate: true }, undefined), showScores: true }, wall)
  const time = timeText === undefined ? undefined : parseDate(timeText, wall)
  const request = { ...toRequest({ run: true }, time), showScores: true }
  const { sheet, graph } = (time === undefined ? plain : simulateCib(cib, request, wall)).decision!
  const put = (stage: (typeof STAGES)[number], suffix: string, text: string): void =>
    writeFileSync(join(out, stage, `${name}.${suffix}`), text)
  put('summary', 'summary', simulationText(plain, toTextOptions({ simulate: true })))
  const scores = (sheet.lines ?? []).filter(({ kind }) => kind !== 'notice').map(scoreLineText)
  put('scores', 'scores', `${scores.join('\n')}\n`)
  put('exp', 'exp', graphText(graph))
  put('dot', 'dot', dotText(sheet))
}

/** `-t` of single files: it counts for scores, dot and graph. */
function readTimes(file: string): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map()
  const table: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const times = new Map<string, string>()
  for (const [name, words] of Object.entries(table as Record<string, readonly string[]>)) {
    const at = words.indexOf('-t')
    if (at >= 0 && words[at + 1] !== undefined) times.set(name, words[at + 1]!)
  }
  return times
}
