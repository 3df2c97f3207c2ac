/** The nodes fall into sides that do not hear one another, on every medium; ping targets stay in reach of all. */
import { impair, linksOf, repair } from '../world/network.ts'
import type { Impairment } from '../world/state.ts'
import { type Fault, sidesOf } from './contract.ts'
import { MEDIUM, mediaOf } from './of-links.ts'

/** Sides that do not hear one another. */
export const partition: Fault = {
  name: 'partition',
  about: 'The nodes fall into sides that do not hear one another, on every medium; ping targets stay in reach of all.',
  parameters: [
    {
      name: 'sides',
      type: 'sides',
      required: true,
      about: 'two or more lists of nodes; a node on none of them goes on hearing all',
    },
    MEDIUM,
  ],
  lasting: true,
  describe: (occurrence) => {
    const sides = sidesOf(occurrence, 'sides')
    return {
      targets: sides.flat(),
      text: `the cluster is partitioned: ${sides.map((side) => side.join(', ')).join(' | ')}`,
    }
  },
  begin: (world, context, occurrence) => {
    const sides = sidesOf(occurrence, 'sides')
    const sideOf = (member: string): number => sides.findIndex((side) => side.includes(member))
    const cut: Impairment[] = mediaOf(world, occurrence).flatMap((medium) =>
      linksOf(medium, sides.flat())
        .filter(([from, to]) => sideOf(from) !== sideOf(to))
        .map(([from, to]) => ({ id: occurrence.id, medium: medium.id, from, to, cut: true, delay: 0, lossChance: 0 })),
    )
    impair(world, context, cut)
  },
  end: (world, context, occurrence) => repair(world, context, occurrence.id),
}
