/** Rules from the grammar: every kind of expression, nested, with dates of every form. */
import type { Cast } from './grammar.ts'
import { NOW } from './results.ts'
import { el, type Tree } from './tree.ts'
import { ROLE_WORDS, SCORE_WORDS } from './vocabulary.ts'

/** A rule; those of constraints have a score. */
export function grammarRule(cast: Cast, { hasScore }: { readonly hasScore: boolean }, depth = 0): Tree {
  const { draw } = cast
  const score = hasScore && depth === 0
  const byAttribute = score && draw.chance(15)
  return el(
    'rule',
    {
      id: draw.id('rule'),
      score:
        score && !byAttribute
          ? draw.pick(SCORE_WORDS)
          : score || depth > 0
            ? undefined
            : draw.maybe(70, () => 'INFINITY'),
      'score-attribute': byAttribute ? draw.pick(['rank', 'site', 'nothing']) : undefined,
      'boolean-op': draw.maybe(50, () => draw.pick(['and', 'or'])),
      role: score ? draw.maybe(15, () => draw.pick(ROLE_WORDS)) : undefined,
    },
    Array.from({ length: draw.int(1, 3) }, () =>
      depth < 2 && draw.chance(15) ? grammarRule(cast, { hasScore: false }, depth + 1) : expression(cast),
    ),
  )
}

const COMPARISONS = ['eq', 'ne', 'lt', 'gt', 'lte', 'gte', 'defined', 'not_defined']

function expression(cast: Cast): Tree {
  const { draw } = cast
  return draw.weighted<() => Tree>([
    [55, () => attributeExpression(cast)],
    [35, () => dateExpression(cast)],
    [
      6,
      () =>
        el('rsc_expression', {
          id: draw.id('about'),
          class: draw.maybe(60, () => draw.pick(['ocf', 'stonith', 'lsb'])),
          provider: draw.maybe(60, () => draw.pick(['pacemaker', 'heartbeat'])),
          type: draw.maybe(60, () => draw.pick(['Dummy', 'Stateful'])),
        }),
    ],
    [
      6,
      () =>
        el('op_expression', {
          id: draw.id('about'),
          name: draw.pick(['monitor', 'start', 'stop', 'promote']),
          interval: draw.maybe(40, () => draw.pick(['10s', '0', '20s', 'x'])),
        }),
    ],
  ])()
}

function attributeExpression({ draw, nodes }: Cast): Tree {
  const attribute = draw.pick([
    '#uname',
    '#uname',
    '#id',
    '#kind',
    '#is_dc',
    '#site-name',
    '#cluster-name',
    'site',
    'rank',
    'rank',
    'nothing',
    '#role',
  ])
  const values: Readonly<Record<string, readonly string[]>> = {
    '#uname': nodes,
    '#id': ['1', '2'],
    '#kind': ['cluster', 'remote', 'container'],
    '#is_dc': ['true', 'false'],
    '#role': ROLE_WORDS,
    rank: ['1', '2', '10', '1.5', '1.9', 'x', ''],
  }
  return el('expression', {
    id: draw.id('about'),
    attribute,
    operation: draw.pick(COMPARISONS),
    value: draw.maybe(92, () => draw.pick(values[attribute] ?? ['a', 'b', 'A', 'fake'])),
    type: draw.maybe(45, () => draw.pick(['string', 'integer', 'number', 'version'])),
    'value-source': draw.maybe(8, () => draw.pick(['literal', 'param', 'meta'])),
  })
}

const OFFSETS = [1, -1, 0, 3600, -3600, 86_400, -86_400, 40 * 86_400, -40 * 86_400, 400 * 86_400, -400 * 86_400]

function dateText({ draw }: Cast): string {
  const date = new Date((NOW + draw.pick(OFFSETS)) * 1000)
  const iso = date.toISOString().slice(0, 19)
  const day = iso.slice(0, 10)
  return draw.pick([
    `${iso.replace('T', ' ')}Z`,
    `${iso}Z`,
    `${iso.replace('T', ' ')} +02:00`,
    day,
    day.replaceAll('-', ''),
    '2023-318',
    '2023-W46-2',
    '2023-W46-3',
  ])
}

const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds']

function dateExpression(cast: Cast): Tree {
  const { draw } = cast
  const id = draw.id('date')
  const start = draw.maybe(70, () => dateText(cast))
  const end = draw.maybe(60, () => dateText(cast))
  const values = (units: readonly string[], texts: readonly string[]): Record<string, string> =>
    Object.fromEntries(draw.some(units, 1, 3).map((unit) => [unit, draw.pick(texts)]))
  return draw.weighted<() => Tree>([
    [20, () => el('date_expression', { id, operation: 'gt', start: start ?? dateText(cast) })],
    [20, () => el('date_expression', { id, operation: 'lt', end: end ?? dateText(cast) })],
    [25, () => el('date_expression', { id, operation: draw.maybe(85, () => 'in_range'), start, end })],
    [
      15,
      () =>
        el(
          'date_expression',
          { id, operation: 'in_range', start: start ?? dateText(cast) },
          el('duration', { id: `${id}-d`, ...values(UNITS, ['1', '2', '30', '-1', '400', 'x']) }),
        ),
    ],
    [
      20,
      () =>
        el(
          'date_expression',
          { id, operation: 'date_spec' },
          el('date_spec', { id: `${id}-s`, ...values(SPEC_UNITS, SPEC_VALUES) }),
        ),
    ],
  ])()
}

// The instant at which the CIBs are looked at is Tuesday, 2023-11-14 22:13:20Z, day 318, week 46.
const SPEC_UNITS = [
  'years',
  'months',
  'monthdays',
  'hours',
  'minutes',
  'seconds',
  'yeardays',
  'weekyears',
  'weeks',
  'weekdays',
  'moon',
]
const SPEC_VALUES = [
  '2023',
  '11',
  '14',
  '22',
  '13',
  '20',
  '318',
  '46',
  '2',
  '1-20',
  '2-',
  '-50',
  '300-400',
  '2000-2030',
  '0',
  '0-7',
  '1-5',
  'x',
  '5-1',
]
