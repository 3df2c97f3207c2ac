/** No resource serves, or holds its data, on two nodes at once. */
import { type Check, textArgument } from './contract.ts'
import { crowded, mayRun } from './crowds.ts'

/** No resource serves on two nodes at once. */
export const neverActiveTwice: Check = {
  name: 'never-active-twice',
  about: 'No resource serves, or holds its data, on two nodes at once.',
  parameters: [{ name: 'resource', type: 'resource', required: false, about: 'only this resource; absent: every one' }],
  lasting: false,
  find: (trace, args) =>
    crowded(trace, { resource: textArgument(args, 'resource'), counts: mayRun, most: 1, word: 'active' }),
}
