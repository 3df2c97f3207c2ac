/** A fence device cannot be reached: every request fails after the time that it takes to give up. */
import { reachDevice } from '../world/fencing.ts'
import { type Fault, textOf } from './contract.ts'
import { DEVICE } from './of-devices.ts'

/** Nobody can reach it. */
export const fenceUnreachable: Fault = {
  name: 'fence-unreachable',
  about: 'A fence device cannot be reached: every request fails after the time that it takes to give up.',
  parameters: [DEVICE],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `${textOf(occurrence, 'device')} cannot be reached`,
  }),
  begin: (world, context, occurrence) => reachDevice(context, world.devices.get(textOf(occurrence, 'device'))!, 'cut'),
  end: (world, context, occurrence) => reachDevice(context, world.devices.get(textOf(occurrence, 'device'))!, 'heal'),
}
