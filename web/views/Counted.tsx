/** How much of a limit is used up: a dot for each, full where it counts at the cursor, and the same in words. */
import type { ReactElement } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { shortText } from '../../src/report/recovery.ts'
import type { Counter } from '../../src/report/service-tree.ts'

interface Props {
  readonly name: string
  readonly counter: Counter
  /** What one more would mean. */
  readonly beyond: string
}

const DOTS_MAX = 8

/** The counter. */
export function Counted({ name, counter, beyond }: Props): ReactElement {
  const { used, max, window } = counter
  const isFull = max <= used.length
  const [oldest] = used
  const until = oldest === undefined || window <= 0 ? '' : `, the oldest counts until ${clockText(oldest + window)}`
  return (
    <span className="counted" data-full={isFull} title={`${beyond}${until}`}>
      {max <= DOTS_MAX && (
        <span className="dots" aria-hidden="true">
          {'●'.repeat(Math.min(used.length, max))}
          {'○'.repeat(Math.max(0, max - used.length))}
        </span>
      )}{' '}
      {used.length} of {max} {name}
      {window <= 0 ? '' : ` in ${shortText(window)}`}
      {isFull && <b>: {beyond}</b>}
      <span className="unseen">{until}</span>
    </span>
  )
}
