/** Play, pause, steps, speed and the scrubber. Announces the instant. */
import type { ReactElement } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { Jump } from '../app/jumps.ts'
import type { Play } from '../app/use-play.ts'

interface Props {
  readonly at: number
  readonly end: number
  readonly play: Play
  readonly predict: boolean
  readonly onPredict: () => void
  readonly onSeek: (at: number) => void
  readonly onJump: (jump: Jump) => void
}

const SPEEDS = [1, 2, 5, 10, 30, 60, 300]

/** The bar at the bottom. */
export function Transport({ at, end, play, predict, onPredict, onSeek, onJump }: Props): ReactElement {
  return (
    <section className="transport" aria-label="Transport">
      <div className="buttons">
        <button type="button" onClick={() => onSeek(0)} aria-label="Beginning">
          |◂
        </button>
        <button type="button" onClick={() => onJump('decision-back')} aria-label="Decision before">
          «
        </button>
        <button type="button" onClick={() => onJump('event-back')} aria-label="Event before">
          ‹
        </button>
        <button type="button" className="play" onClick={play.toggle} aria-label={play.playing ? 'Pause' : 'Play'}>
          {play.playing ? '❚❚' : '▶'}
        </button>
        <button type="button" onClick={() => onJump('event-on')} aria-label="Next event">
          ›
        </button>
        <button type="button" onClick={() => onJump('decision-on')} aria-label="Next decision">
          »
        </button>
        <button type="button" onClick={() => onSeek(end)} aria-label="End">
          ▸|
        </button>
        <button type="button" onClick={() => onJump('fault-on')} aria-label="Next fault">
          <span className="wide">next fault</span>
          <span className="narrow">⚡</span>
        </button>
        <button type="button" onClick={() => onJump('violation-on')} aria-label="Next violation">
          <span className="wide">next violation</span>
          <span className="narrow">✕</span>
        </button>
        <button
          type="button"
          aria-pressed={predict}
          onClick={onPredict}
          title="Hide the future and stop before each decision"
        >
          predict
        </button>
      </div>
      <label className="speed">
        speed{' '}
        <select value={play.speed} onChange={(event) => play.setSpeed(Number(event.target.value))}>
          {SPEEDS.map((value) => (
            <option key={value} value={value}>
              {value}×
            </option>
          ))}
        </select>
      </label>
      <input
        className="scrubber"
        type="range"
        aria-label="Instant"
        aria-valuetext={clockText(Math.round(at))}
        min={0}
        max={Math.max(end, 1)}
        value={at}
        onChange={(event) => onSeek(Number(event.target.value))}
      />
      <output className="clock">
        {clockText(Math.round(at))} <small>of {clockText(end)}</small>
      </output>
    </section>
  )
}
