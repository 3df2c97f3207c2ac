/** Three nodes with a remote node, a guest or a bundle: scenarios for tests, from the shipped CIBs. Times as in trio.ts. */
import { readFileSync } from 'node:fs'
import { simulate } from '../../src/run/simulate.ts'
import type { Scenario, Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'
import { trioScenario } from './trio.ts'

/** Runs one of the shipped CIBs, with texts of it replaced. */
export function runBehind(
  cib: 'bundle' | 'guest' | 'remote',
  timeline: readonly Step[],
  until: number,
  replace: readonly (readonly [from: string, to: string])[] = [],
): Trace {
  return simulate(behindScenario(cib, timeline, until, replace)).trace
}

/** The scenario of {@link runBehind}. */
export function behindScenario(
  cib: 'bundle' | 'guest' | 'remote',
  timeline: readonly Step[],
  until: number,
  replace: readonly (readonly [from: string, to: string])[] = [],
): Scenario {
  let text = readFileSync(`scenarios/pacemaker/${cib}.xml`, 'utf8')
  for (const [from, to] of replace) {
    if (!text.includes(from)) throw new Error(`the CIB has no "${from}"`)
    text = text.replaceAll(from, to)
  }
  return trioScenario({ files: [{ name: 'cib.xml', text }], timeline, until })
}

/** Every change of what a service truly is, from `from` on: `web@far1 started`. */
export function truths(trace: Trace, resource: string, from: number): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'lifecycle' && record.resource === resource && from <= record.at
      ? [`${record.resource}@${record.node} ${record.to}`]
      : [],
  )
}
