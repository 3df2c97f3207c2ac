/** Lines of Heartbeat's files as words with their places: comments left out, continuation lines joined. */
import type { Problem, Severity } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'

/** A word and where it stands; both count from 1. */
export interface Word {
  readonly text: string
  readonly line: number
  readonly column: number
}

/** Largest file that is read, in characters: real ones have a few hundred lines. */
const CHARACTERS_MAX = 1_000_000

/** The logical lines of a file; `joins` says whether a backslash at the end of a line continues it. */
export function wordLines(text: string, joins: 'never' | 'backslash'): readonly (readonly Word[])[] {
  const lines: Word[][] = []
  let current: Word[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const uncommented = raw.replace(/#.*$/, '')
    const continues = joins === 'backslash' && uncommented.trimEnd().endsWith('\\')
    const body = continues ? uncommented.trimEnd().slice(0, -1) : uncommented
    for (const match of body.matchAll(/\S+/g))
      current.push({ text: match[0], line: index + 1, column: match.index + 1 })
    if (continues) continue
    if (0 < current.length) lines.push(current)
    current = []
  }
  if (0 < current.length) lines.push(current)
  return lines
}

/** Collects problems of one file. */
export class Complaints {
  readonly problems: Problem[] = []
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** Notes a problem at a word, or of the whole file where `place` is undefined. */
  add(
    severity: Severity,
    place: { readonly line: number; readonly column: number } | undefined,
    what: string,
    advice = '',
  ): void {
    this.problems.push({ severity, file: this.#file, line: place?.line ?? 0, column: place?.column ?? 0, what, advice })
  }
}

/** Says what makes a file unreadable as a whole; true where it can be read on. */
export function isReadable(file: SourceFile, complaints: Complaints): boolean {
  if (CHARACTERS_MAX < file.text.length) {
    complaints.add(
      'error',
      undefined,
      `the file has ${file.text.length} characters; a file of this kind has a few thousand`,
      'is it the right file?',
    )
    return false
  }
  if (file.text.includes('\u0000') || file.text.includes('\ufffd')) {
    complaints.add('error', undefined, 'the file is binary, not text', 'is it the right file?')
    return false
  }
  if (file.text.trim() === '') {
    complaints.add('error', undefined, 'the file is empty', 'see scenarios/heartbeat for examples that work')
    return false
  }
  return true
}
