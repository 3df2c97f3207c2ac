/**
 * The graph of one transition, drawn in columns from left to right, with how each action stands at the cursor: a sign, a word, then a
 * colour. Drag pans, Ctrl and the wheel zoom, arrow keys and + − 0 do both. The list below tells the same in words.
 */
import { type KeyboardEvent, type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { shortText } from '../../src/report/recovery.ts'
import type { ActionState, Transition, TransitionAction } from '../replay/contract.ts'
import { type GraphLayout, layOut, type PlacedAction } from '../replay/layers.ts'
import { type Progress, progressAt, progressText } from '../replay/progress.ts'

interface Props {
  readonly transition: Transition
  readonly at: number
  readonly selectedResource: string
  readonly onSelect: (node: string, resource: string) => void
}

const BOX = { width: 178, height: 40 } as const
const CELL = { width: 224, height: 50 } as const
const MARGIN = 10
const ZOOM = { least: 0.2, most: 2.5, legible: 0.72 } as const

/** The signs of actions: a shape first, a word second. */
export const ACTION_SIGNS: Readonly<Record<ActionState, string>> = {
  cancelled: '⊘',
  done: '●',
  failed: '✕',
  lost: '?',
  running: '◐',
  waiting: '○',
}

interface View {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** Drawing and controls. */
export function TransitionGraph(props: Props): ReactElement {
  const { transition, at } = props
  const [collapse, setCollapse] = useState(true)
  const layout = useMemo(() => layOut(transition.actions, collapse), [transition, collapse])
  const progress = useMemo(() => progressAt(transition, at), [transition, at])
  const joints = transition.actions.length - transition.actions.filter(({ kind }) => kind !== 'pseudo').length
  const summary = progressText(layout.places.map(({ action }) => progress.get(action.id)!))
  return (
    <section className="graph" aria-label="Transition graph">
      <Canvas {...props} layout={layout} progress={progress} summary={summary}>
        <label>
          <input type="checkbox" checked={!collapse} onChange={(event) => setCollapse(!event.target.checked)} /> joints
          ({joints})
        </label>
      </Canvas>
      <ActionList {...props} layout={layout} progress={progress} />
    </section>
  )
}

interface CanvasProps extends Props {
  readonly layout: GraphLayout
  readonly progress: ReadonlyMap<number, Progress>
  readonly summary: string
  readonly children: ReactElement
}

function Canvas(props: CanvasProps): ReactElement {
  const { layout, progress, summary, transition, selectedResource, onSelect, children } = props
  const box = useRef<HTMLDivElement>(null)
  const size = useSize(box)
  const whole = { width: layout.columns * CELL.width, height: layout.rows * CELL.height + MARGIN }
  const fit = Math.min(1, size.width / whole.width, size.height / whole.height)
  const zoom = Math.max(fit, ZOOM.legible)
  const focus = frontOf(layout, progress)
  const first: View = {
    zoom,
    x: (focus?.column ?? 0) * CELL.width - CELL.width / 2,
    y: (focus?.row ?? 0) * CELL.height - size.height / zoom / 2,
  }
  // Where somebody moved one graph, the next one begins anew.
  const [moved, setMoved] = useState<{ readonly layout: GraphLayout; readonly view: View }>()
  const own = moved?.layout === layout ? moved.view : undefined
  const view = clampView(own ?? first, whole, size)
  const setView = (next: View): void => setMoved({ layout, view: next })
  const drag = useRef<{ readonly x: number; readonly y: number; readonly from: View; far: boolean } | undefined>(
    undefined,
  )
  const zoomBy = (factor: number, x = size.width / 2, y = size.height / 2): void =>
    setMoved((before) => ({
      layout,
      view: zoomAround(before?.layout === layout ? before.view : first, factor, x, y),
    }))
  useWheel(box, zoomBy)
  const pressed = (event: KeyboardEvent): void => {
    const step = KEY_STEPS.get(event.key)
    if (step !== undefined) setView({ ...view, x: view.x + step[0] / view.zoom, y: view.y + step[1] / view.zoom })
    else if (event.key === '+' || event.key === '=') zoomBy(1.25)
    else if (event.key === '-') zoomBy(0.8)
    else if (event.key === '0') setView({ x: 0, y: 0, zoom: fit })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const pulled = (event: PointerEvent): void => {
    const start = drag.current
    if (start === undefined) return
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y]
    if (!start.far && Math.abs(dx) + Math.abs(dy) < 5) return
    start.far = true
    setView({ ...start.from, x: start.from.x - dx / start.from.zoom, y: start.from.y - dy / start.from.zoom })
  }
  return (
    <>
      <div className="graph-tools">
        <p>{summary === '' ? 'There is nothing to do.' : summary}</p>
        {children}
        <button type="button" onClick={() => zoomBy(1.25)} aria-label="Zoom the graph in">
          +
        </button>
        <button type="button" onClick={() => zoomBy(0.8)} aria-label="Zoom the graph out">
          −
        </button>
        <button type="button" onClick={() => setView({ x: 0, y: 0, zoom: fit })} aria-label="Fit the graph">
          Fit
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that pans must be reachable by keyboard */}
      <section className="graph-box" ref={box} tabIndex={0} onKeyDown={pressed} aria-label="Graph, pans by arrow keys">
        <svg
          width={size.width}
          height={size.height}
          viewBox={`${view.x} ${view.y} ${size.width / view.zoom} ${size.height / view.zoom}`}
          role="img"
          aria-label={`Transition ${transition.number}: ${summary}. The list of actions tells each.`}
          onPointerDown={(event) => {
            drag.current = { x: event.clientX, y: event.clientY, from: view, far: false }
          }}
          onPointerMove={pulled}
          onPointerUp={() => {
            drag.current = undefined
          }}
          onPointerLeave={() => {
            drag.current = undefined
          }}
        >
          <Edges layout={layout} progress={progress} />
          {layout.places.map((place) => (
            <Box
              key={place.action.id}
              place={place}
              progress={progress.get(place.action.id)!}
              isChosen={selectedResource !== '' && place.action.resource === selectedResource}
              onClick={() => {
                if (drag.current?.far !== true && place.action.resource !== '')
                  onSelect(place.action.node, place.action.resource)
              }}
            />
          ))}
        </svg>
      </section>
    </>
  )
}

const KEY_STEPS: ReadonlyMap<string, readonly [x: number, y: number]> = new Map([
  ['ArrowLeft', [-60, 0]],
  ['ArrowRight', [60, 0]],
  ['ArrowUp', [0, -60]],
  ['ArrowDown', [0, 60]],
])

/** The first action that runs, else the first that waits: what a view that nobody moved shows. */
function frontOf({ places }: GraphLayout, progress: ReadonlyMap<number, Progress>): PlacedAction | undefined {
  const first = (wanted: ActionState): PlacedAction | undefined =>
    places
      .filter(({ action }) => progress.get(action.id)?.state === wanted)
      .reduce<PlacedAction | undefined>(
        (best, place) => (best !== undefined && best.column <= place.column ? best : place),
        undefined,
      )
  return first('running') ?? first('failed') ?? first('waiting')
}

/** Keeps the graph in sight: in the middle where all of it is. */
function clampView(
  view: View,
  whole: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
): View {
  const hold = (at: number, length: number, shown: number): number =>
    length <= shown ? (length - shown) / 2 : Math.min(Math.max(at, 0), length - shown)
  return {
    zoom: view.zoom,
    x: hold(view.x, whole.width, size.width / view.zoom),
    y: hold(view.y, whole.height, size.height / view.zoom),
  }
}

function zoomAround(view: View, factor: number, x: number, y: number): View {
  const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, view.zoom * factor))
  return { zoom, x: view.x + x / view.zoom - x / zoom, y: view.y + y / view.zoom - y / zoom }
}

function useSize(box: { readonly current: HTMLElement | null }): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 640, height: 280 })
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() =>
      setSize({ width: Math.max(200, element.clientWidth), height: Math.max(120, element.clientHeight) }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return size
}

function useWheel(
  box: { readonly current: HTMLElement | null },
  zoomBy: (factor: number, x: number, y: number) => void,
): void {
  const latest = useRef(zoomBy)
  latest.current = zoomBy
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const turned = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.shiftKey) return
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      latest.current(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - left, event.clientY - top)
    }
    element.addEventListener('wheel', turned, { passive: false })
    return () => element.removeEventListener('wheel', turned)
  }, [box])
}

const left = ({ column }: PlacedAction): number => column * CELL.width + MARGIN
const top = ({ row }: PlacedAction): number => row * CELL.height + MARGIN

/** An edge is strong once what it waits for is over. */
function Edges({
  layout,
  progress,
}: {
  readonly layout: GraphLayout
  readonly progress: ReadonlyMap<number, Progress>
}): ReactElement {
  return (
    <g className="graph-edges">
      {layout.edges.map(([from, to]) => {
        const [source, target] = [layout.places[from]!, layout.places[to]!]
        const [x1, y1] = [left(source) + BOX.width, top(source) + BOX.height / 2]
        const [x2, y2] = [left(target), top(target) + BOX.height / 2]
        const bend = Math.min(60, (x2 - x1) / 2)
        return (
          <path
            key={`${from} ${to}`}
            data-state={progress.get(source.action.id)?.state}
            d={`M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 5} ${y2} m-5 -4 l5 4 l-5 4`}
          />
        )
      })}
    </g>
  )
}

interface BoxProps {
  readonly place: PlacedAction
  readonly progress: Progress
  readonly isChosen: boolean
  readonly onClick: () => void
}

function Box({ place, progress, isChosen, onClick }: BoxProps): ReactElement {
  const { action } = place
  const { state } = progress
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the picture is for the mouse; the list of actions is for the keyboard
    <g
      className="action"
      data-kind={action.kind}
      data-state={state}
      data-chosen={isChosen}
      transform={`translate(${left(place)} ${top(place)})`}
      onClick={onClick}
    >
      <title>{`${action.key}${action.node === '' ? '' : ` on ${action.node}`}: ${stateText(progress)}`}</title>
      <rect width={BOX.width} height={BOX.height} rx={action.kind === 'pseudo' ? 20 : 6} />
      <text className="action-sign" x={11} y={25} textAnchor="middle">
        {ACTION_SIGNS[state]}
      </text>
      <text className="action-title" x={22} y={17}>
        {cut(titleOf(action), 23)}
      </text>
      <text className="action-sub" x={22} y={32}>
        {cut([action.node, stateText(progress)].filter((word) => word !== '').join(' · '), 28)}
      </text>
    </g>
  )
}

/** `start db`, `monitor db every 10s`, `fence alice (reboot)`; joints by their key. */
export function titleOf({ kind, task, key, node, resource }: TransitionAction): string {
  if (kind === 'fence') return `fence ${node} (${task})`
  if (kind === 'pseudo') return key.replace(/_0$/, '')
  const match = /^(.*)_(\d+)$/.exec(key)
  const interval = Number(match?.[2] ?? 0)
  const noted = /^(.*?)_(pre|post)_notify_(\w+)_0$/.exec(key)
  if (noted !== null) return `${noted[2]}-notify ${noted[1]} ${noted[3]}`
  if (resource === '') return `${task.replaceAll('_', ' ')} ${node}`
  const instance = match?.[1]?.endsWith(`_${task}`) === true ? match[1].slice(0, -task.length - 1) : resource
  if (task === 'monitor' && interval === 0) return `probe ${instance}`
  return `${task.replaceAll('_', ' ')} ${instance}${interval === 0 ? '' : ` ${shortText(interval)}`}`
}

/** How it stands, with how long it took. */
function stateText({ state, began, ended }: Progress): string {
  if (began === undefined || ended === undefined) return state
  return `${state} in ${shortText(ended - began)}`
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

interface ListProps extends Props {
  readonly layout: GraphLayout
  readonly progress: ReadonlyMap<number, Progress>
}

/** The graph in words: by what began first, then by the graph's own order. */
function ActionList({ layout, progress, onSelect }: ListProps): ReactElement {
  const rank = ({ began, ended }: Progress): number => began ?? ended ?? Number.POSITIVE_INFINITY
  const sorted = layout.places
    .map(({ action, column }) => ({ action, column, stands: progress.get(action.id)! }))
    .sort((a, b) => order(rank(a.stands), rank(b.stands)) || a.column - b.column || a.action.id - b.action.id)
  return (
    <details className="action-list">
      <summary>{sorted.length === 1 ? 'The action' : `The ${sorted.length} actions`} in words</summary>
      <ol>
        {sorted.map(({ action, stands }) => (
          <li key={action.id} data-state={stands.state}>
            <span aria-hidden="true">{ACTION_SIGNS[stands.state]}</span>{' '}
            <button
              type="button"
              className="line"
              disabled={action.resource === ''}
              onClick={() => onSelect(action.node, action.resource)}
            >
              {titleOf(action)}
              {action.node === '' || action.kind === 'fence' ? '' : ` on ${action.node}`}
            </button>{' '}
            <small>
              {stateText(stands)}
              {stands.began === undefined ? '' : ` from ${clockText(stands.began)}`}
            </small>
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Infinite ranks are equal, which a difference of them is not. */
function order(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1
}
