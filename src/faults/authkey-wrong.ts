/** The key file with which cluster and remote nodes prove one another who they are. Connections that stand are not touched. */
import { AUTHKEY } from '../model/node.ts'
import { type Fault, nodeParameter, type Occurrence, textOf } from './contract.ts'

/** A node's key is gone, or not that of the others. */
export const authkeyWrong: Fault = {
  name: 'authkey-wrong',
  about: 'The key for connections to remote nodes is missing on one node, or another than on the others.',
  parameters: [
    nodeParameter('the cluster node or remote node'),
    { name: 'how', type: 'text', required: true, choices: ['missing', 'different'], about: 'gone, or another one' },
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `the key for remote connections on ${textOf(occurrence, 'node')} is ${textOf(occurrence, 'how')}`,
  }),
  begin: (world, _context, occurrence) => {
    world.nodes.get(textOf(occurrence, 'node'))!.disk.set(AUTHKEY, keyOf(occurrence))
  },
  end: (world, _context, occurrence) => {
    const { disk } = world.nodes.get(textOf(occurrence, 'node'))!
    if (disk.get(AUTHKEY) === keyOf(occurrence)) disk.delete(AUTHKEY)
  },
}

function keyOf(occurrence: Occurrence): string {
  return textOf(occurrence, 'how') === 'missing' ? '' : `other ${occurrence.id}`
}
