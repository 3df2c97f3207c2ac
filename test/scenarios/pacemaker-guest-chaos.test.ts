/** Random faults around a guest, with the checks as judges; and promotable clones on nodes that are no members. Source: spec E-5.7, E-9.8. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/checks/catalogue.ts'
import { loadScenario } from '../../src/cli/load.ts'
import { simulate } from '../../src/run/simulate.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'
import { runBehind, truths } from '../support/remote.ts'
import { command, decisions, fault, logged, placesOf } from '../support/trio.ts'

describe('everything that can go wrong around a guest', () => {
  const scenario = loadScenario('test/soak/guest-chaos.yaml')
  const traces = [1, 2, 3].map((seed) => simulate(scenario, { seed }).trace)

  it.each(traces.map((trace, index) => [index + 1, trace] as const))(
    'seed %i: nothing forbidden happens, and all comes to rest',
    (_, trace) => {
      expect(trace.footer.reason).toBe('time-limit')
      const complaints = judge(trace).flatMap(({ expectation, violations }) =>
        violations.map(({ at, text }) => `${expectation.check} at ${at}: ${text}`),
      )
      expect(complaints).toEqual([])
    },
  )

  it('goes wrong in each of the ways that it is about', () => {
    const happens = (test: (record: Trace['records'][number]) => boolean) =>
      traces.filter((trace) => trace.records.some(test)).length
    // The container dies by itself; its host dies; the guest's link is cut; its daemon dies; the guest itself does.
    expect(happens((one) => one.kind === 'lifecycle' && one.resource === 'vm' && one.event === 'vanish')).toBe(3)
    expect(happens((one) => one.kind === 'lifecycle' && one.resource === 'vm' && one.event === 'power-lost')).toBe(3)
    expect(happens((one) => one.kind === 'fault' && one.fault === 'link-down' && one.targets.includes('guest1'))).toBe(
      3,
    )
    expect(
      happens((one) => one.kind === 'fault' && one.fault === 'process-crash' && one.targets.includes('guest1')),
    ).toBe(3)
    expect(happens((one) => one.kind === 'node' && one.node === 'guest1' && one.to === 'off')).toBe(3)
    expect(happens((one) => one.kind === 'lifecycle' && one.node === 'guest1' && one.to === 'promoted')).toBe(3)
  })
})

describe('a promotable clone on a remote node (E-5.7, E-9.8)', () => {
  const T = 90_000
  const CLONE = `<clone id="st-clone"><meta_attributes id="st-meta"><nvpair id="st-p" name="promotable" value="true"/></meta_attributes>
<primitive id="st" class="ocf" provider="pacemaker" type="Stateful"><operations><op id="st-m" name="monitor" interval="11s"/><op id="st-mp" name="monitor" interval="10s" role="Promoted"/></operations></primitive></clone>`
  const PREFERS = `<rsc_location id="st-far" rsc="st-clone"><rule id="st-far-r" role="Promoted" score="50"><expression id="st-far-e" attribute="#uname" operation="eq" value="far1"/></rule></rsc_location>`
  const run = (timeline: readonly Step[], until: number) =>
    runBehind('remote', timeline, until, [
      ['</resources>', `${CLONE}</resources>`],
      ['</constraints>', `${PREFERS}</constraints>`],
    ])

  it('tells its score through the connection, and is promoted there by it', () => {
    const trace = run([], T)
    expect(logged(trace, 'Setting master-st[far1]').map(({ text }) => text.replace(/ \|.*/, ''))).toEqual(
      expect.arrayContaining(['Setting master-st[far1]: (unset) -> 5', 'Setting master-st[far1]: 5 -> 10']),
    )
    expect(placesOf(trace, 'st')).toEqual(['far1*', 'node1', 'node2', 'node3'])
    // Every cut of a graph by such a score comes before the result that it belongs to.
    const [set] = logged(trace, 'Setting master-st[far1]: (unset) -> 5')
    const ended = trace.records.find(
      (one) => one.kind === 'belief' && one.about === 'st start/0' && one.node === 'far1' && set!.at <= one.at,
    )
    expect(ended!.at).toBeGreaterThan(set!.at)
  })

  it('loses its score with the connection, so that another is promoted, and has it again when it is back', () => {
    const timeline = [command(T, 'node1', 'disable far1'), command(T + 30_000, 'node1', 'enable far1')]
    const trace = run(timeline, T + 90_000)
    expect(decisions(trace, T).some((line) => /^Promote st:\d+ \( Unpromoted -> Promoted node\d \)$/.test(line))).toBe(
      true,
    )
    expect(truths(trace, 'st', T)).toContain('st@far1 stopped')
    expect(truths(trace, 'st', T + 30_000)).toContain('st@far1 started')
    expect(logged(trace, 'Setting master-st[far1]: (unset) -> 5')).toHaveLength(2)
  })

  it('is promoted elsewhere only when a remote node that does not answer has been fenced', () => {
    const trace = run([fault(T, 'node-crash', { node: 'far1' })], T + 120_000)
    const fenced = logged(trace, 'Peer far1 was terminated')[0]!.at
    const promoted = trace.records.find((one) => one.kind === 'lifecycle' && one.to === 'promoted' && T < one.at)
    expect(promoted!.at).toBeGreaterThan(fenced)
  })
})
