/**
 * Lanes by node and resource on a canvas: states as bars, operations as spans on them, faults as flags, decisions, fencing and failures as
 * marks. Quiet stretches are folded. The story says the same in words.
 */
import { type ReactElement, useMemo } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { Trace } from '../../src/trace/record.ts'
import { foldAxis, instantsOf } from '../replay/folds.ts'
import { Lanes } from './Lanes.tsx'
import { askZoom, type Looking, useView } from './use-view.ts'

/** What is drawn of a run, and the way to choose it. */
export interface Drawing {
  readonly messages: boolean
  /** Lanes in which nothing ever runs. */
  readonly idle: boolean
  /** Quiet times are folded. */
  readonly folding: boolean
}

interface Props extends Looking {
  readonly trace: Trace
  readonly lines: readonly StoryLine[]
  readonly drawn: Drawing
  readonly onDraw: (drawn: Drawing) => void
  /** The future is hidden. */
  readonly isBlind: boolean
  readonly dark: boolean
  readonly selectedNode: string
  readonly selectedResource: string
  readonly onSeek: (at: number) => void
  readonly onSelect: (node: string, resource: string) => void
}

/** The timeline. Wheel zooms, drag pans, click seeks; the keys + − 0 do the same. */
export function Timeline(props: Props): ReactElement {
  const { trace, lines, at, drawn, onDraw } = props
  const { messages, idle, folding } = drawn
  const axis = useMemo(() => foldAxis(instantsOf(trace, lines), trace.footer.endedAt, folding), [trace, lines, folding])
  const axisView = useView(axis, props)
  return (
    <>
      <div className="panel-head">
        <h2>Timeline</h2>
        <Check name="messages" isOn={messages} onChange={(isOn) => onDraw({ ...drawn, messages: isOn })} />
        <Check name="idle lanes" isOn={idle} onChange={(isOn) => onDraw({ ...drawn, idle: isOn })} />
        <Check name="fold quiet times" isOn={folding} onChange={(isOn) => onDraw({ ...drawn, folding: isOn })} />
        <ZoomButtons />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="canvas-box" tabIndex={0} aria-label="Lanes">
        <Lanes
          {...props}
          {...axisView}
          idle={idle}
          messages={messages}
          label={`Timeline, ${lines.length} records; the cursor is at ${clockText(Math.round(at))}. The story tells the same in words.`}
        />
      </section>
    </>
  )
}

/** One choice of what is drawn. */
export function Check({
  name,
  isOn,
  onChange,
}: {
  readonly name: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}): ReactElement {
  return (
    <label>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} /> {name}
    </label>
  )
}

/** Closer, further, the whole. */
export function ZoomButtons(): ReactElement {
  return (
    <>
      <button type="button" aria-label="Zoom in" onClick={() => askZoom('zoom-in')}>
        +
      </button>
      <button type="button" aria-label="Zoom out" onClick={() => askZoom('zoom-out')}>
        −
      </button>
      <button type="button" onClick={() => askZoom('fit')}>
        Fit
      </button>
    </>
  )
}
