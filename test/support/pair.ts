/** A pair of Heartbeat nodes for tests: the cluster of spec heartbeat 13, with agents that take no time, and its run as short lines. */

import { fixed } from '../../src/kernel/draw.ts'
import type { Argument } from '../../src/model/vocabulary.ts'
import { simulate } from '../../src/run/simulate.ts'
import {
  type CommandStep,
  type FaultStep,
  SCENARIO_DEFAULTS,
  type Scenario,
  type Step,
} from '../../src/scenario/scenario.ts'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'

export const HA_CF = `keepalive 1
deadtime 10
initdead 30
bcast eth1
auto_failback on
node alice bob
`

export const HARESOURCES = `alice drbddisk::r0 Filesystem::/dev/drbd0::/grp::ext3 10.0.0.1 httpd
bob   10.0.0.2 smb
`

export const FILESYSTEM = 'Filesystem::/dev/drbd0::/grp::ext3'

/** What differs from the cluster of the spec. */
export interface PairOptions {
  readonly cf?: string
  readonly haresources?: string
  readonly until?: number
  readonly timeline?: readonly Step[]
  readonly power?: Scenario['power']
  readonly options?: Scenario['options']
  readonly timings?: Scenario['timings']
}

/** The scenario: nodes are up at instant 0, agents take no time, links 1 ms. */
export function pairScenario(options: PairOptions = {}): Scenario {
  const operations = ['start', 'stop', 'status', 'boot', 'shutdown']
  return {
    title: 'a pair',
    question: '',
    description: '',
    manager: 'heartbeat',
    files: [
      { name: 'ha.cf', text: options.cf ?? HA_CF },
      { name: 'haresources', text: options.haresources ?? HARESOURCES },
    ],
    options: options.options ?? [],
    until: options.until ?? 300_000,
    seed: SCENARIO_DEFAULTS.seed,
    eventsMax: SCENARIO_DEFAULTS.eventsMax,
    timings: [
      ...operations.map((operation) => ({ operation, subject: '*', distribution: fixed(0) })),
      { operation: 'latency', subject: '*', distribution: fixed(1) },
      { operation: 'fence', subject: '*', distribution: fixed(3000) },
      ...(options.timings ?? []),
    ],
    power: options.power ?? [],
    timeline: options.timeline ?? [],
    chaos: [],
    expectations: [],
  }
}

/** Runs the pair. */
export function runPair(options: PairOptions = {}): Trace {
  return simulate(pairScenario(options)).trace
}

/** A fault at `at` milliseconds. */
export function fault(at: number, name: string, args: Record<string, Argument['value']>, lasts?: number): FaultStep {
  const list = Object.entries(args).map(([key, value]) => ({ name: key, value }))
  return { kind: 'fault', at, fault: name, arguments: list, why: '', ...(lasts === undefined ? {} : { lasts }) }
}

/** A command at `at` milliseconds. */
export function command(at: number, node: string, text: string): CommandStep {
  return { kind: 'command', at, node, words: text.split(' '), why: '' }
}

/** The calls of agents on a node from an instant on, as `httpd start` or `httpd start(1)`. */
export function calls(trace: Trace, node: string, from = 0): readonly string[] {
  const ended = trace.records.filter(
    (record): record is Extract<TraceRecord, { kind: 'operation' }> =>
      record.kind === 'operation' && record.phase === 'end' && record.node === node && from <= record.at,
  )
  return ended.map((record) =>
    record.operation !== 'status' && record.rc !== 0 ? `${record.call}(${record.rc})` : record.call,
  )
}

/** The instants at which decisions of a kind fell on a node. */
export function decided(trace: Trace, node: string, decision: string): readonly number[] {
  return trace.records.flatMap((record) =>
    record.kind === 'decision' && record.node === node && record.decision === decision ? [record.at] : [],
  )
}

/** `status` and `start` of each resource of a group, in order: what taking a group runs where nothing runs. */
export function take(...resources: readonly string[]): readonly string[] {
  return resources.flatMap((resource) => [`${resource} status`, `${resource} start`])
}

/** `stop` of each resource of a group, against the order. */
export function give(...resources: readonly string[]): readonly string[] {
  return [...resources].reverse().map((resource) => `${resource} stop`)
}

export const G1 = ['drbddisk r0', 'Filesystem /dev/drbd0 /grp ext3', 'IPaddr 10.0.0.1', 'httpd'] as const
export const G2 = ['IPaddr 10.0.0.2', 'smb'] as const
