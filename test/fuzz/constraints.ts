/** Random locations, colocations, orderings and tickets between the resources of a CIB. */
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import { drawScore } from './primitives.ts'
import { drawRule } from './rules.ts'
import { el, type Tree } from './tree.ts'

/** What constraints may name. */
export interface Targets {
  /** Top-level resources, twice as likely as members; tags and templates too. */
  readonly ids: readonly string[]
  readonly promotable: ReadonlySet<string>
  /** What a clone clones → the clone: the same resource for orderings. */
  readonly owners: ReadonlyMap<string, string>
  readonly nodes: readonly string[]
}

/** The tickets of random CIBs. */
export const TICKETS = ['ticketA', 'ticketB'] as const

/** The `constraints` section. */
export function drawConstraints(draw: Draw, features: Features, targets: Targets): Tree {
  if (targets.ids.length === 0) return el('constraints', {})
  const max = features.constraints
  const many = (make: () => Tree, most: number): readonly Tree[] => Array.from({ length: draw.int(0, most) }, make)
  return el(
    'constraints',
    {},
    many(() => location(draw, features, targets), max),
    many(() => (draw.chance(18) ? colocationSets(draw, targets) : colocation(draw, targets)), max),
    many(
      () => (draw.chance(20) ? orderSets(draw, targets) : order(draw, targets)),
      new Set(targets.ids.map((id) => ownerOf(targets, id))).size > 1 ? max : 0,
    ),
    features.hasTickets && many(() => ticket(draw, targets), 2),
  )
}

const ROLES = ['Started', 'Master', 'Slave', 'Stopped', 'Promoted', 'Unpromoted'] as const

/** Mostly none; roles of promotion mostly where they make sense. */
function drawRole(draw: Draw, isPromotable: boolean): string | undefined {
  return draw.maybe(isPromotable ? 55 : 6, () =>
    draw.weighted([
      [50, draw.pick(['Master', 'Promoted'])],
      [20, draw.pick(['Slave', 'Unpromoted'])],
      [30, draw.pick(ROLES)],
    ]),
  )
}

function location(draw: Draw, features: Features, targets: Targets): Tree {
  const id = draw.id('location')
  const resource = draw.pick(targets.ids)
  const role = drawRole(draw, targets.promotable.has(resource))
  const discovery = draw.maybe(8, () => draw.pick(['always', 'never', 'exclusive']))
  const subject = draw.weighted<() => { rsc?: string; 'rsc-pattern'?: string; role?: string | undefined }>([
    [85, () => ({ rsc: resource, role })],
    [7, () => ({ 'rsc-pattern': draw.pick(['^r', '.*', `${resource}$`, '!^r', 'x']), role })],
    [8, () => ({})],
  ])()
  const isSet = subject.rsc === undefined && subject['rsc-pattern'] === undefined
  const sets = isSet ? [resourceSet(draw, targets, { id, withAction: false, withRole: true })] : []
  if (draw.chance(features.hasRules ? 50 : 6)) {
    const rule = drawRule(draw, `${id}-rule`, targets.nodes)
    return el('rsc_location', { id, ...subject, 'resource-discovery': discovery }, sets, rule)
  }
  const node = draw.pick(targets.nodes)
  return el('rsc_location', { id, ...subject, node, score: drawScore(draw), 'resource-discovery': discovery }, sets)
}

function colocation(draw: Draw, targets: Targets): Tree {
  const [resource, other] = [draw.pick(targets.ids), draw.pick(targets.ids)]
  return el('rsc_colocation', {
    id: draw.id('colocation'),
    rsc: resource,
    'with-rsc': other,
    score: draw.maybe(97, () => drawScore(draw)),
    'rsc-role': drawRole(draw, targets.promotable.has(resource)),
    'with-rsc-role': drawRole(draw, targets.promotable.has(other)),
    'node-attribute': draw.maybe(5, () => draw.pick(['site', '#uname', 'rank'])),
    influence: draw.maybe(5, () => draw.pick(['true', 'false'])),
  })
}

function ownerOf({ owners }: Targets, id: string): string {
  return owners.get(id) ?? id
}

interface SetShape {
  readonly id: string
  /** What other sets of the constraint hold; undefined where that does not matter. */
  readonly taken?: Set<string>
  readonly withAction: boolean
  readonly withRole: boolean
}

function resourceSet(draw: Draw, targets: Targets, { id, withAction, withRole, taken }: SetShape): Tree {
  const setId = draw.id(`${id}-set`)
  const drawn = draw.some([...new Set(targets.ids)], 1, 3)
  const fitting = drawn.filter((member) => {
    const owner = ownerOf(targets, member)
    if (taken === undefined || !taken.has(owner)) return taken?.add(owner) ?? true
    return false
  })
  const members = fitting.length > 0 ? fitting : drawn
  return el(
    'resource_set',
    {
      id: setId,
      sequential: draw.maybe(35, () => draw.pick(['true', 'false', 'false'])),
      'require-all': withAction ? draw.maybe(25, () => 'false') : undefined,
      ordering: withRole && !withAction ? draw.maybe(4, () => draw.pick(['group', 'listed'])) : undefined,
      action: withAction
        ? drawAction(
            draw,
            members.some((member) => targets.promotable.has(member)),
          )
        : undefined,
      role: withRole
        ? drawRole(
            draw,
            members.some((member) => targets.promotable.has(member)),
          )
        : undefined,
    },
    members.map((member) => el('resource_ref', { id: member })),
  )
}

function colocationSets(draw: Draw, targets: Targets): Tree {
  const id = draw.id('colocation')
  const count = draw.int(1, 2)
  const sets = Array.from({ length: count }, () =>
    resourceSet(draw, targets, { id, withAction: false, withRole: true }),
  )
  return el('rsc_colocation', { id, score: drawScore(draw) }, sets)
}

function drawAction(draw: Draw, isPromotable: boolean): string | undefined {
  return draw.maybe(isPromotable ? 45 : 12, () =>
    draw.pick(isPromotable ? ['start', 'stop', 'promote', 'promote', 'demote'] : ['start', 'stop']),
  )
}

const KINDS = ['Optional', 'Mandatory', 'Serialize'] as const

function strength(draw: Draw): { kind?: string; score?: string } {
  return draw.weighted<() => { kind?: string; score?: string }>([
    [50, () => ({ kind: draw.pick(KINDS) })],
    [15, () => ({ score: draw.pick(['INFINITY', '0', '10', '-10']) })],
    [35, () => ({})],
  ])()
}

function order(draw: Draw, targets: Targets): Tree {
  const first = draw.pick(targets.ids)
  // Ordering a resource with itself makes the reference abort.
  const owner = ownerOf(targets, first)
  const then = draw.pick(targets.ids.filter((id) => ownerOf(targets, id) !== owner))
  return el('rsc_order', {
    id: draw.id('order'),
    first,
    then,
    'first-action': drawAction(draw, targets.promotable.has(first)),
    'then-action': drawAction(draw, targets.promotable.has(then)),
    ...strength(draw),
    symmetrical: draw.maybe(25, () => draw.pick(['true', 'false', 'false'])),
    'require-all': draw.maybe(10, () => draw.pick(['true', 'false'])),
  })
}

function orderSets(draw: Draw, targets: Targets): Tree {
  const id = draw.id('order')
  const count = draw.int(1, 3)
  const taken = new Set<string>()
  const sets = Array.from({ length: count }, () =>
    resourceSet(draw, targets, { id, withAction: true, withRole: false, taken }),
  )
  return el(
    'rsc_order',
    { id, ...strength(draw), symmetrical: draw.maybe(25, () => draw.pick(['true', 'false'])) },
    sets,
  )
}

function ticket(draw: Draw, targets: Targets): Tree {
  const id = draw.id('ticket')
  const resource = draw.pick(targets.ids)
  const isSet = draw.chance(15)
  return el(
    'rsc_ticket',
    {
      id,
      rsc: isSet ? undefined : resource,
      'rsc-role': isSet ? undefined : drawRole(draw, targets.promotable.has(resource)),
      ticket: draw.pick(TICKETS),
      'loss-policy': draw.maybe(70, () => draw.pick(['stop', 'demote', 'fence', 'freeze'])),
    },
    isSet && resourceSet(draw, targets, { id, withAction: false, withRole: true }),
  )
}
