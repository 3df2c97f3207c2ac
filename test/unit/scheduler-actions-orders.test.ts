/** Which orderings follow from `rsc_order` and from the resources themselves. */
import { describe, expect, it } from 'vitest'
import {
  ANTI_COLOC,
  ASYM,
  FIRST_REQ,
  NEEDS_RUN,
  ONE_OR_MORE,
  ORDER,
  SERIALIZE,
  SHOW_THEN,
  THEN_REQ,
  UNLESS_MIGRATING,
} from '../../src/scheduler/action.ts'
import { decide, dummy, meta } from '../support/small-cluster.ts'

const NAMES: readonly (readonly [number, string])[] = [
  [ORDER, 'order'],
  [THEN_REQ, 'then-req'],
  [FIRST_REQ, 'first-req'],
  [NEEDS_RUN, 'needs-run'],
  [ASYM, 'asym'],
  [SERIALIZE, 'serialize'],
  [ONE_OR_MORE, 'one-or-more'],
  [SHOW_THEN, 'show-then'],
  [UNLESS_MIGRATING, 'unless-migrating'],
  [ANTI_COLOC, 'anti-coloc'],
]

/** The orderings of one constraint: `first → then: bits`. */
function orderings(
  constraint: string,
  resources = ['A', 'B', 'C', 'D'].map((id) => dummy(id)).join(''),
): readonly string[] {
  const { sheet } = decide({ resources, constraints: constraint })
  const side = (resource: { readonly id: string } | undefined, tail: string): string =>
    `${resource === undefined ? '' : `${resource.id} `}${tail.replace(/_0$/, '')}`
  return sheet.orderings
    .filter(({ origin }) => origin?.id === 'o')
    .map((ordering) => {
      const bits = NAMES.filter(([bit]) => (ordering.bits & bit) !== 0).map(([, name]) => name)
      const first = side(ordering.firstResource, ordering.firstTail)
      return `${first} → ${side(ordering.thenResource, ordering.thenTail)}: ${bits.join(' ')}`
    })
}

function set(id: string, members: string, attributes = ''): string {
  const refs = members.split(' ').map((member) => `<resource_ref id="${member}"/>`)
  return `<resource_set id="${id}" ${attributes}>${refs.join('')}</resource_set>`
}

describe('a simple order', () => {
  it.each([
    ['', ['A start → B start: order then-req needs-run', 'B stop → A stop: order first-req']],
    ['kind="Optional"', ['A start → B start: order', 'B stop → A stop: order']],
    ['score="0"', ['A start → B start: order', 'B stop → A stop: order']],
    ['kind="Serialize"', ['A start → B start: order serialize']],
    ['symmetrical="false"', ['A start → B start: order asym']],
    ['first-action="stop"', ['A stop → B stop: order then-req', 'B start → A start: order first-req']],
    [
      'first-action="promote" then-action="start"',
      ['A promote → B start: order then-req needs-run', 'B stop → A demote: order first-req'],
    ],
    ['first-action="monitor"', ['A monitor → B monitor: order then-req']],
  ])('%s (C-13.4 to C-13.6)', (attributes, expected) => {
    expect(orderings(`<rsc_order id="o" first="A" then="B" ${attributes}/>`)).toEqual(expected)
  })

  it('with a resource that is not there is passed over', () => {
    expect(orderings('<rsc_order id="o" first="A" then="X"/>')).toEqual([])
  })

  it('waits for enough instances with clone-min, and undoes itself as always', () => {
    const resources = `<clone id="C">${meta('C', 'clone-min=2')}${dummy('A')}</clone>${dummy('B')}`
    expect(orderings('<rsc_order id="o" first="C" then="B"/>', resources)).toEqual([
      'A:0 start → clone-one-or-more:o: one-or-more show-then',
      'A:1 start → clone-one-or-more:o: one-or-more show-then',
      'clone-one-or-more:o → B start: order then-req needs-run',
      'B stop → C stop: order first-req',
    ])
  })

  it('brings orderings of migrations with it (C-10.6)', () => {
    const migratable = (id: string): string => dummy(id, meta(id, 'allow-migrate=true'))
    expect(orderings('<rsc_order id="o" first="A" then="B"/>', migratable('A') + migratable('B'))).toEqual([
      'A start → B start: order then-req needs-run',
      'A migrate_from → B migrate_to: order',
      'A start → B migrate_to: order unless-migrating',
      'B stop → A stop: order first-req',
      'B stop → A migrate_to: order unless-migrating',
    ])
  })
})

describe('sets', () => {
  it('inside a set follow each other, and between sets each waits for each (C-13.9, C-13.10)', () => {
    expect(orderings(`<rsc_order id="o">${set('s1', 'A B')}${set('s2', 'C')}</rsc_order>`)).toEqual([
      'A start → B start: order then-req needs-run',
      'B stop → A stop: order first-req',
      'A start → C start: order then-req needs-run',
      'B start → C start: order then-req needs-run',
      'C stop → A stop: order first-req',
      'C stop → B stop: order first-req',
    ])
  })

  it('that are explicitly sequential meet at their ends only', () => {
    const sequential = 'sequential="true"'
    const constraint = `<rsc_order id="o">${set('s1', 'A B', sequential)}${set('s2', 'C D', sequential)}</rsc_order>`
    expect(orderings(constraint)).toEqual([
      'A start → B start: order then-req needs-run',
      'B stop → A stop: order first-req',
      'C start → D start: order then-req needs-run',
      'D stop → C stop: order first-req',
      'B start → C start: order then-req needs-run',
      'C stop → B stop: order first-req',
    ])
  })

  it('that need not be complete stand behind one point (C-13.10)', () => {
    const either = set('s1', 'A B', 'sequential="false" require-all="false"')
    expect(orderings(`<rsc_order id="o">${either}${set('s2', 'C')}</rsc_order>`)).toEqual([
      'A start → one-or-more:s1: one-or-more show-then',
      'B start → one-or-more:s1: one-or-more show-then',
      'one-or-more:s1 → C start: order then-req needs-run',
      'C stop → A stop: order first-req',
      'C stop → B stop: order first-req',
    ])
  })

  it('of kind Serialize keep all members apart', () => {
    expect(orderings(`<rsc_order id="o" kind="Serialize">${set('s1', 'A B C')}</rsc_order>`)).toEqual([
      'A start → B start: order serialize',
      'A start → C start: order serialize',
      'B start → C start: order serialize',
    ])
  })

  it('stop at the first set that names what is not there', () => {
    const constraint = `<rsc_order id="o">${set('s1', 'A B')}${set('s2', 'C X')}</rsc_order>`
    expect(orderings(constraint)).toHaveLength(2)
  })
})

describe('what nobody wrote', () => {
  it('a colocation of −INFINITY lets one go before the other comes (C-14.7)', () => {
    const constraint = '<rsc_colocation id="o" rsc="A" with-rsc="B" score="-INFINITY" rsc-role="Promoted"/>'
    expect(orderings(constraint)).toEqual(['A demote → B start: anti-coloc', 'B stop → A promote: anti-coloc'])
  })

  it('members of a group go up in order and down the other way (C-14.3)', () => {
    const { sheet } = decide({ resources: `<group id="G">${dummy('A')}${dummy('B')}</group>` })
    const among = sheet.orderings.filter(
      ({ firstResource: first, thenResource: then }) => first?.variant === 0 && then?.variant === 0 && first !== then,
    )
    expect(among.map((o) => `${o.firstResource!.id}_${o.firstTail} → ${o.thenResource!.id}_${o.thenTail}`)).toEqual([
      'A_start_0 → B_start_0',
      'B_stop_0 → A_stop_0',
    ])
  })
})
