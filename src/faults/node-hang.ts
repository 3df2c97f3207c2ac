/** A node freezes: nothing runs on it and nothing is lost. With `for`, it goes on after that time as if nothing had been. */
import { hangNode, resumeNode } from '../world/node.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** Nothing runs, nothing is lost. */
export const nodeHang: Fault = {
  name: 'node-hang',
  about:
    'A node freezes: nothing runs on it and nothing is lost. With `for`, it goes on after that time as if nothing had been.',
  parameters: [nodeParameter('the node that freezes')],
  lasting: true,
  describe: (occurrence) => ({ targets: [textOf(occurrence, 'node')], text: `${textOf(occurrence, 'node')} freezes` }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    hangNode(world, context, node, `${node} stands still`)
  },
  end: (world, context, occurrence) => resumeNode(world, context, textOf(occurrence, 'node')),
}
