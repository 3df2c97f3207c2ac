/** Keeps the address in step with the table. Browsers refuse many changes in a short time, so that while playing it changes now and then. */
import { useEffect, useRef, useState } from 'react'
import { type LinkState, NOTHING, writeLink } from './link.ts'
import { writeAddress } from './packing.ts'

const PAUSE_MS = 400

/**
 * Writes the fragment: at once where the last change is long ago, else a little later. Another place (a scenario, a tab, a variant) is a
 * step that the browser's Back undoes; a move of the cursor is none.
 */
export function useAddress(link: LinkState): void {
  const { view, drawn, place: line } = NOTHING
  const place = writeLink({ ...link, at: 0, node: '', resource: '', decision: 0, place: line, view, drawn })
  const fragment = usePacked(link)
  const last = useRef(Number.NEGATIVE_INFINITY)
  const written = useRef(place)
  useEffect(() => {
    if (fragment === undefined) return undefined
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

/** The fragment of a state; undefined while it is being packed. */
function usePacked(link: LinkState): string | undefined {
  const plain = writeLink(link)
  const isLong = link.text !== undefined || link.against !== undefined
  const [packed, setPacked] = useState<{ readonly plain: string; readonly fragment: string }>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plain address says all of it
  useEffect(() => {
    if (!isLong) return undefined
    let isCurrent = true
    void writeAddress(link).then((fragment) => isCurrent && setPacked({ plain, fragment }))
    return () => {
      isCurrent = false
    }
  }, [plain, isLong])
  if (!isLong) return plain
  return packed?.plain === plain ? packed.fragment : undefined
}
