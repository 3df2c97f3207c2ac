/** How the actions of a transition stand at an instant: what has run so far. */
import type { ActionState, Transition } from './contract.ts'

/** One action's state, and since when and until when it ran. */
export interface Progress {
  readonly state: ActionState
  readonly began: number | undefined
  readonly ended: number | undefined
}

const WAITING: Progress = { state: 'waiting', began: undefined, ended: undefined }

/** By action. O(steps). */
export function progressAt({ actions, steps }: Transition, at: number): ReadonlyMap<number, Progress> {
  const found = new Map(actions.map(({ id }) => [id, WAITING]))
  for (const step of steps) {
    if (at < step.at) break
    const { began } = found.get(step.action) ?? WAITING
    const isRunning = step.state === 'running'
    found.set(step.action, {
      state: step.state,
      began: isRunning ? step.at : began,
      ended: isRunning ? undefined : step.at,
    })
  }
  return found
}

/** How many actions stand in each state, as words: `5 done, 1 running, 12 waiting`. */
export function progressText(progress: Iterable<Progress>): string {
  const counts = new Map<ActionState, number>()
  for (const { state } of progress) counts.set(state, (counts.get(state) ?? 0) + 1)
  return ORDER.flatMap((state) => (counts.has(state) ? [`${counts.get(state)} ${state}`] : [])).join(', ')
}

const ORDER: readonly ActionState[] = ['done', 'running', 'failed', 'lost', 'waiting', 'cancelled']
