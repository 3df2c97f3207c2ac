/**
 * The scheduler's speed: all recorded inputs in one process, large clusters as whole processes, growth over size; beside
 * crm_simulate where it is installed and ends within its time.
 *
 * Both run in turn on the same machine, so the ratios count. Ours is the built command line (dist/node/quorate-cli.js).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { schedule } from '../../src/scheduler/schedule.ts'
import { type ClusterSize, clusterText } from './cluster-text.ts'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const INPUTS = join(ROOT, '..', 'shared', 'conformance', 'pacemaker-2.1.5', 'xml')
const CLI = join(ROOT, 'dist', 'node', 'quorate-cli.js')
const REFERENCE = 'crm_simulate'
const LIMIT_MS = 120_000
const NOW = 1_400_000_000

/** A row of a printed table. */
export type Row = Readonly<Record<string, string | number>>

/** (a) All recorded inputs: read, unpacked and scheduled, once in a fresh process and again when it is warm. */
export function benchInputs(): readonly Row[] {
  if (!existsSync(INPUTS)) return [{ note: '../shared is not here: skipped' }]
  const texts = readdirSync(INPUTS).map((file) => readFileSync(join(INPUTS, file), 'utf8'))
  const pass = (): number => {
    const begin = performance.now()
    for (const text of texts) {
      const { value } = readCib(text, 'input')
      if (value !== undefined) void schedule(unpackCluster(value, NOW)).graph
    }
    return performance.now() - begin
  }
  const first = pass()
  const later = Math.min(pass(), pass())
  const reference = timeReference(['--profile', INPUTS])
  const row = (what: string, ms: number): Row => ({ what, ms: Math.round(ms), ...ratio(ms, reference) })
  return [row('first pass, cold', first), row('later pass, warm', later), row('crm_simulate --profile', reference ?? 0)]
}

function ratio(ms: number, reference: number | undefined): Row {
  return reference === undefined ? {} : { 'of crm_simulate': (ms / reference).toFixed(2) }
}

/** Wall time of the reference, or undefined where it is absent or did not end in time. */
function timeReference(words: readonly string[]): number | undefined {
  const begin = performance.now()
  const { error, signal } = spawnSync(REFERENCE, words, { stdio: 'ignore', timeout: LIMIT_MS })
  return error !== undefined || signal !== null ? undefined : performance.now() - begin
}

function timeOurs(words: readonly string[]): number {
  const begin = performance.now()
  spawnSync(process.execPath, [CLI, 'simulate', ...words], { stdio: 'ignore' })
  return performance.now() - begin
}

const SIZES: readonly ClusterSize[] = [
  { nodes: 4, primitives: 100, groups: 10, clones: 4 },
  { nodes: 16, primitives: 250, groups: 25, clones: 10 },
  { nodes: 32, primitives: 1000, groups: 50, clones: 20 },
]

/** (b) Large clusters as whole processes, scheduled (`-R`) and simulated (`-S`). */
export function benchLarge(): readonly Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-bench-'))
  return SIZES.flatMap((size) => {
    const file = join(folder, `${size.nodes}.xml`)
    writeFileSync(file, clusterText(size))
    return ['-R', '-S'].map((option) => {
      const words = ['-x', file, option]
      const ours = Math.min(timeOurs(words), timeOurs(words))
      const reference = timeReference(words)
      const theirs =
        reference === undefined ? `more than ${LIMIT_MS / 1000} s, or absent` : `${Math.round(reference)} ms`
      const faster = ((reference ?? LIMIT_MS) / ours).toFixed(1)
      const times = reference === undefined ? `more than ${faster}` : faster
      return {
        cluster: nameOf(size),
        option,
        'quorate ms': Math.round(ours),
        crm_simulate: theirs,
        'times faster': times,
      }
    })
  })
}

function nameOf({ nodes, primitives, groups, clones }: ClusterSize): string {
  return `${nodes} nodes, ${primitives} primitives, ${groups} groups, ${clones} clones`
}

/** (c) Growth: scheduling alone, warm, 16 nodes. */
export function benchGrowth(): readonly Row[] {
  return [125, 250, 500, 1000, 2000].map((primitives) => {
    const text = clusterText({ nodes: 16, primitives, groups: primitives / 25, clones: 10 })
    const { value } = readCib(text, 'generated')
    const state = unpackCluster(value!, NOW)
    const begin = performance.now()
    const { graph } = schedule(state)
    const ms = performance.now() - begin
    const micros = Math.round((ms * 1000) / primitives)
    return { primitives, synapses: graph.synapses.length, ms: Math.round(ms), 'µs a primitive': micros }
  })
}
