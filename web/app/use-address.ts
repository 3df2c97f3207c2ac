/** Keeps the address in step with the table. Browsers refuse many changes in a short time, so that while playing it changes now and then. */
import { useEffect, useRef } from 'react'

const PAUSE_MS = 400

/**
 * Writes the fragment: at once where the last change is long ago, else a little later. Another `place` (a scenario, a tab, a variant) is a
 * step that the browser's Back undoes; a move of the cursor is none.
 */
export function useAddress(fragment: string, place: string): void {
  const last = useRef(Number.NEGATIVE_INFINITY)
  const written = useRef(place)
  useEffect(() => {
    const isOther = written.current !== place
    if (isOther) {
      written.current = place
      // Back itself has changed the address already.
      if (window.location.hash !== fragment) window.history.pushState(null, '', fragment)
      return undefined
    }
    const write = (): void => {
      last.current = window.performance.now()
      window.history.replaceState(null, '', fragment)
    }
    const wait = last.current + PAUSE_MS - window.performance.now()
    if (wait <= 0) {
      write()
      return undefined
    }
    const handle = window.setTimeout(write, wait)
    return () => window.clearTimeout(handle)
  }, [fragment, place])
}
