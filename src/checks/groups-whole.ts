/**
 * At the end of a run the members of a group that run are on one node, and none runs without those before it. The audit of groups. A group
 * that is cloned is looked at on each node by itself.
 */
import { isServing } from '../model/lifecycle.ts'
import { type Check, textArgument } from './contract.ts'
import { atTheEnd, finalState } from './final.ts'

/** Groups stay together. */
export const groupsWhole: Check = {
  name: 'groups-whole',
  about: 'At the end of the run the members of a group run together, none without those before it.',
  parameters: [{ name: 'group', type: 'text', required: false, about: 'only this group; absent: every one' }],
  lasting: false,
  find: (trace, args) => {
    const wanted = textArgument(args, 'group')
    const { clones = [], groups } = trace.header.cluster
    const cloned = new Set(clones.flatMap((clone) => clone.resources))
    const { services } = finalState(trace)
    const texts: string[] = []
    for (const { id, resources } of groups) {
      if (wanted !== undefined && wanted !== id) continue
      const places = resources.map((resource) =>
        [...(services.get(resource) ?? [])].flatMap(([node, state]) => (isServing(state) ? [node] : [])),
      )
      const nodes = [...new Set(places.flat())].sort()
      if (1 < nodes.length && !resources.some((resource) => cloned.has(resource)))
        texts.push(`group ${id} runs on ${nodes.join(' and ')} at the end`)
      for (const node of nodes) {
        const gap = places.findIndex((place) => !place.includes(node))
        const later = places.findIndex((place, index) => gap < index && place.includes(node))
        if (0 <= gap && 0 <= later) texts.push(`${resources[later]} runs on ${node} without ${resources[gap]}`)
      }
    }
    return atTheEnd(trace, texts)
  },
}
