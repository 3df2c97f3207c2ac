/** Every check holds on one trace and fails on the same trace with one record changed (or one more). */

import { describe, expect, it } from 'vitest'
import { CHECKS, judge } from '../../src/checks/catalogue.ts'
import type { CheckArguments } from '../../src/checks/contract.ts'
import { fixed } from '../../src/kernel/draw.ts'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'
import { fault, HA_CF, runPair } from '../support/pair.ts'

const FENCED = `${HA_CF}stonith_host alice switch bob\nstonith_host bob switch alice\n`
const trace = runPair({
  cf: FENCED,
  timings: [{ operation: 'boot', subject: '*', distribution: fixed(40_000) }],
  timeline: [fault(100_000, 'node-crash', { node: 'alice' })],
})

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

const CASES: readonly (readonly [check: string, args: CheckArguments, broken: Trace])[] = [
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
]

describe('a check', () => {
  it.each(CASES)('%s holds on a good run and fails on a changed one', (check, args, broken) => {
    expect(violations(trace, check, args)).toBe(0)
    expect(violations(broken, check, args)).toBeGreaterThan(0)
  })

  it('is under test when it is listed', () => {
    expect(CASES.map(([check]) => check).sort()).toEqual(CHECKS.map((check) => check.name).sort())
  })

  it('that nobody knows is a violation, never silence', () => {
    expect(violations(trace, 'no-such-check')).toBe(1)
  })
})
