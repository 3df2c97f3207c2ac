/** Random options of a run: mostly none, else a few events or failures, and sometimes utilization. */
import type { FuzzCase } from './cib.ts'
import { TICKETS } from './constraints.ts'
import type { Draw } from './draw.ts'
import type { Options } from './run-both.ts'
import { type Tree, walk } from './tree.ts'

type Option = Options[number]

/** What options may name. */
export interface Subjects {
  readonly nodes: readonly string[]
  readonly members: readonly Member[]
  readonly tickets: readonly string[]
}

interface Member {
  readonly id: string
  readonly isCloned: boolean
  readonly isPromotable: boolean
}

/** What is there in a case that was made. */
export function subjectsOf({ nodes, resources, hasTickets }: FuzzCase): Subjects {
  const members = resources.flatMap(({ kind, members: all, isPromotable }) =>
    all.map(({ id }) => ({ id, isCloned: kind === 'clone' || kind === 'bundle', isPromotable })),
  )
  return { nodes, members, tickets: hasTickets ? TICKETS : [] }
}

/** What is there in a CIB that somebody else made. */
export function subjectsIn(tree: Tree): Subjects {
  const nodes: string[] = []
  const members: Member[] = []
  const tickets: string[] = []
  const visit = (element: Tree, isCloned: boolean): void => {
    const { name, attributes, children } = element
    const id = attributes.get('id') ?? ''
    if (name === 'primitive') members.push({ id, isCloned, isPromotable: isCloned })
    else for (const child of children) visit(child, isCloned || ['clone', 'master', 'bundle'].includes(name))
  }
  walk(tree, (element) => {
    const { name, attributes } = element
    if (name === 'node') nodes.push(attributes.get('uname') ?? '')
    if (name === 'rsc_ticket') tickets.push(attributes.get('ticket') ?? '')
    if (name === 'resources') visit(element, false)
  })
  return { nodes: nodes.filter(Boolean), members, tickets: tickets.filter(Boolean) }
}

/** Options that fit. */
export function drawOptions(draw: Draw, subjects: Subjects): Options {
  const options: Option[] = []
  if (draw.chance(8)) options.push(['-U', ''])
  if (draw.chance(70) || subjects.nodes.length === 0) return options
  const count = draw.int(1, 2)
  for (let at = 0; at < count; at++) options.push(drawOption(draw, subjects))
  return options
}

function drawOption(draw: Draw, { nodes, members, tickets }: Subjects): Option {
  const ticket = tickets.length > 0 ? draw.pick(tickets) : ''
  const often = (weight: number, list: readonly unknown[]): number => (list.length > 0 ? weight : 0)
  return draw.weighted<() => Option>([
    [12, () => ['-u', draw.pick(nodes)]],
    [14, () => ['-d', draw.pick(nodes)]],
    [14, () => ['-f', draw.pick(nodes)]],
    [often(25, members), () => ['-i', `${drawOperation(draw, members, nodes)}=${draw.pick([0, 1, 5, 7, 8, 9])}`]],
    [often(25, members), () => ['-F', `${drawOperation(draw, members, nodes)}=${draw.pick([1, 5, 7, 6])}`]],
    [4, () => ['-q', draw.pick(['0', '1'])]],
    [2, () => ['-w', draw.pick(['0', '1'])]],
    [often(5, tickets), () => ['-g', ticket]],
    [often(5, tickets), () => ['-r', ticket]],
    [often(3, tickets), () => ['-b', ticket]],
    [often(3, tickets), () => ['-e', ticket]],
  ])()
}

function drawOperation(draw: Draw, members: readonly Member[], nodes: readonly string[]): string {
  const { id, isCloned, isPromotable } = draw.pick(members)
  const name = isCloned && draw.chance(40) ? `${id}:${draw.int(0, 2)}` : id
  const tasks = ['monitor_10000', 'monitor_0', 'start_0', 'stop_0', ...(isPromotable ? ['promote_0', 'demote_0'] : [])]
  return `${name}_${draw.pick(tasks)}@${draw.pick(nodes)}`
}
