/** A resource that has served once is never away from every node for longer than a limit. */
import { clockText, durationText } from '../kernel/time.ts'
import { absencesOf } from './absences.ts'
import { type Check, numberArgument, textArgument } from './contract.ts'

/** A resource that once served is never away for longer than a limit. */
export const recoveredWithin: Check = {
  name: 'recovered-within',
  about: 'A resource that has served once is never away from every node for longer than a limit.',
  parameters: [
    { name: 'resource', type: 'resource', required: true, about: 'the resource' },
    { name: 'limit', type: 'duration', required: true, about: 'how long it may be away' },
  ],
  lasting: false,
  find: (trace, args) => {
    const resource = textArgument(args, 'resource') ?? ''
    const limit = numberArgument(args, 'limit', 0)
    return absencesOf(trace, resource).flatMap(({ from, to, seq }) => {
      if (to - from <= limit) return []
      return [
        {
          at: from,
          seq,
          text: `${resource} was away for ${durationText(to - from)} from ${clockText(from)}; ${durationText(limit)} was the limit`,
        },
      ]
    })
  },
}
