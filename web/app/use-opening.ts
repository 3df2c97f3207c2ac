/** Opening files: a configuration or a scenario becomes the table's, a trace lies on it as it is, or as the run of a known scenario. */
import { useState } from 'react'
import type { Library } from './library.ts'
import { type LinkState, NOTHING } from './link.ts'
import type { Bench } from './use-laboratory.ts'

/** How an address calls a trace that came from a file: it holds the name only. */
const TRACE = 'trace:'

/** True where what is on the table is a trace without its scenario. */
export function isTrace(scenario: string): boolean {
  return scenario.startsWith(TRACE)
}

interface Wanted {
  readonly bench: Bench
  readonly library: Library
  readonly show: (state: LinkState) => void
}

/** The way to open files, and why the last ones could not be opened. */
export function useOpening({ bench, library, show }: Wanted): {
  readonly notice: string
  readonly open: (files: readonly File[]) => void
} {
  const [notice, setNotice] = useState('')
  /** The library's scenario of which the trace is a run; the title tells which ones to ask. */
  const known = async (title: string, digest: string): Promise<Pick<LinkState, 'scenario' | 'variant'> | undefined> => {
    for (const shelf of library.shelves.filter((each) => each.title === title)) {
      const { name, text } = shelf
      const job = { name: `${name}.yaml`, text, files: library.filesFor(name), seed: undefined, variant: '' }
      const variant = await bench.ask.recognise(job, digest)
      if (variant !== undefined) return { scenario: name, variant }
    }
    return undefined
  }
  const open = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return
    const answer = await bench.ask.open(files)
    setNotice(answer.kind === 'refused' ? answer.what : '')
    if (answer.kind === 'scenario') show({ ...NOTHING, scenario: `own/${answer.name}`, text: answer.text })
    if (answer.kind !== 'trace') return
    const { name, outcome } = answer
    const { trace } = outcome
    if (trace === undefined) return
    const { title, scenarioDigest, seed } = trace.header
    const scenario = await known(title, scenarioDigest)
    if (scenario !== undefined) return show({ ...NOTHING, ...scenario, seed })
    bench.put({ ...outcome, trace, job: { name, text: '', files: [], seed, variant: '' } })
    show({ ...NOTHING, scenario: `${TRACE}${name}`, seed })
  }
  return { notice, open: (files) => void open(files) }
}
