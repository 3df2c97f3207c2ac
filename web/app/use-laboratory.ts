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
  NamedJob,
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
  /** True from when a run was cancelled until the next one begins. */
  readonly isCancelled: boolean
  /** Questions that are not answered yet. */
  readonly asked: number
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
  /** Runs once more what was run last; nothing where nothing was. */
  readonly again: () => void
  readonly ask: Questions
}

/** Questions about a run, answered by the worker. An answer that is cancelled is refused. */
export interface Questions {
  readonly open: (files: readonly File[]) => Promise<OpenAnswer>
  readonly recognise: (job: Job, scenarioDigest: string) => Promise<string | undefined>
  readonly pair: (left: NamedJob, right: NamedJob) => Promise<VariantTable | undefined>
  readonly compare: (job: Job) => Promise<VariantTable | undefined>
  readonly transitions: (job: Job) => Promise<readonly Transition[]>
  readonly why: (job: Job, place: DecisionPlace, question: WhyQuestion) => Promise<Why | undefined>
}

/** A worker that has been busy for so long is ended where something else is to be run. */
const SOON_MS = 500

/** More than any scenario names. */
const FILES_MAX = 20

/** The worker behind the page. A new start ends the run before it. */
export function useLaboratory(): Bench {
  const worker = useRef<{ readonly worker: Worker; readonly remote: Remote<LaboratoryBench> } | undefined>(undefined)
  const latest = useRef(0)
  const last = useRef<Job | undefined>(undefined)
  const stops = useRef(new Set<() => void>())
  const busySince = useRef<number | undefined>(undefined)
  const [state, setState] = useState<Omit<Bench, 'again' | 'ask' | 'cancel' | 'put' | 'start'>>({
    run: undefined,
    problems: [],
    running: false,
    isCancelled: false,
    asked: 0,
    progress: 0,
    failure: '',
    charts: [],
    faults: [],
  })

  /** Ends the worker with all that it was asked. */
  const dismiss = useCallback(() => {
    latest.current += 1
    busySince.current = undefined
    worker.current?.worker.terminate()
    worker.current = undefined
    for (const stop of stops.current) stop()
    stops.current.clear()
  }, [])
  const end = useCallback(() => {
    dismiss()
    setState((before) => ({ ...before, running: false, isCancelled: before.running || before.isCancelled }))
  }, [dismiss])

  const connect = useCallback((): Remote<LaboratoryBench> => {
    if (worker.current === undefined) {
      const made = new Worker(new URL('../replay/worker.ts', import.meta.url), { type: 'module' })
      worker.current = { worker: made, remote: wrap<LaboratoryBench>(made) }
    }
    return worker.current.remote
  }, [])

  const start = useCallback(
    (request: Job) => {
      // What a busy worker still does is wanted no more; one that has just begun is done sooner than another has started.
      if (busySince.current !== undefined && SOON_MS < window.performance.now() - busySince.current) dismiss()
      latest.current += 1
      last.current = request
      const number = latest.current
      const remote = connect()
      busySince.current ??= window.performance.now()
      setState((before) => ({ ...before, running: true, isCancelled: false, progress: 0, failure: '' }))
      const showProgress = proxy((at: number, until: number) =>
        setState((before) => ({ ...before, progress: at / until })),
      )
      Promise.all([remote.run(request, showProgress), remote.charts(), remote.faults()]).then(
        ([answer, charts, faults]) => {
          if (number !== latest.current) return
          if (stops.current.size === 0) busySince.current = undefined
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
    [connect, dismiss],
  )

  const again = useCallback(() => {
    if (last.current !== undefined) start(last.current)
  }, [start])

  const put = useCallback(
    (run: TableRun) => {
      latest.current += 1
      setState((before) => ({
        ...before,
        running: false,
        isCancelled: false,
        failure: '',
        problems: run.problems,
        run,
      }))
      const remote = connect()
      void Promise.all([remote.charts(), remote.faults()]).then(([charts, faults]) =>
        setState((before) => ({ ...before, charts, faults })),
      )
    },
    [connect],
  )

  /** Asks the worker; whoever cancels ends all that is asked of it. */
  const track = useCallback(
    <T>(question: (remote: Remote<LaboratoryBench>) => Promise<T>): Promise<T> => {
      setState((before) => ({ ...before, asked: before.asked + 1 }))
      const answer = new Promise<T>((resolve, reject) => {
        const stop = (): void => reject(new Error('cancelled'))
        stops.current.add(stop)
        busySince.current ??= window.performance.now()
        void question(connect())
          .then(resolve, reject)
          .finally(() => {
            stops.current.delete(stop)
            if (stops.current.size === 0) busySince.current = undefined
          })
      })
      const over = (): void => setState((before) => ({ ...before, asked: before.asked - 1 }))
      answer.then(over, over)
      return answer
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
      compare: (job) => track((remote) => remote.compare(job)),
      pair: (left, right) => track((remote) => remote.pair(left, right)),
      transitions: (job) => track((remote) => remote.transitions(job)),
      why: (job, place, question) => track((remote) => remote.why(job, place, question)),
    }),
    [connect, track],
  )

  useEffect(() => end, [end])
  return { ...state, start, again, put, cancel: end, ask }
}
