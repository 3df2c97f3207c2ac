/** A fence device reports success and does nothing: the classic cause of two nodes on one disk. */
import { type Fault, textOf } from './contract.ts'
import { addScript, DEVICE, dropScript, TIMES } from './of-devices.ts'

/** The worst of all: success without deed. */
export const fenceLie: Fault = {
  name: 'fence-lie',
  about: 'A fence device reports success and does nothing: the classic cause of two nodes on one disk.',
  parameters: [DEVICE, TIMES],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `${textOf(occurrence, 'device')} reports success without fencing`,
  }),
  begin: (world, _context, occurrence) => addScript(world, occurrence, 'lie'),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
