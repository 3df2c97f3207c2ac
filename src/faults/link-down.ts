/** No message passes between two members, in neither direction. */
import { impair, repair } from '../world/network.ts'
import { type Fault, linkOf } from './contract.ts'
import { BETWEEN, bothWays, linkText, MEDIUM } from './of-links.ts'

/** No message passes in either direction. */
export const linkDown: Fault = {
  name: 'link-down',
  about: 'No message passes between two members, in neither direction.',
  parameters: [BETWEEN, MEDIUM],
  lasting: true,
  describe: (occurrence) => ({ targets: linkOf(occurrence, 'between'), text: `${linkText(occurrence)} is cut` }),
  begin: (world, context, occurrence) => impair(world, context, bothWays(world, occurrence, { cut: true })),
  end: (world, context, occurrence) => repair(world, context, occurrence.id),
}
