/** Play, speed, steps, jumps and the scrubber. */
import type { ReactElement } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { togglePlay } from '../replay/player.ts'
import { type Stop, table, useTable } from '../replay/table.ts'

const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 500]

export function Transport(): ReactElement {
  const at = useTable((state) => state.at)
  const seq = useTable((state) => state.seq)
  const playing = useTable((state) => state.playing)
  const speed = useTable((state) => state.speed)
  const end = useTable((state) => state.run?.trace.footer.endedAt ?? 0)
  const line = useTable((state) => state.run?.lines[state.seq - 1]?.text ?? '')
  const slot = Math.max(0, SPEEDS.indexOf(speed))
  return (
    <section className="transport" aria-label="Transport">
      <div className="buttons">
        <Press name="To the beginning" sign="⏮" act={() => table().seek(0)} />
        <Press name="Previous decision" sign="⏪" act={() => move('decision', -1)} />
        <Press name="Previous event" sign="◀" act={() => move('event', -1)} />
        <Press name={playing ? 'Pause' : 'Play'} sign={playing ? '❚❚' : '▶'} act={togglePlay} main />
        <Press name="Next event" sign="▶|" act={() => move('event', 1)} />
        <Press name="Next decision" sign="⏩" act={() => move('decision', 1)} />
        <Press name="To the end" sign="⏭" act={() => table().seek(end)} />
        <Press name="Next fault" sign="⚑ fault" act={() => move('fault', 1)} />
        <Press name="Next violation" sign="! violation" act={() => move('violation', 1)} />
      </div>
      <label className="speed">
        speed{' '}
        <input
          type="range"
          min={0}
          max={SPEEDS.length - 1}
          value={slot}
          aria-valuetext={`${speed} times`}
          onChange={(event) => table().set({ speed: SPEEDS[Number(event.target.value)] ?? 1 })}
        />{' '}
        {speed}×
      </label>
      <input
        className="scrubber"
        type="range"
        aria-label="Instant"
        aria-valuetext={`${clockText(at)} of ${clockText(end)}`}
        min={0}
        max={Math.max(1, end)}
        step={1}
        value={at}
        onChange={(event) => table().seek(Number(event.target.value))}
      />
      <output className="clock">
        {clockText(at)} of {clockText(end)} · record {seq}
      </output>
      <p className="spoken" aria-live={playing ? 'off' : 'polite'}>
        {clockText(at)} {line}
      </p>
    </section>
  )
}

interface PressProps {
  readonly name: string
  readonly sign: string
  readonly act: () => void
  readonly main?: boolean
}

function Press({ name, sign, act, main = false }: PressProps): ReactElement {
  return (
    <button type="button" aria-label={name} title={name} onClick={act} className={main ? 'main' : ''}>
      {sign}
    </button>
  )
}

function move(stop: Stop, direction: -1 | 1): void {
  table().set({ playing: false })
  table().step(stop, direction)
}
