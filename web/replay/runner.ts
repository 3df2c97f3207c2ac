/** Sends jobs to the worker and lays what comes back on the table. A newer job ends an older one by ending its worker. */
import { proxy, type Remote, wrap } from 'comlink'
import type { Millis } from '../../src/kernel/time.ts'
import type { MachineChart } from '../../src/model/chart.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { Bench, Job } from './contract.ts'
import { table } from './table.ts'

let worker: Worker | undefined
let bench: Remote<Bench> | undefined
let latest = 0
let charts: Promise<readonly MachineChart[]> | undefined

function open(): Remote<Bench> {
  if (bench === undefined) {
    worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    bench = wrap<Bench>(worker)
  }
  return bench
}

function close(): void {
  worker?.terminate()
  worker = undefined
  bench = undefined
}

/** Runs a job; the cursor goes to `at`, or stays where it is. */
export async function run(job: Job, at?: Millis): Promise<void> {
  if (table().state.status === 'running') close()
  const mine = ++latest
  table().set({ job, status: 'running', progress: 0, playing: false, message: '' })
  try {
    const onProgress = proxy((reached: number, until: number) => {
      if (mine === latest) table().set({ progress: reached / until })
    })
    const outcome = await open().run(job, onProgress)
    if (mine === latest) table().take(outcome, at)
  } catch (error) {
    if (mine === latest)
      table().set({ status: 'broken', message: error instanceof Error ? error.message : String(error) })
  }
}

/** Ends a run under way; the last good run stays. */
export function cancel(): void {
  close()
  latest += 1
  table().set({ status: table().state.run === undefined ? 'broken' : 'ready', message: 'The run was cancelled.' })
}

/** The problems of a text, without running it. */
export function check(job: Job): Promise<readonly Problem[]> {
  return open().check(job)
}

/** Every machine's chart; asked for once. */
export function machineCharts(): Promise<readonly MachineChart[]> {
  charts ??= open().charts()
  return charts
}
