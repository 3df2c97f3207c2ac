/** Reading a CIB: places, references, templates, guests, hostile input. */
import { describe, expect, test } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import {
  baseName,
  compareNames,
  isoDurationSeconds,
  mergeSort,
  parseKey,
  simpleDurationMs,
} from '../../src/cib/values.ts'

const cib = (resources: string, constraints = ''): string =>
  `<cib have-quorum="1"><configuration><crm_config/><nodes><node id="1" uname="n1"/></nodes>
<resources>${resources}</resources><constraints>${constraints}</constraints></configuration></cib>`

describe('reading a CIB', () => {
  test('an element keeps the line and column of its start tag', () => {
    const { value } = readCib(cib('\n  <primitive id="a" class="ocf" provider="p" type="t"/>'), 'x.xml')
    expect(value?.configuration.resources[0]).toMatchObject({ id: 'a', line: 3, column: 3 })
  })

  test('a template gives its attributes, and its ops unless the primitive has one of the same name and role (A-10.2)', () => {
    const { value } = readCib(
      cib(`<template id="T" class="ocf" provider="p" type="t"><operations><op id="T1" name="monitor" interval="10"/>
      <op id="T2" name="start" interval="0"/></operations></template>
      <primitive id="a" template="T"><operations><op id="a1" name="monitor" interval="5"/></operations></primitive>`),
      'x.xml',
    )
    const resource = value?.configuration.resources[0]
    expect(resource).toMatchObject({ kind: 'primitive', class: 'ocf', type: 't' })
    expect(resource?.ops.map((op) => op.id)).toEqual(['a1', 'T2'])
    expect(value?.configuration.templates).toEqual(['T'])
  })

  test('a guest brings its connection along, at the end (A-11.2)', () => {
    const { value } = readCib(
      cib(`<primitive id="vm" class="ocf" provider="p" type="V"><meta_attributes id="m">
      <nvpair id="m1" name="remote-node" value="g1"/></meta_attributes></primitive>
      <primitive id="z" class="ocf" provider="p" type="t"/>`),
      'x.xml',
    )
    const ids = value?.configuration.resources.map((resource) => resource.id)
    expect(ids).toEqual(['vm', 'z', 'g1'])
  })

  test.each([
    ['nothing', '', 'The input is empty'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><cib/>', 'document type'],
    ['binary', '\u0000\u0001\u0002', 'x.xml'],
    ['depth', '<a>'.repeat(5000), 'deep'],
    ['another document', '<crm_mon/>', '<crm_mon>'],
  ])('%s ends in one error and no value', (_name, text, what) => {
    const { value, problems } = readCib(text, 'x.xml')
    expect(value).toBeUndefined()
    expect(problems).toHaveLength(1)
    expect(problems[0]?.severity).toBe('error')
    if (what !== 'x.xml') expect(problems[0]?.what).toContain(what)
  })
})

describe('values', () => {
  test('durations keep the oddities of the calendar (A-1.10, A-1.12)', () => {
    expect(['5 m', '1.5', '2 minutes', '10x', '100ms'].map(simpleDurationMs)).toEqual([300_000, 1000, 120_000, -1, 100])
    expect(['P1D', 'P2D', 'P1W', 'P10S', 'PT1H30M', 'P1M'].map(isoDurationSeconds)).toEqual([
      0, 86_400, 518_400, 10, 5400, 2_592_000,
    ])
  })

  test('names compare by number and in any case (A-1.3)', () => {
    expect(compareNames('node2', 'node10')).toBe(-1)
    expect(compareNames('Node1', 'node1')).toBe(0)
    expect(compareNames('n7', 'n007')).toBe(-1)
  })

  test('keys are split from the right, migrations as one word (A-1.21)', () => {
    expect(parseKey('my_rsc_monitor_10000')).toEqual({ resource: 'my_rsc', task: 'monitor', intervalMs: 10_000 })
    expect(parseKey('a_migrate_to_0')).toEqual({ resource: 'a', task: 'migrate_to', intervalMs: 0 })
    expect(baseName('x:12')).toBe('x')
  })

  test('the merge sort takes the left of equals', () => {
    const sorted = mergeSort(['b1', 'a1', 'b2', 'a2'], (l, r) => l.charCodeAt(0) - r.charCodeAt(0))
    expect(sorted).toEqual(['a1', 'a2', 'b1', 'b2'])
  })
})
