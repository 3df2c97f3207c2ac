/** Keys to actions. Keys typed into a field are left alone. */

export type KeyAction =
  | 'compare'
  | 'decisions'
  | 'decision-back'
  | 'decision-on'
  | 'difference'
  | 'end'
  | 'event-back'
  | 'event-on'
  | 'fault-on'
  | 'fit'
  | 'fork'
  | 'help'
  | 'home'
  | 'play'
  | 'predict'
  | 'search'
  | 'share'
  | 'violation-on'
  | 'zoom-in'
  | 'zoom-out'

/** Every key with what it does, as the help shows it. */
export const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['Space or .', 'play, pause'],
  ['← →, PageUp PageDown', 'event before, next event'],
  ['Shift ← →', 'decision before, next decision'],
  ['F', 'next fault or command'],
  ['V', 'next violation'],
  ['X', 'first difference, where variants are shown together'],
  ['Home End', 'beginning, end'],
  ['+ − 0', 'zoom in, out, fit'],
  ['D', 'decisions, story'],
  ['K', 'fork: what if, at the cursor'],
  ['C', 'keep this run and compare'],
  ['P', 'predict: hide the future, stop before each decision'],
  ['/', 'search the story'],
  ['S', 'copy a link to what is on the table'],
  ['?', 'this help'],
]

/** What a key press means, or undefined. */
export function keyAction(event: KeyboardEvent): KeyAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const target = event.target
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog') !== null)
    return undefined
  if (event.key === ' ' && target instanceof HTMLElement && target.closest('button, a') !== null) return undefined
  switch (event.key) {
    case ' ':
    case '.':
      return 'play'
    case 'ArrowLeft':
      return event.shiftKey ? 'decision-back' : 'event-back'
    case 'ArrowRight':
      return event.shiftKey ? 'decision-on' : 'event-on'
    case 'PageUp':
      return 'event-back'
    case 'PageDown':
      return 'event-on'
    case 'f':
    case 'F':
      return 'fault-on'
    case 'v':
    case 'V':
      return 'violation-on'
    case 'x':
    case 'X':
      return 'difference'
    case 'd':
    case 'D':
      return 'decisions'
    case 'k':
    case 'K':
      return 'fork'
    case 'c':
    case 'C':
      return 'compare'
    case 'p':
    case 'P':
      return 'predict'
    case 's':
    case 'S':
      return 'share'
    case 'Home':
      return 'home'
    case 'End':
      return 'end'
    case '+':
    case '=':
      return 'zoom-in'
    case '-':
      return 'zoom-out'
    case '0':
      return 'fit'
    case '/':
      return 'search'
    case '?':
      return 'help'
    default:
      return undefined
  }
}
