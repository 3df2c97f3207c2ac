/** Constraints from the grammar: pairs and sets of every kind, over resources, tags and ids that nobody has. */
import { type Cast, words } from './grammar.ts'
import { grammarRule } from './grammar-rules.ts'
import { el, type Tree } from './tree.ts'
import { BOOLEAN_WORDS, ROLE_WORDS, SCORE_WORDS, type Words } from './vocabulary.ts'

/** From none to six constraints. */
export function grammarConstraints(cast: Cast): readonly Tree[] {
  const { draw } = cast
  return Array.from({ length: draw.int(0, 6) }, () => {
    const make = draw.pick([location, location, colocation, colocation, order, order, order, ticket])
    return make(cast)
  })
}

function anyId({ draw, ids, odd }: Cast): string {
  if (draw.chance(odd / 4)) return draw.pick(['tag1', 'nobody', `${ids[0]}:0`, 'T'])
  return draw.pick(ids)
}

/** Another one than `other`: the reference ends with an assertion where something is ordered after itself. */
function anyOther(cast: Cast, other: string): string {
  const others = cast.ids.filter((id) => id !== other)
  const id = anyId(cast)
  return id === other && others.length > 0 ? cast.draw.pick(others) : id
}

function score({ draw, odd }: Cast): string {
  return draw.pick(draw.chance(odd) ? SCORE_WORDS : ['INFINITY', '-INFINITY', '0', '10', '-10', '1000'])
}

function role({ draw, odd }: Cast, percent: number): string | undefined {
  return draw.maybe(percent, () =>
    draw.pick(draw.chance(odd) ? ROLE_WORDS : ['Started', 'Master', 'Slave', 'Promoted', 'Unpromoted']),
  )
}

function location(cast: Cast): Tree {
  const { draw, nodes } = cast
  const id = draw.id('location')
  const target = draw.chance(12)
    ? { 'rsc-pattern': draw.pick(['^a', '.*', '!^a', '^([a-c])$', 'g']) }
    : { rsc: anyId(cast) }
  const discovery = draw.maybe(15, () => draw.pick(['always', 'never', 'exclusive']))
  if (draw.chance(35)) {
    const rules = Array.from({ length: draw.int(1, 2) }, () => grammarRule(cast, { hasScore: true }))
    return el('rsc_location', { id, ...target, 'resource-discovery': discovery, role: role(cast, 5) }, rules)
  }
  const place = { node: draw.pick([...nodes, ...nodes, 'guest1', 'a', 'nobody']), score: score(cast) }
  if (draw.chance(10)) {
    return el('rsc_location', { id, ...place, 'resource-discovery': discovery }, resourceSet(cast, LOCATION_SET))
  }
  return el('rsc_location', { id, ...target, ...place, role: role(cast, 15), 'resource-discovery': discovery })
}

const ACTIONS = ['start', 'stop', 'promote', 'demote']
const LOCATION_SET: Words = [
  ['role', ['Started', 'Master', 'Slave', 'Promoted']],
  ['score', SCORE_WORDS],
]
const COLOCATION_SET: Words = [
  ['role', ['Started', 'Master', 'Slave', 'Promoted']],
  ['sequential', ['true', 'false']],
  ['score', SCORE_WORDS],
  ['ordering', ['group', 'listed']],
]
const ORDER_SET: Words = [
  ['action', ACTIONS],
  ['sequential', ['true', 'false']],
  ['require-all', ['true', 'false']],
  ['kind', ['Optional', 'Mandatory', 'Serialize']],
  ['symmetrical', ['true', 'false']],
  ['score', SCORE_WORDS],
  ['role', ['Started', 'Master']],
]
const TICKET_SET: Words = [['role', ['Started', 'Master', 'Slave', 'Promoted']]]

function resourceSet(cast: Cast, list: Words): Tree {
  const { draw, ids } = cast
  const members = draw.some(ids, 1, 3)
  const named = draw.chance(cast.odd / 4) ? [...members, anyId(cast)] : members
  return el(
    'resource_set',
    { id: draw.id('rset'), ...words(cast, list, 3) },
    named.map((id) => el('resource_ref', { id })),
  )
}

function resourceSets(cast: Cast, list: Words): readonly Tree[] {
  return Array.from({ length: cast.draw.int(1, 3) }, () => resourceSet(cast, list))
}

function colocation(cast: Cast): Tree {
  const { draw } = cast
  const id = draw.id('colocation')
  if (draw.chance(25))
    return el('rsc_colocation', { id, score: draw.maybe(80, () => score(cast)) }, resourceSets(cast, COLOCATION_SET))
  const rsc = anyId(cast)
  return el('rsc_colocation', {
    id,
    rsc,
    'with-rsc': anyOther(cast, rsc),
    score: draw.maybe(92, () => score(cast)),
    'rsc-role': role(cast, 25),
    'with-rsc-role': role(cast, 25),
    'node-attribute': draw.maybe(10, () => draw.pick(['site', 'rank', '#uname'])),
    influence: draw.maybe(15, () => draw.pick(BOOLEAN_WORDS)),
    'rsc-instance': draw.maybe(cast.odd / 8, () => draw.pick(['0', '1'])),
    'with-rsc-instance': draw.maybe(cast.odd / 8, () => draw.pick(['0', '1'])),
  })
}

function order(cast: Cast): Tree {
  const { draw } = cast
  const id = draw.id('order')
  const first = anyId(cast)
  const then = anyOther(cast, first)
  const common = {
    kind: draw.maybe(50, () => draw.pick(['Optional', 'Mandatory', 'Serialize', 'mandatory'])),
    score: draw.maybe(10, () => score(cast)),
    symmetrical: draw.maybe(25, () => draw.pick(['true', 'false'])),
  }
  if (draw.chance(30)) return el('rsc_order', { id, ...common }, resourceSets(cast, ORDER_SET))
  return el('rsc_order', {
    id,
    first,
    then,
    'first-action': draw.maybe(30, () => draw.pick(ACTIONS)),
    'then-action': draw.maybe(30, () => draw.pick(ACTIONS)),
    'require-all': draw.maybe(15, () => draw.pick(['true', 'false'])),
    'first-instance': draw.maybe(cast.odd / 8, () => draw.pick(['0', '1'])),
    'then-instance': draw.maybe(cast.odd / 8, () => draw.pick(['0', '1'])),
    ...common,
  })
}

function ticket(cast: Cast): Tree {
  const { draw } = cast
  const common = {
    id: draw.id('ticket'),
    ticket: draw.pick(['ticketA', 'ticketB']),
    'loss-policy': draw.maybe(85, () => draw.pick(['stop', 'demote', 'fence', 'freeze'])),
  }
  if (draw.chance(30)) return el('rsc_ticket', common, resourceSets(cast, TICKET_SET))
  return el('rsc_ticket', { ...common, rsc: anyId(cast), 'rsc-role': role(cast, 35) })
}
