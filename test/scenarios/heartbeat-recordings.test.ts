/**
 * Incidents lived through by a real heartbeat 3.0.6, held against the simulation of the same two files and the same misfortunes: every
 * resource's sequence of starts and stops, node by node with its exit codes, must be equal, and nothing may come in another order.
 * The recordings are not part of the project: without the folder `../shared` beside it these tests are skipped, and say so.
 * Calls of `status` are not in the recordings; they are left out of the simulated timeline too.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/kernel/draw.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, fault, runPair } from '../support/pair.ts'

const LAB = new URL('../../../shared/lab/', import.meta.url).pathname
const hasLab = existsSync(join(LAB, 'recordings'))

/** The first misfortune: the pair has long been stable. */
const T = 100_000

interface Incident {
  readonly name: string
  /** What was done to the real pair, at the instants of its `inject.jsonl`. */
  readonly timeline: readonly Step[]
  readonly until: number
}

const INCIDENTS: readonly Incident[] = [
  {
    name: 'hb_graceful_stop',
    timeline: [command(T, 'node1', 'heartbeat stop'), command(T + 8325, 'node1', 'heartbeat start')],
    until: 25_000,
  },
  { name: 'hb_node_death_failback_off', timeline: [fault(T, 'node-crash', { node: 'node1' }, 14_484)], until: 40_000 },
  { name: 'hb_node_death_failback_on', timeline: [fault(T, 'node-crash', { node: 'node1' }, 14_763)], until: 40_000 },
  {
    name: 'hb_partition',
    timeline: [fault(T, 'partition', { sides: [['node1'], ['node2']] }, 16_064)],
    until: 60_000,
  },
  {
    name: 'hb_start_failure',
    timeline: [
      fault(T - 27, 'agent-result', { node: 'node2', resource: 'svc::B', operation: 'start', rc: 1 }),
      fault(T, 'node-crash', { node: 'node1' }),
    ],
    until: 60_000,
  },
  {
    name: 'hb_stop_failure',
    timeline: [
      fault(T - 17, 'agent-result', { node: 'node1', resource: 'svc::A', operation: 'stop', rc: 1 }, 45_141),
      command(T, 'node1', 'hb_standby all'),
    ],
    until: 60_000,
  },
  {
    name: 'hb_stop_failure_3x',
    timeline: [
      fault(T - 13, 'agent-result', { node: 'node1', resource: 'svc::A', operation: 'stop', rc: 1, times: 3 }),
      command(T, 'node1', 'hb_standby all'),
    ],
    until: 30_000,
  },
]

/** From power-on to the daemon's start, in the laboratory. */
const BOOT = 9500

describe.skipIf(!hasLab)('a recorded pair of heartbeat 3.0.6 (skipped where ../shared/lab is absent)', () => {
  for (const incident of INCIDENTS) {
    it(`${incident.name}: every sequence is equal`, () => {
      const folder = join(LAB, 'recordings', incident.name)
      const trace = runPair({
        cf: readFileSync(join(folder, 'node1/ha.cf'), 'utf8'),
        haresources: readFileSync(join(folder, 'node1/haresources'), 'utf8'),
        timeline: incident.timeline,
        timings: [{ operation: 'boot', subject: '*', distribution: fixed(BOOT) }],
        until: T + incident.until,
      })
      expect(compare(join(folder, 'timeline.json'), JSON.stringify(timelineOf(trace)))).toEqual({
        equal: true,
        inversions: 0,
      })
    })
  }

  it('hb_graceful_stop: a simulation that leaves one stop out is found', () => {
    const folder = join(LAB, 'recordings', 'hb_graceful_stop')
    const recorded = JSON.parse(readFileSync(join(folder, 'timeline.json'), 'utf8')) as readonly Entry[]
    const index = recorded.findIndex((entry) => entry.operation === 'stop' && entry.phase === 'result')
    const shortened = recorded.filter((_, position) => position !== index)
    expect(compare(join(folder, 'timeline.json'), JSON.stringify(shortened)).equal).toBe(false)
  })
})

interface Entry {
  readonly t_ms_since_injection: number
  readonly node: string
  readonly kind: 'op'
  readonly phase: 'result'
  readonly resource: string
  readonly operation: string
  readonly interval: null
  readonly rc: number
  readonly target: string
}

function timelineOf(trace: Trace): readonly Entry[] {
  return trace.records.flatMap((record): Entry[] => {
    if (record.kind !== 'operation' || record.phase !== 'end' || record.operation === 'status') return []
    return [
      {
        t_ms_since_injection: record.at - T,
        node: record.node,
        kind: 'op',
        phase: 'result',
        resource: record.resource.replace('svc::', ''),
        operation: record.operation,
        interval: null,
        rc: record.rc ?? 0,
        target: record.node,
      },
    ]
  })
}

interface Figures {
  readonly sequences: string
  readonly inversions: number
}

function compare(recorded: string, simulated: string): { readonly equal: boolean; readonly inversions: number } {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-recording-'))
  try {
    const file = join(folder, 'simulated.json')
    writeFileSync(file, simulated)
    const figures = JSON.parse(judge(recorded, file)) as Figures
    const [equal, all] = figures.sequences.split('/')
    return { equal: equal === all && all !== '0', inversions: figures.inversions }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The comparer prints its figures and says with its exit status whether all is equal: both are wanted here. */
function judge(recorded: string, simulated: string): string {
  try {
    return execFileSync(process.execPath, [join(LAB, 'compare.mjs'), recorded, simulated, '--json'], {
      encoding: 'utf8',
    })
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'status' in error && error.status === 1)
      return String(error.stdout)
    throw error
  }
}
