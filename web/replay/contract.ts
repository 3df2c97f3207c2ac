/** What the page and its worker say to one another: plain data only. */
import type { Verdict } from '../../src/checks/contract.ts'
import type { MachineChart } from '../../src/model/chart.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { SourceFile } from '../../src/model/source.ts'
import type { Trace } from '../../src/trace/record.ts'

/** A scenario to run: its text, the files beside it, and a seed that overrides its own. */
export interface Job {
  /** By which the library knows it, say `basics/first-failover`; dropped and edited ones keep theirs. */
  readonly name: string
  readonly text: string
  readonly files: readonly SourceFile[]
  readonly seed: number | undefined
}

/** What became of a job. Without a trace, problems say why. */
export interface Outcome {
  readonly problems: readonly Problem[]
  readonly trace: Trace | undefined
  readonly expected: readonly Verdict[]
  readonly invariants: readonly Verdict[]
}

/** What the worker can do. */
export interface Bench {
  readonly run: (job: Job, onProgress: (at: number, until: number) => void) => Outcome
  readonly check: (job: Job) => readonly Problem[]
  readonly charts: () => readonly MachineChart[]
}
