/** A process of the cluster manager stands still on one node. With `for`, it goes on after that time. */
import { type Fault, nodeParameter, textOf } from './contract.ts'
import { PROCESS, processOf } from './of-devices.ts'

/** A process of the cluster manager stands still. */
export const processHang: Fault = {
  name: 'process-hang',
  about: 'A process of the cluster manager stands still on one node. With `for`, it goes on after that time.',
  parameters: [nodeParameter('the node'), PROCESS],
  lasting: true,
  describe: (occurrence, world) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${processOf(world, occurrence)} stands still on ${textOf(occurrence, 'node')}`,
  }),
  begin: (world, context, occurrence) =>
    context.processChanged(textOf(occurrence, 'node'), processOf(world, occurrence), 'hung'),
  end: (world, context, occurrence) =>
    context.processChanged(textOf(occurrence, 'node'), processOf(world, occurrence), 'running'),
}
