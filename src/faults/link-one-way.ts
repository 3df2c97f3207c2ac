/** What the first member sends no longer reaches the second; the other direction works. */
import { impair, repair } from '../world/network.ts'
import { type Fault, textOf } from './contract.ts'
import { MEDIUM, mediaOf, onMedium } from './of-links.ts'

/** Messages pass in one direction only. */
export const linkOneWay: Fault = {
  name: 'link-one-way',
  about: 'What the first member sends no longer reaches the second; the other direction works.',
  parameters: [
    { name: 'from', type: 'text', required: true, about: 'whose messages are lost' },
    { name: 'to', type: 'text', required: true, about: 'who no longer hears them' },
    MEDIUM,
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'from'), textOf(occurrence, 'to')],
    text: `${textOf(occurrence, 'to')} no longer hears ${textOf(occurrence, 'from')}${onMedium(occurrence)}`,
  }),
  begin: (world, context, occurrence) => {
    const pair = { from: textOf(occurrence, 'from'), to: textOf(occurrence, 'to') }
    const media = mediaOf(world, occurrence).filter(
      ({ members }) => members.includes(pair.from) && members.includes(pair.to),
    )
    impair(
      world,
      context,
      media.map((medium) => ({ id: occurrence.id, medium: medium.id, ...pair, cut: true, delay: 0, lossChance: 0 })),
    )
  },
  end: (world, context, occurrence) => repair(world, context, occurrence.id),
}
