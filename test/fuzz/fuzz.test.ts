/**
 * A few random CIBs through Quorate and crm_simulate 2.1.5, and the parts of the machinery that tries hundreds of them
 * (npm run fuzz:scheduler). Skipped where crm_simulate is not installed.
 */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { differenceText, firstDifference } from '../support/stages.ts'
import { caseOfSeed, compareBoth, crossOfSeed, grammarCaseOfSeed, wideCaseOfSeed } from './cases.ts'
import { hasReference, Reference, runQuorate } from './run-both.ts'
import { shrinkTree } from './shrink.ts'
import { readTreeText, treeText, walk } from './tree.ts'

describe('random CIBs', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(caseOfSeed(7)).toEqual(caseOfSeed(7))
    expect(treeText(caseOfSeed(7).tree)).not.toBe(treeText(caseOfSeed(8).tree))
  })

  it('with additions are the same for the same seed too, and more than without', () => {
    expect(wideCaseOfSeed(7)).toEqual(wideCaseOfSeed(7))
    expect(treeText(wideCaseOfSeed(7).tree)).not.toBe(treeText(caseOfSeed(7).tree))
  })

  it('from the grammar and crossed ones are the same for the same seed too', () => {
    expect(grammarCaseOfSeed(7)).toEqual(grammarCaseOfSeed(7))
    expect(treeText(grammarCaseOfSeed(7).tree)).not.toBe(treeText(grammarCaseOfSeed(8).tree))
    const own = join(import.meta.dirname, '..', 'conformance', 'own', 'xml')
    expect(crossOfSeed(7, own)).toEqual(crossOfSeed(7, own))
    expect(treeText(crossOfSeed(7, own).tree)).not.toBe(treeText(crossOfSeed(8, own).tree))
  })

  it('come back from their text', () => {
    const { tree } = caseOfSeed(11)
    expect(readTreeText(treeText(tree))).toEqual(tree)
  })

  it('never make Quorate throw', () => {
    for (let seed = 1; seed <= 40; seed++) {
      for (const { tree, options } of [caseOfSeed(seed), wideCaseOfSeed(seed)]) {
        expect(runQuorate(treeText(tree), options).text, `seed ${seed}`).not.toMatch(/^threw (?!not read)/)
      }
    }
  })

  it('shrink to what a difference needs', () => {
    const hasGroup = (tree: Parameters<typeof walk>[0]): boolean => {
      let found = false
      walk(tree, ({ name }) => {
        if (name === 'group') found = true
      })
      return found
    }
    const seed = Array.from({ length: 50 }, (_, at) => at + 1).find((at) => hasGroup(caseOfSeed(at).tree))!
    const names: string[] = []
    walk(shrinkTree(caseOfSeed(seed).tree, hasGroup, 2000), ({ name }) => names.push(name))
    expect(names).toEqual(['cib', 'configuration', 'resources', 'group', 'status'])
  })
})

describe.skipIf(!hasReference())('beside crm_simulate (skipped where it is not installed)', () => {
  const reference = new Reference()
  afterAll(() => reference.close())

  it.each(Array.from({ length: 20 }, (_, at) => at + 1))('seed %i', (seed) => {
    const verdict = compareBoth(caseOfSeed(seed), reference)
    if (verdict?.stage === undefined) return
    expect(differenceText(verdict.expected, verdict.actual, verdict.stage)).toBe('')
  })

  it.each(Array.from({ length: 10 }, (_, at) => at + 3300))('seed %i with additions', (seed) => {
    const verdict = compareBoth(wideCaseOfSeed(seed), reference)
    if (verdict?.stage === undefined) return
    expect(differenceText(verdict.expected, verdict.actual, verdict.stage)).toBe('')
  })

  it('a changed saved CIB or XML is seen, where all forms are compared', () => {
    const text = treeText(caseOfSeed(4).tree)
    const expected = reference.run(text, [], 'all')!
    const actual = runQuorate(text, [], 'all')
    expect(firstDifference(expected, actual)).toBeUndefined()
    const changed = (form: 'input' | 'output' | 'xml'): typeof actual => ({
      ...actual,
      [form]: actual[form]!.replace('id=', 'of='),
    })
    for (const form of ['input', 'output', 'xml'] as const) expect(firstDifference(expected, changed(form))).toBe(form)
  })

  it('a changed score is seen as a difference, and where', () => {
    const text = treeText(caseOfSeed(4).tree)
    const expected = reference.run(text, [])!
    const actual = runQuorate(text, [])
    const changed = { ...actual, text: actual.text.replace(/(allocation score on \S+): .*/, '$1: 4711') }
    expect(firstDifference(expected, changed)).toBe('scores')
  })
})
