/** How long services took to come back, each as a bar of what the time went to, with the numbers in words. */
import { memo, type ReactElement, useState } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { PHASES, type Recovery, recoveryLine, shortText } from '../../src/report/recovery.ts'

interface Props {
  readonly recoveries: readonly Recovery[]
  readonly at: number
  readonly onSeek: (at: number) => void
}

const SHOWN = 6

/** Those after faults first to be seen; planned moves and the rest on demand. */
export function Recoveries({ recoveries, at, onSeek }: Props): ReactElement | null {
  const [isOpen, setOpen] = useState(false)
  if (recoveries.length === 0) return null
  const urgent = recoveries.filter(({ isPlanned }) => !isPlanned)
  const planned = recoveries.filter(({ isPlanned }) => isPlanned)
  const longest = Math.max(...recoveries.map(({ from, to }) => (to ?? from) - from), 1)
  const item = (recovery: Recovery): ReactElement => (
    <Item
      key={`${recovery.resource} ${recovery.from}`}
      {...{ recovery, longest, onSeek }}
      isNow={isNow(recovery, at)}
    />
  )
  const more = [...urgent.slice(SHOWN), ...planned]
  return (
    <section className="recoveries" aria-label="Recovery times">
      <h2>Recovery</h2>
      <ul>{urgent.slice(0, SHOWN).map(item)}</ul>
      {more.length > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{urgent.length > SHOWN ? `${more.length} more` : `${more.length} moved without a fault`}</summary>
          {isOpen && <ul>{more.slice(0, 200).map(item)}</ul>}
        </details>
      )}
      <p className="phase-legend" aria-hidden="true">
        {PHASES.map((phase) => (
          <span key={phase} data-phase={phase}>
            {phase}
          </span>
        ))}
      </p>
    </section>
  )
}

interface ItemProps {
  readonly recovery: Recovery
  readonly longest: number
  /** The cursor is within it. */
  readonly isNow: boolean
  readonly onSeek: (at: number) => void
}

function isNow({ from, to }: Recovery, at: number): boolean {
  return from <= at && at < (to ?? Number.POSITIVE_INFINITY)
}

/** A step of the cursor changes few of them. */
const Item = memo(function Item({ recovery, longest, isNow, onSeek }: ItemProps): ReactElement {
  const { resource, from, to, phases } = recovery
  const parts = PHASES.filter((phase) => 0 < phases[phase])
  return (
    <li data-now={isNow} data-lost={to === undefined}>
      <button type="button" className="recovery" onClick={() => onSeek(from)}>
        <span className="recovery-head">
          <b>{resource}</b> <span>{to === undefined ? 'does not come back' : shortText(to - from)}</span>{' '}
          <time>{clockText(from)}</time>
        </span>
        <span className="bar" aria-hidden="true">
          {parts.map((phase) => (
            <i
              key={phase}
              data-phase={phase}
              style={{ width: `${Math.max(0.8, (100 * phases[phase]) / longest)}%` }}
              title={`${phase} ${shortText(phases[phase])}`}
            />
          ))}
        </span>
        <small>{recoveryLine(recovery)}</small>
      </button>
    </li>
  )
})
