/** Three nodes with Pacemaker: scenarios for tests, from the shipped CIB, in a few words. */
import { readFileSync } from 'node:fs'
import { fixed } from '../../src/kernel/draw.ts'
import { simulate } from '../../src/run/simulate.ts'
import { SCENARIO_DEFAULTS, type Scenario, type Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'

/** Virtual time at which every story begins: the cluster has started by then. */
export const SETTLED = 60_000

const THREE = readFileSync('scenarios/pacemaker/three.xml', 'utf8')

/** What a test may say; `property` and `meta` change the CIB's text before it is read. */
export interface TrioWish extends Partial<Scenario> {
  readonly properties?: Readonly<Record<string, string>>
  readonly replace?: readonly (readonly [from: string, to: string])[]
}

/** A scenario of three nodes that have booted by 20 s. Agents take 100 ms. */
export function trioScenario({ properties = {}, replace = [], ...wish }: TrioWish = {}): Scenario {
  const pairs = Object.entries(properties).map(
    ([name, value]) => `<nvpair id="t-${name}" name="${name}" value="${value}"/>`,
  )
  let text = THREE.replace('</cluster_property_set>', `${pairs.join('')}</cluster_property_set>`)
  for (const [from, to] of replace) {
    if (!text.includes(from)) throw new Error(`the CIB has no "${from}"`)
    text = text.replaceAll(from, to)
  }
  const timing = (operation: string, takes: number) => ({ operation, subject: '*', distribution: fixed(takes) })
  return {
    title: 'three nodes',
    question: '',
    description: '',
    manager: 'pacemaker',
    files: [{ name: 'cib.xml', text }],
    options: [],
    until: 180_000,
    seed: 1,
    eventsMax: SCENARIO_DEFAULTS.eventsMax,
    timings: [
      ...['start', 'stop', 'monitor', 'promote', 'demote', 'notify'].map((operation) => timing(operation, 100)),
      timing('boot', 20_000),
      timing('fence', 2000),
      timing('fence-cut', 300),
    ],
    power: [],
    timeline: [],
    chaos: [],
    expectations: [],
    ...wish,
  }
}

/** Runs it. */
export function runTrio(wish: TrioWish = {}): Trace {
  return simulate(trioScenario(wish)).trace
}

/** Results after `from`: `g1 start/0@node1=0`, in the order in which nodes tell them. */
export function results(trace: Trace, from = SETTLED): readonly string[] {
  return trace.records.flatMap((record) => {
    if (record.kind !== 'belief' || record.at < from) return []
    const match = /^(\S+) (\S+\/\d+)$/.exec(record.about)
    return match === null ? [] : [`${match[1]} ${match[2]}@${record.node}=${record.state.replace('rc=', '')}`]
  })
}

/** What the scheduler decided after `from`, each decision once in a row. */
export function decisions(trace: Trace, from = SETTLED): readonly string[] {
  const lines = trace.records.flatMap((record) =>
    record.kind === 'decision' && record.decision === 'action' && from <= record.at
      ? [record.text.replace('Actions: ', '')]
      : [],
  )
  return lines.filter((line, index) => lines.indexOf(line) === index)
}

/** Log lines of all nodes that contain `part`, with their instants. */
export function logged(trace: Trace, part: string): readonly { readonly at: number; readonly text: string }[] {
  return trace.records.flatMap((record) =>
    record.kind === 'log' && record.text.includes(part) ? [{ at: record.at, text: record.text }] : [],
  )
}

/** Where a resource serves at the end: `node1`, `node2*` where promoted. */
export function placesOf(trace: Trace, resource: string): readonly string[] {
  const last = new Map<string, string>()
  for (const record of trace.records)
    if (record.kind === 'lifecycle' && record.resource === resource) last.set(record.node, record.to)
  return [...last]
    .flatMap(([node, state]) => (state === 'started' ? [node] : state === 'promoted' ? [`${node}*`] : []))
    .sort()
}

/** A step of the timeline. */
export function fault(at: number, name: string, args: Readonly<Record<string, unknown>>, lasts?: number): Step {
  return {
    kind: 'fault',
    at,
    fault: name,
    // Arguments of tests are of the types that faults take.
    arguments: Object.entries(args).map(([key, value]) => ({ name: key, value: value as string })),
    why: '',
    ...(lasts === undefined ? {} : { lasts }),
  }
}

/** A command of the timeline. */
export function command(at: number, node: string, text: string): Step {
  return { kind: 'command', at, node, words: text.split(' '), why: '' }
}

/** A change of the CIB so many seconds after the cluster has settled, done on node1. */
export function cib(seconds: number, operation: 'create' | 'delete' | 'modify' | 'replace', xml: string): Step {
  const words = ['cibadmin', `--${operation}`, '--xml-text', xml]
  return { kind: 'command', at: SETTLED + seconds * 1000, node: 'node1', words, why: '' }
}
