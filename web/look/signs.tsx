/** Signs of states: a shape and a word for each, colour third. Every view uses these and no others. */
import type { ReactElement } from 'react'

export type Hue = 'bad' | 'good' | 'idle' | 'odd' | 'warn'

const SIGNS = new Map<string, readonly [glyph: string, hue: Hue]>([
  ['stopped', ['○', 'idle']],
  ['starting', ['◐', 'warn']],
  ['stopping', ['◑', 'warn']],
  ['started', ['●', 'good']],
  ['promoting', ['◐', 'warn']],
  ['promoted', ['★', 'good']],
  ['demoting', ['◑', 'warn']],
  ['migrating', ['◑', 'warn']],
  ['failed', ['✕', 'bad']],
  ['failed-promoted', ['✕', 'bad']],
  ['hung', ['✕', 'bad']],
  ['hung-promoted', ['✕', 'bad']],
  ['stuck', ['▲', 'bad']],
  ['unknown', ['?', 'odd']],
  ['off', ['○', 'idle']],
  ['booting', ['◐', 'warn']],
  ['up', ['●', 'good']],
  ['shutting-down', ['◑', 'warn']],
  ['dead', ['✕', 'bad']],
])

/** The shape of a state; a question mark for what is not known. */
export function glyphOf(state: string): string {
  return SIGNS.get(state)?.[0] ?? '?'
}

/** The colour token of a state. */
export function hueOf(state: string): Hue {
  return SIGNS.get(state)?.[1] ?? 'odd'
}

/** Shape and word of a state. */
export function Sign({ state }: { readonly state: string }): ReactElement {
  return (
    <span className={`sign ${hueOf(state)}`}>
      <span aria-hidden="true">{glyphOf(state)}</span> {state}
    </span>
  )
}
