/** A fence device is not wired to a node: a plug in the wrong socket, a machine that moved to another host. */
import { type Fault, nodeParameter, textOf } from './contract.ts'
import { DEVICE } from './of-devices.ts'

/** The device does not know the node, and fails for it. */
export const fenceUnwired: Fault = {
  name: 'fence-unwired',
  about: 'A fence device is not wired to a node: it does not list it, and fails for it.',
  parameters: [DEVICE, nodeParameter('the node that it does not know')],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `${textOf(occurrence, 'device')} is not wired to ${textOf(occurrence, 'node')}`,
  }),
  begin: (world, _context, occurrence) => {
    const device = world.devices.get(textOf(occurrence, 'device'))!
    device.unwired = [...device.unwired, { id: occurrence.id, node: textOf(occurrence, 'node') }]
  },
  end: (world, _context, occurrence) => {
    const device = world.devices.get(textOf(occurrence, 'device'))!
    device.unwired = device.unwired.filter(({ id }) => id !== occurrence.id)
  },
}
