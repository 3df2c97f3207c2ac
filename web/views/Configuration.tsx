/** The files that the run was made of, with line numbers: where every reason leads to. To be read, not edited. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useEffect, useMemo, useRef } from 'react'
import type { SourceFile } from '../../src/model/source.ts'
import type { ConfigPlace } from './SourceLine.tsx'

interface Props {
  readonly files: readonly SourceFile[]
  /** The line that is looked at; undefined where none was asked for. */
  readonly place: ConfigPlace | undefined
  readonly onPlace: (place: ConfigPlace) => void
}

const ROW = 20

/** A virtual list of lines: a CIB may have tens of thousands. */
export function Configuration({ files, place, onPlace }: Props): ReactElement {
  const file = files.find(({ name }) => name === place?.file) ?? files[0]
  const lines = useMemo(() => file?.text.replace(/\n$/, '').split('\n') ?? [], [file])
  const scroller = useRef<HTMLElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  })
  const line = file?.name === place?.file ? (place?.line ?? 0) : 0
  // Another question may lead to the same line: it is shown again.
  useEffect(() => {
    if (place === undefined || line === 0) return
    rows.scrollToIndex(line - 1, { align: 'center' })
    scroller.current?.scrollIntoView({ block: 'nearest' })
  }, [place, line, rows])
  if (file === undefined) return <p className="empty">This run came without its configuration.</p>
  return (
    <>
      <div className="panel-head">
        {files.length === 1 ? (
          <h2>{file.name}</h2>
        ) : (
          <label>
            file{' '}
            <select value={file.name} onChange={(event) => onPlace({ file: event.target.value, line: 0 })}>
              {files.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <small>{line === 0 ? `${lines.length} lines` : `line ${line} of ${lines.length}`}</small>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="config-scroll" ref={scroller} tabIndex={0} aria-label={`Lines of ${file.name}`}>
        <ol style={{ height: rows.getTotalSize(), minWidth: `${longest(lines) + 7}ch` }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <li
              key={index}
              aria-current={index + 1 === line ? 'true' : undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className="number">{index + 1}</span>
              <code>{lines[index]}</code>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

function longest(lines: readonly string[]): number {
  return lines.reduce((most, { length }) => Math.max(most, length), 0)
}
