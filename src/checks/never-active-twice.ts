/** No resource serves, or holds its data, on two nodes at once. */
import type { Trace } from '../trace/record.ts'
import { type Check, textArgument } from './contract.ts'
import { crowded, mayRun } from './crowds.ts'

/** No resource serves on two nodes at once. */
export const neverActiveTwice: Check = {
  name: 'never-active-twice',
  about: 'No resource serves, or holds its data, on two nodes at once.',
  parameters: [{ name: 'resource', type: 'resource', required: false, about: 'only this resource; absent: every one' }],
  lasting: false,
  find: (trace, args) =>
    crowded(trace, {
      resource: textArgument(args, 'resource'),
      counts: mayRun,
      most: 1,
      word: 'active',
      except: onPurpose(trace),
    }),
}

/** Instances of a clone run on many nodes; where each has a name of its own, each runs once. */
function onPurpose({ header }: Trace): ReadonlySet<string> {
  const clones = header.cluster.clones ?? []
  return new Set(clones.flatMap(({ resources }) => resources.filter((id) => !/:\d+$/.test(id))))
}
