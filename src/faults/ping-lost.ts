/** A ping target no longer answers anybody. */
import { type Fault, textOf } from './contract.ts'

/** A ping target falls silent, for all. */
export const pingLost: Fault = {
  name: 'ping-lost',
  about: 'A ping target no longer answers anybody.',
  parameters: [{ name: 'target', type: 'text', required: true, about: 'the ping target that falls silent' }],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'target')],
    text: `${textOf(occurrence, 'target')} no longer answers pings`,
  }),
  begin: (world, _context, occurrence) => {
    world.deadPingTargets.add(textOf(occurrence, 'target'))
  },
  end: (world, _context, occurrence) => {
    world.deadPingTargets.delete(textOf(occurrence, 'target'))
  },
}
