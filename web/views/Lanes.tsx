/** The lanes of one run on a canvas, at a view of an axis that it may share with other runs. Wheel zooms, drag pans, click seeks. */
import { type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { nodeSpans, operationSpans, resourceSpans } from '../../src/report/spans.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'
import { fromShown, QUIET, toShown } from '../replay/folds.ts'
import {
  draw,
  HEAD,
  isMarked,
  LANE,
  type Lane,
  LOW_LANE,
  labelWidth,
  readTokens,
  type Spans,
  type Window,
} from './paint.ts'
import { type AxisView, clampView, zoomAround } from './use-view.ts'

/** An instant to be seen on the axis, with a sign at its head. */
export interface Mark {
  readonly at: number
  readonly sign: string
}

interface Props extends AxisView {
  readonly trace: Trace
  readonly lines: readonly StoryLine[]
  readonly at: number
  readonly marks?: readonly Mark[]
  /** The future is hidden. */
  readonly isBlind?: boolean
  readonly dark: boolean
  readonly idle?: boolean
  /** Low lanes, so that several runs are seen at once. */
  readonly isLow?: boolean
  readonly messages?: boolean
  readonly selectedNode?: string
  readonly selectedResource?: string
  /** What the picture is, for those who cannot see it. */
  readonly label: string
  readonly onSeek: (at: number) => void
  readonly onSelect?: (node: string, resource: string) => void
}

const NO_MARKS: readonly Mark[] = []

/** The picture. */
export function Lanes(props: Props): ReactElement {
  const { trace, lines, at, axis, view, setView, dark, label, onSeek, onSelect } = props
  const { marks = NO_MARKS, isBlind = false, idle = false, isLow = false, messages = false } = props
  const { selectedNode = '', selectedResource = '' } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(800)
  const drag = useRef<{ readonly x: number; readonly from: number; moved: boolean } | undefined>(undefined)
  const spans = useMemo(() => spansOf(trace), [trace])
  const marked = useMemo(() => lines.filter(isMarked), [lines])
  // Lanes that are not idle would tell of the future.
  const lanes = useMemo(() => lanesOf(trace, spans, idle || isBlind), [trace, spans, idle, isBlind])
  const lane = isLow ? LOW_LANE : LANE
  const height = HEAD + lanes.length * lane + 6
  const names = labelWidth(width)
  const perPixel = axis.length / view.zoom / (width - names)

  useEffect(() => {
    const element = canvas.current?.parentElement
    if (element === null || element === undefined) return undefined
    const observer = new ResizeObserver(() => setWidth(Math.max(280, element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useWheel(canvas, { axis, setView, width, names })

  // Read where the theme turns only: in a step of the cursor, it would have the browser work out every style at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens change with the theme
  const token = useMemo(readTokens, [dark])
  // What does not depend on the cursor is painted once; a step of the cursor copies that picture and draws one line.
  const picture = useMemo(() => {
    const made = document.createElement('canvas')
    const ratio = window.devicePixelRatio || 1
    made.width = width * ratio
    made.height = height * ratio
    const context = made.getContext('2d')
    if (context === null) return made
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const size = { width, height, names, lane }
    const whole = { trace, lines: marked, selectedNode, selectedResource, messages, axis, view, lanes, spans, token }
    draw(context, { ...whole, ...size })
    return made
  }, [
    trace,
    marked,
    token,
    selectedNode,
    selectedResource,
    messages,
    axis,
    view,
    width,
    height,
    names,
    lane,
    lanes,
    spans,
  ])
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    if (element.width !== picture.width) element.width = picture.width
    if (element.height !== picture.height) element.height = picture.height
    const x = (instant: number): number => names + (toShown(axis, instant) - view.from) / perPixel
    paintOver(context, { picture, token, x, at, names, width, isBlind, marks })
  }, [picture, token, at, isBlind, axis, view, width, names, perPixel, marks])

  const positionOf = (event: PointerEvent): number =>
    event.clientX - (canvas.current?.getBoundingClientRect().left ?? 0)
  const released = (event: PointerEvent): void => {
    const { current } = drag
    drag.current = undefined
    if (current === undefined || current.moved) return
    const x = positionOf(event)
    const y = event.clientY - (canvas.current?.getBoundingClientRect().top ?? 0)
    const hit = lanes[Math.floor((y - HEAD) / lane)]
    if (hit !== undefined) onSelect?.(hit.node, hit.resource)
    if (names <= x) onSeek(fromShown(axis, view.from + (x - names) * perPixel))
  }
  const moved = (event: PointerEvent): void => {
    const { current } = drag
    if (current === undefined) return
    const distance = positionOf(event) - current.x
    if (Math.abs(distance) < 4 && !current.moved) return
    current.moved = true
    setView((before) => clampView({ ...before, from: current.from - distance * perPixel }, axis))
  }
  return (
    <canvas
      ref={canvas}
      style={{ width, height }}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        drag.current = { x: positionOf(event), from: view.from, moved: false }
      }}
      onPointerMove={moved}
      onPointerUp={released}
      onPointerLeave={() => {
        drag.current = undefined
      }}
    />
  )
}

interface Wheeling extends Pick<AxisView, 'axis' | 'setView'> {
  readonly width: number
  readonly names: number
}

/** With Ctrl or Shift the wheel zooms, sideways it pans. React's own wheel events cannot be prevented. */
function useWheel(canvas: { readonly current: HTMLCanvasElement | null }, wheeling: Wheeling): void {
  const { axis, setView, width, names } = wheeling
  useEffect(() => {
    const element = canvas.current
    if (element === null) return undefined
    const perPixel = (view: Window): number => axis.length / view.zoom / (width - names)
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && Math.abs(event.deltaY) < Math.abs(event.deltaX)) {
        event.preventDefault()
        setView((before) => clampView({ ...before, from: before.from + event.deltaX * perPixel(before) }, axis))
      } else if (event.ctrlKey || event.shiftKey) {
        event.preventDefault()
        const x = event.clientX - element.getBoundingClientRect().left - names
        const factor = event.deltaY < 0 ? 1.2 : 1 / 1.2
        setView((before) => zoomAround(before, axis, before.from + x * perPixel(before), factor))
      }
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [canvas, axis, setView, width, names])
}

interface Over {
  readonly picture: HTMLCanvasElement
  readonly token: (name: string) => string
  readonly x: (instant: number) => number
  readonly at: number
  readonly names: number
  readonly width: number
  readonly isBlind: boolean
  readonly marks: readonly Mark[]
}

/** The picture, what hides its future, the marks and the cursor. */
function paintOver(
  context: CanvasRenderingContext2D,
  { picture, token, x, at, names, width, isBlind, marks }: Over,
): void {
  const ratio = window.devicePixelRatio || 1
  const height = picture.height / ratio
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, picture.width, picture.height)
  context.drawImage(picture, 0, 0)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  const cursor = x(at)
  if (isBlind) {
    const from = Math.max(names, cursor)
    context.fillStyle = token('sunken')
    context.fillRect(from, 0, width - from, height)
  }
  const seen = marks.map(({ at, sign }) => ({ sign, left: x(at) })).filter(({ left }) => names <= left && left <= width)
  context.fillStyle = token('odd')
  for (const { left } of seen) context.fillRect(left - 1, HEAD - 20, 2, height - HEAD + 20)
  if (names <= cursor) {
    context.fillStyle = token('cursor')
    context.fillRect(cursor - 1, 0, 2, height)
  }
  paintBadges(context, gathered(seen), { width, token })
}

interface Badge {
  readonly sign: string
  readonly left: number
}

const BADGE = 18

/** Marks that stand so close that one badge would cover the next share one. */
function gathered(seen: readonly Badge[]): readonly Badge[] {
  const found: Badge[] = []
  for (const badge of [...seen].sort((one, other) => one.left - other.left || (one.sign < other.sign ? -1 : 1))) {
    const last = found.at(-1)
    if (last === undefined || BADGE <= badge.left - last.left) found.push(badge)
    else found[found.length - 1] = { left: last.left, sign: `${last.sign}${badge.sign}` }
  }
  return found
}

/** The signs at the head of marks, over everything else. */
function paintBadges(
  context: CanvasRenderingContext2D,
  seen: readonly Badge[],
  { width, token }: { readonly width: number; readonly token: (name: string) => string },
): void {
  context.font = 'bold 13px system-ui, "DejaVu Sans", sans-serif'
  context.textBaseline = 'middle'
  context.textAlign = 'center'
  for (const { sign, left } of seen) {
    const half = Math.max(9, context.measureText(sign).width / 2 + 3)
    const middle = Math.min(left, width - half)
    context.fillStyle = token('odd')
    context.beginPath()
    context.roundRect(middle - half, HEAD - 17, 2 * half, 17, 4)
    context.fill()
    context.fillStyle = token('panel')
    context.fillText(sign, middle, HEAD - 8)
  }
  context.textAlign = 'start'
}

function spansOf(trace: Trace): Spans {
  const operations = operationSpans(trace).filter(({ operation }) => !QUIET.has(operation))
  return { nodes: nodeSpans(trace), resources: resourceSpans(trace), operations }
}

/** A lane for each node, and for each service that ever did anything there; with `idle` for the others too. */
function lanesOf({ header }: Trace, spans: Spans, idle: boolean): readonly Lane[] {
  const { nodes, resources } = header.cluster
  const busy = new Set(
    [...spans.resources, ...spans.operations].map(({ node, resource }) => `${node}\u0000${resource}`),
  )
  return nodes.flatMap((node) => [
    { node, resource: '' },
    ...resources.flatMap(({ id }) => (idle || busy.has(`${node}\u0000${id}`) ? [{ node, resource: id }] : [])),
  ])
}
