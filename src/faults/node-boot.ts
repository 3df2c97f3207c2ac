/** A node that was off is switched on and boots. */
import { powerOn } from '../world/node.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** A node that was off gets power. */
export const nodeBoot: Fault = {
  name: 'node-boot',
  about: 'A node that was off is switched on and boots.',
  parameters: [nodeParameter('the node that is switched on')],
  lasting: false,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${textOf(occurrence, 'node')} is switched on`,
  }),
  begin: (world, context, occurrence) => powerOn(world, context, textOf(occurrence, 'node')),
}
