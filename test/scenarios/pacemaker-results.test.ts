/** What becomes of results that nobody waits for or that never come, and how much is asked of a busy node. Source: the rules in titles. */
import { describe, expect, it } from 'vitest'
import { cibChanged } from '../../src/pacemaker/confirm.ts'
import { createDc } from '../../src/pacemaker/dc-state.ts'
import type { PacemakerState } from '../../src/pacemaker/state.ts'
import { modeOf } from '../../src/pacemaker/throttle.ts'
import { advance, createRun } from '../../src/run/simulate.ts'
import type { Trace } from '../../src/trace/record.ts'
import { bareNode, DUMMY, monitor, primitive, REQUEST, runSmall, type Small } from '../support/executor.ts'
import { behindScenario } from '../support/remote.ts'
import { command, fault, logged, SETTLED as T } from '../support/trio.ts'

describe('a result that never comes (E-6.7)', () => {
  it('is said to be missing on the node that was to bring it, or here', () => {
    const reason = (host: string) => {
      // Monitors of connection and service are too rare to tell anything first.
      const scenario = behindScenario(
        'remote',
        [
          command(T, 'node1', `move far1 ${host}`),
          fault(T + 30_000, 'node-crash', { node: 'far1' }),
          command(T + 31_000, 'node1', 'ban web far1'),
        ],
        T + 31_000 + 81_000,
        [
          ['name="monitor" interval="20s"', 'name="monitor" interval="600s"'],
          ['name="monitor" interval="10s"', 'name="monitor" interval="600s"'],
        ],
      )
      const run = createRun(scenario)
      advance(run, scenario.until)
      const { cib, controller } = run.state.daemons.get('node1') as PacemakerState
      const far = cib.status.nodeStates.find(({ uname }) => uname === 'far1')
      const lost = far?.history.find(({ id }) => id === 'web')?.ops.find(({ status }) => status === 2)
      return `${controller.dc === host ? 'here' : 'there'}: ${lost?.exitReason}`
    }
    expect(['node1', 'node2', 'node3'].map(reason).sort()).toEqual([
      'here: Local executor did not return result in time',
      expect.stringMatching(/^there: Controller on node\d did not return result in time$/),
      expect.stringMatching(/^there: Controller on node\d did not return result in time$/),
    ])
  })
})

describe('how much is asked of a busy node (E-6.2, E-6.3)', () => {
  it('depends on its load average for each core, and on what the CIB process uses', () => {
    const modes = (cores: number, cibShare: number, ...averages: readonly number[]) =>
      averages.map((average) => modeOf({ average, cibShare }, cores, 0.8))
    // 0.8 · 2 · 1.2, 1.6 and 2.
    expect(modes(2, 0, 1.91, 1.93, 2.55, 2.57, 3.19, 3.21)).toEqual([
      'negligible',
      'low',
      'low',
      'medium',
      'medium',
      'high',
    ])
    // 0.8 · 0.6 · 1.2, 1.6 and 2.
    expect(modes(1, 0, 0.57, 0.58, 0.77, 0.97)).toEqual(['negligible', 'low', 'medium', 'high'])
    expect([0.63, 0.65, 0.73, 0.81, 1.21].map((share) => modes(2, share, 0)[0])).toEqual([
      'negligible',
      'low',
      'medium',
      'high',
      'extreme',
    ])
    expect([0.31, 0.33, 0.61].map((share) => modes(1, share, 0)[0])).toEqual(['negligible', 'low', 'extreme'])
  })

  const MANY = Array.from({ length: 8 }, (_, at) => primitive(`r${at}`, DUMMY)).join('')
  /** The most starts that were under way on node2 at a time when everything had to go there at `at`. */
  const most = (processes: number, more: Partial<Small> = {}, at = T + 300_000, cib = 0) => {
    const busy = processes + cib > 0 ? [fault(T, 'node-busy', { node: 'node2', processes, cib })] : []
    const timeline = [...busy, command(at, 'node1', 'standby node1')]
    const { trace } = runSmall({ resources: MANY, timeline, until: at + 30_000, ...more })
    let now = 0
    let top = 0
    for (const record of trace.records)
      if (record.kind === 'operation' && record.node === 'node2' && record.operation === 'start' && at <= record.at) {
        now += record.phase === 'begin' ? 1 : -1
        top = Math.max(top, now)
      }
    return top
  }

  it('is four on two cores, two when it is low, one when it is more than that', () => {
    expect([0, 2, 3, 5].map((processes) => most(processes))).toEqual([4, 2, 1, 1])
  })

  it('is what node-action-limit says, or less of it', () => {
    const properties = '<nvpair id="o2" name="node-action-limit" value="6"/>'
    expect([0, 2].map((processes) => most(processes, { properties }))).toEqual([6, 3])
  })

  it('goes by load-threshold', () => {
    const properties = '<nvpair id="o2" name="load-threshold" value="200%"/>'
    expect(most(3, { properties })).toBe(4)
  })

  it('is known half a minute after the load is there, and is full again when it is gone', () => {
    expect(most(9, {}, T + 5000)).toBe(4)
    const timeline = [fault(T, 'node-busy', { node: 'node2', processes: 9 }, 60_000)]
    const { trace } = runSmall({ resources: MANY, timeline, until: T + 600_000 })
    const said = logged(trace, 'New throttle mode').map(({ text }) => text)
    expect(said).toContain('New throttle mode: high load (was low)')
    expect(said.at(-1)).toBe('New throttle mode: negligible load (was low)')
  })

  it('is less for the whole graph where a node is very busy', () => {
    // Two peers: half of them is one, a quarter is not less than one.
    const { trace } = runSmall({
      resources: MANY,
      timeline: [fault(T, 'node-busy', { node: 'node2', processes: 9 }), command(T + 90_000, 'node1', 'standby node1')],
      until: T + 150_000,
    })
    const open = new Set<string>()
    let top = 0
    for (const record of trace.records)
      if (record.kind === 'operation' && T + 90_000 <= record.at) {
        if (record.phase === 'begin') open.add(`${record.node} ${record.ticket}`)
        else open.delete(`${record.node} ${record.ticket}`)
        top = Math.max(top, open.size)
      }
    expect(top).toBe(1)
  })
})

describe('a result that no graph waits for (E-5.2)', () => {
  const STOPPED = [fault(T, 'agent-slow', { node: 'node1', resource: 'r', operation: 'stop', factor: 300 })]
  const aborted = (trace: Trace, from: number) =>
    trace.records.flatMap((one) => {
      const text = one.kind === 'log' && from <= one.at ? /aborted by operation (r_\S+) .*: (.*)$/.exec(one.text) : null
      return text === null ? [] : [`${text[1]} ${text[2]}`]
    })

  it('is unexpected where nobody asked for it', () => {
    const { trace } = runSmall({
      resources: primitive('r', DUMMY),
      timeline: [command(T, 'node1', 'inject r_start_0@node1=1')],
    })
    expect(aborted(trace, T)).toContain('r_start_0 Unexpected event')
  })

  it('is foreign where another DC asked for it, a change where it recurs', () => {
    const failing = fault(T + 40_000, 'agent-result', {
      node: 'node1',
      resource: 'r',
      operation: 'monitor',
      rc: 7,
      times: 1,
    })
    const timeline = [
      ...STOPPED,
      failing,
      command(T, 'node1', 'disable r'),
      fault(T + 1000, 'process-crash', { node: 'node2', process: 'pacemaker-controld' }),
    ]
    const { trace } = runSmall({
      resources: primitive('r', DUMMY, '<op id="p" name="stop" interval="0s" timeout="100s"/>'),
      timeline,
      options: [{ name: 'electionOrder', value: 'node2 node1' }],
      until: T + 90_000,
    })
    expect(aborted(trace, T)).toEqual(['r_stop_0 Foreign event'])
    const changed = runSmall({ resources: primitive('r', DUMMY, monitor(10)), timeline: [failing] })
    expect(aborted(changed.trace, T)).toEqual(['r_monitor_10000 Change in recurring result'])
  })

  it('is too late where its graph is over, and old where another one came after that', () => {
    const told = (transition: number, dc: string) => {
      const { state, context, acts } = bareNode()
      state.dc = { ...createDc(), lastNumber: 5 }
      state.controller.state = 'S_IDLE'
      const origin = { action: 3, transition, dc: dc === 'own' ? state.controller.life : dc }
      const { agent, service, operation, intervalMs, expectedRc, onFail } = REQUEST
      const result = {
        rc: 0,
        status: 0,
        isNack: false,
        text: '',
        kind: 'result' as const,
        node: 'node1',
        resource: 'r',
      }
      const event = { ...result, service, operation, intervalMs, expectedRc, onFail, origin }
      const update = { kind: 'op' as const, node: { id: '1', name: 'node1' }, agent, ops: [] }
      cibChanged(state, context, { update, event }, {})
      return acts.flatMap((one) => (one.kind === 'log' ? [one.text.replace(/.*: /, '')] : []))
    }
    expect(told(5, 'own')).toEqual(['Inactive graph'])
    expect(told(4, 'own')).toEqual(['Old event'])
    expect(told(5, 'another')).toEqual(['Foreign event'])
    expect(told(-1, 'own')).toEqual(['Unexpected event'])
  })
})

describe('a change (E-5.1)', () => {
  it('is decided on at once, or when nothing more has changed for transition-delay', () => {
    const decided = (properties: string) => {
      const fails = (at: number, resource: string) =>
        fault(at, 'agent-result', { node: 'node1', resource, operation: 'monitor', rc: 7, times: 1 })
      const resources = primitive('a', DUMMY, monitor(10)) + primitive('b', DUMMY, monitor(10).replace('m10', 'n10'))
      const timeline = [fails(T, 'a'), fails(T + 10_000, 'b')]
      const { trace } = runSmall({ resources, timeline, properties, until: T + 60_000 })
      const failures = trace.records.filter(
        (one) => one.kind === 'log' && T < one.at && /Change in recurring/.test(one.text),
      )
      const last = failures.at(-1)!.at
      return logged(trace, 'Calculated')
        .map(({ at }) => at - last)
        .filter((at) => -10_100 < at && at < 20_000)
    }
    expect(decided('').every((at) => at < 2000)).toBe(true)
    const waited = decided('<nvpair id="o2" name="transition-delay" value="15s"/>')
    expect(waited[0]).toBeGreaterThanOrEqual(15_000)
    expect(waited[0]).toBeLessThan(15_100)
  })
})
