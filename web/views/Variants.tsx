/** What several runs of one scenario came to, as a table, and where each first does otherwise than the first of them, with the reasons. */
import type { ReactElement } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { shortText } from '../../src/report/recovery.ts'
import type { VariantTable as Figures } from '../replay/contract.ts'
import type { Side, Together } from '../replay/together.ts'
import { type ConfigPlace, ShowPlace, SourceLine } from './SourceLine.tsx'

type Column = Figures['columns'][number]

/** The table that `quorate compare` prints; the head of a column opens that run alone. */
export function VariantTable({
  table: { columns, from },
  onAlone,
}: {
  readonly table: Figures
  readonly onAlone: (key: string) => void
}): ReactElement {
  const resources = [...new Set(columns.flatMap(({ downtimes }) => downtimes.map(({ resource }) => resource)))]
  return (
    <>
      <h2>In figures</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="figures" tabIndex={0} aria-label="Figures">
        <table>
          <caption>Times count from {clockText(from)}, when the first thing happens.</caption>
          <thead>
            <tr>
              <td />
              {columns.map(({ name }, index) => (
                <th key={name} scope="col">
                  <button type="button" onClick={() => onAlone(index === 0 ? '' : name)} title={`Open ${name} alone`}>
                    {name}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name="time to detect" columns={columns} of={({ detect }) => timeText(detect)} />
            <Row
              name="time to fence"
              columns={columns}
              of={({ fence, fences }) => (fences === 0 ? '–' : timeText(fence))}
            />
            <Row
              name="time to recover"
              columns={columns}
              of={({ recover, isUnhurt }) => (isUnhurt ? 'stays up' : timeText(recover))}
            />
            <tr>
              <th scope="rowgroup" colSpan={columns.length + 1}>
                away for
              </th>
            </tr>
            {resources.map((resource) => (
              <Row key={resource} name={resource} columns={columns} of={(column) => awayText(column, resource)} />
            ))}
            <Row name="starts" columns={columns} of={({ starts }) => String(starts)} />
            <Row name="stops" columns={columns} of={({ stops }) => String(stops)} />
            <Row name="nodes fenced" columns={columns} of={({ fences }) => String(fences)} />
            <Row name="violations" columns={columns} of={({ violations }) => String(violations.length)} />
          </tbody>
        </table>
      </section>
      <Violations columns={columns} />
    </>
  )
}

function Row({
  name,
  columns,
  of,
}: {
  readonly name: string
  readonly columns: readonly Column[]
  readonly of: (column: Column) => string
}): ReactElement {
  const cells = columns.map(of)
  return (
    <tr data-differs={new Set(cells).size > 1}>
      <th scope="row">{name}</th>
      {columns.map((column, index) => (
        <td key={column.name}>{cells[index]}</td>
      ))}
    </tr>
  )
}

function Violations({ columns }: { readonly columns: readonly Column[] }): ReactElement | null {
  const found = columns.filter(({ violations }) => 0 < violations.length)
  if (found.length === 0) return null
  return (
    <ul className="violated" aria-label="What did not hold">
      {found.map(({ name, violations }) => (
        <li key={name}>
          <span aria-hidden="true">✗</span> <b>{name}</b>: {violations.join('; ')}
        </li>
      ))}
    </ul>
  )
}

/** Every variant against the first run; the earliest difference is told to be it. */
export function Differences({
  runs: { differences, first, strips },
  onSeek,
  onAlone,
}: {
  readonly runs: Together
  readonly onSeek: (at: number) => void
  /** A line is shown in the run that it belongs to: others may have other files. */
  readonly onAlone: (key: string, place: ConfigPlace) => void
}): ReactElement {
  const base = strips[0]?.column.name ?? ''
  const show = (name: string, place: ConfigPlace): void =>
    onAlone(strips.find(({ column }) => column.name === name)?.key ?? '', place)
  return (
    <>
      <h2>Where they part</h2>
      {first === undefined && <p className="empty">All do the same at the same times.</p>}
      <ol className="differences">
        {differences.map((difference) => (
          <li key={difference.number} data-first={difference === first}>
            {difference.at === undefined ? (
              <p>
                <b>{difference.sides[1].name}</b> does what {base} does, at the same times.
              </p>
            ) : (
              <>
                <h3>
                  {differences.length > 1 && <span aria-hidden="true">{SIGNS[difference.number - 1]} </span>}
                  {difference.sides[1].name} against {base}
                  {difference === first && 1 < differences.length && (
                    <small className="first-mark"> the first difference</small>
                  )}
                </h3>
                {difference.isOfTime && <p>The same acts in the same order, but not at the same time. First:</p>}
                {difference.sides.map((side) => (
                  <ShowPlace key={side.name} value={(place) => show(side.name, place)}>
                    <OneSide side={side} onSeek={onSeek} />
                  </ShowPlace>
                ))}
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

const SIGNS = ['①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨']

function OneSide({ side, onSeek }: { readonly side: Side; readonly onSeek: (at: number) => void }): ReactElement {
  const { name, act, rest } = side
  return (
    <div className="side-of">
      <b>{name}</b>
      {act === undefined ? (
        <div>
          <p className="idle">does nothing more.</p>
          {rest !== undefined && (
            <p className="because">
              its last word: <time>{clockText(rest.at)}</time> {rest.text}
            </p>
          )}
        </div>
      ) : (
        <div>
          <button type="button" className="line" onClick={() => onSeek(act.at)}>
            <time>{clockText(act.at)}</time> {act.text}
          </button>
          {act.why !== '' && <p className="because">because: {act.why}</p>}
          {act.lines?.map((line) => (
            <SourceLine key={`${line.file} ${line.line}`} {...line} />
          ))}
        </div>
      )}
    </div>
  )
}

function timeText(time: number | undefined): string {
  return time === undefined ? 'never' : shortText(time)
}

function awayText({ downtimes }: Column, resource: string): string {
  const found = downtimes.find((entry) => entry.resource === resource)
  if (found === undefined) return '–'
  return `${shortText(found.total)}${found.isBack ? '' : ', and still'}`
}
