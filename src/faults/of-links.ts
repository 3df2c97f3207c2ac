/** What faults of links share: the parameters that name a link, and the impairments between its ends. */
import type { ParameterSpec } from '../model/vocabulary.ts'
import { linksOf } from '../world/network.ts'
import type { Impairment, World } from '../world/state.ts'
import { linkOf, type Occurrence, textOf } from './contract.ts'

export const BETWEEN: ParameterSpec = {
  name: 'between',
  type: 'link',
  required: true,
  about: 'the two members at the ends of the link',
}
export const MEDIUM: ParameterSpec = {
  name: 'medium',
  type: 'medium',
  required: false,
  about: 'the medium it is on; absent: every medium',
}

export function mediaOf(world: World, occurrence: Occurrence): World['shape']['media'] {
  const wanted = textOf(occurrence, 'medium')
  return world.shape.media.filter((medium) => wanted === '' || medium.id === wanted)
}

export function bothWays(world: World, occurrence: Occurrence, effect: Partial<Impairment>): readonly Impairment[] {
  const ends = linkOf(occurrence, 'between')
  return mediaOf(world, occurrence).flatMap((medium) =>
    linksOf(medium, ends).map(([from, to]) => ({
      id: occurrence.id,
      medium: medium.id,
      from,
      to,
      cut: false,
      delay: 0,
      lossChance: 0,
      ...effect,
    })),
  )
}

export function linkText(occurrence: Occurrence): string {
  return `the link between ${linkOf(occurrence, 'between').join(' and ')}${onMedium(occurrence)}`
}

export function onMedium(occurrence: Occurrence): string {
  const medium = textOf(occurrence, 'medium')
  return medium === '' ? '' : ` on ${medium}`
}
