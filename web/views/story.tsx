/** The records as sentences: filtered, searched, one click from the instant; an open one shows the chain of its causes. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { StoryLine } from '../../src/report/story.ts'
import { type RunOnTable, table, useTable } from '../replay/table.ts'

export function Story(): ReactElement | null {
  const run = useTable((state) => state.run)
  const [kind, setKind] = useState('notable')
  const [where, setWhere] = useState('')
  const [about, setAbout] = useState('')
  const [search, setSearch] = useState('')
  const lines = useMemo(() => {
    const words = search.toLowerCase()
    return (run?.lines ?? []).filter(
      (line) =>
        (kind === 'all' || (kind === 'notable' ? line.tone !== 'quiet' : line.kind === kind)) &&
        (where === '' || line.node === where) &&
        (about === '' || line.about.includes(about) || line.text.includes(about)) &&
        (words === '' || line.text.toLowerCase().includes(words)),
    )
  }, [run, kind, where, about, search])
  if (run === undefined) return null
  const { nodes, resources } = run.trace.header.cluster
  const kinds = [...new Set(run.lines.map((line) => line.kind))].sort()
  return (
    <section className="story" aria-label="Story">
      <div className="filters">
        <input id="story-search" type="search" placeholder="Search (/)" aria-label="Search the story" value={search} onChange={(event) => setSearch(event.target.value)} />
        <Pick name="Kind" value={kind} set={setKind} options={['notable', 'all', ...kinds]} />
        <Pick name="Node" value={where} set={setWhere} options={['', ...nodes]} />
        <Pick name="Resource" value={about} set={setAbout} options={['', ...resources.map((spec) => spec.id)]} />
      </div>
      <Lines run={run} lines={lines} />
    </section>
  )
}

interface PickProps {
  readonly name: string
  readonly value: string
  readonly set: (value: string) => void
  readonly options: readonly string[]
}

function Pick({ name, value, set, options }: PickProps): ReactElement {
  return (
    <select aria-label={`${name} shown`} value={value} onChange={(event) => set(event.target.value)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {option === '' ? `any ${name.toLowerCase()}` : option}
        </option>
      ))}
    </select>
  )
}

function Lines({ run, lines }: { readonly run: RunOnTable; readonly lines: readonly StoryLine[] }): ReactElement {
  const box = useRef<HTMLDivElement>(null)
  const seq = useTable((state) => state.seq)
  const open = useTable((state) => state.open)
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => 44, overscan: 12 })
  const present = lines.findLastIndex((line) => line.seq <= seq)
  useEffect(() => {
    if (0 <= present) rows.scrollToIndex(present, { align: 'auto' })
  }, [present, rows])
  if (lines.length === 0) return <p className="empty">No record matches. Clear the search or choose another kind.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="lines" ref={box} tabIndex={0} role="region" aria-label="Sentences">
      <ol style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index]!
          return (
            <li key={line.seq} ref={rows.measureElement} data-index={item.index} data-tone={line.tone} style={{ transform: `translateY(${item.start}px)` }} className={line.seq <= seq ? 'past' : 'future'} aria-current={item.index === present}>
              <button type="button" className="sentence" onClick={() => table().seekRecord(line.seq)}>
                <time>{clockText(line.at)}</time>
                <span>{line.text}</span>
              </button>
              <button type="button" className="why" aria-expanded={open === line.seq} aria-label={`Causes of record ${line.seq}`} onClick={() => table().set({ open: open === line.seq ? 0 : line.seq })}>
                why
              </button>
              {open === line.seq ? <Causes run={run} seq={line.seq} /> : null}
            </li>
          )
        })}
      </ol>
    </div>
  )
}

const CHAIN_MAX = 30

function Causes({ run, seq }: { readonly run: RunOnTable; readonly seq: number }): ReactElement {
  const chain: number[] = []
  let next = run.trace.records[seq - 1]?.cause ?? 0
  while (0 < next && chain.length < CHAIN_MAX) {
    chain.push(next)
    next = run.trace.records[next - 1]?.cause ?? 0
  }
  const record = run.trace.records[seq - 1]
  return (
    <div className="causes">
      {record?.kind === 'decision' ? record.reasons.map((reason) => <p key={reason.text}>because {reason.text} <i>({reason.source})</i></p>) : null}
      {chain.length === 0 ? <p>The scenario brought this about.</p> : null}
      <ol>
        {chain.map((cause) => (
          <li key={cause}>
            <button type="button" onClick={() => table().seekRecord(cause)}>
              ← {clockText(run.lines[cause - 1]!.at)} {run.lines[cause - 1]!.text}
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}
