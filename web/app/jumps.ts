/** Steps of the cursor: from an instant to the next one of a kind. */
import { countUpTo } from '../../src/kernel/search.ts'
import type { Together } from '../replay/together.ts'
import type { Table } from './use-table.ts'

export type Jump =
  | 'decision-back'
  | 'decision-on'
  | 'difference'
  | 'event-back'
  | 'event-on'
  | 'fault-on'
  | 'violation-on'

/** Where a step leads, or undefined where there is nothing further. Beside others, a step is to the next event of any run. */
export function targetOf(table: Table, jump: Jump, together?: Together): number | undefined {
  const { at } = table
  if (jump === 'difference') return together?.first?.at
  if (jump === 'event-back') return eventsOf(table, together).before(at)
  if (jump === 'event-on') return eventsOf(table, together).after(at)
  const instants = instantsOf(table, jump)
  return jump.endsWith('back') ? instants.findLast((instant) => instant < at) : instants.find((instant) => at < instant)
}

function instantsOf(
  { lines, decisions, run }: Table,
  jump: Exclude<Jump, 'difference' | 'event-back' | 'event-on'>,
): readonly number[] {
  switch (jump) {
    case 'decision-back':
    case 'decision-on':
      return decisions.filter(({ actions }) => actions.length > 0).map(({ at }) => at)
    case 'fault-on':
      return lines.filter(({ kind }) => kind === 'fault' || kind === 'command').map(({ at }) => at)
    case 'violation-on':
      return [...run.expected, ...run.invariants]
        .flatMap(({ violations }) => violations.map(({ at }) => at))
        .sort((left, right) => left - right)
  }
}

/** Events by their instants, however many: found by halving. */
function eventsOf({ lines }: Table, together: Together | undefined) {
  const found: readonly { readonly at: number }[] =
    together === undefined ? lines : together.instants.map((at) => ({ at }))
  const upTo = (instant: number): number => countUpTo(found, instant, (event) => event.at)
  return {
    before: (at: number): number | undefined => found[upTo(at - 1) - 1]?.at,
    after: (at: number): number | undefined => found[upTo(at)]?.at,
  }
}
