/** Faults of the network: links that are cut, slow, lossy or deaf in one direction, partitions, and ping targets that fall silent. */

import type { ParameterSpec } from '../model/vocabulary.ts'
import { impair, linksOf, repair } from '../world/network.ts'
import type { Impairment, World } from '../world/state.ts'
import { type Fault, linkOf, numberOf, type Occurrence, sidesOf, textOf } from './contract.ts'

const BETWEEN: ParameterSpec = {
  name: 'between',
  type: 'link',
  required: true,
  about: 'the two members at the ends of the link',
}
const MEDIUM: ParameterSpec = {
  name: 'medium',
  type: 'medium',
  required: false,
  about: 'the medium it is on; absent: every medium',
}

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

/** Sides that do not hear one another. */
export const partition: Fault = {
  name: 'partition',
  about: 'The nodes fall into sides that do not hear one another, on every medium; ping targets stay in reach of all.',
  parameters: [{ name: 'sides', type: 'sides', required: true, about: 'two or more lists of nodes' }, MEDIUM],
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

function mediaOf(world: World, occurrence: Occurrence): World['shape']['media'] {
  const wanted = textOf(occurrence, 'medium')
  return world.shape.media.filter((medium) => wanted === '' || medium.id === wanted)
}

function bothWays(world: World, occurrence: Occurrence, effect: Partial<Impairment>): readonly Impairment[] {
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

function linkText(occurrence: Occurrence): string {
  return `the link between ${linkOf(occurrence, 'between').join(' and ')}${onMedium(occurrence)}`
}

function onMedium(occurrence: Occurrence): string {
  const medium = textOf(occurrence, 'medium')
  return medium === '' ? '' : ` on ${medium}`
}
