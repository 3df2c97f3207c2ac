/** A resource is promoted on no more than so many nodes at once. */
import { type Check, numberArgument, textArgument } from './contract.ts'
import { crowded, isPromoted } from './crowds.ts'

/** A promotable resource is promoted on so many nodes at most. */
export const promotedAtMost: Check = {
  name: 'promoted-at-most',
  about: 'A resource is promoted on no more than so many nodes at once.',
  parameters: [
    { name: 'resource', type: 'resource', required: false, about: 'only this resource; absent: every one' },
    { name: 'most', type: 'number', required: false, about: 'how many; absent: 1' },
  ],
  lasting: false,
  find: (trace, args) =>
    crowded(trace, {
      resource: textArgument(args, 'resource'),
      counts: isPromoted,
      most: numberArgument(args, 'most', 1),
      word: 'promoted',
    }),
}
