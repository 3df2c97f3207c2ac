/** A clone never has more instances than it may: at no instant does a resource run on more than so many nodes. The audit of clones. */
import { type Check, numberArgument, textArgument } from './contract.ts'
import { crowded, mayRun } from './crowds.ts'

/** A resource runs on so many nodes at most, at any time. */
export const activeAtMost: Check = {
  name: 'active-at-most',
  about: 'A resource runs on no more than so many nodes at once, at any instant.',
  parameters: [
    { name: 'resource', type: 'resource', required: true, about: 'the resource' },
    { name: 'most', type: 'number', required: true, about: 'how many nodes at most' },
  ],
  lasting: false,
  find: (trace, args) =>
    crowded(trace, {
      resource: textArgument(args, 'resource'),
      counts: mayRun,
      most: numberArgument(args, 'most', 1),
      word: 'active',
    }),
}
