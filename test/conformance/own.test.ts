/**
 * Holds Quorate's answers against recorded ones of crm_simulate 2.1.5, in full: summary, scores, graph, drawing. CIBs of our own
 * (own/, each about one rule that its comment tells) always, a sample of the large set where the folder ../shared is present.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answersOf, recordedAnswers } from '../support/answers.ts'

const own = join(import.meta.dirname, 'own')
const large = join(import.meta.dirname, '..', '..', '..', 'shared', 'conformance', 'pacemaker-2.1.5')

function namesIn(folder: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(join(folder, 'xml')) : []
  return files.map((file) => file.replace('.xml', '')).sort()
}

describe('CIBs of our own', () => {
  test.each(namesIn(own))('%s', (name) => {
    expect(answersOf(join(own, 'xml', `${name}.xml`))).toEqual(recordedAnswers(own, name))
  })

  test('a rule that is broken is seen in every answer', () => {
    const answers = answersOf(join(own, 'xml', 'failures-expire-and-ban.xml'))
    const others = recordedAnswers(own, 'fencing-one-after-another')
    for (const kind of ['summary', 'scores', 'exp', 'dot'] as const) expect(answers[kind]).not.toEqual(others[kind])
  })
})

describe.skipIf(!existsSync(large))('a sample of the reference inputs (skipped without ../shared)', () => {
  const times = new Map(
    Object.entries(
      existsSync(large) ? (JSON.parse(readFileSync(join(large, 'args.json'), 'utf8')) as Record<string, string[]>) : {},
    ).map(([name, [, time]]) => [name, time]),
  )
  const sample = namesIn(large).filter((_name, at) => at % 5 === 2)
  test.each(sample)('%s', (name) => {
    expect(answersOf(join(large, 'xml', `${name}.xml`), times.get(name))).toEqual(recordedAnswers(large, name))
  })
})
