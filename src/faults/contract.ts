/** What a fault is: a word with parameters, a sentence, and what it does to the world when it begins and ends. One file each. */
import { invariant } from '../kernel/invariant.ts'
import type { Argument, WordSpec } from '../model/vocabulary.ts'
import type { WorldContext } from '../world/context.ts'
import type { World } from '../world/state.ts'

/** One occurrence of a fault. */
export interface Occurrence {
  /** Unique in a run: what a fault lays on the world carries it, so that its end can take just that away. */
  readonly id: number
  readonly arguments: readonly Argument[]
}

/** One kind of fault. It changes nothing but through `begin` and `end`. */
export interface Fault extends WordSpec {
  /** What it strikes, and what happened as a sentence without a full stop. */
  readonly describe: (
    occurrence: Occurrence,
    world: World,
  ) => { readonly targets: readonly string[]; readonly text: string }
  readonly begin: (world: World, context: WorldContext, occurrence: Occurrence) => void
  /** For lasting faults: takes the effect away. */
  readonly end?: (world: World, context: WorldContext, occurrence: Occurrence) => void
}

/** A text argument; empty where it is not given. */
export function textOf(occurrence: Occurrence, name: string): string {
  const value = argumentValue(occurrence, name)
  invariant(value === undefined || typeof value === 'string', `argument ${name} is a text`)
  return value ?? ''
}

/** A number (or duration) argument, or `otherwise` where it is not given. */
export function numberOf(occurrence: Occurrence, name: string, otherwise: number): number {
  const value = argumentValue(occurrence, name)
  invariant(value === undefined || typeof value === 'number', `argument ${name} is a number`)
  return value ?? otherwise
}

/** A pair of members, such as `between`. */
export function linkOf(occurrence: Occurrence, name: string): readonly [string, string] {
  const value = argumentValue(occurrence, name)
  invariant(Array.isArray(value) && value.length === 2, `argument ${name} names two members`)
  return [String(value[0]), String(value[1])]
}

/** Sides of a partition. */
export function sidesOf(occurrence: Occurrence, name: string): readonly (readonly string[])[] {
  const value = argumentValue(occurrence, name)
  invariant(Array.isArray(value), `argument ${name} is a list of sides`)
  // The reader makes lists of lists of names for parameters of this type.
  return value as readonly (readonly string[])[]
}

function argumentValue(occurrence: Occurrence, name: string): Argument['value'] | undefined {
  return occurrence.arguments.find((argument) => argument.name === name)?.value
}

/** The parameter that most faults have. */
export function nodeParameter(about: string): WordSpec['parameters'][number] {
  return { name: 'node', type: 'node', required: true, about }
}
