/** Everything that views need of the run on the table, worked out once for each run, and what stands at the cursor. */
import { useMemo } from 'react'
import { Beliefs } from '../../src/report/beliefs.ts'
import { type DecisionEntry, decisionAt, decisionsOf, isQuestion } from '../../src/report/decisions.ts'
import { type Recovery, recoveriesOf } from '../../src/report/recovery.ts'
import { type StoryLine, storyLines } from '../../src/report/story.ts'
import { type Frame, Frames, lastSeqAt } from '../../src/trace/frames.ts'
import type { Trace } from '../../src/trace/record.ts'
import type { TableRun } from './use-laboratory.ts'

/** A run as it lies on the table, at an instant. */
export interface Table {
  readonly run: TableRun
  readonly trace: Trace
  readonly lines: readonly StoryLine[]
  readonly decisions: readonly DecisionEntry[]
  readonly recoveries: readonly Recovery[]
  readonly beliefs: Beliefs
  readonly at: number
  readonly seq: number
  readonly frame: Frame
  /** The decision on screen: the one that was picked, else the last at the cursor. */
  readonly decision: DecisionEntry | undefined
  readonly isPinned: boolean
  /** While predicting: the next decision to ask about. The cursor goes no further than just before it. */
  readonly question: DecisionEntry | undefined
}

interface Wanted {
  readonly at: number
  /** A record of a decision that was picked; 0 for none. */
  readonly decision: number
  readonly predict: boolean
}

/** The table, or undefined before the first run. */
export function useTable(run: TableRun | undefined, wanted: Wanted): Table | undefined {
  const made = useMemo(() => (run === undefined ? undefined : readRun(run)), [run])
  const at = Math.min(wanted.at, run?.trace.footer.endedAt ?? 0)
  const frame = useMemo(() => made?.frames.at(at), [made, at])
  if (run === undefined || made === undefined || frame === undefined) return undefined
  const seq = lastSeqAt(run.trace.records, at)
  const question = wanted.predict ? made.decisions.find((entry) => at < entry.at && isQuestion(entry)) : undefined
  const picked = made.decisions.find((entry) => entry.first <= wanted.decision && wanted.decision <= entry.seq)
  return {
    run,
    trace: run.trace,
    ...made,
    at,
    seq,
    frame,
    decision: picked ?? decisionAt(made.decisions, seq),
    isPinned: picked !== undefined,
    question,
  }
}

/**
 * The decision behind what stands on a node: the picked one, else the last one of the DC that this node follows. In a split brain another
 * DC may have decided later, and about another cluster.
 */
export function decisionFor(
  table: Pick<Table, 'decision' | 'decisions' | 'frame' | 'isPinned' | 'seq'>,
  node: string,
): DecisionEntry | undefined {
  const { decision, decisions, frame, isPinned, seq } = table
  const known = frame.nodes.get(node)
  const dc = known?.state === 'up' ? known.beliefs.get('DC') : undefined
  if (isPinned || dc === undefined) return decision
  return decisions.findLast((entry) => entry.first <= seq && entry.node === dc) ?? decision
}

/** How far the cursor may go: to the end, or to the last instant before the next question. */
export function limitOf(table: Table | undefined): number {
  return table?.question === undefined ? (table?.trace.footer.endedAt ?? 0) : table.question.at - 1
}

function readRun({ trace }: TableRun) {
  return {
    frames: new Frames(trace),
    lines: storyLines(trace),
    decisions: decisionsOf(trace),
    recoveries: recoveriesOf(trace),
    beliefs: new Beliefs(trace),
  }
}
