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
/** The record of an RGManager service. */
const SERVICE_PLACES: ReadonlyMap<string, readonly [x: number, y: number]> = new Map([
  ['stopped', [0, 1]],
  ['starting', [1, 0]],
  ['started', [2, 0]],
  ['migrating', [3, 0]],
  ['stopping', [1.5, 1]],
  ['recovering', [1, 2]],
  ['recoverable', [2, 2]],
  ['failed', [3, 1.5]],
  ['disabled', [0, 2]],
])
const CELL = [92, 52] as const
const PICTURES: ReadonlyMap<string, { readonly places: typeof PLACES; readonly height: number }> = new Map([
  ['node', { places: NODE_PLACES, height: 150 }],
  ['rg-service', { places: SERVICE_PLACES, height: 150 }],
])

type Edge = MachineChart['transitions'][number]

interface ChartProps {
  readonly chart: MachineChart
  readonly state: string
  readonly from: string
  readonly event: string
  /** `from event to` of all that was taken so far, where that is known. */
  readonly taken?: ReadonlySet<string>
}

/** Only the transitions out of the present state and the one just taken are drawn: all of them would be a thicket. */
export function Chart({ chart, state, from, event, taken }: ChartProps): ReactElement {
  const { places, height } = PICTURES.get(chart.id) ?? { places: PLACES, height: 202 }
  const center = (name: string): readonly [number, number] => {
    const [x, y] = places.get(name) ?? [0, 3]
    return [x * CELL[0] + 44, y * CELL[1] + 20]
  }
  const wasTaken = (edge: Edge): boolean => taken?.has(`${edge.from} ${edge.event} ${edge.to}`) ?? false
  const isLast = (edge: Edge): boolean => edge.from === from && edge.to === state && edge.event === event
  const shown = chart.transitions.filter(
    (edge) => edge.from !== edge.to && (edge.from === state || isLast(edge) || wasTaken(edge)),
  )
  return (
    <figure>
      <svg
        viewBox={`0 0 370 ${height}`}
        role="img"
        aria-label={`State chart: ${state}, reached from ${from} by ${event === '' ? 'nothing yet' : event}`}
      >
        {shown.map((edge) => {
          const [from1, to1] = aside(center(edge.from), center(edge.to))
          const [x1, y1] = from1
          const [x2, y2] = edgeOf(to1, from1, edge.to)
          const kind = isLast(edge) ? 'edge taken' : wasTaken(edge) ? 'edge before' : 'edge'
          return (
            <g key={`${edge.from} ${edge.event}`} className={kind}>
              <line x1={x1} y1={y1} x2={x2} y2={y2} />
              <path d={headOf([x1, y1], [x2, y2])} />
            </g>
          )
        })}
        {chart.states.map((name) => {
          const [x, y] = center(name)
          const half = halfWidth(name)
          return (
            <g key={name} className={name === state ? 'state lit' : 'state'}>
              <rect x={x - half} y={y - HALF} width={2 * half} height={2 * HALF} rx={7} />
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

type Place = readonly [x: number, y: number]

const HALF = 13

function halfWidth(name: string): number {
  return 12 < name.length ? 52 : 41
}

const ASIDE = 4

/** A line moved a little to its right, so that the way there and the way back are two. */
function aside([x1, y1]: Place, [x2, y2]: Place): readonly [from: Place, to: Place] {
  const length = Math.max(1, Math.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)))
  const [dx, dy] = [(-ASIDE * (y2 - y1)) / length, (ASIDE * (x2 - x1)) / length]
  return [
    [x1 + dx, y1 + dy],
    [x2 + dx, y2 + dy],
  ]
}

/** Where a line from outside meets the box of a state. */
function edgeOf([x, y]: Place, [fromX, fromY]: Place, name: string): Place {
  const [dx, dy] = [fromX - x, fromY - y]
  const share = Math.min(halfWidth(name) / Math.max(1, Math.abs(dx)), HALF / Math.max(1, Math.abs(dy)), 1)
  return [x + dx * share, y + dy * share]
}

/** The head of an arrow, its point at `to`. */
function headOf([x1, y1]: Place, [x2, y2]: Place): string {
  const length = Math.max(1, Math.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)))
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length]
  const [backX, backY] = [x2 - 7 * ux, y2 - 7 * uy]
  return `M ${x2} ${y2} L ${backX - 3.5 * uy} ${backY + 3.5 * ux} L ${backX + 3.5 * uy} ${backY - 3.5 * ux} Z`
}
