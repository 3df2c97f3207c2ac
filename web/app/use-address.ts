/** Keeps the address in step with the table. Browsers refuse many changes in a short time, so that while playing it changes now and then. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { type LinkState, NOTHING } from './link.ts'
import { joinAddress, longOf, packLong } from './packing.ts'

const PAUSE_MS = 400

/**
 * Writes the fragment: at once where the last change is long ago, else a little later. Another place (a scenario, a tab, a variant) is a
 * step that the browser's Back undoes; a move of the cursor is none.
 */
export function useAddress(link: LinkState): void {
  const { view, drawn, place: line } = NOTHING
  const { text, against } = link
  const long = useMemo(() => longOf({ ...NOTHING, text, against }), [text, against])
  const place = joinAddress({ ...link, at: 0, node: '', resource: '', decision: 0, place: line, view, drawn }, long)
  const packed = usePacked(long)
  const fragment = packed === undefined ? undefined : joinAddress(link, packed)
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

/** What is long in the address, packed; undefined while it is being packed. A step of the cursor packs nothing. */
function usePacked(long: string): string | undefined {
  const [packed, setPacked] = useState<{ readonly long: string; readonly text: string }>()
  useEffect(() => {
    if (long === '') return undefined
    let isCurrent = true
    void packLong(long).then((text) => isCurrent && setPacked({ long, text }))
    return () => {
      isCurrent = false
    }
  }, [long])
  if (long === '') return ''
  return packed?.long === long ? packed.text : undefined
}
