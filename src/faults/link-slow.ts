/** Every message between two members takes so much longer. */
import { impair, repair } from '../world/network.ts'
import { type Fault, linkOf, numberOf } from './contract.ts'
import { BETWEEN, bothWays, linkText, MEDIUM } from './of-links.ts'

/** Every message comes late. */
export const linkSlow: Fault = {
  name: 'link-slow',
  about: 'Every message between two members takes so much longer.',
  parameters: [BETWEEN, { name: 'delay', type: 'duration', required: true, about: 'extra time one way' }, MEDIUM],
  lasting: true,
  describe: (occurrence) => ({
    targets: linkOf(occurrence, 'between'),
    text: `${linkText(occurrence)} becomes ${numberOf(occurrence, 'delay', 0)} ms slower`,
  }),
  begin: (world, context, occurrence) =>
    impair(world, context, bothWays(world, occurrence, { delay: numberOf(occurrence, 'delay', 0) })),
  end: (world, context, occurrence) => repair(world, context, occurrence.id),
}
