/**
 * `quorate simulate`: shows the status of a cluster from its CIB as crm_simulate shows it; one file, or a folder in one process.
 *
 * Not done here yet: scheduling, and everything after it. Source: spec D-1, design's command-line contract.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import decodeBzip from 'seek-bzip'
import { readCib } from '../cib/read.ts'
import type { ClusterState } from '../cib/state.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { scanInteger } from '../cib/values.ts'
import { scoreLineText } from '../crmsim/scores.ts'
import { currentStatusText } from '../crmsim/status.ts'
import { problemText } from '../model/problem.ts'
import { assignResources } from '../scheduler/schedule.ts'

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
  const state = stateOf(readText(path), path)
  if (state === undefined) return 2
  process.stdout.write(`${currentStatusText(state.state, state.executionDate)}\n`)
  return 0
}

function simulateBatch(folder: string, out: string): number {
  mkdirSync(join(out, 'summary'), { recursive: true })
  mkdirSync(join(out, 'scores'), { recursive: true })
  let exit = 0
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.xml')) continue
    const state = stateOf(readText(join(folder, file)), file)
    if (state === undefined) {
      exit = 2
      continue
    }
    const name = file.slice(0, -'.xml'.length)
    writeFileSync(join(out, 'summary', `${name}.summary`), `${currentStatusText(state.state, state.executionDate)}\n\n`)
    const { lines } = assignResources(state.state, { scores: true })
    writeFileSync(join(out, 'scores', `${name}.scores`), `${(lines ?? []).map(scoreLineText).join('\n')}\n`)
  }
  return exit
}

function readText(path: string): string {
  const bytes = readFileSync(path === '-' ? 0 : path)
  return (path.endsWith('.bz2') ? Buffer.from(decodeBzip.decode(bytes)) : bytes).toString('utf8')
}

function stateOf(text: string, file: string): { state: ClusterState; executionDate: number } | undefined {
  const { value, problems } = readCib(text, file)
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`)
  if (value === undefined) return undefined
  const executionDate = scanInteger(value.configuration.root.executionDate) ?? 0
  const now = executionDate === 0 ? Math.floor(Date.now() / 1000) : executionDate
  return { state: unpackCluster(value, now), executionDate }
}
