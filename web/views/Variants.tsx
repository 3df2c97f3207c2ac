/** One scenario under several managers or settings: the same misfortunes, what each made of them, and what each did first otherwise. */
import type { ReactElement } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import { shortText } from '../../src/report/recovery.ts'
import type { Act, VariantTable } from '../replay/contract.ts'

interface Props {
  readonly table: VariantTable | undefined
  readonly isWaiting: boolean
  /** The one on the table; empty for the scenario itself. */
  readonly variant: string
  readonly onVariant: (name: string) => void
  readonly onSeek: (at: number) => void
}

type Column = VariantTable['columns'][number]

/** A table; the head of a column puts that variant on the table. */
export function Variants({ table, isWaiting, variant, onVariant, onSeek }: Props): ReactElement | null {
  if (table === undefined) return isWaiting ? <p className="empty">All variants are being run …</p> : null
  const { columns, partings, from } = table
  const resources = [...new Set(columns.flatMap(({ downtimes }) => downtimes.map(({ resource }) => resource)))]
  return (
    <>
      <table>
        <caption>Managers and settings; times count from {clockText(from)}</caption>
        <thead>
          <tr>
            <th scope="col">what</th>
            {columns.map(({ name }, index) => {
              const key = index === 0 ? '' : name
              return (
                <th key={name} scope="col">
                  <button type="button" aria-pressed={key === variant} onClick={() => onVariant(key)}>
                    {name}
                  </button>
                </th>
              )
            })}
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
          {resources.map((resource) => (
            <Row
              key={resource}
              name={`${resource} away`}
              columns={columns}
              of={(column) => awayText(column, resource)}
            />
          ))}
          <Row name="starts, stops" columns={columns} of={({ starts, stops }) => `${starts}, ${stops}`} />
          <Row name="nodes fenced" columns={columns} of={({ fences }) => String(fences)} />
          <Row name="violations" columns={columns} of={({ violations }) => String(violations.length)} />
        </tbody>
      </table>
      <ul className="partings">
        {partings.map(({ name, left, right }) => (
          <li key={name}>
            {left === undefined && right === undefined ? (
              <>
                <b>{name}</b> does what {columns[0]?.name} does, in the same order.
              </>
            ) : (
              <>
                <Deed who={columns[0]?.name ?? ''} act={left} onSeek={onSeek} />
                <Deed who={name} act={right} onSeek={onSeek} />
              </>
            )}
          </li>
        ))}
      </ul>
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
  return (
    <tr>
      <th scope="row">{name}</th>
      {columns.map((column) => (
        <td key={column.name}>{of(column)}</td>
      ))}
    </tr>
  )
}

/** What one does first that the other does not. */
function Deed({
  who,
  act,
  onSeek,
}: {
  readonly who: string
  readonly act: Act | undefined
  readonly onSeek: (at: number) => void
}): ReactElement {
  return (
    <p>
      <b>{who}</b>{' '}
      {act === undefined ? (
        'does nothing more'
      ) : (
        <button type="button" className="line" onClick={() => onSeek(act.at)}>
          <time>{clockText(act.at)}</time> {act.text}
          {act.why === '' ? '' : ` — ${act.why}`}
        </button>
      )}
    </p>
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
