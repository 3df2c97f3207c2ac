/** Rules, dates and sets of pairs. */
import { describe, expect, test } from 'vitest'
import type { AttributeExpression, DateExpression, NvSet, Rule } from '../../src/cib/configuration.ts'
import { dateFields, parseDate } from '../../src/cib/dates.ts'
import { applySets, passesRule } from '../../src/cib/rules.ts'

const place = { line: 0, column: 0 }
const health = { red: 0, yellow: 0, green: 0 }
const rule = (child: AttributeExpression | DateExpression): Rule => ({
  kind: 'rule',
  id: 'r',
  booleanOp: undefined,
  role: undefined,
  score: undefined,
  scoreAttribute: undefined,
  children: [child],
  ...place,
})
const compare = (operation: string, value: string | undefined, type?: string): Rule =>
  rule({ kind: 'attribute', id: 'e', attribute: 'a', operation, value, valueSource: undefined, type, ...place })
const set = (id: string, value: string, score?: string): NvSet => ({
  id,
  score,
  rules: [],
  pairs: [{ id: undefined, name: 'x', value, ...place }],
  ...place,
})
const collect = (...sets: NvSet[]): string | undefined => {
  const table = new Map<string, string>()
  applySets(table, sets, { clock: { now: 0 }, health })
  return table.get('x')
}

describe('rules', () => {
  test('without node attributes no attribute expression passes (A-4.5)', () => {
    expect(passesRule(compare('not_defined', undefined), { clock: { now: 0 } })).toBe(false)
    expect(passesRule(compare('not_defined', undefined), { clock: { now: 0 }, attributes: new Map() })).toBe(true)
  })

  test('order comparisons are by number, equality by text unless a type is given (A-4.6)', () => {
    const attributes = new Map([['a', '10']])
    expect(passesRule(compare('gt', '9'), { clock: { now: 0 }, attributes })).toBe(true)
    expect(passesRule(compare('eq', '010'), { clock: { now: 0 }, attributes })).toBe(false)
    expect(passesRule(compare('eq', '010', 'integer'), { clock: { now: 0 }, attributes })).toBe(true)
    expect(passesRule(compare('ne', '1'), { clock: { now: 0 }, attributes: new Map() })).toBe(true)
    expect(passesRule(compare('lt', '1'), { clock: { now: 0 }, attributes: new Map() })).toBe(false)
  })

  test('a range that has not begun fails and notes its start (A-4.10)', () => {
    const noted: number[] = []
    const range: DateExpression = {
      kind: 'date',
      id: 'd',
      operation: 'in_range',
      start: '1970-01-02',
      end: undefined,
      duration: [['hours', '1']],
      spec: undefined,
      ...place,
    }
    const at = (now: number): boolean => passesRule(rule(range), { clock: { now }, noteRecheck: (t) => noted.push(t) })
    expect([at(0), at(86_400), at(90_000), at(90_001)]).toEqual([false, true, true, false])
    expect(noted).toEqual([86_400, 90_001, 90_001])
  })
})

describe('dates', () => {
  test('calendar, ordinal and week dates, zones (A-3.4, A-3.5)', () => {
    expect(parseDate('2005-020T12:30', 0)).toBe(1_106_224_200)
    expect(parseDate('2019-09-23 12:30:00 -05:00', 0)).toBe(1_569_259_800)
    expect(parseDate('2005-W01-1', 0)).toBe(1_104_710_400)
    expect(parseDate('2005-02-30', 0)).toBeUndefined()
  })

  test('an instant has the week of ISO 8601', () => {
    const fields = dateFields(1_714_989_600)
    expect([fields.get('weekdays'), fields.get('hours'), fields.get('weeks')]).toEqual([1, 10, 19])
  })
})

describe('sets', () => {
  test('the highest score wins, of equals the later in the document (A-5.1)', () => {
    expect(collect(set('a', '1'), set('b', '2'))).toBe('2')
    expect(collect(set('a', '1', '10'), set('b', '2'))).toBe('1')
  })

  test('#default removes what a higher set gave (A-5.5)', () => {
    expect(collect(set('a', '1', '10'), set('b', '#default'))).toBeUndefined()
  })
})
