/** Every check that a scenario can name. Adding one: a file of its own, a line here; the law tests then hold it. */
import type { Expectation } from '../model/expectation.ts'
import type { Trace } from '../trace/record.ts'
import { activeAtEnd } from './active-at-end.ts'
import { activeAtMost } from './active-at-most.ts'
import { colocated } from './colocated.ts'
import type { Check, Verdict } from './contract.ts'
import { copiesAgree } from './copies-agree.ts'
import { dataNeverSplit } from './data-never-split.ts'
import { fencedBeforeRecovery } from './fenced-before-recovery.ts'
import { groupsWhole } from './groups-whole.ts'
import { neverActiveTwice } from './never-active-twice.ts'
import { nothingLeft } from './nothing-left.ts'
import { oneDc } from './one-dc.ts'
import { orderRespected } from './order-respected.ts'
import { promotedAtMost } from './promoted-at-most.ts'
import { recoveredWithin } from './recovered-within.ts'
import { settles } from './settles.ts'

export const CHECKS: readonly Check[] = [
  neverActiveTwice,
  fencedBeforeRecovery,
  orderRespected,
  dataNeverSplit,
  recoveredWithin,
  settles,
  promotedAtMost,
  activeAtEnd,
  activeAtMost,
  groupsWhole,
  colocated,
  oneDc,
  copiesAgree,
  nothingLeft,
]

const BY_NAME = new Map(CHECKS.map((check) => [check.name, check]))

/** What every run is held against, whatever its scenario expects: told as facts, never as a failed expectation. */
export const INVARIANTS: readonly Expectation[] = [
  { check: 'never-active-twice', arguments: [] },
  { check: 'data-never-split', arguments: [] },
]

/** Holds a trace against expectations, in their order. An unknown check is a violation that says so. */
export function judge(
  trace: Trace,
  expectations: readonly Expectation[] = trace.header.expectations,
): readonly Verdict[] {
  return expectations.map((expectation) => {
    const check = BY_NAME.get(expectation.check)
    const violations =
      check === undefined
        ? [{ at: 0, seq: 0, text: `there is no check named ${expectation.check}` }]
        : check.find(trace, expectation.arguments)
    return { expectation, held: violations.length === 0, violations }
  })
}

/** An expectation in words: `recovered-within (resource httpd, limit 20000)`. */
export function expectationText({ check, arguments: args }: Expectation): string {
  return args.length === 0 ? check : `${check} (${args.map(({ name, value }) => `${name} ${value}`).join(', ')})`
}
