/** The way from what happened to a decision, as links: the fault, what was noticed of it, the decision that it began with. */
import type { ReactElement } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { type DecisionEntry, isEvent, originOf } from '../../src/report/decisions.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { TraceRecord } from '../../src/trace/record.ts'

interface Props {
  readonly entries: readonly DecisionEntry[]
  readonly entry: DecisionEntry
  readonly lines: readonly StoryLine[]
  readonly onSeek: (at: number) => void
}

/** From the first fault on; nothing where a decision has no news at all. What was merely said is on demand. */
export function Chain({ entries, entry, lines, onSeek }: Props): ReactElement | null {
  const origin = originOf(entries, entry)
  const events = origin.news.filter((record) => isEvent(record) || isAlarm(record))
  const first = events.findIndex(({ kind }) => kind === 'fault' || kind === 'command')
  const chain = events.slice(Math.max(0, first))
  const talk = entry.news.filter((record) => !isEvent(record) && !isAlarm(record))
  if (chain.length === 0 && talk.length === 0) return null
  const item = (record: TraceRecord): ReactElement => {
    const line = lines[record.seq - 1]!
    return (
      <li key={record.seq} data-tone={line.tone}>
        <button type="button" className="line" onClick={() => onSeek(line.at)} title={clockText(line.at)}>
          {line.tone === 'fault' ? '⚡ ' : ''}
          {line.node === '' || line.tone === 'fault' ? '' : `${line.node}: `}
          {line.text}
        </button>
      </li>
    )
  }
  return (
    <div className="news">
      {chain.length > 0 && (
        <ol aria-label="What led here">
          {chain.map(item)}
          {origin !== entry && (
            <li>
              <button type="button" className="line" onClick={() => onSeek(origin.at)}>
                {origin.node} decided at {clockText(origin.at)}
              </button>
            </li>
          )}
        </ol>
      )}
      {talk.length > 0 && (
        <details>
          <summary>
            what {entry.node} said ({talk.length})
          </summary>
          <ul>{talk.map(item)}</ul>
        </details>
      )}
    </div>
  )
}

function isAlarm(record: TraceRecord): boolean {
  return record.kind === 'log' && (record.level === 'critical' || record.level === 'error')
}
