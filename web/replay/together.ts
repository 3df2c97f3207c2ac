/** Several runs of one scenario on one time axis: what each made of the same misfortunes, and where they part. A function of their traces. */
import { countUpTo } from '../../src/kernel/search.ts'
import { type StoryLine, storyLines } from '../../src/report/story.ts'
import type { Act, VariantTable } from './contract.ts'
import { type Axis, foldAxis, instantsOf } from './folds.ts'

/** One run of those that are shown. */
export interface Strip {
  readonly column: VariantTable['columns'][number]
  /** By which the address knows it; empty for the scenario itself. */
  readonly key: string
  readonly lines: readonly StoryLine[]
  /** Of those the ones that the story tells unasked. */
  readonly loud: readonly StoryLine[]
  /** What it does where another run parts from it, or it from the first; the earliest first. */
  readonly partings: readonly Deed[]
}

/** Something that one run does and another does not. */
export interface Deed {
  readonly at: number
  /** Where it parts from: the number of the difference, from 1. */
  readonly number: number
}

/** One variant against the first run; the earliest has the first number. */
export interface Difference {
  readonly number: number
  /** The earlier of both deeds; undefined where both do the same throughout. */
  readonly at: number | undefined
  /** Both do the same in the same order, only not at the same time. */
  readonly isOfTime: boolean
  readonly sides: readonly [left: Side, right: Side]
}

/** What one run does at a difference; without an act, nothing any more. */
export interface Side {
  readonly name: string
  readonly act: Act | undefined
  /** What one that does nothing more said last. */
  readonly rest: Parting['rest']
}

type Parting = VariantTable['partings'][number]

/** Everything that a view of several runs needs. */
export interface Together {
  readonly table: VariantTable
  readonly strips: readonly Strip[]
  readonly differences: readonly Difference[]
  /** The earliest of all differences; undefined where all do the same. */
  readonly first: Difference | undefined
  readonly end: number
  /** Every instant at which something happens in any of them, sorted. */
  readonly instants: readonly number[]
  /** Of those the ones that are not routine: what the axis does not fold away. */
  readonly busy: readonly number[]
}

/** Puts the runs together. O(records). */
export function putTogether(table: VariantTable): Together {
  const { columns, partings } = table
  const [base] = columns
  const differences = partings
    .map((parting) => toDifference(base?.name ?? '', parting))
    .sort((left, right) => (left.at ?? Number.MAX_SAFE_INTEGER) - (right.at ?? Number.MAX_SAFE_INTEGER))
    .map((difference, index) => ({ ...difference, number: index + 1 }))
  const strips = columns.map((column, index) => {
    const lines = storyLines(column.trace)
    return {
      column,
      key: index === 0 ? '' : column.name,
      lines,
      loud: lines.filter(({ tone }) => tone !== 'quiet'),
      partings: differences
        .flatMap(({ number, sides: [left, right] }) => {
          const act = index === 0 ? left.act : right.name === column.name ? right.act : undefined
          return act === undefined ? [] : [{ at: act.at, number }]
        })
        .sort((left, right) => left.at - right.at || left.number - right.number),
    }
  })
  return {
    table,
    strips,
    differences,
    first: differences.find(({ at }) => at !== undefined),
    end: Math.max(...columns.map(({ trace }) => trace.footer.endedAt)),
    instants: inOrder(
      strips.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'message').map(({ at }) => at)),
    ),
    busy: inOrder(strips.flatMap(({ column, lines }) => instantsOf(column.trace, lines))),
  }
}

function toDifference(base: string, { name, left, right, shift, rest }: Parting): Omit<Difference, 'number'> {
  const [ours, theirs] = shift === undefined ? [left, right] : [shift.left, shift.right]
  return {
    at: earlier(ours?.at, theirs?.at),
    isOfTime: shift !== undefined,
    sides: [
      { name: base, act: ours, rest },
      { name, act: theirs, rest },
    ],
  }
}

function earlier(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return Math.min(left, right)
}

function inOrder(all: readonly number[]): readonly number[] {
  return [...new Set(all)].sort((left, right) => left - right)
}

/** The axis that all share. */
export function sharedAxis({ busy, end }: Together, folding: boolean): Axis {
  return foldAxis(busy, end, folding)
}

/** The last thing that a run's story tells up to an instant; undefined before the first. O(log lines). */
export function lastTold({ loud }: Strip, at: number): StoryLine | undefined {
  return loud[countUpTo(loud, at, (line) => line.at) - 1]
}
