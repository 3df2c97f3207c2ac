/** The cluster at the cursor: nodes as they are and as they see each other, resources as they are and as the manager believes. */

import type { ReactElement } from 'react'
import type { ClusterShape, GroupShape } from '../../src/model/cluster.ts'
import type { Frame, NodeFrame } from '../../src/trace/frames.ts'
import { differs as beliefDiffers, viewDiffers } from '../replay/belief.ts'
import { Chip } from './Chip.tsx'
import { Devices } from './Devices.tsx'
import { NodeButton } from './NodeButton.tsx'
import { nodeSign, resourceSign } from './signs.ts'

interface Props {
  readonly shape: ClusterShape
  readonly frame: Frame
  readonly selectedNode: string
  readonly selectedResource: string
  readonly onSelect: (node: string, resource: string) => void
}

/** Nodes side by side, links and fence devices below. A view is a function of a frame. */
export function ClusterMap({ shape, frame, ...rest }: Props): ReactElement {
  return (
    <>
      <h2>Cluster</h2>
      {frame.faults.size > 0 && <p className="ongoing">⚡ {[...frame.faults.values()].join('; ')}</p>}
      <div className="nodes">
        {shape.nodes.map((name) => (
          <NodeCard key={name} shape={shape} frame={frame} node={frame.nodes.get(name)!} {...rest} />
        ))}
      </div>
      <Devices shape={shape} frame={frame} />
      <p className="legend">Shape and word: what really runs. Hatched: the manager believes otherwise.</p>
    </>
  )
}

function NodeCard({
  shape,
  frame,
  node,
  selectedNode,
  selectedResource,
  onSelect,
}: Props & { readonly node: NodeFrame }): ReactElement {
  const sign = nodeSign(node.state)
  const resources = frame.resources.get(node.name)!
  const daemon = [...node.processes].map(([process, state]) => `${process} ${state}`).join(', ')
  return (
    <article className="node" data-state={node.state} aria-label={`Node ${node.name}: ${sign.word}`}>
      <h3>
        <NodeButton
          node={node}
          isPressed={selectedNode === node.name && selectedResource === ''}
          onPress={() => onSelect(node.name, '')}
        />
      </h3>
      <dl className="views">
        {daemon !== '' && <Fact name="runs" value={daemon} />}
        {[...node.views].map(([member, status]) => (
          <Fact
            key={member}
            name={`sees ${member}`}
            value={status}
            bad={status === 'dead'}
            differs={frame.nodes.has(member) && viewDiffers(status, frame.nodes.get(member)!.state)}
          />
        ))}
        {node.beliefs.has('I hold') && <Fact name="claims" value={node.beliefs.get('I hold') ?? ''} />}
      </dl>
      {shape.groups.map((group) => {
        const belief = node.beliefs.get(group.id)
        return (
          <div key={group.id} className="group" data-owner={group.preferredNode === node.name}>
            <p className="group-title">
              {titleOf(shape, group, node.name)} <em>{belief === undefined ? '' : `believed ${belief}`}</em>
            </p>
            <ul>
              {group.resources.map((id) => {
                const resource = resources.get(id)!
                const mark = resourceSign(resource.state)
                const differs = beliefDiffers(belief ?? '', resource.state, node.name)
                return (
                  <Chip
                    key={id}
                    sign={mark}
                    name={id}
                    word={resource.operation === '' ? mark.word : `${resource.operation} …`}
                    differs={differs ? `believed ${belief ?? 'nothing'}` : ''}
                    isPressed={selectedNode === node.name && selectedResource === id}
                    title={`${id}: ${mark.word}${differs ? `; the manager believes ${belief ?? 'nothing'}` : ''}`}
                    onClick={() => onSelect(node.name, id)}
                  />
                )
              })}
            </ul>
          </div>
        )
      })}
    </article>
  )
}

function Fact({
  name,
  value,
  bad = false,
  differs = false,
}: {
  readonly name: string
  readonly value: string
  readonly bad?: boolean
  /** True where the belief is wrong. */
  readonly differs?: boolean
}): ReactElement {
  return (
    <div className={bad ? 'bad-fact' : undefined} data-differs={differs} title={differs ? 'this is not so' : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Heartbeat's groups have an owner and no name; services of RGManager have a name. */
function titleOf({ manager }: ClusterShape, { id, preferredNode }: GroupShape, node: string): string {
  if (manager === 'heartbeat') return preferredNode === node ? 'own group' : 'foreign group'
  return id
}
