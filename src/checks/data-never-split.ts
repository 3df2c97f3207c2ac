/** No two nodes write to the same storage at once, unless it is made for that. */
import { type Check, textArgument } from './contract.ts'

/** No storage is corrupted. */
export const dataNeverSplit: Check = {
  name: 'data-never-split',
  about: 'No two nodes write to the same storage at once, unless it is made for that.',
  parameters: [{ name: 'storage', type: 'storage', required: false, about: 'only this storage; absent: every one' }],
  lasting: false,
  find: (trace, args) => {
    const wanted = textArgument(args, 'storage')
    return trace.records.flatMap((record) =>
      record.kind === 'storage' && record.phase === 'corrupted' && (wanted === undefined || wanted === record.storage)
        ? [{ at: record.at, seq: record.seq, text: record.text }]
        : [],
    )
  },
}
