/** Runs scenarios in the worker and keeps the last good run: an invalid edit leaves it on the table. */
import { proxy, type Remote, wrap } from 'comlink'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { MachineChart } from '../../src/model/chart.ts'
import type { WordSpec } from '../../src/model/vocabulary.ts'
import type { Trace } from '../../src/trace/record.ts'
import type {
  DecisionPlace,
  Job,
  Bench as LaboratoryBench,
  OpenAnswer,
  Outcome,
  Transition,
  VariantTable,
  Why,
  WhyQuestion,
} from '../replay/contract.ts'

/** A run that lies on the table. */
export interface TableRun extends Outcome {
  readonly trace: Trace
  /** What it was made of: questions about it are asked of this, whatever was edited since. */
  readonly job: Job
}

/** What the page knows of running. */
export interface Bench {
  readonly run: TableRun | undefined
  readonly problems: Outcome['problems']
  readonly running: boolean
  /** From 0 to 1 while a run is under way. */
  readonly progress: number
  readonly failure: string
  readonly charts: readonly MachineChart[]
  /** The faults that there are, for forks. */
  readonly faults: readonly WordSpec[]
  readonly start: (request: Job) => void
  /** Puts a run on the table that was made elsewhere. */
  readonly put: (run: TableRun) => void
  readonly cancel: () => void
  readonly ask: Questions
}

/** Questions about a run, answered by the worker. Without a worker there is no answer. */
export interface Questions {
  readonly open: (files: readonly File[]) => Promise<OpenAnswer>
  readonly recognise: (job: Job, scenarioDigest: string) => Promise<string | undefined>
  readonly compare: (job: Job) => Promise<VariantTable | undefined>
  readonly transitions: (job: Job) => Promise<readonly Transition[]>
  readonly why: (job: Job, place: DecisionPlace, question: WhyQuestion) => Promise<Why | undefined>
}

/** More than any scenario names. */
const FILES_MAX = 20

/** The worker behind the page. A new start ends the run before it. */
export function useLaboratory(): Bench {
  const worker = useRef<{ readonly worker: Worker; readonly remote: Remote<LaboratoryBench> } | undefined>(undefined)
  const latest = useRef(0)
  const [state, setState] = useState<Omit<Bench, 'ask' | 'cancel' | 'put' | 'start'>>({
    run: undefined,
    problems: [],
    running: false,
    progress: 0,
    failure: '',
    charts: [],
    faults: [],
  })

  const end = useCallback(() => {
    latest.current += 1
    worker.current?.worker.terminate()
    worker.current = undefined
    setState((before) => ({ ...before, running: false }))
  }, [])

  const connect = useCallback((): Remote<LaboratoryBench> => {
    if (worker.current === undefined) {
      const made = new Worker(new URL('../replay/worker.ts', import.meta.url), { type: 'module' })
      worker.current = { worker: made, remote: wrap<LaboratoryBench>(made) }
    }
    return worker.current.remote
  }, [])

  const start = useCallback(
    (request: Job) => {
      latest.current += 1
      const number = latest.current
      const remote = connect()
      setState((before) => ({ ...before, running: true, progress: 0, failure: '' }))
      const showProgress = proxy((at: number, until: number) =>
        setState((before) => ({ ...before, progress: at / until })),
      )
      Promise.all([remote.run(request, showProgress), remote.charts(), remote.faults()]).then(
        ([answer, charts, faults]) => {
          if (number !== latest.current) return
          const { trace } = answer
          setState((before) => ({
            ...before,
            running: false,
            problems: answer.problems,
            charts,
            faults,
            run: trace === undefined ? before.run : { ...answer, trace, job: request },
          }))
        },
        (error: unknown) => {
          if (number === latest.current) setState((before) => ({ ...before, running: false, failure: String(error) }))
        },
      )
    },
    [connect],
  )

  const put = useCallback(
    (run: TableRun) => {
      latest.current += 1
      setState((before) => ({ ...before, running: false, failure: '', problems: run.problems, run }))
      const remote = connect()
      void Promise.all([remote.charts(), remote.faults()]).then(([charts, faults]) =>
        setState((before) => ({ ...before, charts, faults })),
      )
    },
    [connect],
  )

  const ask = useMemo<Questions>(
    () => ({
      open: async (files) => {
        const raw = files
          .slice(0, FILES_MAX)
          .map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }))
        return connect().open(await Promise.all(raw))
      },
      recognise: (job, digest) => connect().recognise(job, digest),
      compare: (job) => worker.current?.remote.compare(job) ?? Promise.resolve(undefined),
      transitions: (job) => worker.current?.remote.transitions(job) ?? Promise.resolve([]),
      why: (job, place, question) => worker.current?.remote.why(job, place, question) ?? Promise.resolve(undefined),
    }),
    [connect],
  )

  useEffect(() => end, [end])
  return { ...state, start, put, cancel: end, ask }
}
