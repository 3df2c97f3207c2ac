/** Paints the timeline: bars for states, spans for calls, flags for faults, marks for decisions and fencing, lines for messages. */
import { durationText } from '../../src/kernel/time.ts'
import type { nodeSpans, operationSpans, resourceSpans } from '../../src/report/spans.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'
import { type Axis, fromShown, toShown } from '../replay/folds.ts'
import { nodeSign, resourceSign } from './signs.ts'
import { ticksOf } from './ticks.ts'

/** Height of a lane; of one among several runs, which must be seen together. */
export const LANE = 22
export const LOW_LANE = 17
export const HEAD = 48
/** The clock stands above flags and marks. */
const CLOCK = 14
/** How much wider than a fold the words for its length may be. */
const FOLD_OVERLAP = 8
/** Room for one time of the clock. */
const TICK_WIDTH = 76

const NARROW = 560

/** How much of the width the names of lanes take: less where there is little. */
export function labelWidth(width: number): number {
  return width < NARROW ? 112 : 170
}

/** The view on the axis: from where, and how many times closer than the whole. */
export interface Window {
  readonly from: number
  readonly zoom: number
}

/** How far left of the lanes a flag may stand whose words still reach into them, in pixels. */
const FLAG_REACH = 40

/** One row: a node, or a service on it. */
export interface Lane {
  readonly node: string
  readonly resource: string
}

/** Everything that lasts. */
export interface Spans {
  readonly nodes: ReturnType<typeof nodeSpans>
  readonly resources: ReturnType<typeof resourceSpans>
  /** Without calls that are no work. */
  readonly operations: ReturnType<typeof operationSpans>
}

/** Reads each colour of the page once: a computed style costs more than painting a bar. */
export function readTokens(): (name: string) => string {
  const styles = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const value = styles.getPropertyValue(`--${name}`).trim()
    known.set(name, value)
    return value
  }
}

/** What is painted. */
export interface Drawing {
  readonly trace: Trace
  /** Those with a mark of their own: see {@link isMarked}. */
  readonly lines: readonly StoryLine[]
  readonly selectedNode: string
  readonly selectedResource: string
  /** The page's colours by their names. */
  readonly token: (name: string) => string
  readonly messages: boolean
  readonly axis: Axis
  readonly view: Window
  readonly width: number
  readonly height: number
  /** Height of a lane. */
  readonly lane: number
  /** Width of the column of names. */
  readonly names: number
  readonly lanes: readonly Lane[]
  readonly spans: Spans
}

/** True for what has a flag or a sign on the timeline: few of many records. */
export function isMarked({ tone, kind }: StoryLine): boolean {
  if (tone === 'quiet' || tone === 'plain') return false
  return tone === 'fault' || kind === 'decision' || kind === 'fence' || (kind === 'storage' && tone === 'bad')
}

/** Paints all but the cursor. */
export function draw(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { axis, view, width, height, names, lane: tall, lanes, spans, lines, selectedNode, selectedResource } = drawing
  const { token } = drawing
  const scale = (width - names) / (axis.length / view.zoom)
  const x = (instant: number): number => names + (toShown(axis, instant) - view.from) * scale
  const top = topsOf(lanes, tall)
  // What is out of sight is left out before anything is worked out about it: a closer look costs what it shows.
  const from = fromShown(axis, view.from - (FLAG_REACH + 1) / scale)
  const to = fromShown(axis, view.from + axis.length / view.zoom) + 1
  const isSeen = (span: { readonly from: number; readonly to: number }): boolean => from <= span.to && span.from <= to
  const { resources } = drawing.trace.header.cluster
  const promotable = new Set(resources.filter((spec) => spec.promotable).map(({ id }) => id))
  context.clearRect(0, 0, width, height)
  const size = tall < LANE ? 11 : 12
  context.font = `${size}px system-ui, "DejaVu Sans", sans-serif`
  context.textBaseline = 'middle'

  context.save()
  context.beginPath()
  context.rect(names, 0, width - names, height)
  context.clip()
  for (const stretch of axis.stretches) {
    if (!stretch.folded) continue
    const left = names + (stretch.shownFrom - view.from) * scale
    const right = names + (stretch.shownTo - view.from) * scale
    context.fillStyle = token('sunken')
    context.fillRect(left, 0, right - left, height)
    context.fillStyle = token('ink-soft')
    const length = durationText(Math.round((stretch.to - stretch.from) / 1000) * 1000)
    const wide = context.measureText(length).width
    if (wide < right - left + (width < NARROW ? 0 : FOLD_OVERLAP))
      context.fillText(length, (left + right - wide) / 2, HEAD - 8)
  }
  for (const { shown, label } of ticksOf(axis, view, TICK_WIDTH / scale)) {
    const left = Math.round(names + (shown - view.from) * scale)
    context.fillStyle = token('sunken')
    context.fillRect(left, CLOCK, 1, height - CLOCK)
    context.fillStyle = token('ink-soft')
    context.fillText(label, Math.min(left + 2, width - context.measureText(label).width - 2), CLOCK / 2)
  }
  const bar = (from: number, to: number, y: number, color: string): void => {
    const left = x(from)
    const right = x(to)
    if (right < names || width < left) return
    context.fillStyle = color
    context.fillRect(left, y, Math.max(1.5, right - left), tall - 8)
  }
  for (const span of spans.nodes)
    if (span.state !== 'off' && isSeen(span))
      bar(span.from, span.to, top(span.node, '') + 4, token(`${nodeSign(span.state).color}-soft`))
  for (const span of spans.resources) {
    if (!isSeen(span)) continue
    const y = top(span.node, span.resource) + 4
    const isPlain = promotable.has(span.resource) && span.state === 'started'
    bar(span.from, span.to, y, token(isPlain ? 'good-soft' : resourceSign(span.state).color))
    if (24 < x(span.to) - x(span.from)) {
      context.fillStyle = token(isPlain ? 'good' : 'panel')
      context.fillText(resourceSign(span.state).shape, Math.max(names + 3, x(span.from) + 4), y + tall / 2 - 4)
    }
  }
  for (const span of spans.operations) {
    if (!isSeen(span)) continue
    const y = top(span.node, span.resource)
    if (y === 0) continue
    context.fillStyle = span.rc !== undefined && span.rc !== 0 ? token('bad') : token('ink')
    context.fillRect(x(span.from), y + tall - 5, Math.max(2, x(span.to) - x(span.from)), 2)
    if (span.rc !== undefined && span.rc !== 0) context.fillText(`✕${span.rc}`, x(span.to) + 2, y + tall / 2)
  }
  let flagEnd = 0
  let flagColumn = -1
  for (const line of lines) {
    if (line.at < from || to < line.at) continue
    const left = x(line.at)
    if (line.tone === 'fault') {
      // One flag a pixel: a hundred thousand would only be painted over one another.
      if (Math.round(left) === flagColumn) continue
      flagColumn = Math.round(left)
      context.strokeStyle = token('warn')
      context.setLineDash([3, 3])
      context.beginPath()
      context.moveTo(left, CLOCK + 16)
      context.lineTo(left, height)
      context.stroke()
      context.setLineDash([])
      context.fillStyle = token('warn')
      const label = left < flagEnd ? '' : ` ${line.text.slice(0, 30)}`
      context.fillText(`⚡${label}`, left + 2, CLOCK + (left < flagEnd ? 22 : 9))
      if (label !== '') flagEnd = left + 24 + context.measureText(label).width
    } else if (line.kind === 'decision' || line.kind === 'fence') {
      context.fillStyle = token(line.kind === 'fence' ? 'bad' : 'accent')
      context.fillText(line.kind === 'fence' ? '⚡' : '◆', left - 4, top(line.node, '') + tall / 2)
    } else {
      context.fillStyle = token('bad')
      context.fillText('▲', left - 4, HEAD - 8)
    }
  }
  if (drawing.messages) drawMessages(context, drawing, { x, top })
  context.restore()

  for (const [index, lane] of lanes.entries()) {
    const y = HEAD + tall * index
    const chosen = lane.node === selectedNode && lane.resource === selectedResource
    if (chosen) {
      context.fillStyle = token('accent-soft')
      context.fillRect(0, y, names - 4, tall)
    }
    context.strokeStyle = token('line')
    context.beginPath()
    context.moveTo(0, y + 0.5)
    context.lineTo(width, y + 0.5)
    context.stroke()
    context.fillStyle = lane.resource === '' ? token('ink') : token('ink-soft')
    context.font = `${lane.resource === '' ? 'bold ' : ''}${size}px system-ui, "DejaVu Sans", sans-serif`
    context.fillText(
      lane.resource === '' ? lane.node : fitted(context, lane.resource, names),
      lane.resource === '' ? 6 : 18,
      y + tall / 2,
    )
  }
}

/** Where each lane begins; 0 for what has none. */
function topsOf(lanes: readonly Lane[], tall: number): (node: string, resource: string) => number {
  const tops = new Map<string, Map<string, number>>()
  for (const [index, { node, resource }] of lanes.entries()) {
    const own = tops.get(node) ?? new Map<string, number>()
    tops.set(node, own.set(resource, HEAD + tall * index))
  }
  return (node, resource) => tops.get(node)?.get(resource) ?? 0
}

interface Place {
  readonly x: (instant: number) => number
  readonly top: (node: string, resource: string) => number
}

/** Messages as slanted lines between the lanes of sender and receiver: a space-time diagram. A lost one ends in a cross. */
function drawMessages(
  context: CanvasRenderingContext2D,
  { trace, width, names, lane: tall, token }: Drawing,
  { x, top }: Place,
): void {
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
    if (from < HEAD || to < HEAD || right < names || width < left) continue
    const lost = record.phase === 'lost'
    context.strokeStyle = token(lost ? 'bad' : 'line-strong')
    context.beginPath()
    context.moveTo(left, from + tall / 2)
    context.lineTo(right, (lost ? (from + to) / 2 : to) + tall / 2)
    context.stroke()
    context.fillStyle = token('bad')
    if (lost) context.fillText('✕', right - 4, (from + to) / 2 + tall / 2)
  }
}

function fitted(context: CanvasRenderingContext2D, text: string, names: number): string {
  if (context.measureText(text).width < names - 26) return text
  let length = text.length
  while (4 < length && names - 34 < context.measureText(text.slice(0, length)).width) length -= 1
  return `${text.slice(0, length)}…`
}
