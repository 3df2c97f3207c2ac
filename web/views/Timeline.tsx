/**
 * Lanes by node and resource on a canvas: states as bars, operations as spans on them, faults as flags, decisions, fencing and failures as
 * marks. Quiet stretches are folded. The story says the same in words.
 */
import { type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { nodeSpans, operationSpans, resourceSpans } from '../../src/report/spans.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'
import { type Axis, foldAxis, fromShown, toShown } from '../replay/folds.ts'
import { draw, HEAD, LABEL, LANE, type Lane, QUIET, type Spans, type Window } from './paint.ts'

interface Props {
  readonly trace: Trace
  readonly lines: readonly StoryLine[]
  readonly at: number
  /** The future is hidden. */
  readonly isBlind: boolean
  readonly dark: boolean
  readonly selectedNode: string
  readonly selectedResource: string
  readonly onSeek: (at: number) => void
  readonly onSelect: (node: string, resource: string) => void
}

const ZOOM_MAX = 4000

/** The timeline. Wheel zooms, drag pans, click seeks; the keys + − 0 do the same. */
export function Timeline(props: Props): ReactElement {
  const { trace, lines, at, isBlind, dark, onSeek, onSelect } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(800)
  const [view, setView] = useState<Window>({ from: 0, zoom: 1 })
  const [folding, setFolding] = useState(true)
  const [messages, setMessages] = useState(false)
  const drag = useRef<{ readonly x: number; readonly from: number; moved: boolean } | undefined>(undefined)
  const [idle, setIdle] = useState(false)
  const axis = useMemo(() => {
    const instants = trace.records.filter((record) => record.kind !== 'message').map((record) => record.at)
    return foldAxis(instants, trace.footer.endedAt, folding)
  }, [trace, folding])
  const spans = useMemo(
    () => ({ nodes: nodeSpans(trace), resources: resourceSpans(trace), operations: operationSpans(trace) }),
    [trace],
  )
  // Lanes that are not idle would tell of the future.
  const lanes = useMemo(() => lanesOf(trace, spans, idle || isBlind), [trace, spans, idle, isBlind])
  const height = HEAD + lanes.length * LANE + 6

  // A new axis is seen whole; the effect wants nothing of it but that it changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setView({ from: 0, zoom: 1 }), [axis])
  useEffect(() => {
    const element = canvas.current?.parentElement
    if (element === null || element === undefined) return undefined
    const observer = new ResizeObserver(() => setWidth(Math.max(320, element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const zoomed = (event: Event): void => {
      const action = event instanceof CustomEvent ? String(event.detail) : ''
      if (action === 'fit') setView({ from: 0, zoom: 1 })
      else setView((before) => zoomAround(before, axis, toShown(axis, at), action === 'zoom-in' ? 1.6 : 1 / 1.6))
    }
    window.addEventListener('timeline-zoom', zoomed)
    return () => window.removeEventListener('timeline-zoom', zoomed)
  }, [axis, at])
  useEffect(() => {
    const element = canvas.current
    if (element === null) return undefined
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && Math.abs(event.deltaY) < Math.abs(event.deltaX)) {
        event.preventDefault()
        setView((before) =>
          clampView(
            { ...before, from: before.from + (event.deltaX / (width - LABEL)) * (axis.length / before.zoom) },
            axis,
          ),
        )
      } else if (event.ctrlKey || event.shiftKey) {
        event.preventDefault()
        const x = event.clientX - element.getBoundingClientRect().left
        setView((before) =>
          zoomAround(
            before,
            axis,
            before.from + ((x - LABEL) / (width - LABEL)) * (axis.length / before.zoom),
            event.deltaY < 0 ? 1.2 : 1 / 1.2,
          ),
        )
      }
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [axis, width])

  // What does not depend on the cursor is painted once; a step of the cursor copies that picture and draws one line.
  const { selectedNode, selectedResource } = props
  const picture = useMemo(() => {
    const made = document.createElement('canvas')
    const ratio = window.devicePixelRatio || 1
    made.width = width * ratio
    made.height = height * ratio
    const context = made.getContext('2d')
    if (context === null) return made
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const theme = dark ? 'dark' : 'light'
    draw(context, {
      trace,
      lines,
      selectedNode,
      selectedResource,
      messages,
      axis,
      view,
      width,
      height,
      lanes,
      spans,
      theme,
    })
    return made
  }, [trace, lines, dark, selectedNode, selectedResource, messages, axis, view, width, height, lanes, spans])
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    if (element.width !== picture.width) element.width = picture.width
    if (element.height !== picture.height) element.height = picture.height
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, picture.width, picture.height)
    context.drawImage(picture, 0, 0)
    const ratio = window.devicePixelRatio || 1
    const x = LABEL + (toShown(axis, at) - view.from) * ((width - LABEL) / (axis.length / view.zoom))
    const styles = getComputedStyle(document.documentElement)
    if (isBlind) {
      const from = Math.max(LABEL, x)
      context.fillStyle = styles.getPropertyValue('--sunken').trim()
      context.fillRect(from * ratio, 0, (width - from) * ratio, picture.height)
    }
    if (x < LABEL) return
    context.fillStyle = styles.getPropertyValue('--cursor').trim()
    context.fillRect((x - 1) * ratio, 0, 2 * ratio, picture.height)
  }, [picture, at, isBlind, axis, view, width])

  const positionOf = (event: PointerEvent): number =>
    event.clientX - (canvas.current?.getBoundingClientRect().left ?? 0)
  const released = (event: PointerEvent): void => {
    const { current } = drag
    drag.current = undefined
    if (current === undefined || current.moved) return
    const x = positionOf(event)
    const lane = lanes[Math.floor((event.clientY - (canvas.current?.getBoundingClientRect().top ?? 0) - HEAD) / LANE)]
    if (lane !== undefined) onSelect(lane.node, lane.resource)
    if (LABEL <= x) onSeek(fromShown(axis, view.from + ((x - LABEL) / (width - LABEL)) * (axis.length / view.zoom)))
  }
  const moved = (event: PointerEvent): void => {
    const { current } = drag
    if (current === undefined) return
    const distance = positionOf(event) - current.x
    if (Math.abs(distance) < 4 && !current.moved) return
    current.moved = true
    setView((before) =>
      clampView({ ...before, from: current.from - (distance / (width - LABEL)) * (axis.length / before.zoom) }, axis),
    )
  }
  return (
    <>
      <div className="panel-head">
        <h2>Timeline</h2>
        <label>
          <input type="checkbox" checked={messages} onChange={(event) => setMessages(event.target.checked)} /> messages
        </label>
        <label>
          <input type="checkbox" checked={idle} onChange={(event) => setIdle(event.target.checked)} /> idle lanes
        </label>
        <label>
          <input type="checkbox" checked={folding} onChange={(event) => setFolding(event.target.checked)} /> fold quiet
          times
        </label>
        <button
          type="button"
          aria-label="Zoom in"
          onClick={() => setView(zoomAround(view, axis, toShown(axis, at), 1.6))}
        >
          +
        </button>
        <button
          type="button"
          aria-label="Zoom out"
          onClick={() => setView(zoomAround(view, axis, toShown(axis, at), 1 / 1.6))}
        >
          −
        </button>
        <button type="button" onClick={() => setView({ from: 0, zoom: 1 })}>
          Fit
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="canvas-box" tabIndex={0} aria-label="Lanes">
        <canvas
          ref={canvas}
          style={{ width, height }}
          role="img"
          aria-label={`Timeline of ${lanes.length} lanes, ${lines.length} records; the cursor is at ${clockText(Math.round(at))}. The story tells the same in words.`}
          onPointerDown={(event) => {
            drag.current = { x: positionOf(event), from: view.from, moved: false }
          }}
          onPointerMove={moved}
          onPointerUp={released}
          onPointerLeave={() => {
            drag.current = undefined
          }}
        />
      </section>
    </>
  )
}

/** A lane for each node, and for each service that ever did anything there; with `idle` for the others too. */
function lanesOf({ header }: Trace, spans: Spans, idle: boolean): readonly Lane[] {
  const { nodes, resources } = header.cluster
  const work = [...spans.resources, ...spans.operations.filter(({ operation }) => !QUIET.has(operation))]
  const busy = new Set(work.map(({ node, resource }) => `${node}\u0000${resource}`))
  return nodes.flatMap((node) => [
    { node, resource: '' },
    ...resources.flatMap(({ id }) => (idle || busy.has(`${node}\u0000${id}`) ? [{ node, resource: id }] : [])),
  ])
}

function zoomAround(view: Window, axis: Axis, center: number, factor: number): Window {
  const zoom = Math.min(ZOOM_MAX, Math.max(1, view.zoom * factor))
  return clampView({ zoom, from: center - (center - view.from) * (view.zoom / zoom) }, axis)
}

function clampView(view: Window, axis: Axis): Window {
  return { ...view, from: Math.min(Math.max(0, view.from), axis.length - axis.length / view.zoom) }
}
