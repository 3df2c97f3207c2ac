/**
 * What a scenario can say, as data: the faults, checks and managers that exist, with their parameters. The rooms that own them provide
 * it, the scenario reader and the published JSON Schema are made from it, so that neither can know a word that the other does not.
 */
import type { ManagerName } from './names.ts'

/** What a parameter takes. `links`: a list of two members; `sides`: two or more lists of nodes; `chance`: a number from 0 to 1. */
export type ParameterType =
  | 'chance'
  | 'device'
  | 'duration'
  | 'link'
  | 'medium'
  | 'node'
  | 'number'
  | 'process'
  | 'resource'
  | 'sides'
  | 'storage'
  | 'text'

/** One parameter of a fault or check. */
export interface ParameterSpec {
  readonly name: string
  readonly type: ParameterType
  readonly required: boolean
  /** As half a sentence: `the node that loses power`. */
  readonly about: string
  /** The words that a parameter of type text may have; absent: any. */
  readonly choices?: readonly string[]
}

/** One word of the vocabulary with its parameters. */
export interface WordSpec {
  readonly name: string
  /** One sentence. */
  readonly about: string
  readonly parameters: readonly ParameterSpec[]
  /** For faults: whether `for` may say how long it lasts. */
  readonly lasting: boolean
}

/** All words. */
export interface Vocabulary {
  readonly managers: readonly ManagerName[]
  readonly faults: readonly WordSpec[]
  readonly checks: readonly WordSpec[]
}

/** A value that a parameter can have once it is read: durations are milliseconds, sides lists of lists. */
export type ArgumentValue = number | readonly (readonly string[])[] | readonly string[] | string

/** The arguments of one fault. */
export interface Argument {
  readonly name: string
  readonly value: ArgumentValue
}
