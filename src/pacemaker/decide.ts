/**
 * What the scheduler says of a CIB. A quiet cluster asks it again and again about a CIB that nobody has changed: where the last answer did
 * not rest on the time, it is the answer.
 *
 * Answers are kept beside the CIB that they are about and die with it: nothing of them is part of a daemon's state.
 */
import type { Configuration } from '../cib/configuration.ts'
import type { ClusterState } from '../cib/state.ts'
import type { Status } from '../cib/status.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { schedule } from '../scheduler/schedule.ts'
import { type SummaryItem, summaryItems } from '../scheduler/summary-items.ts'
import { PRIMITIVE, type Resource, type Worksheet } from '../scheduler/worksheet.ts'
import type { Series } from './pe-files.ts'
import { type Plan, toPlan } from './plan.ts'
import { remarksOn } from './remarks.ts'
import type { PacemakerState } from './state.ts'

/** One answer of the scheduler. Shared by all who ask the same: nobody changes it. */
export interface Answer {
  readonly items: readonly SummaryItem[]
  /** What was found that bears on where resources may run, in the scheduler's words. */
  readonly remarks: readonly string[]
  readonly plan: Plan
  /** Epoch seconds at which to ask again, whatever happens; 0 where time alone changes nothing. */
  readonly recheckAt: number
  /** Which series of files the input belongs to. */
  readonly series: Series
}

type Asker = Pick<PacemakerState, 'cib' | 'controller' | 'quorum'>

/** Asks the scheduler about a node's copy of the CIB; `now` in epoch seconds. */
export function decide(asker: Asker, now: number): Answer {
  const { configuration, status } = asker.cib
  const quorum = quorumSeen(asker)
  const kept = KEPT.get(status)
  if (kept !== undefined && kept.configuration === configuration && kept.quorum === quorum) return kept.answer
  const seen = clusterSeen(asker, now)
  const { graph, sheet } = schedule(seen)
  const items = summaryItems(sheet)
  const answer = {
    items,
    remarks: remarksOn(sheet),
    plan: toPlan(graph),
    recheckAt: recheckOf(graph.header),
    series: seriesOf(seen, sheet, items),
  }
  if (!seen.clock.isRead) KEPT.set(status, { configuration, quorum, answer })
  return answer
}

/** The cluster as a DC's scheduler sees it in its copy of the CIB; `now` in epoch seconds. */
export function clusterSeen(asker: Asker, now: number): ClusterState {
  const { configuration, status } = asker.cib
  const root = { ...configuration.root, ...QUORUM[quorumSeen(asker)] }
  return unpackCluster({ configuration: { ...configuration, root }, status }, now)
}

/** By the status section, which every change of a CIB's status makes anew. */
const KEPT = new WeakMap<Status, { configuration: Configuration; quorum: QuorumSeen; answer: Answer }>()

/** What a CIB's root says of quorum: there; not there; or not there any more, where members may have to panic. */
const QUORUM = {
  held: { haveQuorum: '1', noQuorumPanic: undefined },
  missing: { haveQuorum: '0', noQuorumPanic: undefined },
  lost: { haveQuorum: '0', noQuorumPanic: '1' },
} as const

type QuorumSeen = keyof typeof QUORUM

function quorumSeen({ controller, quorum }: Asker): QuorumSeen {
  if (quorum.isQuorate) return 'held'
  return controller.everQuorate ? 'lost' : 'missing'
}

/**
 * A resource that is active in several places is an error; a node that must be fenced, what cannot be done and missing quorum (without
 * which nobody who is unclean can be fenced) are warnings;
 * failures alone are neither. Source: spec E-11.6.
 */
function seriesOf({ options, quorum }: ClusterState, sheet: Worksheet, items: readonly SummaryItem[]): Series {
  const isSeveral = (resource: Resource): boolean =>
    resource.variant === PRIMITIVE &&
    resource.partialSource < 0 &&
    1 < resource.runningOn.filter((node) => resource.from.needsFencing || !sheet.nodes[node]!.unclean).length
  if (sheet.resources.some(isSeveral)) return 'error'
  const hasNoQuorum = !quorum && options.noQuorumPolicy !== 'ignore'
  const isHindered = items.some((item) => (item.kind === 'node' ? item.task.startsWith('Fence') : item.isBlocked))
  return hasNoQuorum || isHindered ? 'warn' : 'input'
}

function recheckOf(header: Plan['header']): number {
  const text = header.find(([name]) => name === 'recheck-by')?.[1]
  return text === undefined ? 0 : Number(text)
}
