/** The signs of states: a shape first, a word second, a colour third. */
import type { LifecycleState } from '../../src/model/lifecycle.ts'
import type { NodeState } from '../../src/model/node.ts'

/** A sign: the shape, the word, and the name of its colour token. */
export interface Sign {
  readonly shape: string
  readonly word: string
  readonly color: 'accent' | 'bad' | 'good' | 'idle' | 'odd' | 'warn'
}

const RESOURCE_SIGNS: Readonly<Record<LifecycleState, Sign>> = {
  stopped: { shape: '○', word: 'stopped', color: 'idle' },
  starting: { shape: '◐', word: 'starting', color: 'accent' },
  started: { shape: '●', word: 'started', color: 'good' },
  promoting: { shape: '◐', word: 'promoting', color: 'accent' },
  promoted: { shape: '★', word: 'promoted', color: 'good' },
  demoting: { shape: '◑', word: 'demoting', color: 'accent' },
  stopping: { shape: '◑', word: 'stopping', color: 'warn' },
  migrating: { shape: '⇄', word: 'migrating', color: 'accent' },
  failed: { shape: '✕', word: 'failed', color: 'bad' },
  'failed-promoted': { shape: '✕', word: 'failed (promoted)', color: 'bad' },
  stuck: { shape: '▲', word: 'stuck', color: 'bad' },
  unknown: { shape: '?', word: 'unknown', color: 'odd' },
  hung: { shape: '‖', word: 'hung', color: 'odd' },
  'hung-promoted': { shape: '‖', word: 'hung (promoted)', color: 'odd' },
}

const NODE_SIGNS: Readonly<Record<NodeState, Sign>> = {
  off: { shape: '○', word: 'off', color: 'idle' },
  booting: { shape: '◐', word: 'booting', color: 'accent' },
  up: { shape: '●', word: 'up', color: 'good' },
  hung: { shape: '‖', word: 'frozen', color: 'odd' },
  'shutting-down': { shape: '◑', word: 'shutting down', color: 'warn' },
  dead: { shape: '✕', word: 'kernel dead', color: 'bad' },
}

/** The sign of a resource's true state. */
export function resourceSign(state: LifecycleState): Sign {
  return RESOURCE_SIGNS[state]
}

/** The sign of a node's true state. */
export function nodeSign(state: NodeState): Sign {
  return NODE_SIGNS[state]
}

/** The word for a state; a promotable service that is started is unpromoted. */
export function roleWord(state: LifecycleState, promotable: boolean): string {
  return state === 'started' && promotable ? 'unpromoted' : RESOURCE_SIGNS[state].word
}
