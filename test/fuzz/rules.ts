/** Random rules of location constraints. */
import type { Draw } from './draw.ts'
import { drawScore } from './primitives.ts'
import { type Attributes, el, type Tree } from './tree.ts'

/** A rule with one or two expressions, sometimes with a rule inside. */
export function drawRule(draw: Draw, id: string, nodes: readonly string[]): Tree {
  const weight: Attributes = draw.chance(12)
    ? { 'score-attribute': draw.pick(['rank', 'pingd']) }
    : { score: drawScore(draw) }
  return el(
    'rule',
    {
      id,
      ...weight,
      'boolean-op': draw.maybe(40, () => draw.pick(['and', 'or'])),
      role: draw.maybe(12, () => draw.pick(['Master', 'Slave', 'Started', 'Promoted', 'Unpromoted'])),
    },
    expressions(draw, id, nodes),
    draw.chance(12) &&
      el('rule', { id: draw.id(id), 'boolean-op': draw.pick(['and', 'or']) }, expressions(draw, id, nodes)),
  )
}

function expressions(draw: Draw, id: string, nodes: readonly string[]): readonly Tree[] {
  const count = draw.int(1, 2)
  return Array.from({ length: count }, () =>
    draw.chance(10) ? dateExpression(draw, draw.id(id)) : expression(draw, draw.id(id), nodes),
  )
}

function dateExpression(draw: Draw, id: string): Tree {
  const [start, end] = [draw.pick(['2020-01-01', '2023-11-14 00:00:00Z']), draw.pick(['2022-01-01', '2030-01-01'])]
  return draw.weighted<() => Tree>([
    [30, () => el('date_expression', { id, operation: 'gt', start })],
    [30, () => el('date_expression', { id, operation: 'lt', end })],
    [30, () => el('date_expression', { id, operation: 'in_range', start, end })],
    [10, () => el('date_expression', { id, operation: 'date_spec' }, dateSpec(draw, id))],
  ])()
}

function dateSpec(draw: Draw, id: string): Tree {
  return el('date_spec', {
    id: `${id}-spec`,
    [draw.pick(['years', 'months', 'hours'])]: draw.pick(['1-12', '2023', '22']),
  })
}

const COMPARISONS = ['eq', 'ne', 'lt', 'gt', 'lte', 'gte'] as const

function expression(draw: Draw, id: string, nodes: readonly string[]): Tree {
  const common = { id }
  return draw.weighted<() => Tree>([
    [
      25,
      () =>
        el('expression', {
          ...common,
          attribute: '#uname',
          operation: draw.pick(['eq', 'ne']),
          value: draw.pick(nodes),
        }),
    ],
    [
      25,
      () =>
        el('expression', {
          ...common,
          attribute: 'site',
          operation: draw.pick(['eq', 'ne']),
          value: draw.pick(['a', 'b']),
        }),
    ],
    [20, () => comparison(draw, id)],
    [
      20,
      () =>
        el('expression', {
          ...common,
          attribute: draw.pick(['site', 'rank', 'pingd']),
          operation: draw.pick(['defined', 'not_defined']),
        }),
    ],
    [
      10,
      () =>
        el('expression', {
          ...common,
          attribute: '#kind',
          operation: draw.pick(['eq', 'ne']),
          value: draw.pick(['cluster', 'remote', 'container']),
        }),
    ],
  ])()
}

function comparison(draw: Draw, id: string): Tree {
  return el('expression', {
    id,
    attribute: draw.pick(['rank', 'pingd']),
    operation: draw.pick(COMPARISONS),
    value: draw.pick(['1', '2', '100', '1.5', 'x']),
    type: draw.maybe(70, () => draw.pick(['string', 'number', 'version', 'integer'])),
  })
}
