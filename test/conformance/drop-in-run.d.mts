/** Types of drop-in-run.mjs. */
import type { OptionSet } from './drop-in-sets.mjs'

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Question {
  readonly words: readonly string[]
  readonly folder: string
  readonly input: string
}

export type Program = (question: Question) => Answer | Promise<Answer>

export interface Difference {
  readonly name: string
  readonly lines: readonly string[]
}

export const REFERENCE: string
export function runCase(program: Program, set: OptionSet, text: string): Promise<Answer>
export function reference(question: Question): Answer
export function inProcess(
  call: (words: readonly string[], print: (text: string) => void, complain: (text: string) => void) => Promise<number>,
): Program
export function spawned(path: string): Program
export function differences(expected: Answer, actual: Answer): readonly Difference[]
