/** Questions to the worker about the run on the table: its transitions, and why the chosen thing is as it is. Old answers are dropped. */
import { useEffect, useState } from 'react'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import type { Job, NamedJob, Transition, VariantTable, Why } from '../replay/contract.ts'
import type { Questions, TableRun } from './use-laboratory.ts'

/** An answer, or that one is on its way. */
export interface Awaited<T> {
  readonly value: T | undefined
  readonly isWaiting: boolean
}

const NOTHING = { value: undefined, isWaiting: false } as const
const WAITING = { value: undefined, isWaiting: true } as const

/** A question is asked only when it has stood so long: while playing, decisions pass by quickly. */
const PATIENCE_MS = 150

/** The transitions of a run, once `isWanted`. */
export function useTransitions(
  run: TableRun | undefined,
  ask: Questions,
  isWanted: boolean,
): Awaited<readonly Transition[]> {
  const [state, setState] = useState<{ readonly run: TableRun; readonly answer: Awaited<readonly Transition[]> }>()
  const isAsked = isWanted && run?.trace.header.cluster.manager === 'pacemaker'
  useEffect(() => {
    if (!isAsked || run === undefined) return undefined
    let isCurrent = true
    void ask.transitions(run.job).then(
      (value) => isCurrent && setState({ run, answer: { value, isWaiting: false } }),
      () => isCurrent && setState({ run, answer: NOTHING }),
    )
    return () => {
      isCurrent = false
    }
  }, [run, ask, isAsked])
  if (!isAsked) return NOTHING
  return state?.run === run ? state!.answer : WAITING
}

/** What runs beside the one on the table: all variants of its scenario, or the run that it is held against. */
export type Beside =
  | { readonly kind: 'pair'; readonly left: NamedJob; readonly right: NamedJob }
  | { readonly kind: 'variants'; readonly job: Job }

/** The runs that are looked at together, once there is something to look at. */
export function useTogether(ask: Questions, beside: Beside | undefined): Awaited<VariantTable> {
  const [state, setState] = useState<{ readonly key: string; readonly answer: Awaited<VariantTable> }>()
  const key = beside === undefined ? '' : keyOf(beside)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of it
  useEffect(() => {
    if (beside === undefined) return undefined
    let isCurrent = true
    const answer = beside.kind === 'pair' ? ask.pair(beside.left, beside.right) : ask.compare(beside.job)
    void answer.then(
      (value) => isCurrent && setState({ key, answer: { value, isWaiting: false } }),
      () => isCurrent && setState({ key, answer: NOTHING }),
    )
    return () => {
      isCurrent = false
    }
  }, [key])
  if (beside === undefined) return NOTHING
  return state?.key === key ? state.answer : WAITING
}

/** Whichever variant is on the table, the comparison of all is the same. */
function keyOf(beside: Beside): string {
  const words = ({ text, seed, variant }: Job): readonly unknown[] => [text, seed, variant]
  if (beside.kind === 'variants') return JSON.stringify([beside.job.text, beside.job.seed])
  return JSON.stringify([beside.left.name, words(beside.left.job), beside.right.name, words(beside.right.job)])
}

interface WhyAsked {
  readonly run: TableRun | undefined
  readonly ask: Questions
  readonly entry: DecisionEntry | undefined
  readonly node: string
  readonly resource: string
}

/** Why the chosen resource, or the chosen node where no resource is, is as it is by a decision. */
export function useWhy({ run, ask, entry, node, resource }: WhyAsked): Awaited<Why> {
  const [state, setState] = useState<{ readonly key: string; readonly answer: Awaited<Why> }>()
  const isPacemaker = run?.trace.header.cluster.manager === 'pacemaker'
  const isAsked = isPacemaker && entry !== undefined && (node !== '' || resource !== '')
  const key = isAsked ? `${run.trace.footer.digest} ${entry.seq} ${resource === '' ? `node ${node}` : resource}` : ''
  // The key says all of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!isAsked || run === undefined || entry === undefined) return undefined
    let isCurrent = true
    const question = resource === '' ? { node } : { resource }
    const handle = window.setTimeout(() => {
      void ask.why(run.job, { node: entry.node, seq: entry.seq }, question).then(
        (value) => isCurrent && setState({ key, answer: { value, isWaiting: false } }),
        () => isCurrent && setState({ key, answer: NOTHING }),
      )
    }, PATIENCE_MS)
    return () => {
      isCurrent = false
      window.clearTimeout(handle)
    }
  }, [key])
  if (!isAsked) return NOTHING
  return state?.key === key ? state.answer : WAITING
}
