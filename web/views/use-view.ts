/** How close the time axis is looked at: one view for every picture that shares an axis. Keys and buttons turn it by an event of the window. */
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import { type Axis, toShown } from '../replay/folds.ts'
import type { Window } from './paint.ts'

const ZOOM_MAX = 4000
const WHOLE: Window = { from: 0, zoom: 1 }

/** The view on an axis, and the ways to change it. */
export interface AxisView {
  readonly axis: Axis
  readonly view: Window
  readonly setView: Dispatch<SetStateAction<Window>>
}

/** A new axis is seen whole. */
export function useView(axis: Axis, at: number): AxisView {
  const [view, setView] = useState(WHOLE)
  // The effect wants nothing of the axis but that it changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setView(WHOLE), [axis])
  useEffect(() => {
    const zoomed = (event: Event): void => {
      const action = event instanceof CustomEvent ? String(event.detail) : ''
      if (action === 'fit') setView(WHOLE)
      else setView((before) => zoomAround(before, axis, toShown(axis, at), action === 'zoom-in' ? 1.6 : 1 / 1.6))
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
  return clampView({ from: left, zoom: Math.max(1, axis.length / Math.max(1, right - left)) }, axis)
}

/** No further than the axis goes. */
export function clampView(view: Window, axis: Axis): Window {
  return { ...view, from: Math.min(Math.max(0, view.from), axis.length - axis.length / view.zoom) }
}
