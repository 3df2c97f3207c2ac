/** What a resource went through on one node, as a list of results: plausible ways to be active, to be inactive, to have failed. */
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import type { FuzzPrimitive } from './primitives.ts'
import type { Result } from './results.ts'

/** What a shape may look like. */
export interface Situation {
  readonly primitive: FuzzPrimitive
  readonly isPromotable: boolean
  /** It should be promoted here. */
  readonly isPromoted: boolean
  readonly features: Features
}

/** A shape and what it leaves behind in the node's attributes. */
export interface Shape {
  readonly results: readonly Result[]
  /** `operation_interval` and how often it failed. */
  readonly failures: readonly (readonly [operation: string, count: string])[]
}

const shape = (...results: readonly Result[]): Shape => ({ results, failures: [] })

/** Results of a resource that runs. */
export function activeShape(draw: Draw, situation: Situation): Shape {
  const { features } = situation
  if (features.hasFailures && draw.chance(18)) return failedShape(draw, situation)
  if (features.hasPending && draw.chance(25)) return pendingShape(draw, situation)
  const isPromoted = situation.isPromoted
  const started = draw.weighted<() => readonly Result[]>([
    [12, () => [{ operation: 'monitor', rc: isPromoted ? 8 : 0, expected: 7 }]],
    [80, () => (isPromoted ? [start(draw, features), { operation: 'promote', rc: 0 }] : [start(draw, features)])],
    [situation.isPromotable && !isPromoted ? 15 : 0, () => [{ operation: 'demote', rc: 0 }]],
    [features.hasDigests ? 5 : 0, () => [start(draw, features), { operation: 'reload-agent', rc: 0 }]],
  ])()
  return shape(...started, ...monitors(draw, situation))
}

function start(draw: Draw, features: Features): Result {
  if (!features.hasDigests || !draw.chance(35)) return { operation: 'start', rc: 0 }
  const extra = {
    'op-digest': '0123456789abcdef0123456789abcdef',
    'op-force-restart': draw.maybe(30, () => ' state '),
    'op-restart-digest': draw.maybe(30, () => 'fedcba9876543210fedcba9876543210'),
    'op-secure-params': draw.maybe(15, () => ' passwd '),
    'op-secure-digest': draw.maybe(15, () => '22223333444455556666777788889999'),
  }
  return { operation: 'start', rc: 0, extra }
}

/** Recurring monitors as they would be recorded; some are missing, some belong to an older configuration. */
function monitors(draw: Draw, { primitive, isPromoted, isPromotable, features }: Situation): readonly Result[] {
  const fitting = primitive.monitors.filter(({ role }) => {
    const isForPromoted = role === 'Master' || role === 'Promoted'
    return role !== 'Stopped' && (isPromotable ? isForPromoted === isPromoted : true)
  })
  const recorded = fitting
    .filter(() => draw.chance(80))
    .map(({ intervalMs }) => monitor(intervalMs, isPromoted ? 8 : 0))
  if (features.hasOrphans && draw.chance(10)) recorded.push(monitor(5000, isPromoted ? 8 : 0))
  if (features.hasDigests && recorded.length > 0 && draw.chance(20)) {
    recorded[0] = { ...recorded[0]!, extra: { 'op-digest': '0123456789abcdef0123456789abcdef' } }
  }
  return recorded
}

function monitor(intervalMs: number, rc: number): Result {
  return { operation: 'monitor', intervalMs, rc, expected: rc }
}

/** Results of a resource that does not run. */
export function inactiveShape(draw: Draw, situation: Situation): Shape {
  const { features } = situation
  if (features.hasFailures && draw.chance(10)) return failedInactiveShape(draw)
  if (features.hasPending && draw.chance(8)) return shape({ operation: 'monitor', rc: 193, status: -1, expected: 7 })
  return draw.weighted<() => Shape>([
    [70, () => shape({ operation: 'monitor', rc: 7, expected: 7 })],
    [20, () => shape({ operation: 'stop', rc: 0 })],
    [3, () => shape({ operation: 'start', rc: 0 }, { operation: 'stop', rc: 0 })],
    [2, () => shape({ operation: 'monitor', rc: draw.pick([5, 2, 1, 4]), expected: 7, isFailure: draw.chance(50) })],
  ])()
}

function failedInactiveShape(draw: Draw): Shape {
  const rc = draw.pick([1, 1, 5, 6, 2, 7, 4, 3])
  const status = rc === 1 && draw.chance(30) ? 2 : draw.pick([0, 4])
  return draw.weighted<() => Shape>([
    [
      60,
      () => ({
        results: [
          { operation: 'start', rc, status, isFailure: true },
          ...(draw.chance(80) ? [{ operation: 'stop', rc: 0 }] : []),
        ],
        failures: draw.chance(75) ? [['start_0', draw.pick(['INFINITY', 'INFINITY', '1'])] as const] : [],
      }),
    ],
    [
      40,
      () =>
        shape({
          operation: 'monitor',
          rc: draw.pick([5, 1, 2, 6]),
          expected: 7,
          isFailure: true,
          status: draw.pick([0, 4, 7]),
        }),
    ],
  ])()
}

/** Results of a resource that ran and failed. */
export function failedShape(draw: Draw, situation: Situation): Shape {
  const { isPromotable, isPromoted } = situation
  const rc = draw.pick([1, 1, 1, 5, 7, 2, 6, 9, 8])
  const status = rc === 1 && draw.chance(30) ? 2 : draw.chance(25) ? 4 : 0
  const before: readonly Result[] = [
    { operation: 'start', rc: 0 },
    ...(isPromoted ? [{ operation: 'promote', rc: 0 }] : []),
  ]
  const count = draw.pick(['1', '1', '2', '3', 'INFINITY'])
  const failed = (operation: string): Shape => ({
    results: [...before, { operation, rc, status, isFailure: draw.chance(75) }],
    failures: draw.chance(75)
      ? [[`${operation}_0`, operation === 'monitor' ? count : draw.pick(['1', 'INFINITY'])]]
      : [],
  })
  return draw.weighted<() => Shape>([
    [45, () => failedMonitor(draw, situation, before, { rc, status, count })],
    [20, () => failed('stop')],
    [10, () => failed('start')],
    [isPromotable ? 15 : 0, () => failed('promote')],
    [isPromotable ? 15 : 0, () => failed('demote')],
  ])()
}

interface Failing {
  readonly rc: number
  readonly status: number
  readonly count: string
}

function failedMonitor(draw: Draw, situation: Situation, before: readonly Result[], failing: Failing): Shape {
  const intervalMs = situation.primitive.monitors[0]?.intervalMs ?? 10_000
  const expected = situation.isPromoted ? 8 : 0
  const { rc, status, count } = failing
  const result: Result = { operation: 'monitor', intervalMs, rc, status, expected, isFailure: draw.chance(85) }
  const after = draw.chance(15)
    ? [{ operation: 'stop', rc: 0 }, { operation: 'start', rc: 0 }, monitor(intervalMs, 0)]
    : []
  return {
    results: [...before, result, ...after],
    failures: draw.chance(80) ? [[`monitor_${intervalMs}`, count]] : [],
  }
}

function pendingShape(draw: Draw, { isPromotable, isPromoted, primitive }: Situation): Shape {
  const pending = (operation: string, intervalMs = 0): Result => ({
    operation,
    intervalMs,
    rc: draw.pick([193, 193, -1]),
    status: -1,
    expected: operation === 'monitor' && intervalMs === 0 ? 7 : 0,
  })
  const started: Result = { operation: 'start', rc: 0 }
  const promoted: readonly Result[] = isPromoted ? [{ operation: 'promote', rc: 0 }] : []
  return draw.weighted<() => Shape>([
    [35, () => shape(pending('start'))],
    [25, () => shape(started, ...promoted, pending('stop'))],
    [15, () => shape(pending('monitor'))],
    [15, () => shape(started, ...promoted, pending('monitor', primitive.monitors[0]?.intervalMs ?? 10_000))],
    [isPromotable ? 15 : 0, () => shape(started, pending('promote'))],
    [isPromotable ? 10 : 0, () => shape(started, ...promoted, pending('demote'))],
  ])()
}
