/** One status depth as a small clock: filled as far as its interval has run since the last check; the hand moves with the cursor. */
import type { ReactElement } from 'react'
import { clockText, durationText } from '../../src/kernel/time.ts'
import { shortText } from '../../src/report/recovery.ts'
import type { DepthClock } from '../../src/report/service-tree.ts'

interface Props {
  readonly clock: DepthClock
  readonly at: number
  /** Nobody looks at it: the node that did is gone. */
  readonly isStill: boolean
}

const CENTRE = 15
const RADIUS = 12

/** The clock with its words. */
export function Clock({ clock, at, isStill }: Props): ReactElement {
  const { depth, interval, last, rc, due, isRunning } = clock
  const state = isStill || (due === undefined && !isRunning) ? 'still' : isRunning ? 'running' : stateAt(due!, at)
  const share = state !== 'waiting' || last === undefined ? 0 : Math.min(1, (at - last) / Math.max(1000, interval))
  const failed = rc !== undefined && rc !== 0
  const when = wordsOf(state, due, at)
  const lastWords = last === undefined ? 'never' : `${clockText(last)}${failed ? `, returned ${rc}` : ''}`
  return (
    <span
      className="depth-clock"
      data-state={state}
      data-failed={failed}
      title={`depth ${depth}, every ${shortText(interval)}; last ${lastWords}; ${when}${due === undefined ? '' : ` (due ${clockText(due)})`}`}
    >
      <svg viewBox="0 0 30 30" width="30" height="30" aria-hidden="true">
        <circle className="face" cx={CENTRE} cy={CENTRE} r={RADIUS} />
        {state === 'waiting' && <path className="run" d={wedge(share)} />}
        {state === 'due' && <circle className="run" cx={CENTRE} cy={CENTRE} r={RADIUS} />}
        {state !== 'still' && <line className="hand" x1={CENTRE} y1={CENTRE} {...tip(state === 'due' ? 1 : share)} />}
      </svg>
      <span>
        <b>{depth}</b> <small>each {shortText(interval)}</small>
        <br />
        <small className="when">{when}</small>
        <span className="unseen">
          ; status depth {depth}, last {lastWords}.
        </span>
      </span>
    </span>
  )
}

type State = 'due' | 'running' | 'still' | 'waiting'

function stateAt(due: number, at: number): State {
  return due <= at ? 'due' : 'waiting'
}

function wordsOf(state: State, due: number | undefined, at: number): string {
  switch (state) {
    case 'still':
      return 'not checked'
    case 'running':
      return 'checks now'
    case 'due':
      return 'next round'
    case 'waiting':
      return `in ${durationText(1000 * Math.ceil(((due ?? at) - at) / 1000))}`
  }
}

function tip(share: number): { readonly x2: number; readonly y2: number } {
  const turn = 2 * Math.PI * share
  return { x2: CENTRE + RADIUS * Math.sin(turn), y2: CENTRE - RADIUS * Math.cos(turn) }
}

function wedge(share: number): string {
  const { x2, y2 } = tip(share)
  const isLarge = 0.5 < share ? 1 : 0
  return `M ${CENTRE} ${CENTRE} V ${CENTRE - RADIUS} A ${RADIUS} ${RADIUS} 0 ${isLarge} 1 ${x2} ${y2} Z`
}
