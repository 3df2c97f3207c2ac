/** What a check is: a law over a whole trace. It reads nothing but the trace, and says where each violation is. */
import type { Millis } from '../kernel/time.ts'
import type { Expectation } from '../model/expectation.ts'
import type { WordSpec } from '../model/vocabulary.ts'
import type { Trace } from '../trace/record.ts'

/** One place where a law is broken. */
export interface Violation {
  readonly at: Millis
  /** The record that shows it; 0 where something is missing. */
  readonly seq: number
  /** What is wrong, as a sentence without a full stop. */
  readonly text: string
}

/** One kind of check. Pure; O(records). */
export interface Check extends WordSpec {
  readonly find: (trace: Trace, args: CheckArguments) => readonly Violation[]
}

/** Arguments by name. */
export type CheckArguments = Expectation['arguments']

/** A check's outcome on one trace. */
export interface Verdict {
  readonly expectation: Expectation
  readonly held: boolean
  readonly violations: readonly Violation[]
}

/** A text argument, or undefined. */
export function textArgument(args: CheckArguments, name: string): string | undefined {
  const value = args.find((argument) => argument.name === name)?.value
  return value === undefined ? undefined : String(value)
}

/** A number (durations: milliseconds), or `otherwise`. */
export function numberArgument(args: CheckArguments, name: string, otherwise: number): number {
  const value = args.find((argument) => argument.name === name)?.value
  return typeof value === 'number' ? value : otherwise
}
