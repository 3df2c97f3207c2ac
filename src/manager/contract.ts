/**
 * What every cluster manager is to the rest: a reader of its configuration, and a daemon on each node that turns observations into
 * commands. A daemon knows its own node only; split brain must come out by itself, each side right by its own lights.
 *
 * A daemon's state is plain data (structured-cloneable), so that a run can be stored and forked. It is owned by the composition
 * root, changed in place by `handle`, and never shared between nodes.
 */
import type { Distribution } from '../kernel/draw.ts'
import type { Millis } from '../kernel/time.ts'
import type { ClusterShape } from '../model/cluster.ts'
import type { ManagerName, NodeName, ResourceId } from '../model/names.ts'
import type { NodeLoad } from '../model/node.ts'
import type { Problem, Reading } from '../model/problem.ts'
import type { Parameter } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import type { Command } from './command.ts'
import type { Observation } from './observation.ts'

/** What a daemon may use while it handles one observation. */
export interface DaemonContext {
  /** Monotonic: the same on every node, and never stepped. For durations. */
  readonly now: Millis
  /** The node's wall clock, which may be wrong. For dates that are written down or compared with other nodes'. */
  readonly clock: Millis
  readonly node: NodeName
  readonly load: () => NodeLoad
  /** What the daemon keeps on its node's disk, by name: it outlives daemon and node. */
  readonly disk?: Map<string, string>
  /** Has one command carried out, after those given before it. */
  readonly act: (command: Command) => void
  /** Draws a duration from this node's own stream for `purpose`. */
  readonly draw: (purpose: string, distribution: Distribution) => Millis
}

/** A recorded state that a run goes on from: who is up, and what really runs where. */
export interface Beginning {
  readonly nodes: readonly NodeName[]
  readonly services: readonly {
    readonly node: NodeName
    readonly resource: ResourceId
    readonly state: 'promoted' | 'started'
  }[]
}

/** What is wrong with a command; where it is a name, the name and those that there are. */
export type CommandComplaint =
  | string
  | { readonly what: string; readonly word: string; readonly known: readonly string[] }

/** One cluster manager. */
export interface Manager<Config, State> {
  readonly name: ManagerName
  /**
   * Reads the configuration files and the scenario's `options` (version switches); problems carry file, line and column. `commands` are
   * what administrators will type, in that order: what they add to the cluster is there from the beginning, unused. Never throws.
   */
  readonly read: (
    files: readonly SourceFile[],
    options: readonly Parameter[],
    commands?: readonly (readonly string[])[],
  ) => Reading<Config>
  /** Warnings on files that are right but may not do as their author thinks. Asked for by who checks, never by who runs. */
  readonly advise?: (files: readonly SourceFile[]) => readonly Problem[]
  /** What exists in the cluster that the configuration describes, now or later. */
  readonly shape: (config: Config) => ClusterShape
  /** Processes on every node that may be killed or stopped, beside those that the cluster's shape names for who watches a run. */
  readonly processes?: readonly string[]
  /** The state that a run goes on from, where the configuration carries one; absent: every run begins with everything off. */
  readonly beginning?: (config: Config) => Beginning | undefined
  /**
   * What is wrong with an administrator's command, or undefined where it is one that this manager knows. `config` is what the cluster
   * begins with: what a command names may have been made by one of those before it, which `earlier` gives.
   */
  readonly checkCommand: (
    words: readonly string[],
    config?: Config,
    earlier?: () => readonly (readonly string[])[],
  ) => CommandComplaint | undefined
  /** The state of a daemon that has not been told anything yet, on `node`. */
  readonly daemon: (config: Config, node: NodeName) => State
  /** Handles one observation: changes `state` and acts through `context`. */
  readonly handle: (state: State, observation: Observation, context: DaemonContext) => void
}
