/** The records as sentences: filtered, searched, a click away from their instant and from their causes. Also the timeline in words. */

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { countUpTo } from '../../src/kernel/search.ts'
import { clockText } from '../../src/kernel/time.ts'
import type { StoryLine } from '../../src/report/story.ts'
import { causeChain } from '../../src/trace/diff.ts'
import type { Trace } from '../../src/trace/record.ts'
import { afterNode } from '../replay/told.ts'

interface Props {
  readonly trace: Trace
  readonly lines: readonly StoryLine[]
  readonly seq: number
  readonly onSeek: (at: number) => void
}

const ROW = 40

/** A virtual list: as quick with a hundred thousand records as with ten. */
export function Story({ trace, lines, seq, onSeek }: Props): ReactElement {
  const [search, setSearch] = useState('')
  const [node, setNode] = useState('')
  const [everything, setEverything] = useState(false)
  const [resource, setResource] = useState('')
  const [kind, setKind] = useState('')
  const kinds = useMemo(() => [...new Set(lines.map((line) => line.kind))].sort(), [lines])
  const [causeOf, setCauseOf] = useState(0)
  const scroller = useRef<HTMLElement>(null)
  const shown = useMemo(() => {
    const words = search.toLowerCase()
    return lines.filter(
      (line) =>
        (everything || kind !== '' || line.tone !== 'quiet') &&
        (kind === '' || line.kind === kind) &&
        (resource === '' || line.about === resource) &&
        (node === '' || line.node === node) &&
        (words === '' || `${line.text} ${line.about}`.toLowerCase().includes(words)),
    )
  }, [lines, search, node, everything, kind, resource])
  const current = lastUpTo(shown, seq)
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  useEffect(() => {
    if (0 <= current) rows.scrollToIndex(current, { align: 'center' })
  }, [current, rows])
  const chain =
    causeOf === 0
      ? []
      : causeChain(trace, causeOf)
          .slice(1)
          .map((record) => lines[record.seq - 1]!)
  return (
    <>
      <div className="panel-head">
        <h2 className="unseen">Story</h2>
        <input
          id="story-search"
          type="search"
          placeholder="search"
          aria-label="Search the story"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select aria-label="Node" value={node} onChange={(event) => setNode(event.target.value)}>
          <option value="">all nodes</option>
          {trace.header.cluster.nodes.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select aria-label="Resource" value={resource} onChange={(event) => setResource(event.target.value)}>
          <option value="">all resources</option>
          {trace.header.cluster.resources.map((spec) => (
            <option key={spec.id}>{spec.id}</option>
          ))}
        </select>
        <select aria-label="Kind" value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">all kinds</option>
          {kinds.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <label>
          <input type="checkbox" checked={everything} onChange={(event) => setEverything(event.target.checked)} /> every
          record
        </label>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="story-scroll" ref={scroller} tabIndex={0} aria-label="Story lines">
        {shown.length === 0 && <p className="empty">No record fits. Clear the search or show every record.</p>}
        <ol style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const line = shown[item.index]!
            return (
              <li
                key={line.seq}
                ref={rows.measureElement}
                data-index={item.index}
                data-tone={line.tone}
                aria-current={item.index === current}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <button type="button" className="line" onClick={() => onSeek(line.at)}>
                  <time>{clockText(line.at)}</time> <b>{line.node}</b> <span>{afterNode(line)}</span>
                </button>
                <button
                  type="button"
                  className="why"
                  aria-expanded={causeOf === line.seq}
                  aria-label={`Why: ${line.text}`}
                  onClick={() => setCauseOf(causeOf === line.seq ? 0 : line.seq)}
                >
                  why
                </button>
                {causeOf === line.seq && (
                  <ul className="chain">
                    {chain.length === 0 && <li>The scenario did this.</li>}
                    {chain.map((cause) => (
                      <li key={cause.seq}>
                        <button type="button" className="line" onClick={() => onSeek(cause.at)}>
                          <time>{clockText(cause.at)}</time> <b>{cause.node}</b> <span>{afterNode(cause)}</span>
                        </button>
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            )
          })}
        </ol>
      </section>
    </>
  )
}

/** The index of the last line up to a record; −1 where there is none. O(log lines). */
function lastUpTo(lines: readonly StoryLine[], seq: number): number {
  return countUpTo(lines, seq, ({ seq }) => seq) - 1
}
