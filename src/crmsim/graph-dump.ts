/**
 * What `-V` says of a transition that ended because nothing could become ready: every action, how far it came, and what it waits for.
 *
 * Only for transitions without a failure: then it is known which actions were done. Source: spec D-11.4.
 */
import type { Graph, GraphAction } from '../scheduler/graph.ts'
import { runPasses } from './passes.ts'

/** The lines. O(size of the graph). */
export function graphDump(graph: Graph): readonly string[] {
  const done = new Set<number>()
  runPasses(graph, ({ id }) => {
    done.add(id)
    return true
  })
  const known = new Set(graph.synapses.map(({ action }) => action.id))
  const read = (name: string): string => graph.header.find(([key]) => key === name)?.[1] ?? '0'
  const limit = Number(read('batch-limit'))
  const delay = millisOf(read('cluster-delay'))
  const count = graph.synapses.length
  const head = `Graph 0 with ${count} actions: batch-limit=${limit} jobs, network-delay=${delay}ms`
  const lines = graph.synapses.flatMap(({ action, inputs, priority }) => {
    const state = done.has(action.id) ? 'Completed' : 'Pending'
    const waiting = inputs.filter(({ id }) => known.has(id) && !done.has(id)).map(({ id }) => id)
    const facts = `(priority: ${priority}, waiting: ${waiting.length === 0 ? 'none' : waiting.join(' ')})`
    const number = String(action.id).padStart(4)
    const text = `${state} ${words(action)}`.padEnd(50)
    const missing = inputs.filter(({ id }) => !known.has(id)).map(unresolved)
    return [`[Action ${number}]: ${text}${place(action)} ${facts}`, ...missing]
  })
  return [`(pcmk__log_graph) \terror: ${head}`, ...lines.map((line) => `(log_synapse_action) \terror: ${line}`)]
}

const KINDS = { rsc_op: 'resource', pseudo_event: 'pseudo', crm_event: 'cluster' } as const

function words({ element, operationKey }: GraphAction): string {
  return `${KINDS[element]} op ${operationKey}`
}

function place({ element, node }: GraphAction): string {
  return element === 'pseudo_event' || node === undefined ? '' : ` on ${node}`
}

function unresolved(input: GraphAction): string {
  return ` * [Input ${String(input.id).padStart(2)}]: Unresolved dependency ${words(input)}${place(input)}`
}

/** The header writes seconds, with or without their unit. */
function millisOf(text: string): number {
  return Number.parseInt(text, 10) * 1000
}
