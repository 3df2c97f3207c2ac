/**
 * The quorum server: a host outside the ring that hears from each node which ring it is in, and gives the vote of the quorum device to
 * one partition. It knows nothing of resources or fencing, and decides nothing while nodes that it hears contradict one another.
 * Source: spec E-3.2 (qdevice); corosync-qdevice(8).
 */
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import type { NodeName } from '../model/names.ts'
import type { DeviceOptions } from './quorum-device.ts'

/** What a node says: its ring by name, who is in it, and whether its heuristics passed (undefined: it has none). */
export interface QdeviceReport {
  readonly ring: string
  readonly members: readonly NodeName[]
  readonly heuristics?: boolean | undefined
}

/** The answer: whether the partition of that ring has the device's votes; undefined: wait. */
export interface QdeviceVote {
  readonly ring: string
  readonly grants: boolean | undefined
}

/** What the server keeps: the last report of each node that it hears. */
export interface QnetdState {
  readonly device: DeviceOptions
  /** Every node of the cluster, in ascending order of ids. */
  readonly nodes: readonly { readonly name: NodeName; readonly id: number }[]
  readonly clients: Map<NodeName, QdeviceReport>
}

/** A client that is silent for so long is gone, as a part of the device's timeout. Source: corosync-qdevice(8). */
const SILENT = 1.2

/** Handles one observation of the server. */
export function handleQnetd(state: QnetdState, observation: Observation, context: DaemonContext): void {
  if (observation.kind === 'shutdown') return context.act({ kind: 'exit', reason: 'stopped' })
  if (observation.kind === 'timer') {
    state.clients.delete(observation.name.slice('qnetd '.length))
    return tellAll(state, context)
  }
  if (observation.kind !== 'message' || observation.body.type !== 'qdevice-report') return
  const { from } = observation
  // Nodes run this same code: a message of this type is a report.
  const report = observation.body.data as QdeviceReport
  const known = state.clients.get(from)
  state.clients.set(from, report)
  const delay: Millis = Math.floor(state.device.timeout * SILENT)
  context.act({ kind: 'timer', name: `qnetd ${from}`, delay })
  if (known?.ring === report.ring && known.heuristics === report.heuristics)
    tellOne(state, context, from, chosenRing(state))
  else tellAll(state, context)
}

function tellAll(state: QnetdState, context: DaemonContext): void {
  const chosen = chosenRing(state)
  for (const node of state.clients.keys()) tellOne(state, context, node, chosen)
}

function tellOne(state: QnetdState, context: DaemonContext, node: NodeName, chosen: string | undefined): void {
  const { ring } = state.clients.get(node)!
  const data: QdeviceVote = { ring, grants: chosen === undefined ? undefined : ring === chosen }
  context.act({ kind: 'send', to: node, body: { type: 'qdevice-vote', data }, routine: true })
}

/**
 * The ring whose partition gets the votes, or undefined while somebody who is heard speaks of an earlier one. ffsplit: most members, then
 * the score, then most nodes that are heard, then the tie breaker. lms: the score, then most nodes that are heard, then the tie breaker. The score: 1
 * for each node that is heard, 1 more where its heuristics passed, 1 less where they failed. Source: spec E-3.2; corosync-qdevice(8).
 */
export function chosenRing({ clients, nodes, device }: QnetdState): string | undefined {
  for (const { ring, members } of clients.values())
    if (members.some((member) => clients.has(member) && clients.get(member)!.ring !== ring)) return undefined
  const breaker = breakerOf(nodes, device, [...clients.keys()])
  const worth = (ring: string, members: readonly NodeName[]): readonly number[] => {
    const heard = [...clients.values()].filter((report) => report.ring === ring)
    const passed = heard.filter(({ heuristics }) => heuristics === true).length
    const failed = heard.filter(({ heuristics }) => heuristics === false).length
    const score = heard.length + passed - failed
    const breaks = Number(breaker !== undefined && members.includes(breaker))
    return device.algorithm === 'ffsplit'
      ? [members.length, score, heard.length, breaks]
      : [score, heard.length, breaks]
  }
  const rings = new Map([...clients.values()].map(({ ring, members }) => [ring, worth(ring, members)]))
  const [best] = [...rings].sort(([left, one], [right, other]) => {
    const at = one.findIndex((value, index) => value !== other[index])
    return at < 0 ? (left < right ? -1 : 1) : other[at]! - one[at]!
  })
  return best?.[0]
}

function breakerOf(
  nodes: QnetdState['nodes'],
  { tieBreaker }: DeviceOptions,
  heard: readonly NodeName[],
): NodeName | undefined {
  const among = nodes.filter(({ name }) => heard.includes(name))
  if (tieBreaker === 'lowest') return among[0]?.name
  if (tieBreaker === 'highest') return among.at(-1)?.name
  return nodes.find(({ id }) => id === tieBreaker)?.name
}
