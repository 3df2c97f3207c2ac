/**
 * `quorate simulate`: shows the status of a cluster from its CIB as crm_simulate shows it; one file, or a folder in one process.
 *
 * Not done here yet: scheduling, and everything after it. Source: spec D-1, design's command-line contract.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import decodeBzip from 'seek-bzip'
import { readCib } from '../cib/read.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { scanInteger } from '../cib/values.ts'
import { currentStatusText } from '../crmsim/status.ts'
import { problemText } from '../model/problem.ts'

/** Options of one run. */
export interface SimulateFlags {
  readonly xmlFile?: string
  readonly xmlPipe?: boolean
  readonly batch?: string
  readonly out?: string
}

/** Runs the command and returns its exit code: 0, or 2 where an input cannot be read. */
export function simulate(flags: SimulateFlags): number {
  return flags.batch === undefined ? simulateOne(flags) : simulateBatch(flags.batch, flags.out ?? '.')
}

function simulateOne({ xmlFile }: SimulateFlags): number {
  const path = xmlFile ?? '-'
  const text = statusOf(readText(path), path)
  if (text === undefined) return 2
  process.stdout.write(`${text}\n`)
  return 0
}

function simulateBatch(folder: string, out: string): number {
  mkdirSync(join(out, 'summary'), { recursive: true })
  let exit = 0
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.xml')) continue
    const text = statusOf(readText(join(folder, file)), file)
    if (text === undefined) exit = 2
    else writeFileSync(join(out, 'summary', `${file.slice(0, -'.xml'.length)}.summary`), `${text}\n\n`)
  }
  return exit
}

function readText(path: string): string {
  const bytes = readFileSync(path === '-' ? 0 : path)
  return (path.endsWith('.bz2') ? Buffer.from(decodeBzip.decode(bytes)) : bytes).toString('utf8')
}

function statusOf(text: string, file: string): string | undefined {
  const { value, problems } = readCib(text, file)
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`)
  if (value === undefined) return undefined
  const executionDate = scanInteger(value.configuration.root.executionDate) ?? 0
  const now = executionDate === 0 ? Math.floor(Date.now() / 1000) : executionDate
  return currentStatusText(unpackCluster(value, now), executionDate)
}
