/**
 * How a run ended, as the audits of it need it: what truly runs where, which nodes take part, and what each of these holds to be so. Only
 * what stands at the end counts: in the middle of a recovery nodes may well disagree. Reads the trace alone.
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { BeliefRecord, Trace } from '../trace/record.ts'
import type { Violation } from './contract.ts'

/** What managers call a member that is no longer there. */
const GONE: ReadonlySet<string> = new Set(['dead', 'left'])

/** The end of a run. */
export interface FinalState {
  /** Nodes that are up and whose manager runs, in the cluster's order. */
  readonly live: readonly NodeName[]
  /** Services that are not stopped, by resource, then by node. */
  readonly services: ReadonlyMap<ResourceId, ReadonlyMap<NodeName, LifecycleState>>
  /** What each live node sees as members, itself included, in the cluster's order. */
  readonly views: ReadonlyMap<NodeName, readonly NodeName[]>
  /** What each live node holds to be so, by what it is about. */
  readonly beliefs: ReadonlyMap<NodeName, ReadonlyMap<string, BeliefRecord>>
  /** The state of the controller on each live node that has one. */
  readonly controllers: ReadonlyMap<NodeName, string>
}

/** Replays a trace to its end. O(records). */
export function finalState(trace: Trace): FinalState {
  const { nodes, processes } = trace.header.cluster
  const up = new Set<NodeName>()
  /** Nodes whose main process is gone; others are brought back by it, which nobody tells. */
  const broken = new Set<NodeName>()
  const services = new Map<ResourceId, Map<NodeName, LifecycleState>>()
  const seen = new Map<NodeName, Set<string>>()
  const beliefs = new Map<NodeName, Map<string, BeliefRecord>>()
  const controllers = new Map<NodeName, string>()
  const forget = (node: NodeName): void => {
    seen.set(node, new Set())
    beliefs.set(node, new Map())
    controllers.delete(node)
  }
  for (const node of nodes) forget(node)
  for (const record of trace.records) {
    if (record.kind === 'node') {
      if (record.to === 'up') up.add(record.node)
      else up.delete(record.node)
      if (record.to === 'booting' || record.to === 'off') forget(record.node)
    } else if (record.kind === 'process' && record.process === processes[0]) {
      if (record.state === 'running') broken.delete(record.node)
      else broken.add(record.node)
      if (record.state === 'running') forget(record.node)
    } else if (record.kind === 'lifecycle') {
      const at = services.get(record.resource) ?? new Map<NodeName, LifecycleState>()
      services.set(record.resource, at)
      if (record.to === 'stopped') at.delete(record.node)
      else at.set(record.node, record.to)
    } else if (record.kind === 'membership') {
      if (GONE.has(record.status)) seen.get(record.node)?.delete(record.member)
      else seen.get(record.node)?.add(record.member)
    } else if (record.kind === 'belief') beliefs.get(record.node)?.set(record.about, record)
    else if (record.kind === 'machine' && record.machine === 'controller') controllers.set(record.node, record.to)
  }
  const live = nodes.filter((node) => up.has(node) && !broken.has(node))
  const only = <V>(map: ReadonlyMap<NodeName, V>) => new Map([...map].filter(([node]) => live.includes(node)))
  const views = live.map((node) => [node, nodes.filter((one) => one === node || seen.get(node)!.has(one))] as const)
  return { live, services, views: new Map(views), beliefs: only(beliefs), controllers: only(controllers) }
}

/** Live nodes that see one another, each once: the partitions of the cluster. */
export function partitionsOf({ live, views }: FinalState): readonly (readonly NodeName[])[] {
  const found = new Map<string, readonly NodeName[]>()
  for (const node of live) {
    const members = live.filter((one) => views.get(node)!.includes(one) && views.get(one)!.includes(node))
    found.set(members.join(' '), members)
  }
  return [...found.values()]
}

/** Violations at the end of a run, where no single record shows them. */
export function atTheEnd(trace: Trace, texts: readonly string[]): readonly Violation[] {
  return texts.map((text) => ({ at: trace.footer.endedAt, seq: 0, text }))
}
