/** At the end of a run one resource serves nowhere but where another does. The audit of colocations: they are named, for a trace has none. */
import { isServing } from '../model/lifecycle.ts'
import { type Check, textArgument } from './contract.ts'
import { atTheEnd, finalState } from './final.ts'

/** A resource is with another. */
export const colocated: Check = {
  name: 'colocated',
  about: 'At the end of the run a resource serves only on nodes on which another one serves, too.',
  parameters: [
    { name: 'resource', type: 'resource', required: true, about: 'the resource that follows' },
    { name: 'with', type: 'resource', required: true, about: 'the resource that it follows' },
  ],
  lasting: false,
  find: (trace, args) => {
    const { services } = finalState(trace)
    const placesOf = (resource: string) =>
      [...(services.get(resource) ?? [])].flatMap(([node, state]) => (isServing(state) ? [node] : []))
    const follower = textArgument(args, 'resource') ?? ''
    const leader = textArgument(args, 'with') ?? ''
    const alone = placesOf(follower).filter((node) => !placesOf(leader).includes(node))
    return atTheEnd(
      trace,
      alone.map((node) => `${follower} runs on ${node} without ${leader}`),
    )
  },
}
