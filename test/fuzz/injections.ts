/** Random options of a run: mostly none, else a few events or failures, and sometimes utilization. */
import type { FuzzCase } from './cib.ts'
import { TICKETS } from './constraints.ts'
import type { Draw } from './draw.ts'
import type { Options } from './run-both.ts'

type Option = Options[number]

/** Options that fit a CIB. */
export function drawOptions(draw: Draw, fuzz: FuzzCase): Options {
  const options: Option[] = []
  if (draw.chance(8)) options.push(['-U', ''])
  if (draw.chance(70)) return options
  const count = draw.int(1, 2)
  for (let at = 0; at < count; at++) options.push(drawOption(draw, fuzz))
  return options
}

function drawOption(draw: Draw, { nodes, resources, hasTickets }: FuzzCase): Option {
  const members = resources.flatMap((resource) => resource.members.map(({ id }) => ({ id, resource })))
  const ticket = draw.pick(TICKETS)
  return draw.weighted<() => Option>([
    [12, () => ['-u', draw.pick(nodes)]],
    [14, () => ['-d', draw.pick(nodes)]],
    [14, () => ['-f', draw.pick(nodes)]],
    [
      members.length > 0 ? 25 : 0,
      () => ['-i', `${drawOperation(draw, members)}@${draw.pick(nodes)}=${draw.pick([0, 1, 5, 7, 8, 9])}`],
    ],
    [
      members.length > 0 ? 25 : 0,
      () => ['-F', `${drawOperation(draw, members)}@${draw.pick(nodes)}=${draw.pick([1, 5, 7, 6])}`],
    ],
    [4, () => ['-q', draw.pick(['0', '1'])]],
    [2, () => ['-w', draw.pick(['0', '1'])]],
    [hasTickets ? 5 : 0, () => ['-g', ticket]],
    [hasTickets ? 5 : 0, () => ['-r', ticket]],
    [hasTickets ? 3 : 0, () => ['-b', ticket]],
    [hasTickets ? 3 : 0, () => ['-e', ticket]],
  ])()
}

interface Member {
  readonly id: string
  readonly resource: FuzzCase['resources'][number]
}

function drawOperation(draw: Draw, members: readonly Member[]): string {
  const { id, resource } = draw.pick(members)
  const isCloned = resource.kind === 'clone' || resource.kind === 'bundle'
  const name = isCloned && draw.chance(40) ? `${id}:${draw.int(0, 2)}` : id
  const tasks = [
    'monitor_10000',
    'monitor_0',
    'start_0',
    'stop_0',
    ...(resource.isPromotable ? ['promote_0', 'demote_0'] : []),
  ]
  return `${name}_${draw.pick(tasks)}`
}
