/** The kernel of a node panics and stays there: nothing runs, nothing answers, power is on. */
import { panicNode } from '../world/node.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** The kernel dies; power stays on. */
export const nodePanic: Fault = {
  name: 'node-panic',
  about: 'The kernel of a node panics and stays there: nothing runs, nothing answers, power is on.',
  parameters: [nodeParameter('the node whose kernel panics')],
  lasting: false,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `the kernel of ${textOf(occurrence, 'node')} panics`,
  }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    panicNode(world, context, node, `${node} has panicked and stands still`)
  },
}
