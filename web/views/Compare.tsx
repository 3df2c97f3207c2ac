/** Two runs side by side: the one that was kept (A) and the one on the table (B): where they part, figures, and service over time. */
import { type ReactElement, useMemo } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { shortText } from '../../src/report/recovery.ts'
import {
  compareRuns,
  type Figure,
  type Parting,
  type Served,
  type ServiceLane,
  type Side,
} from '../replay/comparison.ts'

interface Props {
  /** A, and what it is called. */
  readonly kept: Side
  readonly name: string
  /** B. */
  readonly run: Side
  readonly at: number
  readonly onSeek: (at: number) => void
  /** Puts A back on the table. */
  readonly onBack: () => void
  readonly onForget: () => void
}

/** The comparison. */
export function Compare({ kept, name, run, at, onSeek, onBack, onForget }: Props): ReactElement {
  const found = useMemo(() => compareRuns(kept, run), [kept, run])
  return (
    <>
      <div className="compare-head">
        <p>
          <b>A</b> {name}
          <br />
          <b>B</b> the run on the table
        </p>
        <button type="button" onClick={onBack}>
          A on the table
        </button>
        <button type="button" onClick={onForget}>
          Forget A
        </button>
      </div>
      {found.isSame && (
        <p className="empty">
          Both runs are the same, record by record. Fork, edit, or choose another seed or manager: what changes is shown
          here.
        </p>
      )}
      {found.first !== undefined && <Parted title="They part" sides={found.first} onSeek={onSeek} />}
      {found.decision !== undefined && (
        <Parted title="The first decision that differs" sides={found.decision} onSeek={onSeek} />
      )}
      {!found.isSame && <Figures figures={found.figures} />}
      {found.lanes.length > 0 && (
        <>
          <h3>Service over time</h3>
          <ul className="lanes">
            {found.lanes.map((lane) => (
              <Lane key={lane.resource} lane={lane} end={found.end} at={at} />
            ))}
          </ul>
        </>
      )}
      {!found.isSame && found.alike > 0 && (
        <p className="empty">
          {found.alike === 1 ? 'One other service is' : `${found.alike} other services are`} served alike.
        </p>
      )}
    </>
  )
}

function Parted({
  title,
  sides,
  onSeek,
}: {
  readonly title: string
  readonly sides: readonly [Parting, Parting]
  readonly onSeek: (at: number) => void
}): ReactElement {
  return (
    <>
      <h3>{title}</h3>
      <ul className="parted">
        {sides.map((side, index) => (
          <li key={index === 0 ? 'A' : 'B'}>
            <b>{index === 0 ? 'A' : 'B'}</b>{' '}
            <button type="button" className="line" onClick={() => onSeek(side.at)}>
              <time>{clockText(side.at)}</time> {side.text}
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function Figures({ figures }: { readonly figures: readonly Figure[] }): ReactElement {
  const shown = figures.filter(({ left, right }) => left !== 0 || right !== 0)
  const word = (amount: number | undefined, { unit }: Figure): string => {
    if (amount === undefined) return '–'
    return unit === 'time' ? shortText(amount) : String(amount)
  }
  const mark = ({ left, right }: Figure): string => {
    if (left === undefined || right === undefined || left === right) return ''
    return left < right ? '▲ ' : '▼ '
  }
  return (
    <table>
      <caption>In figures</caption>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((figure) => (
          <tr key={figure.name}>
            <th scope="row">{figure.name}</th>
            <td>{word(figure.left, figure)}</td>
            <td>
              {mark(figure)}
              {word(figure.right, figure)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const WIDTH = 600

function Lane({
  lane,
  end,
  at,
}: {
  readonly lane: ServiceLane
  readonly end: number
  readonly at: number
}): ReactElement {
  const x = (instant: number): number => (WIDTH * instant) / Math.max(1, end)
  const bars = (spans: readonly Served[], y: number, side: 'A' | 'B'): readonly ReactElement[] =>
    spans.map(({ from, to, node }) => (
      <rect
        key={`${side} ${node} ${from}`}
        data-side={side}
        x={x(from)}
        y={y}
        width={Math.max(1, x(to) - x(from))}
        height={9}
      >
        <title>{`${side}: on ${node} from ${clockText(from)} to ${clockText(to)}`}</title>
      </rect>
    ))
  const words = (spans: readonly Served[]): string =>
    spans.map(({ from, to, node }) => `${node} ${clockText(from)} to ${clockText(to)}`).join(', ') || 'nowhere'
  return (
    <li>
      <span>{lane.resource}</span>
      <svg
        viewBox={`0 0 ${WIDTH} 24`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${lane.resource} is served in A on ${words(lane.left)}; in B on ${words(lane.right)}`}
      >
        {bars(lane.left, 1, 'A')}
        {bars(lane.right, 13, 'B')}
        <line x1={x(at)} x2={x(at)} y1={0} y2={24} />
      </svg>
    </li>
  )
}
