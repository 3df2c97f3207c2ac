/** Recovery times and decisions as they are read out of a trace: of records written by hand, and of whole runs. */
import { describe, expect, it } from 'vitest'
import type { LifecycleState } from '../../src/model/lifecycle.ts'
import type { NodeState } from '../../src/model/node.ts'
import { decisionAt, decisionsOf } from '../../src/report/decisions.ts'
import { PHASES, type Recovery, recoveriesOf, recoveryText } from '../../src/report/recovery.ts'
import type { RecordDraft, Trace, TraceRecord } from '../../src/trace/record.ts'
import { fault, runPair } from '../support/pair.ts'

type Line = readonly [at: number, cause: number, draft: RecordDraft]

const lifecycle = (node: string, resource: string, from: 'started' | 'stopped', event: string): RecordDraft => ({
  kind: 'lifecycle',
  node,
  resource,
  from,
  to: from === 'stopped' ? 'started' : 'stopped',
  event,
})
const call = (node: string, operation: 'monitor' | 'start' | 'stop', phase: 'begin' | 'end', rc = 0): RecordDraft => ({
  kind: 'operation',
  phase,
  ticket: 1,
  node,
  resource: 'db',
  operation,
  call: `db ${operation}`,
  interval: operation === 'monitor' ? 10_000 : 0,
  ...(phase === 'end' ? { status: 'done' as const, rc } : {}),
})
const crash: RecordDraft = {
  kind: 'fault',
  phase: 'begin',
  fault: 'node-crash',
  targets: ['n1'],
  text: 'n1 loses power',
  why: '',
}
const dead: RecordDraft = { kind: 'membership', node: 'n2', member: 'n1', status: 'dead', text: 'n1 is dead' }
const decision: RecordDraft = {
  kind: 'decision',
  node: 'n2',
  decision: 'action',
  about: ['db'],
  text: 'Move db',
  reasons: [],
}
const fenced = (phase: 'requested' | 'succeeded'): RecordDraft => ({
  kind: 'fence',
  phase,
  device: 'ipmi',
  target: 'n1',
  action: 'reboot',
  by: 'n2',
  text: '',
})

function traceOf(lines: readonly Line[]): Trace {
  const spec = { id: 'db', agent: { class: 'ocf', type: 'db' }, parameters: [], promotable: false } as const
  const cluster = {
    manager: 'pacemaker',
    nodes: ['n1', 'n2'],
    media: [],
    pingTargets: [],
    resources: [spec],
    groups: [],
    fenceDevices: [],
    storage: [],
    processes: [],
  } as const
  // A draft with these three fields is a record.
  const records = lines.map(([at, cause, draft], index) => ({ seq: index + 1, at, cause, ...draft }) as TraceRecord)
  return {
    header: {
      kind: 'header',
      format: 1,
      version: '',
      title: '',
      seed: 1,
      until: 60_000,
      scenarioDigest: '',
      cluster,
      expectations: [],
    },
    records,
    footer: { kind: 'footer', records: records.length, events: 0, endedAt: 60_000, reason: 'time-limit', digest: '' },
  }
}

const takeover: readonly Line[] = [
  [1000, 0, lifecycle('n1', 'db', 'stopped', 'operation-ok')],
  [20_000, 0, crash],
  [20_000, 2, lifecycle('n1', 'db', 'started', 'power-lost')],
  [26_000, 2, dead],
  [27_000, 4, decision],
  [27_500, 5, fenced('requested')],
  [32_000, 6, fenced('succeeded')],
  [32_100, 7, call('n2', 'start', 'begin')],
  [34_000, 8, lifecycle('n2', 'db', 'stopped', 'operation-ok')],
]

describe('a recovery', () => {
  it('is split into detecting, deciding, fencing and starting', () => {
    const [recovery] = recoveriesOf(traceOf(takeover))
    expect(recovery).toMatchObject({ resource: 'db', from: 20_000, to: 34_000, before: 'n1', after: 'n2' })
    expect(recovery?.phases).toEqual({ detect: 6000, decide: 1000, fence: 5000, stop: 0, start: 2000, promote: 0 })
    expect(recoveryText(recoveriesOf(traceOf(takeover)))).toBe(
      '↻ db  back on n2 14s after n1 loses power: detect 6s, decide 1s, fence 5s, start 2s',
    )
  })

  it('that does not end is told with what was reached', () => {
    const [recovery] = recoveriesOf(traceOf(takeover.slice(0, 7)))
    expect(recovery?.to).toBeUndefined()
    expect(recoveryText([recovery!])).toBe(
      '↻ db  does not come back after n1 loses power: detect 6s, decide 1s, fence 5s',
    )
  })

  it('of a service that ended by itself is detected by the check that finds it, not by the one before', () => {
    const [recovery] = recoveriesOf(
      traceOf([
        [1000, 0, lifecycle('n1', 'db', 'stopped', 'operation-ok')],
        [9000, 1, call('n1', 'monitor', 'end')],
        [10_000, 0, { ...crash, fault: 'service-crash', targets: ['n1', 'db'], text: 'db ends' } as RecordDraft],
        [10_000, 3, lifecycle('n1', 'db', 'started', 'vanish')],
        [19_000, 2, call('n1', 'monitor', 'end', 7)],
        [19_100, 5, decision],
        [19_200, 6, call('n1', 'stop', 'begin')],
        [19_700, 7, call('n1', 'stop', 'end')],
        [19_700, 8, call('n1', 'start', 'begin')],
        [21_000, 9, lifecycle('n1', 'db', 'stopped', 'operation-ok')],
      ]),
    )
    expect(recovery?.cause).toBe('db ends')
    expect(recovery?.phases).toMatchObject({ detect: 9000, decide: 100, stop: 600, start: 1300 })
  })

  it('tells a long stop that failed from the fencing that it brought about', () => {
    const [recovery] = recoveriesOf(
      traceOf([
        [1000, 0, lifecycle('n1', 'db', 'stopped', 'operation-ok')],
        [10_000, 0, { ...crash, fault: 'service-hang', targets: ['n1', 'db'], text: 'db hangs' } as RecordDraft],
        [10_000, 2, lifecycle('n1', 'db', 'started', 'hang')],
        [19_000, 2, call('n1', 'monitor', 'end', 1)],
        [19_100, 4, decision],
        [19_200, 5, call('n1', 'stop', 'begin')],
        [39_200, 6, call('n1', 'stop', 'end', 1)],
        [39_300, 7, fenced('requested')],
        [42_300, 8, fenced('succeeded')],
        [42_400, 9, call('n2', 'start', 'begin')],
        [44_000, 10, lifecycle('n2', 'db', 'stopped', 'operation-ok')],
      ]),
    )
    expect(recovery?.phases).toEqual({ detect: 9000, decide: 100, fence: 3100, stop: 20_100, start: 1700, promote: 0 })
  })

  it('of a planned move has nothing to detect or decide', () => {
    const [recovery] = recoveriesOf(
      traceOf([
        [1000, 0, lifecycle('n1', 'db', 'stopped', 'operation-ok')],
        [20_000, 0, { kind: 'command', node: 'n1', command: 'standby n1', why: '' }],
        [20_100, 2, decision],
        [20_200, 3, call('n1', 'stop', 'begin')],
        [20_200, 4, lifecycle('n1', 'db', 'started', 'stop')],
        [21_000, 4, call('n1', 'stop', 'end')],
        [21_000, 6, call('n2', 'start', 'begin')],
        [23_000, 7, lifecycle('n2', 'db', 'stopped', 'operation-ok')],
      ]),
    )
    expect(recovery).toMatchObject({ isPlanned: true, from: 20_200, cause: '`standby n1`' })
    expect(recovery?.phases).toMatchObject({ detect: 0, decide: 0, stop: 800, start: 2000 })
  })

  it('of a service on a frozen node is none before another node serves, whoever resets the frozen one', () => {
    const turned = (from: NodeState, to: NodeState): RecordDraft => ({ kind: 'node', node: 'n1', from, to, text: '' })
    const frozen: readonly Line[] = [
      [1000, 0, lifecycle('n1', 'db', 'stopped', 'operation-ok')],
      [20_000, 0, { ...crash, fault: 'node-hang', text: 'n1 freezes' } as RecordDraft],
      [20_000, 2, turned('up', 'hung')],
      [26_000, 3, dead],
    ]
    const [moved, ...others] = recoveriesOf(
      traceOf([
        ...frozen,
        [32_000, 4, turned('hung', 'booting')],
        [32_000, 5, lifecycle('n1', 'db', 'started', 'power-lost')],
        [34_000, 4, lifecycle('n2', 'db', 'stopped', 'operation-ok')],
        [50_000, 5, turned('booting', 'up')],
      ]),
    )
    expect(moved).toMatchObject({ from: 20_000, to: 34_000, after: 'n2', cause: 'n1 freezes' })
    expect(others).toEqual([])
    const [woken] = recoveriesOf(traceOf([...frozen, [29_000, 4, turned('hung', 'up')]]))
    expect(woken).toMatchObject({ from: 20_000, to: 29_000, after: 'n1' })
  })

  it('of a promoted instance that failed is none while it is demoted', () => {
    const turns = (node: string, from: LifecycleState, to: LifecycleState, event: string): RecordDraft => ({
      kind: 'lifecycle',
      node,
      resource: 'db',
      from,
      to,
      event,
    })
    const trace = traceOf([
      [1000, 0, turns('n1', 'promoting', 'promoted', 'operation-ok')],
      [20_000, 0, { ...crash, fault: 'service-crash', text: 'db ends' } as RecordDraft],
      [20_000, 2, turns('n1', 'promoted', 'failed-promoted', 'crash')],
      [26_000, 3, turns('n1', 'failed-promoted', 'demoting', 'demote')],
      [27_000, 4, turns('n1', 'demoting', 'failed', 'operation-ok')],
      [30_000, 5, turns('n2', 'promoting', 'promoted', 'operation-ok')],
    ])
    const resources = trace.header.cluster.resources.map((spec) => ({ ...spec, promotable: true }))
    const cluster = { ...trace.header.cluster, resources }
    const recoveries = recoveriesOf({ ...trace, header: { ...trace.header, cluster } })
    expect(recoveries).toMatchObject([{ from: 20_000, to: 30_000, after: 'n2' }])
  })

  it('has parts that add up to the whole, in a whole run of Heartbeat', () => {
    const recoveries = recoveriesOf(runPair({ timeline: [fault(60_000, 'node-crash', { node: 'alice' }, 30_000)] }))
    const sum = ({ phases }: Recovery): number => PHASES.reduce((total, phase) => total + phases[phase], 0)
    expect(recoveries.length).toBeGreaterThan(2)
    for (const recovery of recoveries) expect(sum(recovery)).toBe(recovery.to! - recovery.from)
  })
})

describe('decisions', () => {
  const log = (text: string): RecordDraft => ({ kind: 'log', node: 'n2', level: 'info', text })

  it('of one DC at one instant are one entry, with the news it had had', () => {
    const trace = traceOf([
      ...takeover.slice(0, 5),
      [27_000, 5, { ...decision, about: ['ip'], text: 'Move ip' } as RecordDraft],
      [27_000, 6, log('Calculated transition 3')],
    ])
    const [entry, ...others] = decisionsOf(trace)
    expect(others).toEqual([])
    expect(entry).toMatchObject({ node: 'n2', transition: 3, first: 5, seq: 7, at: 27_000 })
    expect(entry?.actions.map((action) => action.text)).toEqual(['Move db', 'Move ip'])
    expect(entry?.news.map((record) => record.kind)).toEqual(['fault', 'membership'])
    expect(decisionAt([entry!], 4)).toBeUndefined()
    expect(decisionAt([entry!], 6)).toBe(entry)
  })

  it('that ask for nothing are entries too', () => {
    const [entry] = decisionsOf(traceOf([[5000, 0, log('Calculated transition 0')]]))
    expect(entry).toMatchObject({ transition: 0, actions: [], first: 1, seq: 1 })
  })
})
