/** The cluster at the cursor: nodes, what runs on them, how they see one another, links and fence devices. */
import type { ReactElement } from 'react'
import type { Frame } from '../../src/trace/frames.ts'
import { glyphOf, hueOf, Sign } from '../look/signs.tsx'
import { beliefOf, differs, viewDiffers } from '../replay/belief.ts'
import { table, useFrame, useTable } from '../replay/table.ts'

export function Cluster(): ReactElement | null {
  const frame = useFrame()
  const cluster = useTable((state) => state.run?.trace.header.cluster)
  if (frame === undefined || cluster === undefined) return null
  return (
    <section className="cluster" aria-label="Cluster">
      <div className="nodes">
        {cluster.nodes.map((name) => (
          <NodeCard key={name} name={name} frame={frame} />
        ))}
      </div>
      <ul className="links" aria-label="Links">
        {cluster.media.map((medium) => {
          const cuts = [...frame.cutLinks].filter((key) => key.startsWith(`${medium.id} `))
          return (
            <li key={medium.id} className={cuts.length === 0 ? 'good' : 'bad'}>
              {cuts.length === 0 ? '━━' : '━╳━'} {medium.id}{' '}
              {cuts.length === 0 ? 'up' : `cut: ${cuts.map((key) => key.split(' ').slice(1).join('→')).join(', ')}`}
            </li>
          )
        })}
        {cluster.fenceDevices.map((device) => (
          <li key={device.id} title={`fences ${device.targets.join(', ')}`}>
            ⚡ {device.id}: {frame.devices.get(device.id) ?? 'idle'}
          </li>
        ))}
        {[...frame.faults].map(([seq, text]) => (
          <li key={seq} className="bad">
            ⚑ {text}
          </li>
        ))}
      </ul>
      <p className="legend">● started ◐ under way ○ stopped ✕ failed ▲ stuck ? unknown. Hatched: the manager believes otherwise.</p>
    </section>
  )
}

function NodeCard({ name, frame }: { readonly name: string; readonly frame: Frame }): ReactElement | null {
  const cluster = useTable((state) => state.run?.trace.header.cluster)
  const choice = useTable((state) => state.choice)
  const node = frame.nodes.get(name)
  if (node === undefined || cluster === undefined) return null
  const choose = (resource: string) => () => table().set({ choice: { node: name, resource }, tab: 'chart' })
  const chosen = choice.node === name
  return (
    <article className="node" data-state={node.state} aria-label={`Node ${name}`}>
      <h3>
        <button type="button" aria-pressed={chosen && choice.resource === ''} onClick={choose('')}>
          {name} <Sign state={node.state} />
        </button>
      </h3>
      <ul className="chips" aria-label={`Resources on ${name}`}>
        {cluster.resources.map(({ id }) => {
          const { state = 'stopped', operation = '' } = frame.resources.get(name)?.get(id) ?? {}
          const belief = beliefOf(frame, cluster, name, id)
          const odd = differs(belief, state)
          const words = `${id} on ${name} is ${state}${belief === '' ? '' : `; its manager believes: ${belief}`}`
          return (
            <li key={id}>
              <button
                type="button"
                className={`chip ${hueOf(state)}${odd ? ' hatched' : ''}`}
                aria-pressed={chosen && choice.resource === id}
                onClick={choose(id)}
                title={words}
              >
                <span aria-hidden="true">{glyphOf(state)}</span>
                <b>{id.split('::')[0]}</b> {operation === '' ? state : `${operation} …`}
                {odd ? <em>believed {belief === '' ? 'not held' : belief}</em> : null}
              </button>
            </li>
          )
        })}
      </ul>
      <p className="facts">
        {node.processes.size === 0
          ? 'no cluster manager runs'
          : [...node.processes].map(([process, state]) => `${process} ${state}`).join(' · ')}
      </p>
      {[...node.views].map(([member, view]) => {
        const odd = viewDiffers(view, frame.nodes.get(member)?.state ?? 'up') && frame.nodes.has(member)
        return (
          <p key={member} className={`facts${odd ? ' hatched' : ''}`}>
            sees {member}: <b>{view}</b>
            {odd ? ` (really ${frame.nodes.get(member)?.state})` : ''}
          </p>
        )
      })}
      {node.beliefs.get('I hold') === undefined ? null : <p className="facts">claims: {node.beliefs.get('I hold')}</p>}
    </article>
  )
}
