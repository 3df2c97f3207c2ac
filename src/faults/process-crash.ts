/** A process of the cluster manager is killed on one node; services go on. */
import { type Fault, nodeParameter, textOf } from './contract.ts'
import { PROCESS, processOf } from './of-devices.ts'

/** A process of the cluster manager ends without a word. */
export const processCrash: Fault = {
  name: 'process-crash',
  about: 'A process of the cluster manager is killed on one node; services go on.',
  parameters: [nodeParameter('the node'), PROCESS],
  lasting: false,
  describe: (occurrence, world) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${processOf(world, occurrence)} is killed on ${textOf(occurrence, 'node')}`,
  }),
  begin: (world, context, occurrence) =>
    context.processChanged(textOf(occurrence, 'node'), processOf(world, occurrence), 'crashed'),
}
