/**
 * Lanes by node and resource on a canvas: states as bars, operations as spans on them, faults as flags, decisions, fencing and failures as
 * marks. Quiet stretches are folded. The story says the same in words.
 */
import { type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { clockText, durationText } from '../../src/kernel/time.ts'
import { nodeSpans, operationSpans, resourceSpans } from '../../src/report/spans.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'
import { type Axis, foldAxis, fromShown, toShown } from '../replay/folds.ts'
import { nodeSign, resourceSign } from './signs.ts'

interface Props {
  readonly trace: Trace
  readonly lines: readonly StoryLine[]
  readonly at: number
  readonly dark: boolean
  readonly selectedNode: string
  readonly selectedResource: string
  readonly onSeek: (at: number) => void
  readonly onSelect: (node: string, resource: string) => void
}

const LANE = 22
const HEAD = 34
const LABEL = 190
const ZOOM_MAX = 4000

/** The view on the axis: from where, and how many times closer than the whole. */
interface Window {
  readonly from: number
  readonly zoom: number
}

/** The timeline. Wheel zooms, drag pans, click seeks; the keys + − 0 do the same. */
export function Timeline(props: Props): ReactElement {
  const { trace, lines, at, dark, onSeek, onSelect } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(800)
  const [view, setView] = useState<Window>({ from: 0, zoom: 1 })
  const [folding, setFolding] = useState(true)
  const [messages, setMessages] = useState(false)
  const drag = useRef<{ readonly x: number; readonly from: number; moved: boolean } | undefined>(undefined)
  const lanes = useMemo(
    () =>
      trace.header.cluster.nodes.flatMap((node) => [
        { node, resource: '' },
        ...trace.header.cluster.resources.map((spec) => ({ node, resource: spec.id })),
      ]),
    [trace],
  )
  const axis = useMemo(() => {
    const instants = trace.records.filter((record) => record.kind !== 'message').map((record) => record.at)
    return foldAxis(instants, trace.footer.endedAt, folding)
  }, [trace, folding])
  const spans = useMemo(
    () => ({ nodes: nodeSpans(trace), resources: resourceSpans(trace), operations: operationSpans(trace) }),
    [trace],
  )
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
    if (x < LABEL) return
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--cursor').trim()
    context.fillRect((x - 1) * ratio, 0, 2 * ratio, picture.height)
  }, [picture, at, axis, view, width])

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
          <input type="checkbox" checked={folding} onChange={(event) => setFolding(event.target.checked)} /> fold quiet
          stretches
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
      <div className="canvas-box">
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
      </div>
    </>
  )
}

function zoomAround(view: Window, axis: Axis, center: number, factor: number): Window {
  const zoom = Math.min(ZOOM_MAX, Math.max(1, view.zoom * factor))
  return clampView({ zoom, from: center - (center - view.from) * (view.zoom / zoom) }, axis)
}

function clampView(view: Window, axis: Axis): Window {
  return { ...view, from: Math.min(Math.max(0, view.from), axis.length - axis.length / view.zoom) }
}

interface Drawing extends Pick<Props, 'lines' | 'selectedNode' | 'selectedResource' | 'trace'> {
  /** Which tokens are in force: not read, but the picture is made anew when they change. */
  readonly theme: 'dark' | 'light'
  readonly messages: boolean
  readonly axis: Axis
  readonly view: Window
  readonly width: number
  readonly height: number
  readonly lanes: readonly { readonly node: string; readonly resource: string }[]
  readonly spans: {
    readonly nodes: ReturnType<typeof nodeSpans>
    readonly resources: ReturnType<typeof resourceSpans>
    readonly operations: ReturnType<typeof operationSpans>
  }
}

function draw(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { axis, view, width, height, lanes, spans, lines, selectedNode, selectedResource } = drawing
  const styles = getComputedStyle(document.documentElement)
  const token = (name: string): string => styles.getPropertyValue(`--${name}`).trim()
  const scale = (width - LABEL) / (axis.length / view.zoom)
  const x = (instant: number): number => LABEL + (toShown(axis, instant) - view.from) * scale
  const tops = new Map(lanes.map((lane, index) => [`${lane.node}\u0000${lane.resource}`, HEAD + LANE * index]))
  const top = (node: string, resource: string): number => tops.get(`${node}\u0000${resource}`) ?? 0
  context.clearRect(0, 0, width, height)
  context.font = '12px system-ui, "DejaVu Sans", sans-serif'
  context.textBaseline = 'middle'

  context.save()
  context.beginPath()
  context.rect(LABEL, 0, width - LABEL, height)
  context.clip()
  for (const stretch of axis.stretches) {
    if (!stretch.folded) continue
    const from = LABEL + (stretch.shownFrom - view.from) * scale
    const to = LABEL + (stretch.shownTo - view.from) * scale
    context.fillStyle = token('sunken')
    context.fillRect(from, 0, to - from, height)
    context.fillStyle = token('ink-soft')
    if (30 < to - from)
      context.fillText(durationText(Math.round((stretch.to - stretch.from) / 1000) * 1000), from + 3, HEAD - 8)
  }
  const bar = (from: number, to: number, y: number, color: string): void => {
    const left = x(from)
    const right = x(to)
    if (right < LABEL || width < left) return
    context.fillStyle = color
    context.fillRect(left, y, Math.max(1.5, right - left), LANE - 8)
  }
  for (const span of spans.nodes)
    if (span.state !== 'off')
      bar(span.from, span.to, top(span.node, '') + 4, token(`${nodeSign(span.state).color}-soft`))
  for (const span of spans.resources) {
    const y = top(span.node, span.resource) + 4
    bar(span.from, span.to, y, token(resourceSign(span.state).color))
    if (24 < x(span.to) - x(span.from)) {
      context.fillStyle = token('panel')
      context.fillText(resourceSign(span.state).shape, Math.max(LABEL + 3, x(span.from) + 4), y + 7)
    }
  }
  for (const span of spans.operations) {
    if (span.operation === 'status' || span.operation === 'monitor') continue
    const y = top(span.node, span.resource)
    context.fillStyle = span.rc !== undefined && span.rc !== 0 ? token('bad') : token('ink')
    context.fillRect(x(span.from), y + LANE - 5, Math.max(2, x(span.to) - x(span.from)), 2)
    if (span.rc !== undefined && span.rc !== 0) context.fillText(`✕${span.rc}`, x(span.to) + 2, y + 11)
  }
  let flagEnd = 0
  let flagColumn = -1
  for (const line of lines) {
    if (line.tone === 'quiet' || line.tone === 'plain') continue
    const left = x(line.at)
    if (left < LABEL - 40 || width < left) continue
    if (line.tone === 'fault') {
      // One flag a pixel: a hundred thousand would only be painted over one another.
      if (Math.round(left) === flagColumn) continue
      flagColumn = Math.round(left)
      context.strokeStyle = token('warn')
      context.setLineDash([3, 3])
      context.beginPath()
      context.moveTo(left, 16)
      context.lineTo(left, height)
      context.stroke()
      context.setLineDash([])
      context.fillStyle = token('warn')
      const label = left < flagEnd ? '' : ` ${line.text.slice(0, 30)}`
      context.fillText(`⚡${label}`, left + 2, left < flagEnd ? 22 : 9)
      if (label !== '') flagEnd = left + 24 + context.measureText(label).width
    } else if (line.kind === 'decision' || line.kind === 'fence') {
      context.fillStyle = token(line.kind === 'fence' ? 'bad' : 'accent')
      context.fillText(line.kind === 'fence' ? '⚡' : '◆', left - 4, top(line.node, '') + 11)
    } else if (line.kind === 'storage' && line.tone === 'bad') {
      context.fillStyle = token('bad')
      context.fillText('▲', left - 4, HEAD - 8)
    }
  }
  if (drawing.messages) drawMessages(context, drawing, { x, top, token })
  context.restore()

  for (const [index, lane] of lanes.entries()) {
    const y = HEAD + LANE * index
    const chosen = lane.node === selectedNode && lane.resource === selectedResource
    if (chosen) {
      context.fillStyle = token('accent-soft')
      context.fillRect(0, y, LABEL - 4, LANE)
    }
    context.strokeStyle = token('line')
    context.beginPath()
    context.moveTo(0, y + 0.5)
    context.lineTo(width, y + 0.5)
    context.stroke()
    context.fillStyle = lane.resource === '' ? token('ink') : token('ink-soft')
    context.font = `${lane.resource === '' ? 'bold ' : ''}12px system-ui, "DejaVu Sans", sans-serif`
    context.fillText(
      lane.resource === '' ? lane.node : fitted(context, lane.resource),
      lane.resource === '' ? 6 : 18,
      y + LANE / 2,
    )
  }
}

interface Place {
  readonly x: (instant: number) => number
  readonly top: (node: string, resource: string) => number
  readonly token: (name: string) => string
}

/** Messages as slanted lines between the lanes of sender and receiver: a space-time diagram. A lost one ends in a cross. */
function drawMessages(context: CanvasRenderingContext2D, { trace, width }: Drawing, { x, top, token }: Place): void {
  const sentBy = new Map<number, number>()
  for (const record of trace.records) {
    if (record.kind !== 'message') continue
    if (record.phase === 'sent') {
      sentBy.set(record.seq, record.at)
      continue
    }
    const left = x(sentBy.get(record.cause) ?? record.at)
    const right = Math.max(left + 4, x(record.at))
    const from = top(record.from, '')
    const to = top(record.to, '')
    if (from < HEAD || to < HEAD || right < LABEL || width < left) continue
    const lost = record.phase === 'lost'
    context.strokeStyle = token(lost ? 'bad' : 'line-strong')
    context.beginPath()
    context.moveTo(left, from + LANE / 2)
    context.lineTo(right, (lost ? (from + to) / 2 : to) + LANE / 2)
    context.stroke()
    context.fillStyle = token('bad')
    if (lost) context.fillText('✕', right - 4, (from + to) / 2 + LANE / 2)
  }
}

function fitted(context: CanvasRenderingContext2D, text: string): string {
  if (context.measureText(text).width < LABEL - 26) return text
  let length = text.length
  while (4 < length && LABEL - 34 < context.measureText(text.slice(0, length)).width) length -= 1
  return `${text.slice(0, length)}…`
}
