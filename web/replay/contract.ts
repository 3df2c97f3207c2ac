/** What the page and its worker say to one another: plain data only. Views know runs by these types alone. */
import type { Verdict } from '../../src/checks/contract.ts'
import type { MachineChart } from '../../src/model/chart.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { SourceFile } from '../../src/model/source.ts'
import type { WordSpec } from '../../src/model/vocabulary.ts'
import type { ServiceTree } from '../../src/report/service-tree.ts'
import type { Act, Column, Comparison } from '../../src/run/compare.ts'
import type { ActionState, Transition, TransitionAction } from '../../src/run/transitions.ts'
import type { DecisionPlace, Said, Why, WhyAction, WhyResource, WhyScore, WhyTerm } from '../../src/run/why.ts'
import type { Trace } from '../../src/trace/record.ts'
import type { SeedRun } from './often.ts'
import type { RawFile } from './unpack.ts'

export type {
  Act,
  ActionState,
  DecisionPlace,
  Said,
  Transition,
  TransitionAction,
  Why,
  WhyAction,
  WhyResource,
  WhyScore,
  WhyTerm,
}

/** A scenario to run: its text, the files beside it, and a seed that overrides its own. */
export interface Job {
  /** By which the library knows it, say `basics/first-failover`; dropped and edited ones keep theirs. */
  readonly name: string
  readonly text: string
  readonly files: readonly SourceFile[]
  readonly seed: number | undefined
  /** One of the scenario's variants; empty for the scenario itself. */
  readonly variant: string
}

/** A job under the name by which a comparison calls it. */
export interface NamedJob {
  readonly name: string
  readonly job: Job
}

/** Many seeds of some jobs, from one seed on. */
export interface OftenAsked {
  readonly jobs: readonly NamedJob[]
  readonly from: number
  readonly count: number
}

/** What became of a job. Without a trace, problems say why. */
export interface Outcome {
  readonly problems: readonly Problem[]
  readonly trace: Trace | undefined
  readonly expected: readonly Verdict[]
  readonly invariants: readonly Verdict[]
  /** Names of the scenario's variants. */
  readonly variants: readonly string[]
  /** What it was made of, as far as it is configuration; reasons name their lines. */
  readonly files: readonly SourceFile[]
  /** The services of RGManager as trees; empty for other managers. */
  readonly trees: readonly ServiceTree[]
}

/** A scenario under several managers or settings, with their runs. */
export interface VariantTable extends Pick<Comparison, 'from' | 'partings'> {
  readonly columns: readonly Omit<Column, 'acts'>[]
}

/** A question about a decision: why a resource is where it is, what is to be done with a node, or everything that happens. */
export interface WhyQuestion {
  readonly resource?: string
  readonly node?: string
}

/** What opened files turned out to be. */
export type OpenAnswer =
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'scenario'; readonly name: string; readonly text: string }
  | { readonly kind: 'trace'; readonly name: string; readonly outcome: Outcome }

/** What the worker can do. Only the first needs no run before it; the others repeat the run of a job. */
export interface Bench {
  readonly run: (job: Job, onProgress: (at: number, until: number) => void) => Outcome
  readonly open: (files: readonly RawFile[]) => Promise<OpenAnswer>
  /** Which variant of a scenario (empty for itself) has this digest; undefined where none has. */
  readonly recognise: (job: Job, scenarioDigest: string) => string | undefined
  readonly charts: () => readonly MachineChart[]
  /** The faults that there are. */
  readonly faults: () => readonly WordSpec[]
  /** The scenario and all its variants side by side; undefined where it has none. Runs them all. */
  readonly compare: (job: Job) => VariantTable | undefined
  /** Two runs held against one another, by names that tell them apart. */
  readonly pair: (left: NamedJob, right: NamedJob) => VariantTable | undefined
  /** Runs each of the jobs under many seeds, and tells of every few; all under one seed meet the same chances. */
  readonly often: (asked: OftenAsked, onRuns: (runs: readonly SeedRun[]) => void) => void
  readonly transitions: (job: Job) => readonly Transition[]
  readonly why: (job: Job, place: DecisionPlace, question: WhyQuestion) => Why | undefined
}
