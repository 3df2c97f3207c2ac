/**
 * One scenario under several managers or settings, under one another on one time axis: one cursor, one zoom. Where they first do something
 * different is marked on the axis, and told beside it with each side's reason and the table of what each came to.
 */
import { type ReactElement, useMemo } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { lastTold, type Together as Runs, type Strip, sharedAxis } from '../replay/together.ts'
import { afterNode } from '../replay/told.ts'
import { Lanes, type Mark } from './Lanes.tsx'
import type { ConfigPlace } from './SourceLine.tsx'
import { Check, type Drawing, ZoomButtons } from './Timeline.tsx'
import { type AxisView, type Looking, useView, viewOf } from './use-view.ts'
import { Differences, VariantTable } from './Variants.tsx'

interface Props extends Looking {
  readonly runs: Runs
  readonly drawn: Drawing
  readonly onDraw: (drawn: Drawing) => void
  readonly dark: boolean
  readonly onSeek: (at: number) => void
  /** Puts one of them on the table alone. */
  /** Opens one run alone, at a line of its configuration where one is given. */
  readonly onAlone: (key: string, place?: ConfigPlace) => void
}

/** The strips to the left, words and figures to the right. */
export function Together(props: Props): ReactElement {
  const { runs, drawn, onDraw, onSeek, onAlone } = props
  const { messages, folding } = drawn
  const axis = useMemo(() => sharedAxis(runs, folding), [runs, folding])
  const axisView = useView(axis, props)
  const first = runs.first?.at
  const goTo = (instant: number): void => {
    onSeek(instant)
    axisView.setView((before) => keepInView(before, axisView, instant))
  }
  return (
    <>
      <section className="strips" aria-label="Runs on one time axis">
        <div className="panel-head">
          <h2>On one time axis</h2>
          {first !== undefined && (
            <>
              <button type="button" className="go" onClick={() => goTo(first)}>
                ≠ First difference <time>{clockText(first)}</time>
              </button>
              <button
                type="button"
                onClick={() => {
                  onSeek(first)
                  axisView.setView(viewOf(axis, first - AROUND, first + AROUND))
                }}
              >
                Zoom to it
              </button>
            </>
          )}
          <Check name="messages" isOn={messages} onChange={(isOn) => onDraw({ ...drawn, messages: isOn })} />
          <Check name="fold quiet times" isOn={folding} onChange={(isOn) => onDraw({ ...drawn, folding: isOn })} />
          <ZoomButtons />
        </div>
        {runs.strips.map((strip) => (
          <OneStrip key={strip.column.name} {...props} {...axisView} strip={strip} messages={messages} />
        ))}
      </section>
      <section className="panel apart" aria-label="Differences and figures">
        <Differences runs={runs} onSeek={goTo} onAlone={onAlone} />
        <VariantTable table={runs.table} onAlone={onAlone} />
      </section>
    </>
  )
}

const AROUND = 30_000

/** Moves a view so that an instant is seen; one that sees it already stays. */
function keepInView(view: AxisView['view'], { axis }: AxisView, at: number): AxisView['view'] {
  const shown = viewOf(axis, at, at + 1).from
  const span = axis.length / view.zoom
  if (view.from <= shown && shown <= view.from + span) return view
  return { ...view, from: Math.min(Math.max(0, shown - span / 2), axis.length - span) }
}

interface StripProps extends Props, AxisView {
  readonly strip: Strip
  readonly messages: boolean
}

/** One run: its name, what its story told last, and its lanes. */
function OneStrip({ strip, runs, at, onAlone, ...rest }: StripProps): ReactElement {
  const { column, key, lines } = strip
  const marks = useMemo(() => marksOf(strip, runs), [strip, runs])
  const last = lastTold(strip, at)
  const isMixed = runs.strips.some((other) => other.column.manager !== column.manager)
  const signs = marks.map((mark) => `${mark.sign} at ${clockText(mark.at)}`).join(', ')
  return (
    <article className="panel strip" aria-label={column.name}>
      <header>
        <h3>
          {column.name}
          {isMixed && column.name !== column.manager && <small> {column.manager}</small>}
        </h3>
        <p className="last-told" data-tone={last?.tone} title={last?.text}>
          {last === undefined ? (
            'nothing yet'
          ) : (
            <>
              <time>{clockText(last.at)}</time> <b>{last.node}</b> {afterNode(last)}
            </>
          )}
        </p>
        <button type="button" onClick={() => onAlone(key)}>
          open <span className="unseen">{column.name} </span>alone
        </button>
      </header>
      {column.changes.length > 0 && <p className="changes">with {column.changes.join('; ')}</p>}
      <div className="strip-lanes">
        <Lanes
          {...rest}
          trace={column.trace}
          lines={lines}
          at={at}
          marks={marks}
          isLow={true}
          label={`Lanes of ${column.name} at ${clockText(Math.round(at))}.${signs === '' ? '' : ` Differences: ${signs}.`} Opened alone, the story tells them in words.`}
        />
      </div>
    </article>
  )
}

/** Differences that fall on one instant share a mark; the first of all is seen in every run. With one only, its number says nothing. */
function marksOf({ partings }: Strip, { strips, first }: Runs): readonly Mark[] {
  const found = new Map<number, string>()
  for (const { at, number } of partings)
    found.set(at, strips.length === 2 ? '≠' : `${found.get(at) ?? ''}${SMALL[number - 1] ?? '≠'}`)
  if (first?.at !== undefined && !found.has(first.at)) found.set(first.at, '≠')
  return [...found].map(([at, sign]) => ({ at, sign }))
}

const SMALL = ['①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨']
