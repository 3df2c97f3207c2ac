/** A fence device answers that it failed, and did. */
import { type Fault, textOf } from './contract.ts'
import { addScript, DEVICE, dropScript, TIMES } from './of-devices.ts'

/** Requests fail. */
export const fenceFail: Fault = {
  name: 'fence-fail',
  about: 'A fence device answers that it failed, and did.',
  parameters: [
    DEVICE,
    { name: 'after', type: 'duration', required: false, about: 'how soon it answers; absent: as when it works' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `fencing by ${textOf(occurrence, 'device')} fails`,
  }),
  begin: (world, _context, occurrence) => addScript(world, occurrence, 'fail'),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
