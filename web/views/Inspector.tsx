/** What is known of the chosen node or resource: facts, why it is so, its last calls, and its state chart. */
import type { ReactElement, ReactNode } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { MachineChart } from '../../src/model/chart.ts'
import type { NodeFrame, ResourceFrame } from '../../src/trace/frames.ts'
import type { OperationRecord, Trace } from '../../src/trace/record.ts'
import type { Table } from '../app/use-table.ts'
import { attributesOf, countText, failCountsOf, tellerOf } from '../replay/members.ts'
import { Chart, NodeChart } from './StateChart.tsx'
import { roleWord } from './signs.ts'

interface Props {
  readonly table: Table
  readonly charts: readonly MachineChart[]
  readonly node: string
  readonly resource: string
  readonly onClose: () => void
  /** Why it is as it is, where the manager can be asked. */
  readonly children: ReactNode
}

/** The right-hand panel. */
export function Inspector(props: Props): ReactElement {
  const { table, node, resource } = props
  const { frame, trace } = table
  const known = frame.nodes.get(node === '' ? (trace.header.cluster.nodes[0] ?? '') : node)
  if (known === undefined || (node === '' && resource === ''))
    return (
      <section className="inspector" aria-label="Inspector">
        <h2>Inspector</h2>
        <p className="empty">Choose a node or a resource on the map or in the timeline: its state, and why it is so.</p>
      </section>
    )
  const truth = frame.resources.get(known.name)?.get(resource)
  return (
    <section className="inspector" aria-label="Inspector">
      <button type="button" className="close" onClick={props.onClose} aria-label="Choose nothing">
        ✕
      </button>
      {truth === undefined ? (
        <OfNode {...props} known={known} />
      ) : (
        <OfResource {...props} known={known} truth={truth} />
      )}
    </section>
  )
}

interface NodeProps extends Props {
  readonly known: NodeFrame
}

function OfNode({ table, charts, known, children }: NodeProps): ReactElement {
  const { frame, trace } = table
  const { name, state, since, machines, beliefs } = known
  const isPacemaker = trace.header.cluster.manager === 'pacemaker'
  const chart = charts.find((entry) => entry.id === 'node')
  const shown = [...beliefs].filter(([about]) => !isPacemaker || about === 'DC' || about === 'quorum')
  return (
    <>
      <h2>{name}</h2>
      <dl className="facts">
        <Pair name="is" value={`${state} since ${clockText(since)}`} />
        {[...known.processes].map(([process, run]) => (
          <Pair key={process} name={process} value={run} />
        ))}
        {[...machines].map(([machine, at]) => (
          <Pair key={machine} name={machine} value={at} />
        ))}
        {shown.map(([about, held]) => (
          <Pair key={about} name={about} value={held} />
        ))}
      </dl>
      {isPacemaker && <Attributes table={table} node={name} />}
      {children}
      {chart !== undefined && (
        <details open={!isPacemaker}>
          <summary>State chart</summary>
          <NodeChart chart={chart} trace={trace} frame={frame} node={name} />
        </details>
      )}
    </>
  )
}

/** Node attributes as the DC in the node's partition holds them; fail counts first. */
function Attributes({ table, node }: { readonly table: Table; readonly node: string }): ReactElement {
  const teller = tellerOf(table.frame, table.trace.header.cluster, node)
  const failures = [...failCountsOf(teller, node)]
  const others = attributesOf(teller, node).filter(({ name }) => !/^(fail-count|last-failure)-/.test(name))
  return (
    <>
      {failures.length > 0 && (
        <>
          <h3>Fail counts</h3>
          <dl className="facts">
            {failures.map(([resource, { count, text }]) => (
              <Pair key={resource} name={resource} value={`${countText(count)} (${text})`} />
            ))}
          </dl>
        </>
      )}
      <h3>Node attributes</h3>
      {others.length === 0 ? (
        <p className="empty">none</p>
      ) : (
        <dl className="facts">
          {others.map(({ name, value, isKept }) => (
            <Pair key={`${name} ${isKept}`} name={name} value={`${value}${isKept ? ' (kept)' : ''}`} />
          ))}
        </dl>
      )}
    </>
  )
}

interface ResourceProps extends NodeProps {
  readonly truth: ResourceFrame
}

function OfResource({ table, charts, known, resource, truth, children }: ResourceProps): ReactElement {
  const { frame, trace } = table
  const { name: node } = known
  const spec = trace.header.cluster.resources.find(({ id }) => id === resource)
  const { class: cls, provider, type } = spec?.agent ?? { class: '', type: '', provider: '' }
  const chart = charts.find((entry) => entry.id === 'resource')
  const calls = callsOf(trace, frame.seq, node, resource)
  return (
    <>
      <h2>{resource}</h2>
      <p>
        on {node}: <b>{roleWord(truth.state, spec?.promotable ?? false)}</b> since {clockText(truth.since)}
        {truth.operation === '' ? '' : `, ${truth.operation} under way`}{' '}
        <small>{[cls, provider, type].filter((part) => part !== undefined && part !== '').join(':')}</small>
      </p>
      {children}
      <h3>Last calls</h3>
      <ul className="calls">
        {calls.length === 0 && <li>none yet</li>}
        {calls.map((record) => (
          <li key={record.seq}>
            <time>{clockText(record.at)}</time> <code>{record.call}</code> →{' '}
            {record.status === 'done' ? record.rc : record.status}
            {record.output ? ` “${record.output.trim()}”` : ''}
          </li>
        ))}
      </ul>
      {chart !== undefined && (
        <details open>
          <summary>State chart</summary>
          <Chart chart={chart} state={truth.state} from={truth.from} event={truth.event} />
        </details>
      )}
    </>
  )
}

const CALLS = 6

/** The last ended calls up to a record. O(records) at worst, few where calls are many. */
function callsOf({ records }: Trace, seq: number, node: string, resource: string): readonly OperationRecord[] {
  const found: OperationRecord[] = []
  for (let at = seq - 1; 0 <= at && found.length < CALLS; at--) {
    const record = records[at]!
    if (record.kind !== 'operation' || record.phase !== 'end') continue
    if (record.node === node && record.resource === resource) found.push(record)
  }
  return found.reverse()
}

function Pair({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
