/** Why a resource or a node is as it is, where the manager notes no scores: the last decision about it, what led there, and the lines behind it. */
import { type ReactElement, useMemo } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import type { Table } from '../app/use-table.ts'
import { Behind } from './Behind.tsx'
import { Chain } from './Chain.tsx'

interface Props {
  readonly table: Table
  readonly node: string
  readonly resource: string
  readonly onSeek: (at: number) => void
}

/** The last decision at the cursor; nothing where there is none yet. */
export function Decided({ table, node, resource, onSeek }: Props): ReactElement {
  const { decisions, run, seq, trace } = table
  const names = useMemo(() => {
    if (resource === '') return [node]
    const { groups } = trace.header.cluster
    return [resource, ...groups.filter(({ resources }) => resources.includes(resource)).map(({ id }) => id)]
  }, [trace, node, resource])
  const entry = decisions.findLast(({ first, actions }) => first <= seq && actions.some((act) => isAbout(act, names)))
  return (
    <section className="why-here" aria-label="Why">
      {entry === undefined ? (
        <>
          <h3>Why</h3>
          <p className="empty">Nothing has been decided about it yet.</p>
        </>
      ) : (
        <Answer entry={entry} table={table} files={run.files} onSeek={onSeek} />
      )}
    </section>
  )
}

function isAbout({ about }: DecisionEntry['actions'][number], names: readonly string[]): boolean {
  return about.some((name) => names.includes(name))
}

interface AnswerProps extends Pick<Props, 'onSeek' | 'table'> {
  readonly entry: DecisionEntry
  readonly files: Table['run']['files']
}

function Answer({ entry, table, files, onSeek }: AnswerProps): ReactElement {
  return (
    <>
      <h3>
        Why{' '}
        <button type="button" className="plain link" onClick={() => onSeek(entry.at)}>
          by the decision of {clockText(entry.at)}
        </button>
      </h3>
      <Chain entries={table.decisions} entry={entry} lines={table.lines} onSeek={onSeek} />
      {entry.actions.map((action) => (
        <div key={action.seq}>
          <p className="told" data-loud="true">
            {entry.node} {action.text}
          </p>
          {action.reasons.map(({ text, source }) => (
            <p className="told" key={text}>
              because {text} <small>({source})</small>
            </p>
          ))}
          <Behind decision={action} files={files} />
        </div>
      ))}
    </>
  )
}
