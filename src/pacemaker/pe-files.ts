/**
 * The scheduler process of a node as far as it remembers anything: it numbers its runs, and saves what it was asked about, in a series of
 * files for each kind, numbered on that node. An input like the one before is not saved again: so the numbers of runs and files drift apart.
 * Source: spec E-5.9, E-11.6.
 */
import type { Configuration } from '../cib/configuration.ts'
import type { Status } from '../cib/status.ts'
import { scanInteger } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { property } from './machine.ts'
import { log, type PacemakerState } from './state.ts'

/** What a run was like: something is wrong, something cannot be done or a node must be fenced, or neither. */
export type Series = 'error' | 'input' | 'warn'

/** What a scheduler process keeps between its runs. */
export interface SchedulerMemory {
  /** The number of its next run. */
  next: number
  /** It stands still. */
  isHung: boolean
  last: { readonly input: Input; readonly file: string } | undefined
}

interface Input {
  readonly configuration: Configuration
  readonly status: Status
  readonly hasQuorum: boolean
}

/** A scheduler that has not been asked yet. */
export function createScheduler(): SchedulerMemory {
  return { next: 0, isHung: false, last: undefined }
}

const FOLDER = '/var/lib/pacemaker/pengine'
const MOST: Readonly<Record<Series, number>> = { error: -1, warn: 5000, input: 4000 }

/** Saves what a run was asked about, on this node's disk; returns the file, or '' where none is wanted. */
export function saveInput(state: PacemakerState, context: DaemonContext, series: Series): string {
  const { scheduler, cib, quorum } = state
  const input: Input = { configuration: cib.configuration, status: cib.status, hasQuorum: quorum.isQuorate }
  if (scheduler.last !== undefined && isSameInput(scheduler.last.input, input)) {
    log(context, 'Input has not changed since last time, not saving to disk')
    return scheduler.last.file
  }
  const file = nextFile(state, context, series)
  scheduler.last = { input, file }
  return file
}

/** The line with which a run ends. */
export function calculatedText(number: number, series: Series, file: string): string {
  const found = series === 'input' ? '' : ` (with ${series === 'error' ? 'errors' : 'warnings'})`
  return `Calculated transition ${number}${found}${file === '' ? '' : `, saving inputs in ${file}`}`
}

/** The file `pe-SERIES.last` holds the next number. */
function nextFile(state: PacemakerState, { disk }: DaemonContext, series: Series): string {
  const most = scanInteger(property(state, `pe-${series}-series-max`)) ?? MOST[series]
  if (most === 0) return ''
  const counter = `pe-${series}.last`
  const number = Number(disk?.get(counter) ?? 0)
  disk?.set(counter, String(0 < most && most <= number + 1 ? 0 : number + 1))
  return `${FOLDER}/pe-${series}-${number}.bz2`
}

function isSameInput(left: Input, right: Input): boolean {
  return (
    left.hasQuorum === right.hasQuorum &&
    isSame({ ...left.configuration, document: undefined }, { ...right.configuration, document: undefined }) &&
    isSame(left.status, right.status)
  )
}

/** Copies of a CIB share what is the same in them, so that most of it need not be looked at. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false
  const one = Object.entries(left)
  const other = new Map(Object.entries(right))
  return one.length === other.size && one.every(([name, value]) => other.has(name) && isSame(value, other.get(name)))
}
