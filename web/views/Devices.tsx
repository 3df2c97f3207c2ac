/** Links between nodes and fence devices, as they are. */
import type { ReactElement } from 'react'
import type { ClusterShape } from '../../src/model/cluster.ts'
import type { Frame } from '../../src/trace/frames.ts'

/** One line for each; a link that is not whole says between whom. */
export function Devices({ shape, frame }: { readonly shape: ClusterShape; readonly frame: Frame }): ReactElement {
  return (
    <ul className="links" aria-label="Links and fence devices">
      {shape.media.map(({ id }) => {
        const words = cutsOf(shape, frame, id)
        return (
          <li key={id} data-bad={words.length > 0}>
            {words.length === 0 ? '━' : '╳'} {id}: {words.length === 0 ? 'whole' : words.join(', ')}
          </li>
        )
      })}
      {shape.fenceDevices.map((device) => (
        <li key={device.id}>
          ⚡ {device.id}: {frame.devices.get(device.id) ?? 'idle'}
        </li>
      ))}
    </ul>
  )
}

/** What is cut of a medium: whole links first, then single directions. */
function cutsOf({ nodes }: ClusterShape, { cutLinks }: Frame, medium: string): readonly string[] {
  const words: string[] = []
  for (const [index, a] of nodes.entries())
    for (const b of nodes.slice(index + 1)) {
      const there = cutLinks.has(`${medium} ${a} ${b}`)
      const back = cutLinks.has(`${medium} ${b} ${a}`)
      if (there && back) words.push(`${a} ╳ ${b}`)
      else if (there) words.push(`${b} → ${a} only`)
      else if (back) words.push(`${a} → ${b} only`)
    }
  return words
}
