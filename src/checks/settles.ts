/** After the last fault or command the cluster comes to rest within a time: no operation, fencing or change of a resource later. */
import type { Millis } from '../kernel/time.ts'
import { durationText } from '../kernel/time.ts'
import { type Check, numberArgument } from './contract.ts'

/** After the last fault everything comes to rest. */
export const settles: Check = {
  name: 'settles',
  about:
    'After the last fault or command the cluster comes to rest within a time: no operation, fencing or change of a resource later.',
  parameters: [
    { name: 'within', type: 'duration', required: false, about: 'how long after the last fault; absent: two minutes' },
  ],
  lasting: false,
  find: (trace, args) => {
    const within = numberArgument(args, 'within', 120_000)
    let last: Millis = 0
    for (const record of trace.records) if (record.kind === 'fault' || record.kind === 'command') last = record.at
    const late = trace.records.find(
      (record) =>
        last + within < record.at &&
        (record.kind === 'lifecycle' ||
          record.kind === 'fence' ||
          (record.kind === 'operation' && record.interval === 0)),
    )
    if (late !== undefined)
      return [
        {
          at: late.at,
          seq: late.seq,
          text: `the cluster still acts ${durationText(late.at - last)} after the last fault`,
        },
      ]
    if (trace.footer.reason === 'event-limit')
      return [{ at: trace.footer.endedAt, seq: 0, text: 'the run was stopped by its limit of events' }]
    return []
  },
}
