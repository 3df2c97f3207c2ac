/**
 * At the end of a run each resource is active on as many nodes as it should be: once, unless it is told otherwise. The audit of resources of
 * Pacemaker's own lab. Fence devices are left out where no resource is named: they are used from anywhere.
 */
import { isServing } from '../model/lifecycle.ts'
import type { ResourceId } from '../model/names.ts'
import type { Trace } from '../trace/record.ts'
import { type Check, numberArgument, textArgument } from './contract.ts'
import { isPromoted } from './crowds.ts'
import { atTheEnd, finalState } from './final.ts'

/** Every resource is active as often as it should be when all is over. */
export const activeAtEnd: Check = {
  name: 'active-at-end',
  about: 'At the end of the run a resource serves on exactly so many nodes, and on a given one where one is named.',
  parameters: [
    { name: 'resource', type: 'resource', required: false, about: 'only this resource; absent: each that is no clone' },
    { name: 'instances', type: 'number', required: false, about: 'on how many nodes; absent: 1; 0: on none' },
    {
      name: 'node',
      type: 'node',
      required: false,
      about: 'where it has to serve, be promoted where promoted is named; absent: anywhere',
    },
    { name: 'promoted', type: 'number', required: false, about: 'on how many it is promoted; absent: not looked at' },
  ],
  lasting: false,
  find: (trace, args) => {
    const wanted = textArgument(args, 'resource')
    const node = textArgument(args, 'node')
    const most = numberArgument(args, 'instances', 1)
    const promoted = numberArgument(args, 'promoted', -1)
    const { services } = finalState(trace)
    const texts: string[] = []
    for (const resource of wanted === undefined ? singles(trace) : [wanted]) {
      const states = [...(services.get(resource) ?? [])]
      const places = states.filter(([, state]) => isServing(state)).map(([place]) => place)
      const where = places.length === 0 ? 'nowhere' : `on ${places.sort().join(' and ')}`
      if (places.length !== most) texts.push(`${resource} runs ${where} at the end, not on ${most}`)
      else if (node !== undefined && !places.includes(node)) texts.push(`${resource} runs ${where}, not on ${node}`)
      if (promoted < 0) continue
      const leaders = states.filter(([, state]) => isPromoted(state)).map(([place]) => place)
      if (leaders.length !== promoted) {
        texts.push(`${resource} is promoted on ${leaders.length}, not on ${promoted}`)
      } else if (node !== undefined && !leaders.includes(node)) {
        texts.push(`${resource} is promoted on ${leaders.sort().join(' and ')}, not on ${node}`)
      }
    }
    return atTheEnd(trace, texts)
  },
}

/** What should run once: neither a part of a clone nor a fence device. */
function singles({ header }: Trace): readonly ResourceId[] {
  const { resources, clones = [] } = header.cluster
  const cloned = new Set(clones.flatMap((clone) => clone.resources))
  return resources
    .filter(({ id, agent, promotable }) => agent.class !== 'stonith' && !promotable && !cloned.has(id))
    .map(({ id }) => id)
}
