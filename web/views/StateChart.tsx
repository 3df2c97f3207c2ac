/** The state chart of a resource or of a node, with the present state lit and the transition just taken. */
import type { ReactElement } from 'react'
import type { MachineChart } from '../../src/model/chart.ts'
import type { Frame } from '../../src/trace/frames.ts'
import type { Trace } from '../../src/trace/record.ts'

/** A node's chart; its records tell states only, so the event is the one that leads from the last to the present. */
export function NodeChart({
  chart,
  trace,
  frame,
  node,
}: {
  readonly chart: MachineChart
  readonly trace: Trace
  readonly frame: Frame
  readonly node: string
}): ReactElement {
  const isLast = (entry: Trace['records'][number]) => entry.kind === 'node' && entry.node === node
  const last = trace.records.slice(0, frame.seq).findLast(isLast)
  const { from, to } = last?.kind === 'node' ? last : { from: chart.initial, to: chart.initial }
  const event = chart.transitions.find((edge) => edge.from === from && edge.to === to)?.event ?? ''
  return <Chart chart={chart} state={to} from={from} event={last === undefined ? '' : event} />
}

const NODE_PLACES: ReadonlyMap<string, readonly [x: number, y: number]> = new Map([
  ['off', [0, 1]],
  ['booting', [1, 0]],
  ['up', [2, 1]],
  ['shutting-down', [1, 2]],
  ['hung', [3, 0]],
  ['dead', [3, 2]],
])

/** Where each state stands in a resource's chart, in units of one cell. */
const PLACES: ReadonlyMap<string, readonly [x: number, y: number]> = new Map([
  ['stopped', [0, 1]],
  ['starting', [1, 0]],
  ['started', [2, 0]],
  ['promoting', [3, 0]],
  ['promoted', [3, 1]],
  ['demoting', [3, 2]],
  ['stopping', [1, 1]],
  ['migrating', [2, 1]],
  ['failed', [2, 2]],
  ['failed-promoted', [2.9, 3]],
  ['stuck', [0, 2]],
  ['unknown', [1, 2]],
  ['hung', [0, 3]],
  ['hung-promoted', [1.3, 3]],
])
const CELL = [92, 52] as const

interface ChartProps {
  readonly chart: MachineChart
  readonly state: string
  readonly from: string
  readonly event: string
}

/** Only the transitions out of the present state and the one just taken are drawn: all of them would be a thicket. */
export function Chart({ chart, state, from, event }: ChartProps): ReactElement {
  const center = (name: string): readonly [number, number] => {
    const [x, y] = (chart.id === 'node' ? NODE_PLACES : PLACES).get(name) ?? [0, 3]
    return [x * CELL[0] + 44, y * CELL[1] + 20]
  }
  const shown = chart.transitions.filter(
    (edge) =>
      edge.from !== edge.to &&
      (edge.from === state || (edge.from === from && edge.to === state && edge.event === event)),
  )
  return (
    <figure>
      <svg
        viewBox={chart.id === 'node' ? '0 0 370 150' : '0 0 370 202'}
        role="img"
        aria-label={`State chart: ${state}, reached from ${from} by ${event === '' ? 'nothing yet' : event}`}
      >
        {shown.map((edge) => {
          const [x1, y1] = center(edge.from)
          const [x2, y2] = center(edge.to)
          const taken = edge.from === from && edge.to === state && edge.event === event
          return (
            <line
              key={`${edge.from} ${edge.event}`}
              className={taken ? 'edge taken' : 'edge'}
              x1={x1}
              y1={y1}
              x2={x2}
              y2={y2}
            />
          )
        })}
        {chart.states.map((name) => {
          const [x, y] = center(name)
          const half = 12 < name.length ? 52 : 41
          return (
            <g key={name} className={name === state ? 'state lit' : 'state'}>
              <rect x={x - half} y={y - 13} width={2 * half} height={26} rx={7} />
              <text x={x} y={y + 4} textAnchor="middle">
                {name}
              </text>
            </g>
          )
        })}
      </svg>
      <figcaption>
        {event === '' ? 'nothing has happened yet' : `just taken: ${from} —${event}→ ${state}`}. Possible now:{' '}
        {chart.transitions
          .filter((edge) => edge.from === state)
          .map((edge) => edge.event)
          .join(', ')}
        .
      </figcaption>
    </figure>
  )
}
