/** Sizes of the panels, as the reader drew them: remembered by the browser, and forgotten where they make no sense. */
import { useCallback, useState } from 'react'

/** Pixels; `top` is the timeline's height, undefined where it is as high as its lanes. */
export interface Layout {
  readonly left: number
  readonly right: number
  readonly top: number | undefined
}

const STORED = 'quorate-layout'
const USUAL: Layout = { left: 310, right: 380, top: undefined }
const LEAST = { left: 200, right: 240, top: 120 }
const MOST = { left: 640, right: 760, top: 800 }

/** The layout, and the way to change one measure by so many pixels, from what it is now. */
export function useLayout(): {
  readonly layout: Layout
  readonly resize: (edge: keyof Layout, by: number, now: number) => void
  readonly reset: (edge: keyof Layout) => void
} {
  const [layout, setLayout] = useState(readLayout)
  const change = useCallback((edge: keyof Layout, to: (before: number | undefined) => number | undefined) => {
    setLayout((before) => {
      const size = to(before[edge])
      const next = { ...before, [edge]: size === undefined ? undefined : within(edge, size) }
      window.localStorage.setItem(STORED, JSON.stringify(next))
      return next
    })
  }, [])
  const resize = useCallback(
    (edge: keyof Layout, by: number, now: number) => change(edge, (before) => (before ?? now) + by),
    [change],
  )
  const reset = useCallback((edge: keyof Layout) => change(edge, () => USUAL[edge]), [change])
  return { layout, resize, reset }
}

function within(edge: keyof Layout, size: number): number {
  return Math.round(Math.min(MOST[edge], Math.max(LEAST[edge], size)))
}

function readLayout(): Layout {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(STORED) ?? '{}')
    const read = <T>(edge: keyof Layout, usual: T): T | number => {
      const size = (stored as Partial<Record<string, unknown>>)[edge]
      return typeof size === 'number' && Number.isFinite(size) ? within(edge, size) : usual
    }
    return { left: read('left', USUAL.left), right: read('right', USUAL.right), top: read('top', USUAL.top) }
  } catch {
    return USUAL
  }
}
