/** Messages between two members are lost with a given chance each. */
import { impair, repair } from '../world/network.ts'
import { type Fault, linkOf, numberOf } from './contract.ts'
import { BETWEEN, bothWays, linkText, MEDIUM } from './of-links.ts'

/** Some messages are lost. */
export const linkLossy: Fault = {
  name: 'link-lossy',
  about: 'Messages between two members are lost with a given chance each.',
  parameters: [
    BETWEEN,
    { name: 'loss', type: 'chance', required: true, about: 'the chance that one message is lost' },
    MEDIUM,
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: linkOf(occurrence, 'between'),
    text: `${linkText(occurrence)} loses ${Math.round(100 * numberOf(occurrence, 'loss', 0))} % of all messages`,
  }),
  begin: (world, context, occurrence) =>
    impair(world, context, bothWays(world, occurrence, { lossChance: numberOf(occurrence, 'loss', 0) })),
  end: (world, context, occurrence) => repair(world, context, occurrence.id),
}
