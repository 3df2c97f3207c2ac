/** Sizes of the panels, as the reader drew them: remembered by the browser, and forgotten where they make no sense. */
import { useCallback, useState } from 'react'

/** Pixels; `top` is the timeline's height. */
export interface Layout {
  readonly left: number
  readonly right: number
  readonly top: number
}

const STORED = 'quorate-layout'
const USUAL: Layout = { left: 310, right: 380, top: 300 }
const LEAST: Layout = { left: 200, right: 240, top: 120 }
const MOST: Layout = { left: 640, right: 760, top: 800 }

/** The layout, and the way to change one measure by so many pixels. */
export function useLayout(): {
  readonly layout: Layout
  readonly resize: (edge: keyof Layout, by: number) => void
  readonly reset: (edge: keyof Layout) => void
} {
  const [layout, setLayout] = useState(readLayout)
  const change = useCallback((edge: keyof Layout, to: (before: number) => number) => {
    setLayout((before) => {
      const next = { ...before, [edge]: within(edge, to(before[edge])) }
      window.localStorage.setItem(STORED, JSON.stringify(next))
      return next
    })
  }, [])
  const resize = useCallback((edge: keyof Layout, by: number) => change(edge, (before) => before + by), [change])
  const reset = useCallback((edge: keyof Layout) => change(edge, () => USUAL[edge]), [change])
  return { layout, resize, reset }
}

function within(edge: keyof Layout, size: number): number {
  return Math.round(Math.min(MOST[edge], Math.max(LEAST[edge], size)))
}

function readLayout(): Layout {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(STORED) ?? '{}')
    const read = (edge: keyof Layout): number => {
      const size = (stored as Partial<Record<string, unknown>>)[edge]
      return within(edge, typeof size === 'number' && Number.isFinite(size) ? size : USUAL[edge])
    }
    return { left: read('left'), right: read('right'), top: read('top') }
  } catch {
    return USUAL
  }
}
