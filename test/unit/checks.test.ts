/** Every check holds on one trace and fails on the same trace with one record changed (or one more). */

import { describe, expect, it } from 'vitest'
import { CHECKS, judge } from '../../src/checks/catalogue.ts'
import type { CheckArguments } from '../../src/checks/contract.ts'
import { fixed } from '../../src/kernel/draw.ts'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'
import { fault, HA_CF, runPair } from '../support/pair.ts'
import { runTrio } from '../support/trio.ts'

const FENCED = `${HA_CF}stonith_host alice switch bob\nstonith_host bob switch alice\n`
const trace = runPair({
  cf: FENCED,
  timings: [{ operation: 'boot', subject: '*', distribution: fixed(40_000) }],
  timeline: [fault(100_000, 'node-crash', { node: 'alice' })],
})

/** Three Pacemaker nodes at rest, for the audits of how a run ends. */
const calm = runTrio({ until: 100_000 })

/** The trace with records added at its end. */
function ended(of: Trace, ...added: readonly object[]): Trace {
  const at = of.footer.endedAt
  const records = added.map((record, i) => ({ seq: of.records.length + 1 + i, at, cause: 0, ...record }) as TraceRecord)
  return { ...of, records: [...of.records, ...records] }
}

/** The trace with the first record that fits replaced. */
function changed(
  of: Trace,
  fits: (record: TraceRecord) => boolean,
  change: (record: TraceRecord) => TraceRecord,
): Trace {
  const index = of.records.findIndex(fits)
  expect(index).toBeGreaterThanOrEqual(0)
  return { ...of, records: of.records.map((record, at) => (at === index ? change(record) : record)) }
}

function violations(of: Trace, check: string, args: CheckArguments = []): number {
  return judge(of, [{ check, arguments: args }])[0]!.violations.length
}

const promotedOnce = changed(
  trace,
  (r) => r.kind === 'lifecycle' && r.resource === 'smb' && r.to === 'started',
  (r) => ({ ...r, to: 'promoted' }) as TraceRecord,
)

const stops = (resource: string, node: string) =>
  ({ kind: 'lifecycle', node, resource, from: 'started', to: 'stopped', event: 'vanish' }) as const
const starts = (resource: string, node: string) =>
  ({ kind: 'lifecycle', node, resource, from: 'starting', to: 'started', event: 'ok' }) as const
const roles = (resource: string, node: string, from: string, to: string) =>
  ({ kind: 'lifecycle', node, resource, from, to, event: 'ok' }) as const

const CASES: readonly (readonly [check: string, args: CheckArguments, broken: Trace, good?: Trace])[] = [
  [
    'never-active-twice',
    [{ name: 'resource', value: 'httpd' }],
    changed(
      trace,
      (r) => r.kind === 'lifecycle' && r.resource === 'httpd' && r.event === 'power-lost',
      (r) => ({ ...r, node: 'nowhere' }) as TraceRecord,
    ),
  ],
  [
    'fenced-before-recovery',
    [],
    changed(
      trace,
      (r) => r.kind === 'fence' && r.phase === 'succeeded',
      (r) => ({ ...r, phase: 'failed' }) as TraceRecord,
    ),
  ],
  [
    'order-respected',
    [],
    changed(
      trace,
      (r) => r.kind === 'lifecycle' && r.resource === 'drbddisk::r0' && r.to === 'started',
      (r) => ({ ...r, to: 'stopping', event: 'stop' }) as TraceRecord,
    ),
  ],
  [
    'data-never-split',
    [],
    changed(
      trace,
      (r) => r.kind === 'storage',
      (r) => ({ ...r, phase: 'corrupted' }) as TraceRecord,
    ),
  ],
  [
    'recovered-within',
    [
      { name: 'resource', value: 'httpd' },
      { name: 'limit', value: 20_000 },
    ],
    changed(
      trace,
      (r) => r.kind === 'lifecycle' && r.resource === 'httpd' && r.event === 'power-lost',
      (r) => ({ ...r, at: r.at - 20_000 }),
    ),
  ],
  [
    'settles',
    [{ name: 'within', value: 60_000 }],
    changed(
      trace,
      (r) => r.kind === 'lifecycle' && r.node === 'bob' && r.to === 'started' && 100_000 < r.at,
      (r) => ({ ...r, at: 290_000 }),
    ),
  ],
  [
    'promoted-at-most',
    [{ name: 'resource', value: 'smb' }],
    changed(
      promotedOnce,
      (r) => r.kind === 'lifecycle' && r.resource === 'httpd' && r.to === 'started',
      (r) => ({ ...r, to: 'promoted', resource: 'smb' }) as TraceRecord,
    ),
  ],
  ['active-at-end', [], ended(calm, stops('solo', 'node2')), calm],
  [
    'active-at-end',
    [
      { name: 'resource', value: 'solo' },
      { name: 'node', value: 'node2' },
    ],
    ended(calm, stops('solo', 'node2'), starts('solo', 'node3')),
    calm,
  ],
  [
    'active-at-end',
    [
      { name: 'resource', value: 'st' },
      { name: 'instances', value: 3 },
      { name: 'promoted', value: 1 },
    ],
    ended(calm, ...['node1', 'node2', 'node3'].map((node) => starts('st', node))),
    calm,
  ],
  [
    'active-at-end',
    [
      { name: 'resource', value: 'st' },
      { name: 'instances', value: 3 },
      { name: 'promoted', value: 1 },
      { name: 'node', value: 'node1' },
    ],
    ended(calm, roles('st', 'node1', 'promoted', 'started'), roles('st', 'node2', 'started', 'promoted')),
    calm,
  ],
  [
    'active-at-most',
    [
      { name: 'resource', value: 'solo' },
      { name: 'most', value: 1 },
    ],
    ended(calm, starts('solo', 'node3')),
    calm,
  ],
  ['groups-whole', [], ended(calm, ...['node1', 'node2', 'node3'].map((node) => starts('g1', node))), calm],
  ['groups-whole', [], ended(calm, ...['node1', 'node2', 'node3'].map((node) => stops('g2', node))), calm],
  [
    'colocated',
    [
      { name: 'resource', value: 'g3' },
      { name: 'with', value: 'g1' },
    ],
    ended(calm, ...['node1', 'node2', 'node3'].map((node) => stops('g1', node))),
    calm,
  ],
  ['one-dc', [], ended(calm, { kind: 'belief', node: 'node3', about: 'DC', state: 'node3' }), calm],
  ['one-dc', [], ended(calm, { kind: 'belief', node: 'node3', about: 'quorum', state: 'lost' }), calm],
  [
    'one-dc',
    [],
    ended(calm, { kind: 'membership', node: 'node1', member: 'node2', status: 'dead', text: 'node2 has left' }),
    calm,
  ],
  [
    'copies-agree',
    [],
    ended(calm, { kind: 'belief', node: 'node2', about: 'attribute colour of node1', state: 'red' }),
    calm,
  ],
  [
    'nothing-left',
    [],
    ended(calm, { kind: 'operation', phase: 'begin', ticket: 9999, node: 'node1', resource: 'g1', interval: 0 }),
    calm,
  ],
  [
    'nothing-left',
    [],
    ended(calm, { kind: 'fence', phase: 'requested', device: 'fencing', target: 'node1', by: 'node2' }),
    calm,
  ],
  [
    'nothing-left',
    [],
    ended(calm, { kind: 'machine', node: 'node1', machine: 'controller', to: 'S_POLICY_ENGINE' }),
    calm,
  ],
]

describe('a check', () => {
  for (const [check, args, broken, good = trace] of CASES)
    it(`${check} holds on a good run and fails on a changed one`, () => {
      expect(violations(good, check, args)).toBe(0)
      expect(violations(broken, check, args)).toBeGreaterThan(0)
    })

  it('counts nobody as served by a node that stands still', () => {
    const still = runTrio({ timeline: [fault(90_000, 'node-hang', { node: 'node2' }, 2000)], until: 100_000 })
    const away = (limit: number) =>
      violations(still, 'recovered-within', [
        { name: 'resource', value: 'solo' },
        { name: 'limit', value: limit },
      ])
    expect([away(1999), away(2000)]).toEqual([1, 0])
  })

  it('is under test when it is listed', () => {
    expect([...new Set(CASES.map(([check]) => check))].sort()).toEqual(CHECKS.map((check) => check.name).sort())
  })

  it('that nobody knows is a violation, never silence', () => {
    expect(violations(trace, 'no-such-check')).toBe(1)
  })
})
