/** A fence device needs so much longer. */
import { type Fault, numberOf, textOf } from './contract.ts'
import { addScript, DEVICE, dropScript, TIMES } from './of-devices.ts'

/** Requests take longer. */
export const fenceSlow: Fault = {
  name: 'fence-slow',
  about: 'A fence device needs so much longer.',
  parameters: [DEVICE, { name: 'delay', type: 'duration', required: true, about: 'extra time' }, TIMES],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `fencing by ${textOf(occurrence, 'device')} takes ${numberOf(occurrence, 'delay', 0)} ms longer`,
  }),
  begin: (world, _context, occurrence) => addScript(world, occurrence, 'slow'),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
