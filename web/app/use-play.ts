/** Playing: the cursor moves with the clock on the wall, faster by a factor. */
import { useEffect, useState } from 'react'

/** What the transport shows and turns. */
export interface Play {
  readonly playing: boolean
  readonly speed: number
  readonly toggle: () => void
  readonly stop: () => void
  readonly setSpeed: (speed: number) => void
}

/** Calls `move` with virtual milliseconds on each frame while playing, until it is over. */
export function usePlay(move: (passed: number) => void, isOver: boolean): Play {
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(10)
  useEffect(() => {
    if (isOver) setPlaying(false)
  }, [isOver])
  useEffect(() => {
    if (!playing) return undefined
    let last = window.performance.now()
    let handle = 0
    const step = (now: number): void => {
      move((now - last) * speed)
      last = now
      handle = window.requestAnimationFrame(step)
    }
    handle = window.requestAnimationFrame(step)
    return () => window.cancelAnimationFrame(handle)
  }, [playing, speed, move])
  return {
    playing,
    speed,
    setSpeed,
    toggle: () => setPlaying((before) => !before),
    stop: () => setPlaying(false),
  }
}
