/** The walk of the reference's hash tables, from the examples of spec B-0.12. */
import { expect, test } from 'vitest'
import { hashOrder } from '../../src/scheduler/hash-order.ts'

test('attribute names come in slot order, whatever the order they were written in', () => {
  expect(hashOrder(['cpu', 'memory'])).toEqual(['cpu', 'memory'])
  expect(hashOrder(['memory', 'cpu'])).toEqual(['cpu', 'memory'])
  expect(hashOrder(['cpu-decipct', 'ram-hugepages-mb', 'vds-ok-pool-0-usage', 'vds-ok-pool-1-usage'])).toEqual([
    'vds-ok-pool-1-usage',
    'cpu-decipct',
    'vds-ok-pool-0-usage',
    'ram-hugepages-mb',
  ])
})

test('node ids n1, n2, n3 are walked n2, n1, n3', () => {
  expect(hashOrder(['n1', 'n2', 'n3'])).toEqual(['n2', 'n1', 'n3'])
})

test('a table that had to grow still holds every key once', () => {
  const keys = Array.from({ length: 100 }, (_, at) => `node-${at}`)
  expect([...hashOrder(keys)].sort()).toEqual([...keys].sort())
})
