/** Going on from CIBs of all kinds: the sweep over our own (`npm run sweep -- DIR` does the same with any folder), and what it holds them to. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/run/simulate.ts'
import { continuation } from '../../src/run/standard.ts'
import type { Trace } from '../../src/trace/record.ts'
import { placesOf } from '../support/trio.ts'
import { lookAt } from '../sweep/look.ts'

const FOLDER = 'test/sweep/own'
const LIMITS = { until: 1_200_000, eventsMax: 150_000 }
const textOf = (name: string): string => readFileSync(`${FOLDER}/${name}.xml`, 'utf8')

function goOn(name: string, change: (text: string) => string = (text) => text): Trace {
  const { value, problems } = continuation({ name, text: change(textOf(name)) })
  expect(problems).toEqual([])
  return simulate({ ...value!, until: LIMITS.until }).trace
}

function said(trace: Trace, pattern: RegExp): readonly string[] {
  return trace.records.flatMap((record) => (record.kind === 'log' && pattern.test(record.text) ? [record.text] : []))
}

describe('Pacemaker, going on from CIBs of all kinds', () => {
  it.each(readdirSync(FOLDER).sort())('%s comes to rest', (file) => {
    expect(lookAt(file, readFileSync(`${FOLDER}/${file}`, 'utf8'), LIMITS)).toMatchObject({ kind: 'at rest' })
  })

  it('tells one that never rests, one with too much to do and one that is none', () => {
    // Where no failed start is fatal, a node that is off is tried for ever.
    const fatal = '<nvpair id="o-fatal" name="start-failure-is-fatal" value="false"/>'
    const text = textOf('remote-is-off').replace('<cluster_property_set id="o">', `$&${fatal}`)
    const { kind, repeats } = lookAt('restless', text, LIMITS)
    expect(kind).toBe('restless')
    expect(repeats[0]).toMatch(/^\d+ times n1: Initiating st(art|op) operation far_/)
    expect(lookAt('busy', text, { ...LIMITS, eventsMax: 100 })).toMatchObject({
      kind: 'stopped by its limit of events',
    })
    expect(lookAt('none', '<html/>', LIMITS)).toMatchObject({
      kind: 'unreadable',
      text: expect.stringContaining('html'),
    })
  })

  it('looks again by itself only where an interval is set (E-4.3)', () => {
    const asked = (text: (cib: string) => string) => said(goOn('recheck-never', text), /^Calculated/).length
    const never = asked((cib) => cib)
    expect(asked((cib) => cib.replace('value="0"', 'value="5min"'))).toBe(never + 3)
  })

  it('cancels an operation under the name that its record has (E-7.5)', () => {
    expect(said(goOn('old-record-names'), /^Initiating cancel/)).toHaveLength(1)
  })

  it('takes what is done now for all that an old cluster recorded of a resource (D-9.1)', () => {
    expect(said(goOn('old-kinds-of-records'), /^Initiating promote/)).toHaveLength(1)
  })

  it('forgets failures under the names of instances, too, once (A-18.1, E-9.7)', () => {
    const trace = goOn('old-instance-counts')
    expect(said(trace, /clear_failcount/)).toHaveLength(1)
    expect(said(trace, /^Setting fail-count-r:0\[n1\]: 1 -> \(unset\)/)).toHaveLength(1)
  })

  it('has each instance of a unique clone tell a score of its own (B-16.2)', () => {
    const told = said(goOn('unique-promotable'), /^Setting master-/).map((text) => /master-\S+\[n1\]/.exec(text)?.[0])
    expect(new Set(told)).toEqual(new Set(['master-s:0[n1]', 'master-s:1[n1]']))
  })

  it('lets a recorded operation recur unless a later change of its resource has ended it (E-7.1, E-7.2)', () => {
    const stopped = goOn('stopped-since')
    expect(said(stopped, /aborted/)).toEqual([])
    expect(placesOf(stopped, 'r')).toEqual([])
    const begun = goOn('old-record-names').records.filter(
      (record) => record.kind === 'operation' && record.phase === 'begin' && record.node === 'n2',
    )
    expect(begun.length).toBeGreaterThan(100)
  })

  it('counts failures as the cluster did that it goes on from, so that a remote node which is off is given up (A-18.1)', () => {
    const starts = (text: string) =>
      said(
        goOn('remote-is-off', (cib) => cib.replace('3.0.8', text)),
        /^Initiating start operation far_/,
      )
    expect(starts('3.0.8')).toHaveLength(2)
    expect(starts('3.16.1')).toHaveLength(2)
  })
})
