/** Plays: moves the cursor with the clock of the screen. Folded silence is crossed quickly, as on the axis. */
import { type Axis, fromShown, toShown } from './folds.ts'
import { table } from './table.ts'

let axis: Axis | undefined

/** Tells the player on which axis time is shown. */
export function playOn(next: Axis): void {
  axis = next
}

/** Begins or ends playing; from the end it begins anew. */
export function togglePlay(): void {
  const { playing, run, at } = table().state
  if (run === undefined) return
  if (playing) return table().set({ playing: false })
  if (run.trace.footer.endedAt <= at) table().seek(0)
  table().set({ playing: true })
  let last: number | undefined
  const tick = (now: number) => {
    const state = table().state
    if (!state.playing || state.run !== run || axis === undefined) return
    if (last !== undefined) {
      const shown = toShown(axis, state.at) + (now - last) * state.speed
      // Whole milliseconds only, and at least one, so that slow motion moves at all.
      const next = Math.max(
        state.at + (now - last) * state.speed < state.at + 1 ? state.at : state.at + 1,
        fromShown(axis, shown),
      )
      if (state.at < next || 1000 < now - last) last = now
      if (run.trace.footer.endedAt <= next) {
        table().seek(run.trace.footer.endedAt)
        return table().set({ playing: false })
      }
      if (state.at < next) table().seek(next)
    } else last = now
    requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
}
