/** The command line's voice: data to stdout, everything else to stderr, and the exit codes. */
import pc from 'picocolors'
import { type Problem, problemText } from '../model/problem.ts'

/** 0: held. 1: an expectation was violated, or two things differ. 2: bad usage or input. 3: a fault of Quorate's own. */
export const EXIT = { held: 0, violated: 1, badInput: 2, ownFault: 3 } as const

/** Thrown to end a command; `main` prints it and sets the exit code. */
export class CommandError extends Error {
  readonly code: number

  constructor(message: string, code: number = EXIT.badInput) {
    super(message)
    this.code = code
  }
}

/** Writes data. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/**
 * The inks of a report for people: on a terminal that wants colour, or where `FORCE_COLOR` asks; plain in a pipe or file.
 * (picocolors' own judgement colours every pipe where `CI` is set.)
 */
export function inks(): {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
} {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const wanted = Boolean(FORCE_COLOR) && FORCE_COLOR !== '0'
  const terminal = process.stdout.isTTY === true && TERM !== 'dumb'
  const colours = pc.createColors(!NO_COLOR && (wanted || terminal))
  return { strong: colours.bold, faint: colours.dim, good: colours.green, bad: colours.red }
}

/** Writes a diagnostic. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Shows progress on a terminal, on one line that is overwritten; nothing elsewhere. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`)
}

/** Ends a command where a problem is an error; warnings are only shown. */
export function refuse(problems: readonly Problem[]): void {
  const errors = problems.filter((problem) => problem.severity === 'error')
  for (const problem of problems) if (problem.severity === 'warning') note(problemText(problem))
  if (0 < errors.length) throw new CommandError(errors.map(problemText).join('\n'))
}
