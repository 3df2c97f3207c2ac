/**
 * What is wrong with a user's text, and where. Readers return problems beside a value and go on as far as the real cluster
 * manager would; they never throw. Only the command line and the page turn problems into exit codes and marks.
 */

/** An error means that the value must not be used; a warning means that it can, but not as its author may think. */
export type Severity = 'error' | 'warning'

/** One thing wrong in one place of one input. `line` and `column` count from 1; 0 where the whole input is meant. */
export interface Problem {
  readonly severity: Severity
  readonly file: string
  readonly line: number
  readonly column: number
  /** What is wrong, as a sentence. */
  readonly what: string
  /** What to do about it, as a sentence; empty where `what` says it all. */
  readonly advice: string
}

/** What a reader gives: the value as far as it could be understood, and the problems met on the way. */
export interface Reading<T> {
  readonly value: T | undefined
  readonly problems: readonly Problem[]
}

/** Renders a problem as `file:line:column: error: what (advice)`, the form that editors make clickable. */
export function problemText(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`
  const advice = problem.advice === '' ? '' : ` — ${problem.advice}`
  return `${place}: ${problem.severity}: ${problem.what}${advice}`
}

/** True where at least one problem is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error')
}
