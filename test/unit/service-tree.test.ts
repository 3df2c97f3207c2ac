/** The tree of a service out of cluster.conf, and what a trace tells of it at an instant. Source: spec rgmanager 4, 6, 8, 10. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { ServiceHistory } from '../../src/report/service-tree.ts'
import { simulate } from '../../src/run/simulate.ts'
import { serviceTrees } from '../../src/run/trees.ts'
import { lastSeqAt } from '../../src/trace/frames.ts'

function serviceOf(name: string, service: string) {
  const scenario = loadScenario(`scenarios/rgmanager/${name}.yaml`)
  const { trace } = simulate(scenario, { seed: 1 })
  const tree = serviceTrees(scenario).find(({ id }) => id === service)!
  return {
    trace,
    tree,
    history: new ServiceHistory(trace, tree),
    resource: (id: string) => tree.resources.find((entry) => entry.id === id)!,
    seq: (at: number) => lastSeqAt(trace.records, at),
  }
}

describe('the tree of a service', () => {
  it('nests resources as the file does and numbers both orders', () => {
    const { tree } = serviceOf('s11-non-critical', 'service:db')
    expect(
      tree.resources.map(({ id, nesting, starts, stops }) => `${'-'.repeat(nesting)}${id} ${starts} ${stops}`),
    ).toEqual([
      'service:db 1 6',
      '-lvm:dblv 2 5',
      '-fs:dbfs 3 4',
      '-ip:192.0.2.60 4 3',
      '-script:pg 5 2',
      '--script:exporter 6 1',
    ])
  })

  it('is empty for other managers', () => {
    expect(serviceTrees(loadScenario('scenarios/basics/first-failover.yaml'))).toEqual([])
  })
})

describe('a service at an instant', () => {
  it('begins every clock anew when a resource starts, and each depth when it was checked', () => {
    const { trace, history, resource, seq } = serviceOf('s03-three-failures', 'service:web')
    const ip = resource('ip:192.0.2.50')
    const started = trace.records.find(
      (r) =>
        r.kind === 'operation' &&
        r.phase === 'end' &&
        r.operation === 'start' &&
        r.node === 'n1' &&
        r.resource === ip.id,
    )!
    const clocks = history.clocksOf(ip, started.seq)
    expect(clocks.map(({ depth, last, due }) => [depth, last, due])).toEqual([
      [0, started.at, started.at + 20_000],
      [10, started.at, started.at + 60_000],
    ])
    const [shallow, deep] = history.clocksOf(ip, seq(started.at + 35_000))
    expect(started.at + 20_000 <= shallow!.last!).toBe(true)
    expect(deep!.last).toBe(started.at)
  })

  it('stands still once the resource is stopped', () => {
    const { trace, history, resource } = serviceOf('s03-three-failures', 'service:web')
    const fs = resource('fs:webdata')
    const stop = trace.records.findLast(
      (r) => r.kind === 'operation' && r.phase === 'end' && r.operation === 'stop' && r.resource === fs.id,
    )!
    expect(history.clocksOf(fs, stop.seq).every(({ due }) => due === undefined)).toBe(true)
  })

  it('counts restarts until the move clears them, and lets them out of the window', () => {
    const { trace, history, seq } = serviceOf('s03-three-failures', 'service:web')
    const at = (decision: string) =>
      trace.records.filter((r) => r.kind === 'decision' && r.decision === decision).map((r) => r.at)
    const restarts = at('restart')
    const [moved] = at('relocate-after-failure')
    expect(history.restartsOf(seq(moved! - 1), moved! - 1).used).toEqual(restarts)
    expect(history.restartsOf(seq(moved!), moved!).used).toEqual([])
    expect(history.restartsOf(seq(moved! - 1), restarts[0]! + 300_000).used).toEqual(restarts.slice(1))
  })

  it('counts restarts of a part in place, and hears no more of it once it is given up', () => {
    const { trace, history, resource, seq } = serviceOf('s11-non-critical', 'service:db')
    const part = resource('script:exporter')
    const givenUp = trace.records.find((r) => r.kind === 'decision' && r.decision === 'disable-subtree')!
    expect(history.partRestartsOf(part, givenUp.seq - 1, givenUp.at).used).toHaveLength(3)
    expect(history.partRestartsOf(part, givenUp.seq, givenUp.at).used).toEqual([])
    expect(history.heardOf(part.id, seq(470_000))?.word).toBe('stopped for good')
    expect(history.heardOf(part.id, trace.records.length)?.word).toBe('started')
  })
})
