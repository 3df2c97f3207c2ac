/** What is looked at together: all variants of a scenario, or a run that was kept and the one on the table. */
import { useMemo } from 'react'
import type { NamedJob } from '../replay/contract.ts'
import { putTogether, type Together } from '../replay/together.ts'
import type { Library } from './library.ts'
import type { KeptLink, LinkState } from './link.ts'
import type { Questions, TableRun } from './use-laboratory.ts'
import { type Beside, useTogether } from './use-reasons.ts'

/** How runs are looked at. */
export interface BesideState {
  /** Alone; or all variants; or against the kept one. */
  readonly mode: 'alone' | 'pair' | 'variants'
  readonly runs: Together | undefined
  readonly isWaiting: boolean
  /** The kept run is still the one on the table: there is nothing to hold against it yet. */
  readonly isSame: boolean
}

/** What many seeds are run of: the kept run's scenario and this one's, or all variants, or this one alone. */
export function jobsOf(run: TableRun, link: LinkState, library: Library): readonly NamedJob[] {
  const { against } = link
  const own = { ...run.job, seed: undefined }
  if (against !== undefined && keyOf({ ...against, seed: undefined }) !== keyOf({ ...keptOf(link), seed: undefined })) {
    const [left, right] = namesOf(against, link)
    return [
      { name: left, job: { ...jobOf(against, library), seed: undefined } },
      { name: right, job: own },
    ]
  }
  const names = ['', ...run.variants]
  return names.map((variant) => ({ name: variant === '' ? SELF : variant, job: { ...own, variant } }))
}

/** Which of these jobs an address would have to hold. */
export function pickOf(name: string, link: LinkState): Partial<LinkState> {
  const { against } = link
  if (against !== undefined) {
    const [left, right] = namesOf(against, link)
    if (name === left) return { ...against }
    if (name === right) return {}
  }
  return { variant: name === SELF ? '' : name }
}

const SELF = 'the scenario itself'

interface Wanted {
  readonly run: TableRun | undefined
  readonly link: LinkState
  readonly ask: Questions
  readonly library: Library
  /** A run is under way: what lies on the table is not yet what the address asks for. */
  readonly isRunning: boolean
}

/** The runs beside the one on the table, as the address asks for them. */
export function useBeside({ run, link, ask, library, isRunning }: Wanted): BesideState {
  const mode = modeOf(link, run)
  const isSame = mode === 'pair' && keyOf(link.against!) === keyOf(link)
  const beside = useMemo<Beside | undefined>(() => {
    if (run === undefined || mode === 'alone' || isSame) return undefined
    if (mode === 'variants') return { kind: 'variants', job: run.job }
    const wanted = jobOf(link, library)
    // The names would be those of a run that is still to come, or cannot be.
    if (run.job.text !== wanted.text || run.job.seed !== wanted.seed || run.job.variant !== wanted.variant)
      return undefined
    const [left, right] = namesOf(link.against!, link)
    return {
      kind: 'pair',
      left: { name: left, job: jobOf(link.against!, library) },
      right: { name: right, job: run.job },
    }
  }, [run, mode, isSame, link, library])
  const { value, isWaiting } = useTogether(ask, beside)
  const runs = useMemo(() => (value === undefined ? undefined : putTogether(value)), [value])
  return { mode, runs: beside === undefined ? undefined : runs, isWaiting: isWaiting || isRunning, isSame }
}

function modeOf({ tab, against }: LinkState, run: TableRun | undefined): BesideState['mode'] {
  if (tab === 'compare' && against !== undefined) return 'pair'
  // An address from before there was a tab for them shows the variants too.
  const isWanted = tab === 'variants' || tab === 'compare'
  return isWanted && run !== undefined && 0 < run.variants.length ? 'variants' : 'alone'
}

/** What is run, of everything that an address holds. */
export function keptOf({ scenario, seed, text, variant }: LinkState): KeptLink {
  return { scenario, seed, text, variant }
}

function keyOf({ scenario, seed, text, variant }: KeptLink): string {
  return JSON.stringify([scenario, seed ?? null, text ?? null, variant])
}

function jobOf({ scenario, seed, text, variant }: KeptLink, library: Library) {
  const shelf = library.shelves.find(({ name }) => name === scenario)
  return { name: `${scenario}.yaml`, text: text ?? shelf?.text ?? '', files: library.filesFor(scenario), seed, variant }
}

/** What tells both runs apart, in few words. */
function namesOf(kept: KeptLink, now: KeptLink): readonly [left: string, right: string] {
  if (kept.scenario !== now.scenario) return [kept.scenario, now.scenario]
  if (kept.text !== now.text) return ['before the change', 'after the change']
  if (kept.variant !== now.variant) return [kept.variant || SELF, now.variant || SELF]
  return [`seed ${kept.seed ?? 'of the scenario'}`, `seed ${now.seed ?? 'of the scenario'}`]
}
