/** A node loses power: everything on it ends at once. With `for`, power comes back after that time and the node boots. */
import { cutPower, powerOn } from '../world/node.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** Power goes; with `for`, it comes back and the node boots. */
export const nodeCrash: Fault = {
  name: 'node-crash',
  about:
    'A node loses power: everything on it ends at once. With `for`, power comes back after that time and the node boots.',
  parameters: [nodeParameter('the node that loses power')],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${textOf(occurrence, 'node')} loses power`,
  }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    cutPower(world, context, node, `${node} is without power`)
  },
  end: (world, context, occurrence) => powerOn(world, context, textOf(occurrence, 'node')),
}
