/** Whether the run went as expected: each violation a link to its instant. */
import type { ReactElement } from 'react'
import type { Verdict as CheckVerdict } from '../../src/checks/contract.ts'
import { clockText, durationText } from '../../src/kernel/time.ts'
import type { TraceFooter } from '../../src/trace/record.ts'

interface Props {
  readonly verdicts: readonly CheckVerdict[]
  readonly invariants: readonly CheckVerdict[]
  readonly footer: TraceFooter
  readonly onSeek: (at: number) => void
}

/** Expectations of the scenario, then what every run is held against. */
export function Verdict({ verdicts, invariants, footer, onSeek }: Props): ReactElement {
  const facts = invariants.filter(
    (verdict) => !verdicts.some((other) => other.expectation.check === verdict.expectation.check),
  )
  return (
    <section className="verdict" aria-label="Verdict">
      <h2>Verdict</h2>
      <ul>
        {[...verdicts, ...facts].map((verdict) => (
          <li key={JSON.stringify(verdict.expectation)} data-held={verdict.held}>
            <span className={`sign ${verdict.held ? 'good' : 'bad'}`} aria-hidden="true">
              {verdict.held ? '✓' : '✕'}
            </span>{' '}
            {verdict.expectation.check}{' '}
            <small>
              {verdict.held ? 'held' : 'violated'} {verdict.expectation.arguments.map(argumentText).join(', ')}
            </small>
            {verdict.violations.slice(0, 8).map((violation) => (
              <button
                type="button"
                className="line"
                key={`${violation.seq} ${violation.text}`}
                onClick={() => onSeek(violation.at)}
              >
                <time>{clockText(violation.at)}</time> {violation.text}
              </button>
            ))}
          </li>
        ))}
      </ul>
      <p className="digest" title="Equal runs have equal digests, here and in Node">
        {footer.records} records, digest <code data-digest={footer.digest}>{footer.digest.slice(0, 16)}</code>
        {footer.reason === 'event-limit' ? ' — stopped by the limit of events' : ''}
      </p>
    </section>
  )
}

/** `db`, `most 1`, `within 1m`: what an expectation is about needs no name. */
function argumentText({ name, value }: CheckVerdict['expectation']['arguments'][number]): string {
  if (typeof value === 'number' && DURATIONS.has(name)) return `${name} ${durationText(value)}`
  return name === 'resource' || name === 'node' ? String(value) : `${name} ${value}`
}

const DURATIONS: ReadonlySet<string> = new Set(['limit', 'within'])
