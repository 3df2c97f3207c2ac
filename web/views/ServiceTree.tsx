/**
 * A service of RGManager's as its tree: what is nested in what, in which order it starts and stops, how each resource really is and what
 * was last heard of it, when each status depth is due, which restarts count, and where the service's machine stands. A function of a frame.
 */
import { type ReactElement, useMemo } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { MachineChart } from '../../src/model/chart.ts'
import { shortText } from '../../src/report/recovery.ts'
import { type Heard, ServiceHistory, type ServiceTree, type TreeResource } from '../../src/report/service-tree.ts'
import type { Frame } from '../../src/trace/frames.ts'
import type { MachineRecord, Trace } from '../../src/trace/record.ts'
import { Clock } from './Clock.tsx'
import { Counted } from './Counted.tsx'
import { Chart } from './StateChart.tsx'
import { resourceSign, type Sign } from './signs.ts'

interface Props {
  readonly trace: Trace
  readonly frame: Frame
  readonly trees: readonly ServiceTree[]
  readonly charts: readonly MachineChart[]
  readonly selectedNode: string
  readonly selectedResource: string
  readonly onSelect: (node: string, resource: string) => void
  readonly onSeek: (at: number) => void
}

/** The service of the chosen resource, else the first one. */
export function ServicePanel(props: Props): ReactElement {
  const { trace, frame, selectedResource, onSelect } = props
  const version = loadedVersion(trace, frame.seq) ?? props.trees[0]?.version
  const trees = props.trees.filter((tree) => tree.version === version)
  const chosen = trees.find(({ resources }) => resources.some(({ id }) => id === selectedResource)) ?? trees[0]
  if (chosen === undefined) return <p className="empty">This version of cluster.conf has no service.</p>
  return (
    <div className="service">
      {trees.length > 1 && (
        <fieldset className="service-choice">
          <legend className="unseen">Service</legend>
          {trees.map(({ id }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === chosen.id}
              onClick={() => onSelect(ownerOf(trace, frame, id), id)}
            >
              {id}
            </button>
          ))}
        </fieldset>
      )}
      <OneService {...props} tree={chosen} />
    </div>
  )
}

/** `config_version` of what the cluster has loaded last; undefined before the first reload. */
function loadedVersion({ records }: Trace, seq: number): number | undefined {
  const last = records.findLast(
    (record) => record.seq <= seq && record.kind === 'decision' && record.decision === 'reload',
  )
  const found = last?.kind === 'decision' ? /version (\d+)/.exec(last.text)?.[1] : undefined
  return found === undefined ? undefined : Number(found)
}

function ownerOf({ header }: Trace, frame: Frame, service: string): string {
  const { nodes } = header.cluster
  const held = nodes.map((name) => /^\S+ on (\S+)/.exec(frame.nodes.get(name)?.beliefs.get(service) ?? '')?.[1])
  return held.find((owner) => owner !== undefined) ?? nodes[0] ?? ''
}

interface ServiceProps extends Props {
  readonly tree: ServiceTree
}

function OneService(props: ServiceProps): ReactElement {
  const { trace, frame, tree, charts, onSeek } = props
  const history = useMemo(() => new ServiceHistory(trace, tree), [trace, tree])
  const moves = history.movesUpTo(frame.seq)
  const chart = charts.find(({ id }) => id === 'rg-service')
  const policy = POLICIES.get(tree.recovery) ?? tree.recovery
  return (
    <>
      <div className="service-tree">
        <p className="service-head">
          <b>{tree.id}</b> {policy}
          {tree.domain === '' ? '' : `, failover domain ${tree.domain}`}; looked at every {shortText(tree.poll)}.{' '}
          {0 < tree.maxRestarts && (
            <Counted name="restarts" counter={history.restartsOf(frame.seq, frame.at)} beyond={beyond(tree)} />
          )}
        </p>
        <div className="tree-row tree-titles" aria-hidden="true">
          <span>▲ starts, ▼ stops</span>
          <span>really</span>
          <span>last heard</span>
          <span>status checks</span>
        </div>
        <Branch {...props} history={history} of={undefined} />
      </div>
      <div className="service-machine">
        <h3>The service’s record</h3>
        <Holders trace={trace} frame={frame} service={tree.id} />
        {chart !== undefined && <Machine chart={chart} moves={moves} />}
        <Moves moves={moves} onSeek={onSeek} />
      </div>
    </>
  )
}

const POLICIES: ReadonlyMap<string, string> = new Map([
  ['restart', 'restarts in place when it fails'],
  ['relocate', 'moves to another node when it fails'],
  ['disable', 'is disabled when it fails'],
  ['restart-disable', 'restarts once in place when it fails, then is disabled'],
])

function beyond({ recovery, maxRestarts }: ServiceTree): string {
  return `the ${ordinal(maxRestarts + 1)} failure ${recovery === 'restart-disable' ? 'disables it' : 'moves it'}`
}

function ordinal(count: number): string {
  return `${count}${count === 1 ? 'st' : count === 2 ? 'nd' : count === 3 ? 'rd' : 'th'}`
}

interface BranchProps extends ServiceProps {
  readonly history: ServiceHistory
  /** The parent; undefined for the service itself. */
  readonly of: number | undefined
}

/** Children as they stand in cluster.conf. */
function Branch(props: BranchProps): ReactElement | null {
  const children = props.tree.resources.filter(({ parent }) => parent === props.of)
  if (children.length === 0) return null
  return (
    <ul>
      {children.map((resource) => (
        <li key={resource.index}>
          <Row {...props} resource={resource} />
          <Branch {...props} of={resource.index} />
        </li>
      ))}
    </ul>
  )
}

function Row({ resource, ...props }: BranchProps & { readonly resource: TreeResource }): ReactElement {
  const { trace, frame, history, selectedResource, onSelect } = props
  const { id, nesting, starts, stops, independent, maxRestarts, maxFailures } = resource
  const truths = truthsOf(trace, frame, id)
  const heard = history.heardOf(id, frame.seq)
  const isGone = heard !== undefined && !runsDaemon(frame, heard.node)
  const differs = heard !== undefined && !isGone && parts(heard, truths)
  const node = truths[0]?.node ?? heard?.node ?? ownerOf(trace, frame, id)
  const indent = { paddingLeft: `${4 + 16 * nesting}px` }
  return (
    <div className="tree-row" data-chosen={id === selectedResource}>
      <span className="tree-name" style={indent}>
        <button
          type="button"
          className="plain"
          aria-pressed={id === selectedResource}
          onClick={() => onSelect(node, id)}
        >
          {nesting > 0 && <span aria-hidden="true">└ </span>}
          {id}
        </button>
        <small>
          <span title="its place in the order of starts">▲{starts}</span>{' '}
          <span title="its place in the order of stops">▼{stops}</span>
          <span className="unseen">
            , starts {ordinal(starts)}, stops {ordinal(stops)}
          </span>
          {independent === 'no' ? '' : ` ${independent}`}
        </small>
      </span>
      <span className="tree-truth">
        <span className="unseen">really </span>
        {truths.length === 0 ? (
          <Marked sign={resourceSign('stopped')} text="stopped" />
        ) : (
          truths.map((truth) => <Marked key={truth.node} sign={truth.sign} text={`${truth.sign.word} ${truth.node}`} />)
        )}
      </span>
      <span className="tree-held" data-differs={differs}>
        <span className="unseen">last heard </span>
        {heard === undefined ? (
          <small>nothing yet</small>
        ) : (
          <span title={`${heard.text} on ${heard.node}, ${clockText(heard.at)}`}>
            {isGone ? `lost with ${heard.node}` : heard.word} <small>{clockText(heard.at)}</small>
          </span>
        )}
      </span>
      <span className="tree-clocks">
        {history.clocksOf(resource, frame.seq).map((clock) => (
          <Clock key={clock.depth} clock={clock} at={frame.at} isStill={isGone} />
        ))}
        {0 < maxRestarts && (
          <Counted
            name="restarts in place"
            counter={history.partRestartsOf(resource, frame.seq, frame.at)}
            beyond={independent === 'non-critical' ? 'then it stays stopped' : 'then the part around it pays'}
          />
        )}
        {0 < maxFailures && (
          <Counted
            name="failures tolerated"
            counter={history.failuresOf(resource, frame.seq, frame.at)}
            beyond="then it counts"
          />
        )}
      </span>
    </div>
  )
}

function Marked({ sign, text }: { readonly sign: Sign; readonly text: string }): ReactElement {
  return (
    <span className="marked">
      <span className={`sign ${sign.color}`} aria-hidden="true">
        {sign.shape}
      </span>
      {text}{' '}
    </span>
  )
}

interface Truth {
  readonly node: string
  readonly sign: Sign
  readonly runs: boolean
}

function truthsOf({ header }: Trace, frame: Frame, id: string): readonly Truth[] {
  return header.cluster.nodes.flatMap((node) => {
    const state = frame.resources.get(node)?.get(id)?.state ?? 'stopped'
    return state === 'stopped'
      ? []
      : [{ node, sign: resourceSign(state), runs: !['failed', 'unknown'].includes(state) }]
  })
}

function runsDaemon(frame: Frame, node: string): boolean {
  const known = frame.nodes.get(node)
  return known?.state === 'up' && known.processes.get(frame.daemon) !== undefined
}

/** True where what was heard is not what is so. */
function parts({ word, node }: Heard, truths: readonly Truth[]): boolean {
  const runsThere = truths.some((truth) => truth.node === node && truth.runs)
  if (word === 'started') return !runsThere
  return word === 'stopped' && runsThere
}

/** What each node holds the record to be; one line where all agree. */
function Holders({
  trace,
  frame,
  service,
}: {
  readonly trace: Trace
  readonly frame: Frame
  readonly service: string
}): ReactElement {
  const held = new Map<string, string[]>()
  for (const node of trace.header.cluster.nodes) {
    if (!runsDaemon(frame, node)) continue
    const text = frame.nodes.get(node)?.beliefs.get(service) ?? 'stopped'
    held.set(text, [...(held.get(text) ?? []), node])
  }
  if (held.size === 0) return <p className="empty">Nobody holds a record: RGManager runs nowhere.</p>
  return (
    <p className="holders" data-differs={held.size > 1}>
      {[...held].map(([text, nodes]) => (
        <span key={text}>
          <b>{text}</b> <small>say {nodes.join(', ')}</small>{' '}
        </span>
      ))}
    </p>
  )
}

function Machine({
  chart,
  moves,
}: {
  readonly chart: MachineChart
  readonly moves: readonly MachineRecord[]
}): ReactElement {
  const last = moves.at(-1)
  const taken = new Set(moves.map(({ from, event, to }) => `${from} ${event} ${to}`))
  return (
    <Chart
      chart={chart}
      state={last?.to ?? chart.initial}
      from={last?.from ?? chart.initial}
      event={last?.event ?? ''}
      taken={taken}
    />
  )
}

const MOVES = 5

function Moves({
  moves,
  onSeek,
}: {
  readonly moves: readonly MachineRecord[]
  readonly onSeek: (at: number) => void
}): ReactElement {
  const shown = moves.slice(-MOVES).reverse()
  if (shown.length === 0) return <p className="empty">It has not moved yet.</p>
  return (
    <ol className="moves" aria-label="Last moves, the newest first">
      {shown.map((move) => (
        <li key={move.seq}>
          <button type="button" className="line" onClick={() => onSeek(move.at)}>
            <time>{clockText(move.at)}</time> {move.node}: {move.from} —{move.event}→ <b>{move.to}</b>
          </button>
        </li>
      ))}
    </ol>
  )
}
