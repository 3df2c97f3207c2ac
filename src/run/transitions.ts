/**
 * The transitions of a run: every graph that a Pacemaker DC's scheduler handed out, and what became of each of its actions, when.
 *
 * A trace holds decisions and results but no graphs: they would be most of it. As a run is deterministic, it is run again and watched
 * between its events; nothing of it is changed. Other managers have no transitions.
 */
import type { Millis } from '../kernel/time.ts'
import type { NodeName } from '../model/names.ts'
import type { RunningGraph } from '../pacemaker/dc-state.ts'
import type { PacemakerState } from '../pacemaker/state.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { createRun, type SimulateOptions } from './simulate.ts'
import type { Run } from './state.ts'

/** A graph as a DC carries it out. */
type Graph = RunningGraph['graph']
type GraphStep = Graph['synapses'][number]

/** How an action stands. `lost`: its node went away with it. `cancelled`: its transition ended before it began. */
export type ActionState = 'cancelled' | 'done' | 'failed' | 'lost' | 'running' | 'waiting'

/** What an action is: done to a resource, to a node's power, by the cluster to itself, or a mere joint of the graph. */
export type ActionKind = 'cluster' | 'fence' | 'pseudo' | 'resource'

/** One action of a graph. */
export interface TransitionAction {
  /** Its number in the graph, as the manager's log has it. */
  readonly id: number
  readonly kind: ActionKind
  /** `start`, `monitor`, `stonith`, … */
  readonly task: string
  /** As the log names it, say `db_monitor_10000`. */
  readonly key: string
  /** The resource by the name that the world knows; empty where it is about none. */
  readonly resource: string
  /** The node it runs on or is done to; empty for joints. */
  readonly node: NodeName
  /** Actions that must be done before. */
  readonly inputs: readonly number[]
}

/** From an instant on an action stands so. */
export interface ActionStep {
  readonly at: Millis
  readonly action: number
  readonly state: ActionState
}

/** One transition. */
export interface Transition {
  /** The DC. */
  readonly node: NodeName
  readonly number: number
  /** The instant of the decision, and the last record before it was carried out. */
  readonly at: Millis
  readonly seq: number
  /** Absent where the run ended first. */
  readonly endedAt: Millis | undefined
  /** False where a newer decision came before anything was done. */
  readonly hasBegun: boolean
  readonly actions: readonly TransitionAction[]
  /** In order of time. An action without a step waits. */
  readonly steps: readonly ActionStep[]
}

/** All transitions of a run in order. Costs one run. */
export function transitionsOf(scenario: Scenario, options: SimulateOptions = {}): readonly Transition[] {
  if (scenario.manager !== 'pacemaker') return []
  const run = createRun(scenario, { ...options, trace: 'none' })
  const watch: Watch = { known: new Set(), open: new Map(), all: [] }
  while (step(run)) look(run, watch)
  return watch.all.map(({ running: _, states: __, ...transition }) => transition)
}

/** Handles one event; false where nothing more happens. */
export function step({ loop, scenario }: Run): boolean {
  const eventsMax = Math.min(loop.handled + 1, scenario.eventsMax)
  return loop.handled < eventsMax && loop.run({ until: scenario.until, eventsMax }) === 'event-limit'
}

/** A transition under watch. */
interface Watched extends Transition {
  endedAt: Millis | undefined
  hasBegun: boolean
  readonly steps: ActionStep[]
  /** The graph in execution, once it is. */
  running: RunningGraph | undefined
  /** By place, as last seen. */
  readonly states: ActionState[]
}

interface Watch {
  readonly known: Set<Graph>
  /** By DC: calculated or in execution. */
  readonly open: Map<NodeName, Watched>
  readonly all: Watched[]
}

function look(run: Run, watch: Watch): void {
  const { daemons } = run.state
  for (const [node, watched] of watch.open) if (!daemons.has(node)) end(run, watch, node, watched)
  for (const [node, daemon] of daemons) {
    // The manager is Pacemaker: this is its own state.
    const { dc } = daemon as PacemakerState
    const before = watch.open.get(node)
    if (before !== undefined) follow(run, watch, node, before, dc)
    const pending = dc?.pending
    if (pending !== undefined && !watch.known.has(pending.graph)) begin(run, watch, node, pending)
  }
}

function begin(run: Run, watch: Watch, node: NodeName, { number, graph }: { number: number; graph: Graph }): void {
  watch.known.add(graph)
  const watched: Watched = {
    node,
    number,
    at: run.loop.now,
    seq: run.writer.snapshot().seq,
    endedAt: undefined,
    hasBegun: false,
    actions: graph.synapses.map(toAction),
    steps: [],
    running: undefined,
    states: graph.synapses.map(() => 'waiting'),
  }
  watch.open.set(node, watched)
  watch.all.push(watched)
}

/** Where a graph begins and ends in one event, it is never seen in execution: then everything in it was done. */
function follow(run: Run, watch: Watch, node: NodeName, watched: Watched, dc: PacemakerState['dc']): void {
  const isPending = dc?.pending?.number === watched.number && dc.graph === undefined
  if (isPending && !watched.hasBegun) return
  const running = dc?.graph?.number === watched.number ? dc.graph : undefined
  if (running !== undefined) {
    watched.running = running
    watched.hasBegun = true
  }
  const wasQuick = !watched.hasBegun && dc?.lastNumber === watched.number
  if (wasQuick) watched.hasBegun = true
  note(run, watched, wasQuick)
  if (running === undefined) end(run, watch, node, watched)
}

/** Notes what changed since the last look. */
function note(run: Run, { actions, running, states, steps }: Watched, wasQuick: boolean): void {
  for (const [place, { id }] of actions.entries()) {
    const state = wasQuick ? 'done' : running === undefined ? 'waiting' : stateOf(running, place, id)
    if (states[place] === state) continue
    states[place] = state
    steps.push({ at: run.loop.now, action: id, state })
  }
}

function stateOf({ states, failed }: RunningGraph, place: number, id: number): ActionState {
  switch (states[place]) {
    case 'confirmed':
      return failed.has(id) ? 'failed' : 'done'
    case 'lost':
      return 'lost'
    case 'pending':
      return 'running'
    default:
      return 'waiting'
  }
}

function end(run: Run, watch: Watch, node: NodeName, watched: Watched): void {
  watch.open.delete(node)
  watched.endedAt = run.loop.now
  for (const [place, { id }] of watched.actions.entries()) {
    const state = watched.states[place]
    if (state === 'waiting') watched.steps.push({ at: run.loop.now, action: id, state: 'cancelled' })
    else if (state === 'running') watched.steps.push({ at: run.loop.now, action: id, state: 'lost' })
  }
}

function toAction({ action, inputs }: GraphStep): TransitionAction {
  const { id, element, operation, operationKey, node, resource } = action
  const isFence = operation === 'stonith' && element !== 'pseudo_event'
  return {
    id,
    kind: isFence ? 'fence' : element === 'pseudo_event' ? 'pseudo' : element === 'crm_event' ? 'cluster' : 'resource',
    task: isFence ? (read(action, 'CRM_meta_stonith_action') ?? 'fence') : operation,
    key: operationKey,
    resource: resource?.id ?? '',
    node: element === 'pseudo_event' ? '' : (node ?? ''),
    inputs,
  }
}

function read({ attributes }: GraphStep['action'], name: string): string | undefined {
  return attributes.find(([key]) => key === name)?.[1]
}
