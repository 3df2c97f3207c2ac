/** What a DC and its peers say about changes: the texts of E-5.2 and E-3.5, as the recordings' logs have them. */
import { describe, expect, it } from 'vitest'
import { storyText } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, decisions, fault, logged, results, runTrio, SETTLED } from '../support/trio.ts'

const T = SETTLED
const aborts = (trace: Trace, from = T): readonly string[] =>
  logged(trace, ' aborted')
    .filter(({ at }) => from <= at)
    .map(({ text }) => text.replace(/^Transition -?\d+ aborted(?: by)?:? /, '').replace(/=\d{9,}/, '=T'))
const set = (at: number, text: string) => command(T + at, 'node3', `attrd_updater -n ${text}`)

describe('what an abort names (E-5.2)', () => {
  it('a recurring failure that is the first creates its record, the next one modifies it', () => {
    const crash = (at: number) => fault(T + at, 'service-crash', { node: 'node2', resource: 'solo' })
    const told = aborts(runTrio({ until: T + 60_000, timeline: [crash(1000), crash(25_000)] }))
    expect(told).toEqual([
      "operation solo_monitor_10000 'create' on node2: Change in recurring result",
      'status-2-last-failure-solo.monitor_10000 doing create last-failure-solo#monitor_10000=T: Transient attribute change',
      'status-2-fail-count-solo.monitor_10000 doing create fail-count-solo#monitor_10000=1: Transient attribute change',
      "operation solo_monitor_10000 'modify' on node2: Change in recurring result",
      'status-2-last-failure-solo.monitor_10000 doing modify last-failure-solo#monitor_10000=T: Transient attribute change',
      'status-2-fail-count-solo.monitor_10000 doing modify fail-count-solo#monitor_10000=2: Transient attribute change',
    ])
  })

  it('an attribute is created, modified and deleted under the id of its element', () => {
    const timeline = [set(1000, '#load -U 1'), set(3000, '#load -U 2'), set(5000, '#load -D')]
    expect(aborts(runTrio({ until: T + 20_000, timeline }))).toEqual([
      'status-3-.load doing create #load=1: Transient attribute change',
      'status-3-.load doing modify #load=2: Transient attribute change',
      "deletion of nvpair[@id='status-3-.load']: Transient attribute change",
    ])
  })

  it('the first attribute of a node that is back creates them all; what others had set before is no change', () => {
    const reboot = fault(T, 'node-reboot', { node: 'node3' })
    const told = aborts(runTrio({ until: T + 60_000, timeline: [reboot] }), T + 20_000)
    expect(told.filter((text) => text.startsWith('transient_attributes.'))).toEqual([
      "transient_attributes.3 'create': Transient attribute change",
    ])
    expect(told.filter((text) => text.startsWith('status-1') || text.startsWith('status-2'))).toEqual([])
  })
})

describe('what is said of results and quorum', () => {
  it('a result that was not expected, in words and in codes', () => {
    const timeline = [fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' })]
    const [line] = logged(runTrio({ until: T + 30_000, timeline }), '(solo_monitor_10000 on node2)')
    expect(line?.text).toContain("expected 'ok' but got 'not running' | target-rc=0 rc=7")
  })

  it.each([
    ['solo', 'node2', 190],
    ['st', 'node1', 191],
  ])('a degraded %s on %s (%i) does what is expected of it (E-7.6)', (resource, node, rc) => {
    const trace = runTrio({
      until: T + 60_000,
      options: [{ name: 'electionOrder', value: 'node1' }],
      timeline: [fault(T, 'agent-result', { node, resource, operation: 'monitor', rc })],
    })
    expect(results(trace)).toContain(`${resource} monitor/10000@${node}=${rc}`)
    expect(logged(trace, 'Updating failcount')).toEqual([])
    expect(decisions(trace)).toEqual([])
  })

  it('every node says that quorum is lost and won, not only the DC (E-3.5)', () => {
    const timeline = [fault(T, 'partition', { sides: [['node1'], ['node2'], ['node3']] }, 20_000)]
    const trace = runTrio({ until: T + 60_000, timeline, properties: { 'stonith-enabled': 'false' } })
    const saying = (text: string) =>
      trace.records.flatMap((record) =>
        record.kind === 'log' && record.text.startsWith(`${text} | membership=`) && T <= record.at ? [record.node] : [],
      )
    expect([...saying('Quorum lost')].sort()).toEqual(['node1', 'node2', 'node3'])
    expect([...saying('Quorum acquired')].sort()).toEqual(['node1', 'node2', 'node3'])
  })
})

describe('what the scheduler says beside its actions (A-14.14, B-8.4, B-3.11)', () => {
  const remarks = (trace: Trace) =>
    trace.records.flatMap((record) =>
      record.kind === 'log' && /might be active|cannot run on|Preventing/.test(record.text) ? [record.text] : [],
    )
  const failing = (operation: string, rc: number) =>
    runTrio({
      until: T + 30_000,
      timeline: [
        fault(T, 'agent-result', { node: 'node2', resource: 'solo', operation, rc, times: 1 }),
        fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' }),
      ],
    })
  const threshold = 'solo cannot run on node2 due to reaching migration threshold (clean up resource to allow again)'

  it.each([
    [1, [threshold]],
    [5, ['Preventing solo from restarting on node2 because of hard failure (not installed)', threshold]],
    [6, ['Preventing solo from restarting anywhere because of fatal failure (not configured)', threshold]],
  ])('a start that returns %i: what keeps it from where, each said once', (rc, lines) => {
    expect(remarks(failing('start', rc))).toEqual(lines)
  })

  it('a failure that recovery takes care of bears on nothing', () => {
    expect(remarks(failing('monitor', 7))).toEqual([])
  })

  it('a resource that is active twice, and what its multiple-active does', () => {
    const timeline = [
      fault(T, 'started-by-hand', { node: 'node3', resource: 'solo' }),
      command(T + 2000, 'node1', 'refresh solo'),
    ]
    expect(remarks(runTrio({ until: T + 30_000, timeline }))).toEqual([
      'ocf resource solo might be active on 2 nodes (attempting recovery)',
    ])
  })

  it('who is shut down (E-12.15)', () => {
    const trace = runTrio({ until: T + 10_000, timeline: [command(T, 'node3', 'stop')] })
    expect(logged(trace, ' * Shutdown').map(({ text }) => text)).toContain(' * Shutdown node3')
    expect(logged(trace, ' * Shutdown').every(({ text }) => text === ' * Shutdown node3')).toBe(true)
  })
})

describe('how the story says it', () => {
  it('an agent is told by its resource, and no decision gives its reason twice', () => {
    const timeline = [command(T, 'node1', 'standby node3')]
    const story = storyText(runTrio({ until: T + 20_000, timeline }))
    expect(story).toContain('st stop: done')
    expect(story).not.toContain('ocf:pacemaker:Stateful')
    expect(story).toMatch(/Actions: Stop st:\d \( Unpromoted node3 \) due to node availability\n/)
  })
})
