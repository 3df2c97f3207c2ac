/**
 * A Pacemaker cluster at the cursor: partitions with quorum and DC, nodes with what they are told, and on each node what runs there, or
 * is believed to. A service that is nowhere stands below, with the reason where an administrator gave one.
 */

import type { ReactElement } from 'react'
import type { ClusterShape, RemoteShape } from '../../src/model/cluster.ts'
import type { Beliefs } from '../../src/report/beliefs.ts'
import type { Frame, NodeFrame, ResourceFrame } from '../../src/trace/frames.ts'
import {
  countText,
  type FailCount,
  failCountsOf,
  lineageOf,
  marksOf,
  orderOf,
  type Partition,
  partitionsOf,
  ringOf,
  roleDiffers,
  tellerOf,
} from '../replay/members.ts'
import { Chip } from './Chip.tsx'
import { Devices } from './Devices.tsx'
import { NodeButton } from './NodeButton.tsx'
import { nodeSign, resourceSign, roleWord } from './signs.ts'

interface Props {
  readonly shape: ClusterShape
  readonly frame: Frame
  readonly beliefs: Beliefs
  readonly selectedNode: string
  readonly selectedResource: string
  readonly onSelect: (node: string, resource: string) => void
}

/** Partitions, nodes, what is nowhere, links and devices. A view is a function of a frame. */
export function PacemakerMap(props: Props): ReactElement {
  const { shape, frame } = props
  const partitions = partitionsOf(frame, shape)
  return (
    <>
      <h2>Cluster</h2>
      {frame.faults.size > 0 && <p className="ongoing">⚡ {[...frame.faults.values()].join('; ')}</p>}
      <Partitions partitions={partitions} />
      <div className="nodes">
        {shape.nodes.map((name) => (
          <Member key={name} {...props} node={frame.nodes.get(name)!} partitions={partitions} />
        ))}
      </div>
      <Nowhere {...props} />
      <Devices shape={shape} frame={frame} />
      <p className="legend">
        Shape and word: what really runs. Hatched: the cluster believes otherwise. ✕ and a number: failures counted.
      </p>
    </>
  )
}

function Partitions({ partitions }: { readonly partitions: readonly Partition[] }): ReactElement {
  return (
    <ul className="partitions" aria-label="Partitions">
      {partitions.length === 0 && <li>no node is in a ring</li>}
      {partitions.map(({ members, hasQuorum, dc }) => (
        <li key={members.join(' ')} data-quorum={hasQuorum}>
          <b>{members.join(' ')}</b>{' '}
          <span>
            {hasQuorum ? 'has quorum' : 'no quorum'}, {dc === '' ? 'no DC' : `DC ${dc}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

interface MemberProps extends Props {
  readonly node: NodeFrame
  readonly partitions: readonly Partition[]
}

function Member(props: MemberProps): ReactElement {
  const { shape, frame, beliefs, node, partitions, selectedNode, selectedResource, onSelect } = props
  const sign = nodeSign(node.state)
  // Those behind a connection are no members: nobody sees them in the ring.
  const remote = shape.remotes?.find((entry) => entry.node === node.name)
  const isRemote = (name: string): boolean => shape.remotes?.some((entry) => entry.node === name) ?? false
  const teller = tellerOf(frame, shape, node.name)
  const own = partitions.find(({ members }) => members.includes(node.name))
  const ring = ringOf(frame, shape, node.name)
  const marks = marksOf(frame, own, node.name, { teller, isUnclean: beliefs.isUnclean(node.name, frame.seq) })
  return (
    <article className="node" data-state={node.state} aria-label={`Node ${node.name}: ${sign.word}`}>
      <h3>
        <NodeButton
          node={node}
          isPressed={selectedNode === node.name && selectedResource === ''}
          onPress={() => onSelect(node.name, '')}
        />
        {marks.map(({ word, tone }) => (
          <span key={word} className="mark" data-tone={tone}>
            {word}
          </span>
        ))}
      </h3>
      {node.state === 'up' && (
        <p className="ring">
          {remote !== undefined
            ? remoteText(node, remote)
            : ring.length === 0
              ? 'its daemons do not run'
              : shape.nodes
                  .filter((other) => other !== node.name && !isRemote(other))
                  .map((other) => <Seen key={other} {...{ frame, node, other }} />)}
        </p>
      )}
      <Services {...props} teller={teller} />
    </article>
  )
}

function remoteText({ processes }: NodeFrame, { container, process }: RemoteShape): string {
  const state = processes.get(process)
  const kind = container === undefined ? 'remote node' : `guest in ${container}`
  return `${kind}; ${process} ${state === undefined ? 'does not run' : state}`
}

/** How a node sees another. */
function Seen({
  frame,
  node,
  other,
}: {
  readonly frame: Frame
  readonly node: NodeFrame
  readonly other: string
}): ReactElement {
  const view = node.views.get(other)
  const isSeen = view !== undefined && view !== 'dead'
  const isUp = frame.nodes.get(other)?.state === 'up'
  return (
    <span
      className="seen"
      data-seen={isSeen}
      data-differs={isSeen !== isUp}
      title={isSeen === isUp ? undefined : 'this is not so'}
    >
      {isSeen ? 'sees' : 'does not see'} {other}
    </span>
  )
}

/** What runs on a node, is believed to, or has failed there: groups in boxes, all in the order of the configuration. */
function Services(props: MemberProps & { readonly teller: ReadonlyMap<string, string> }): ReactElement {
  const { shape, frame, beliefs, node, teller } = props
  const failures = failCountsOf(teller, node.name)
  const here = frame.resources.get(node.name)!
  const isHere = (id: string): boolean =>
    here.get(id)!.state !== 'stopped' ||
    here.get(id)!.operation !== '' ||
    beliefs.roleOf(node.name, id, frame.seq) !== 'stopped' ||
    failures.has(id)
  const chip = (id: string): ReactElement => (
    <Service key={id} {...props} id={id} truth={here.get(id)!} failure={failures.get(id)} />
  )
  const grouped = new Set(shape.groups.flatMap(({ resources }) => resources))
  const shown = shape.resources.map(({ id }) => id).filter((id) => isHere(id) && !grouped.has(id))
  const groups = shape.groups.filter(({ resources }) => resources.some(isHere))
  if (shown.length === 0 && groups.length === 0) return <p className="empty">nothing runs here</p>
  return (
    <>
      {groups.map((group) => (
        <div key={group.id} className="group">
          <p className="group-title">group {group.id}</p>
          <ul>{group.resources.map(chip)}</ul>
        </div>
      ))}
      <ul>{shown.map(chip)}</ul>
    </>
  )
}

interface ServiceProps extends MemberProps {
  readonly teller: ReadonlyMap<string, string>
  readonly id: string
  readonly truth: ResourceFrame
  readonly failure: FailCount | undefined
}

function Service(props: ServiceProps): ReactElement {
  const { shape, frame, beliefs, node, teller, id, truth, failure, selectedNode, selectedResource, onSelect } = props
  const spec = shape.resources.find((entry) => entry.id === id)!
  const sign = resourceSign(truth.state)
  const role = beliefs.roleOf(node.name, id, frame.seq)
  const differs = roleDiffers(role, truth.state)
  const clone = (shape.clones ?? []).find(({ resources }) => resources.includes(id))
  const order = orderOf(teller, lineageOf(shape, id))
  const word = roleWord(truth.state, spec.promotable)
  const notes = [
    failure === undefined ? '' : `failed here: ${failure.text}`,
    order,
    differs ? `the cluster believes it ${role}` : '',
  ].filter((note) => note !== '')
  return (
    <Chip
      sign={sign}
      name={id}
      holder={clone?.id ?? ''}
      word={truth.operation === '' || truth.operation === 'monitor' ? word : `${truth.operation} …`}
      count={failure === undefined ? '' : `✕${countText(failure.count)}`}
      differs={differs ? `believed ${role}` : ''}
      isDashed={order === 'unmanaged' || order === 'maintenance'}
      isPressed={selectedNode === node.name && selectedResource === id}
      title={[`${id} is ${word}`, ...notes].join('; ')}
      onClick={() => onSelect(node.name, id)}
    />
  )
}

/** Services that run on no node. */
function Nowhere({ shape, frame, beliefs, selectedResource, selectedNode, onSelect }: Props): ReactElement | null {
  const [first = ''] = shape.nodes
  const gone = shape.resources.filter(({ id }) =>
    shape.nodes.every(
      (node) =>
        frame.resources.get(node)!.get(id)!.state === 'stopped' && beliefs.roleOf(node, id, frame.seq) === 'stopped',
    ),
  )
  if (gone.length === 0) return null
  const teller = tellerOf(frame, shape, first)
  return (
    <section className="nowhere" aria-label="Running nowhere">
      <h3>Running nowhere</h3>
      <ul>
        {gone.map(({ id }) => (
          <Chip
            key={id}
            sign={resourceSign('stopped')}
            name={id}
            holder={(shape.clones ?? []).find(({ resources }) => resources.includes(id))?.id ?? ''}
            word={orderOf(teller, lineageOf(shape, id))}
            isPressed={selectedResource === id && selectedNode === first}
            title={`${id} runs nowhere`}
            onClick={() => onSelect(first, id)}
          />
        ))}
      </ul>
    </section>
  )
}
