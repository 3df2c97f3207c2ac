/** How close the time axis is looked at: one view for every picture that shares an axis. Keys and buttons turn it by an event of the window. */
import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react'
import type { Millis } from '../../src/kernel/time.ts'
import { type Axis, fromShown, toShown } from '../replay/folds.ts'
import type { Window } from './paint.ts'

const ZOOM_MAX = 4000
const WHOLE: Window = { from: 0, zoom: 1 }

/** A stretch of time that is looked at, as the address has it; undefined where all of it is. */
export type Span = readonly [from: Millis, to: Millis] | undefined

/** The view on an axis, and the ways to change it. */
export interface AxisView {
  readonly axis: Axis
  readonly view: Window
  readonly setView: Dispatch<SetStateAction<Window>>
}

/** What a view looks at from outside: where the cursor is, and the stretch that the address asks for and is told. */
export interface Looking {
  readonly at: Millis
  readonly span: Span
  readonly onSpan: (span: Span) => void
}

/** While a view is dragged, the address waits until it rests. */
const REST_MS = 200

/** The view that the address asks for. Another axis (another run, other folds) goes on showing the same stretch of time. */
export function useView(axis: Axis, { at, span, onSpan }: Looking): AxisView {
  const [view, setView] = useState(() => viewOfSpan(axis, span))
  const told = useRef(span)
  const before = useRef({ axis, view })
  useEffect(() => {
    const { current } = before
    if (current.axis !== axis) setView(viewOfSpan(axis, spanOf(current.axis, current.view)))
    before.current = { axis, view }
  }, [axis, view])
  useEffect(() => {
    const next = spanOf(axis, view)
    if (isSame(next, told.current)) return undefined
    const handle = window.setTimeout(() => {
      told.current = next
      onSpan(next)
    }, REST_MS)
    return () => window.clearTimeout(handle)
  }, [axis, view, onSpan])
  useEffect(() => {
    if (isSame(span, told.current)) return
    told.current = span
    setView(viewOfSpan(axis, span))
  }, [axis, span])
  useEffect(() => {
    const zoomed = (event: Event): void => {
      const action = event instanceof CustomEvent ? String(event.detail) : ''
      if (action === 'fit') setView(WHOLE)
      else setView((old) => zoomAround(old, axis, toShown(axis, at), action === 'zoom-in' ? 1.6 : 1 / 1.6))
    }
    window.addEventListener('timeline-zoom', zoomed)
    return () => window.removeEventListener('timeline-zoom', zoomed)
  }, [axis, at])
  return { axis, view, setView }
}

/** Asks every picture for a zoom. */
export function askZoom(action: 'fit' | 'zoom-in' | 'zoom-out'): void {
  window.dispatchEvent(new CustomEvent('timeline-zoom', { detail: action }))
}

/** Closer by a factor, a place of the axis staying where it is. */
export function zoomAround(view: Window, axis: Axis, center: number, factor: number): Window {
  const zoom = Math.min(ZOOM_MAX, Math.max(1, view.zoom * factor))
  return clampView({ zoom, from: center - (center - view.from) * (view.zoom / zoom) }, axis)
}

/** A view of a stretch of time. */
export function viewOf(axis: Axis, from: number, to: number): Window {
  const [left, right] = [toShown(axis, Math.max(0, from)), toShown(axis, to)]
  const zoom = Math.min(ZOOM_MAX, Math.max(1, axis.length / Math.max(1, right - left)))
  return clampView({ from: left, zoom }, axis)
}

/** The stretch of time that a view shows; undefined where it shows all. */
export function spanOf(axis: Axis, { from, zoom }: Window): Span {
  return zoom === 1 ? undefined : [fromShown(axis, from), fromShown(axis, from + axis.length / zoom)]
}

/** The view of a stretch; the whole where none is asked for. */
export function viewOfSpan(axis: Axis, span: Span): Window {
  return span === undefined ? WHOLE : viewOf(axis, span[0], span[1])
}

function isSame(one: Span, other: Span): boolean {
  return one?.[0] === other?.[0] && one?.[1] === other?.[1]
}

/** No further than the axis goes. */
export function clampView(view: Window, axis: Axis): Window {
  return { ...view, from: Math.min(Math.max(0, view.from), axis.length - axis.length / view.zoom) }
}
