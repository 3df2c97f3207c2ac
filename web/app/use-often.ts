/** Many seeds in a worker of their own: the table goes on answering, and cancelling ends nothing else. */
import { proxy, wrap } from 'comlink'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Bench as LaboratoryBench, OftenAsked } from '../replay/contract.ts'
import type { SeedRun } from '../replay/often.ts'

/** What was run so far. */
export interface Often {
  readonly asked: OftenAsked | undefined
  readonly runs: readonly SeedRun[]
  readonly isRunning: boolean
  readonly failure: string
  readonly start: (asked: OftenAsked) => void
  readonly cancel: () => void
}

const NOTHING = { asked: undefined, runs: [], isRunning: false, failure: '' } as const

/** A new start ends the one before it; what was run before a cancel stays. */
export function useOften(): Often {
  const [state, setState] = useState<Omit<Often, 'cancel' | 'start'>>(NOTHING)
  const worker = useRef<Worker | undefined>(undefined)
  const end = useCallback(() => {
    worker.current?.terminate()
    worker.current = undefined
  }, [])
  const start = useCallback(
    (asked: OftenAsked) => {
      end()
      const made = new Worker(new URL('../replay/worker.ts', import.meta.url), { type: 'module' })
      worker.current = made
      setState({ ...NOTHING, asked, isRunning: true })
      const change = (next: (before: typeof state) => typeof state): void => {
        if (worker.current === made) setState(next)
      }
      const add = proxy((more: readonly SeedRun[]) => change((now) => ({ ...now, runs: [...now.runs, ...more] })))
      wrap<LaboratoryBench>(made)
        .often(asked, add)
        .then(
          () => change((now) => ({ ...now, isRunning: false })),
          (error: unknown) => change((now) => ({ ...now, isRunning: false, failure: String(error) })),
        )
    },
    [end],
  )
  const cancel = useCallback(() => {
    end()
    setState((now) => ({ ...now, isRunning: false }))
  }, [end])
  useEffect(() => end, [end])
  return { ...state, start, cancel }
}
