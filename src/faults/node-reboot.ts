/** A node is reset and boots: no goodbye to its peers, and gone only as long as a boot takes. */
import { resetNode } from '../world/node.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** A reset; the node boots at once. */
export const nodeReboot: Fault = {
  name: 'node-reboot',
  about: 'A node is reset and boots: no goodbye to its peers, and gone only as long as a boot takes.',
  parameters: [nodeParameter('the node that is reset')],
  lasting: false,
  describe: (occurrence) => ({ targets: [textOf(occurrence, 'node')], text: `${textOf(occurrence, 'node')} is reset` }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    resetNode(world, context, node, `${node} is reset and boots`)
  },
}
