/** How often: many seeds of what is on the table, and of what stands beside it; figures over all of them, and the seed that shows the worst. */
import { type ReactElement, useMemo, useState } from 'react'
import { shortText } from '../../src/report/recovery.ts'
import type { Often as Many } from '../app/use-often.ts'
import type { NamedJob } from '../replay/contract.ts'
import { type Spread, type Summary, summarize } from '../replay/often.ts'

interface Props {
  readonly often: Many
  /** What would be run: one after the other under each seed. */
  readonly jobs: readonly NamedJob[]
  /** Puts one seed of one of them on the table. */
  readonly onPick: (name: string, seed: number) => void
}

const COUNTS = [20, 100, 1000, 10_000] as const
const USUAL = 100
const LISTED = 5

/** The way to begin and to end, and what came out so far. */
export function Often({ often, jobs, onPick }: Props): ReactElement {
  const { asked, runs, isRunning, failure, start, cancel } = often
  const [count, setCount] = useState<number>(USUAL)
  const summaries = useMemo(() => summarize(runs), [runs])
  const done = summaries[0]?.seeds ?? 0
  const isOther = asked !== undefined && keyOf(asked.jobs) !== keyOf(jobs)
  return (
    <div className="often">
      <div className="panel-head">
        <label>
          <select value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {COUNTS.map((each) => (
              <option key={each} value={each}>
                {each.toLocaleString('en')}
              </option>
            ))}
          </select>{' '}
          seeds of {jobs.map(({ name }) => name).join(', ')}
        </label>
        {isRunning ? (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        ) : (
          <button type="button" className="go" onClick={() => start({ jobs, from: 1, count })}>
            Run them
          </button>
        )}
        {asked !== undefined && (
          <>
            <progress value={done} max={asked.count} aria-label="Seeds that were run" />
            <output>
              {done} of {asked.count}
            </output>
          </>
        )}
      </div>
      {failure !== '' && <p className="empty">A fault of Quorate: {failure}</p>}
      {isOther && 0 < done && (
        <p className="empty">What is on the table was changed since: these figures are of before.</p>
      )}
      {0 < done ? (
        <Figures summaries={summaries} onPick={onPick} />
      ) : (
        <p className="empty">
          One seed is one course of chances. Many tell how often an expectation fails, and how long services are away.
        </p>
      )}
    </div>
  )
}

/** What tells jobs apart: the files beside them are the library's. */
function keyOf(jobs: readonly NamedJob[]): string {
  return JSON.stringify(jobs.map(({ name, job: { text, variant } }) => [name, text, variant]))
}

interface FiguresProps extends Pick<Props, 'onPick'> {
  readonly summaries: readonly Summary[]
}

function Figures({ summaries, onPick }: FiguresProps): ReactElement {
  const resources = [...new Set(summaries.flatMap(({ away }) => away.map(({ resource }) => resource)))]
  const row = (title: string, of: (summary: Summary) => Spread | undefined, text: (value: number) => string) => (
    <tr key={title}>
      <th scope="row">{title}</th>
      {summaries.map((summary) => (
        <SpreadCell key={summary.name} summary={summary} spread={of(summary)} text={text} onPick={onPick} />
      ))}
    </tr>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="figures" tabIndex={0} aria-label="Figures over all seeds">
      <table>
        <caption>Median, then what 95 of 100 seeds do not exceed, then the worst with its seed.</caption>
        <thead>
          <tr>
            <td />
            {summaries.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">something does not hold</th>
            {summaries.map((summary) => (
              <td key={summary.name}>
                {partText(summary.bad, summary.seeds)}
                {summary.violated.map(({ text, seeds }) => (
                  <div key={text}>
                    {text}: {seeds.length} <Seeds seeds={seeds} name={summary.name} onPick={onPick} />
                  </div>
                ))}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">never recovers</th>
            {summaries.map(({ name, never, seeds }) => (
              <td key={name}>
                {partText(never.length, seeds)} <Seeds seeds={never} name={name} onPick={onPick} />
              </td>
            ))}
          </tr>
          {row('time to recover', ({ recover }) => recover, timeText)}
          {row('nodes fenced', ({ fences }) => fences, String)}
          {resources.map((resource) =>
            row(
              `${resource} away for`,
              ({ away }) => away.find((entry) => entry.resource === resource)?.spread,
              timeText,
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}

interface SpreadProps extends Pick<Props, 'onPick'> {
  readonly summary: Summary
  readonly spread: Spread | undefined
  readonly text: (value: number) => string
}

function SpreadCell({ summary, spread, text, onPick }: SpreadProps): ReactElement {
  if (spread === undefined) return <td>–</td>
  return (
    <td>
      {spread.median === spread.most
        ? text(spread.most)
        : `${text(spread.median)} · ${text(spread.high)} · ${text(spread.most)}`}{' '}
      {spread.median < spread.most && <Seeds seeds={[spread.worst]} name={summary.name} onPick={onPick} />}
    </td>
  )
}

interface SeedsProps extends Pick<Props, 'onPick'> {
  readonly seeds: readonly number[]
  readonly name: string
}

/** The first few, each a way to its run. */
function Seeds({ seeds, name, onPick }: SeedsProps): ReactElement {
  return (
    <>
      {seeds.slice(0, LISTED).map((seed) => (
        <button
          key={seed}
          type="button"
          className="plain link"
          title={`Put seed ${seed} of ${name} on the table`}
          onClick={() => onPick(name, seed)}
        >
          seed {seed}
        </button>
      ))}
      {LISTED < seeds.length && ' …'}
    </>
  )
}

function partText(amount: number, all: number): string {
  return amount === 0 ? `0 of ${all}` : `${amount} of ${all} (${Math.round((1000 * amount) / all) / 10} %)`
}

function timeText(time: number): string {
  return time === 0 ? 'none' : shortText(time)
}
