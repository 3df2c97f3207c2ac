/** Pacemaker's daemons killed or stopped one by one (spec E-1.1, E-9.4, E-12.16; the lab's kill9_controld): services stay untouched. */
import { describe, expect, it } from 'vitest'
import { checkScenario } from '../../src/run/vocabulary.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, fault, logged, placesOf, results, runTrio, SETTLED, trioScenario } from '../support/trio.ts'

const T = SETTLED
const kill = (node: string, process: string, at = T) =>
  fault(at, 'process-crash', { node, process: `pacemaker-${process}` })
const run = (...timeline: readonly ReturnType<typeof kill>[]): Trace => runTrio({ until: T + 30_000, timeline })

const touched = (trace: Trace): readonly string[] =>
  results(trace).filter((line) => /(start|stop|promote|demote)\//.test(line))
const fenced = (trace: Trace): number => trace.records.filter((record) => record.kind === 'fence').length
const dcs = (trace: Trace): readonly string[] =>
  trace.records.flatMap((record) =>
    record.kind === 'belief' && record.about === 'DC' && T <= record.at ? [`${record.node}: ${record.state}`] : [],
  )
const written = (trace: Trace, node: number): readonly string[] =>
  logged(trace, 'Setting ').flatMap(({ at, text }) => {
    const [, name, value] = new RegExp(`^Setting (\\S+)\\[node${node}\\]: .* -> (.*)$`).exec(text) ?? []
    return T < at && name !== undefined ? [`${name}=${value}`] : []
  })

describe('Pacemaker, daemons that die', () => {
  it('a controller that is not the DC: probes find everything running, the attribute daemon forgets nothing', () => {
    const trace = run(kill('node2', 'controld'))
    expect(logged(trace, 'Stonith/shutdown of node node2 was not expected')).toHaveLength(1)
    expect(results(trace)).toContain('solo monitor/0@node2=0')
    expect([touched(trace), fenced(trace), written(trace, 2)]).toEqual([[], 0, []])
  })

  it("the DC's: another leads; the node joins before it would be fenced, and without its erased score loses the promotion for a while", () => {
    const trace = run(kill('node1', 'controld'))
    expect(dcs(trace)).toEqual(expect.arrayContaining(['node2: node2', 'node1: node2']))
    expect(results(trace)).toContain('st monitor/0@node1=8')
    expect([touched(trace), fenced(trace)]).toEqual([['st demote/0@node1=0', 'st promote/0@node1=0'], 0])
  })

  it('an executor takes its controller along, and forgets which devices it had started', () => {
    const device = /fencing (\w+)\/0@(\w+)/.exec(
      results(runTrio(), 0).find((line) => line.startsWith('fencing start'))!,
    )!
    const trace = run(kill(device[2]!, 'execd'))
    expect(results(trace)).toContain(`fencing monitor/0@${device[2]}=7`)
    const starts = touched(trace).filter((line) => line.includes(' start/'))
    expect([starts, fenced(trace)]).toEqual([[`fencing start/0@${device[2]}=0`], 0])
  })

  it('a scheduler takes the DC along and nobody else', () => {
    expect(dcs(run(kill('node1', 'schedulerd')))).toContain('node2: node2')
    const elsewhere = run(kill('node2', 'schedulerd'))
    expect([dcs(elsewhere), results(elsewhere)]).toEqual([[], []])
  })

  it('an attribute daemon loses the values of its node: the next monitor tells its score again', () => {
    const trace = run(kill('node2', 'attrd'))
    expect(logged(trace, "deletion of transient_attributes[@id='2']").filter(({ at }) => T < at)).toHaveLength(1)
    expect(written(trace, 2)).toEqual(['master-st=5'])
    expect([touched(trace), fenced(trace)]).toEqual([[], 0])
  })

  it('a CIB manager takes both along', () => {
    const trace = run(kill('node2', 'based'))
    expect(logged(trace, 'Stonith/shutdown of node node2 was not expected')).toHaveLength(1)
    expect(written(trace, 2)).toContain('master-st=5')
    expect([touched(trace), fenced(trace)]).toEqual([[], 0])
  })

  it('end with corosync, and run again with it', () => {
    const trace = runTrio({
      until: T + 60_000,
      replace: [['name="stonith-enabled" value="true"', 'name="stonith-enabled" value="false"']],
      timeline: [
        fault(T, 'process-crash', { node: 'node2', process: 'corosync' }),
        command(T + 30_000, 'node2', 'start'),
      ],
    })
    const told = trace.records.flatMap((record) =>
      record.kind === 'process' && T <= record.at ? [`${record.node} ${record.process} ${record.state}`] : [],
    )
    expect(told).toEqual([
      'node2 corosync crashed',
      'node2 pacemaker-controld exited',
      'node2 corosync running',
      'node2 pacemaker-controld running',
    ])
  })

  it('is started again each time', () => {
    const trace = run(kill('node2', 'controld'), kill('node2', 'controld', T + 10_000))
    expect(logged(trace, 'Respawning pacemaker-controld')).toHaveLength(2)
    expect(results(trace).filter((line) => line === 'solo monitor/0@node2=0')).toHaveLength(2)
  })

  it('an operation that the dead controller had begun ends unheard', () => {
    const trace = run(
      fault(T - 3000, 'agent-slow', { node: 'node2', resource: 'solo', operation: 'stop', delay: 5000 }),
      fault(T - 3000, 'service-crash', { node: 'node2', resource: 'solo' }),
      kill('node2', 'controld', T + 10_000),
    )
    const at = (text: string) => logged(trace, text).find((line) => T - 3000 < line.at)!.at
    expect(at('Initiating stop operation solo')).toBeLessThan(T + 10_000)
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
  })

  it('nobody knows of a process that does not exist', () => {
    const scenario = trioScenario({ timeline: [fault(T, 'process-crash', { node: 'node1', process: 'crmd' })] })
    expect(checkScenario(scenario, 'x.yaml').map(({ what }) => what)).toEqual(['there is no process "crmd"'])
  })
})

describe('Pacemaker, a controller that stands still', () => {
  it('does later what it was asked for, and is not missed in the ring', () => {
    const trace = run(
      fault(T, 'process-hang', { node: 'node2', process: 'pacemaker-controld' }, 20_000),
      fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' }),
    )
    const told = trace.records.filter((record) => record.kind === 'belief' && T < record.at)
    const first = told.find((record) => record.kind === 'belief' && record.about.startsWith('solo '))!
    expect(first.at).toBeGreaterThanOrEqual(T + 20_000)
    expect(results(trace).slice(0, 3)).toEqual([
      'solo monitor/10000@node2=7',
      'solo stop/0@node2=0',
      'solo start/0@node2=0',
    ])
    expect([fenced(trace), dcs(trace)]).toEqual([0, []])
  })

  it('as DC decides when it goes on', () => {
    const trace = run(
      fault(T, 'process-hang', { node: 'node1', process: 'pacemaker-controld' }, 20_000),
      fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' }),
    )
    const decided = trace.records.find((record) => record.kind === 'decision' && T < record.at)!
    expect(decided.at).toBeGreaterThanOrEqual(T + 20_000)
    expect(results(trace)).toContain('solo start/0@node2=0')
  })
})
