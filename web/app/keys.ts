/** The keys: one table that both acts and explains. */
import { togglePlay } from '../replay/player.ts'
import { type Stop, table } from '../replay/table.ts'

export interface KeyRow {
  readonly keys: readonly string[]
  readonly shift?: boolean
  readonly label: string
  readonly does: string
  readonly act: () => void
}

const step = (stop: Stop, direction: -1 | 1) => () => {
  table().set({ playing: false })
  table().step(stop, direction)
}

const zoom = (how: 'fit' | 'in' | 'out') => () =>
  document.dispatchEvent(new CustomEvent('quorate-zoom', { detail: how }))

export const KEYS: readonly KeyRow[] = [
  { keys: [' ', '.'], label: 'Space', does: 'play or pause', act: togglePlay },
  { keys: ['ArrowRight'], shift: true, label: 'Shift →', does: 'next decision', act: step('decision', 1) },
  { keys: ['ArrowLeft'], shift: true, label: 'Shift ←', does: 'previous decision', act: step('decision', -1) },
  { keys: ['ArrowRight', 'PageDown'], label: '→', does: 'next event', act: step('event', 1) },
  { keys: ['ArrowLeft', 'PageUp'], label: '←', does: 'previous event', act: step('event', -1) },
  { keys: ['f', 'F'], label: 'F', does: 'next fault', act: step('fault', 1) },
  { keys: ['v', 'V'], label: 'V', does: 'next violation', act: step('violation', 1) },
  { keys: ['Home'], label: 'Home', does: 'to the beginning', act: () => table().seek(0) },
  { keys: ['End'], label: 'End', does: 'to the end', act: () => table().seek(Number.MAX_SAFE_INTEGER) },
  { keys: ['+', '='], label: '+', does: 'zoom in', act: zoom('in') },
  { keys: ['-'], label: '−', does: 'zoom out', act: zoom('out') },
  { keys: ['0'], label: '0', does: 'fit the whole run', act: zoom('fit') },
  { keys: ['/'], label: '/', does: 'search the story', act: () => document.getElementById('story-search')?.focus() },
  { keys: ['l', 'L'], label: 'L', does: 'library of scenarios', act: () => table().set({ dialog: 'library' }) },
  { keys: ['e', 'E'], label: 'E', does: 'edit the scenario', act: () => table().set({ dialog: 'editor' }) },
  { keys: ['?'], label: '?', does: 'this list', act: () => table().set({ dialog: 'help' }) },
]

/** Acts on a key that was pressed outside text fields and dialogs. */
export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || table().state.dialog !== 'none') return
  const target = event.target instanceof HTMLElement ? event.target : undefined
  if (target?.closest('input, textarea, select, [contenteditable], [role=tablist], [role=slider]')) return
  // Space and Enter on a button press that button.
  if (event.key === ' ' && target?.closest('button, a, summary')) return
  const row = KEYS.find(
    (entry) =>
      entry.keys.includes(event.key) && (entry.shift ?? false) === (event.shiftKey && event.key.startsWith('Arrow')),
  )
  if (row === undefined) return
  event.preventDefault()
  row.act()
}
