/** A scenario once it is read: the cluster manager's own files, a timeline of misfortunes and commands, and what is expected. */
import type { Distribution } from '../kernel/draw.ts'
import type { Millis } from '../kernel/time.ts'
import type { Expectation } from '../model/expectation.ts'
import type { ManagerName, NodeName } from '../model/names.ts'
import type { Parameter } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import type { Argument } from '../model/vocabulary.ts'

/** A fault at an instant. */
export interface FaultStep {
  readonly kind: 'fault'
  readonly at: Millis
  readonly fault: string
  readonly arguments: readonly Argument[]
  /** How long it lasts; absent: to the end of the run, or an instant only. */
  readonly lasts?: Millis
  readonly why: string
}

/** Something that an administrator does on a node. */
export interface CommandStep {
  readonly kind: 'command'
  readonly at: Millis
  readonly node: NodeName
  readonly words: readonly string[]
  /** What the story shows in place of the words, where these hold a whole file. */
  readonly shown?: string
  readonly why: string
}

export type Step = CommandStep | FaultStep

/** What administrators type, in the order in which they do. */
export function commandsOf({ timeline }: Pick<Scenario, 'timeline'>): readonly (readonly string[])[] {
  return timeline.toSorted((a, b) => a.at - b.at).flatMap((step) => (step.kind === 'command' ? [step.words] : []))
}

/** Faults that come by chance, drawn from the seed. */
export interface ChaosRule {
  readonly fault: string
  readonly every: Distribution
  readonly lasts: Distribution
  /** No fault begins before this instant, nor after `until`. */
  readonly from: Millis
  readonly until: Millis
  readonly arguments: readonly Argument[]
}

/** How long an operation takes; `subject` is a resource, node, device or medium, or `*` for all. */
export interface TimingRule {
  readonly operation: string
  readonly subject: string
  readonly distribution: Distribution
}

/** When a node is switched on; `never` keeps it off until a fault or command does. */
export interface PowerRule {
  readonly node: NodeName
  readonly at: Millis | 'never'
}

export interface Scenario {
  readonly title: string
  /** The question that the run answers, for the library; may be empty. */
  readonly question: string
  readonly description: string
  readonly manager: ManagerName
  readonly files: readonly SourceFile[]
  /** The manager's version switches. */
  readonly options: readonly Parameter[]
  readonly until: Millis
  readonly seed: number
  readonly eventsMax: number
  readonly timings: readonly TimingRule[]
  /** Processors of the host that all nodes share; absent: no agent slows another down. */
  readonly processors?: number
  readonly power: readonly PowerRule[]
  readonly timeline: readonly Step[]
  readonly chaos: readonly ChaosRule[]
  readonly expectations: readonly Expectation[]
  /** The same misfortunes under another manager or configuration; absent where the file lists none. */
  readonly variants?: readonly Variant[]
}

/** One variant: a scenario of its own, and what is called otherwise in it. */
export interface Variant {
  readonly name: string
  readonly scenario: Scenario
  /** Names of the base scenario, with what they are here. */
  readonly names: ReadonlyMap<string, string>
}

/** What stands where a scenario does not say. */
export const SCENARIO_DEFAULTS = { seed: 1, eventsMax: 5_000_000, until: 600_000 } as const
