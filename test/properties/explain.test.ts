/**
 * What explanations rest on: the contributions recorded for a score add up to it, at every moment at which it is decided with;
 * and so do the terms that are shown, every action has a reason, and no line is too wide.
 *
 * Over our own CIBs always, over all recorded ones where ../shared is present.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { addScores } from '../../src/cib/role.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { decide, explain } from '../../src/crmsim/explain.ts'
import type { Term } from '../../src/crmsim/explain-scores.ts'
import { explanationText } from '../../src/crmsim/explain-text.ts'
import { contributionsTo, sumOf } from '../../src/scheduler/contributions.ts'
import { assignResources } from '../../src/scheduler/schedule.ts'
import { type Contribution, PRIMITIVE, type Worksheet } from '../../src/scheduler/worksheet.ts'

const here = import.meta.dirname
const own = join(here, '..', 'conformance')
const large = join(here, '..', '..', '..', 'shared', 'conformance', 'pacemaker-2.1.5', 'xml')

function sheetOf(path: string): Worksheet {
  const cib = readCib(readFileSync(path, 'utf8'), path).value!
  return assignResources(unpackCluster(cib, Number(cib.configuration.root.executionDate ?? 0) || 1_700_000_000), {
    scores: true,
    contributions: true,
  })
}

/** Every score, shown or at the end, that is not the sum of what was recorded for it. */
function wrongSums(sheet: Worksheet): readonly string[] {
  const wrong: string[] = []
  const all = sheet.contributions!
  const name = (resource: number, node: number): string =>
    `${sheet.resources[resource]!.id} on ${sheet.nodes[node]!.name}`
  const check = (asked: Parameters<typeof contributionsTo>[1], score: number): void => {
    const sum = sumOf(contributionsTo(all, asked))
    const { mark = all.length, scale = 'node' } = asked
    if (sum !== score) wrong.push(`${name(asked.resource, asked.node)} at ${mark}: ${scale} ${score}, sum ${sum}`)
  }
  for (const [mark, { how, resource, node, scale, amount }] of all.entries()) {
    if (how === 'shown' && 0 <= node) check({ resource, node, scale, mark }, amount)
  }
  for (const { index: resource, scores } of sheet.resources) {
    for (let node = 0; node < scores.length; node++) check({ resource, node }, scores[node]!)
  }
  return wrong
}

/** As many scores are recorded as shown as there are score lines, with the same scores. */
function shownLines(sheet: Worksheet): readonly string[] {
  return sheet.contributions!.flatMap(({ how, resource, node, scale, amount }: Contribution) => {
    const { id, from } = sheet.resources[resource]!
    if (how !== 'shown' || (from.orphan && scale === 'node')) return []
    return [`${id} ${scale} ${sheet.nodes[node]?.name ?? 'none'} ${amount}`]
  })
}

function printedLines(sheet: Worksheet): readonly string[] {
  return sheet.lines!.flatMap((line) => {
    if (line.kind === 'score') return [`${line.resource} node ${line.node} ${line.score}`]
    return line.kind === 'promotion' ? [`${line.resource} promotion ${line.node} ${line.score}`] : []
  })
}

/** What terms come to: later ones may set the score anew. */
function sumOfTerms(terms: readonly Term[]): number {
  return terms.reduce((sum, { how, amount }) => (how === 'set' ? amount : addScores(sum, amount)), 0)
}

/** What is wrong with the explanation of every resource: terms that do not add up, actions without a reason, wide lines. */
function faults(path: string): readonly string[] {
  const cib = readCib(readFileSync(path, 'utf8'), path).value!
  const now = Number(cib.configuration.root.executionDate ?? 0) || 1_700_000_000
  const decision = decide(unpackCluster(cib, now))
  const found: string[] = []
  for (const { id, variant } of decision.sheet.resources) {
    const explanation = explain(decision, { resource: id })!
    for (const { node, score, terms } of explanation.resource!.scores) {
      if (score !== undefined && sumOfTerms(terms) !== score) found.push(`${id} on ${node}: ${score}`)
    }
    if (variant !== PRIMITIVE) continue
    const [{ scores, promotion, actions } = undefined!] = explanation.primitives
    for (const { node, score, terms } of scores) {
      if (score !== undefined && sumOfTerms(terms) !== score) found.push(`${id} on ${node}: ${score}`)
    }
    if (promotion !== undefined && sumOfTerms(promotion.terms) !== promotion.score) found.push(`promotion of ${id}`)
    for (const { title, because } of actions) if (because.length === 0) found.push(`${title}: no reason`)
    const text = explanationText(explanation, 'cib.xml')
    const wide = text.split('\n').filter((line) => 100 < line.length && / /.test(line.trim().slice(0, 100)))
    found.push(...wide, ...(text.match(/.*\b(undefined|NaN)\b.*/g) ?? []))
  }
  return found
}

function check(path: string): void {
  const sheet = sheetOf(path)
  expect(wrongSums(sheet)).toEqual([])
  expect(shownLines(sheet)).toEqual(printedLines(sheet))
  expect(sheet.contributions!.filter(({ what }) => what === 'as read from the status')).toEqual([])
  expect(faults(path)).toEqual([])
}

describe('contributions add up to every score that is printed or decided with', () => {
  it.each(readdirSync(own).filter((file) => file.endsWith('.xml')))('%s', (file) => check(join(own, file)))

  it('a contribution left out is seen', () => {
    const sheet = sheetOf(join(own, 'two-nodes.xml'))
    const at = sheet.contributions!.findIndex(({ amount, how }) => how === 'add' && amount !== 0)
    sheet.contributions!.splice(at, 1)
    expect(wrongSums(sheet)).not.toEqual([])
  })
})

describe.skipIf(!existsSync(large))('the same for all reference inputs (skipped without ../shared)', () => {
  const files = existsSync(large) ? readdirSync(large).filter((file) => file.endsWith('.xml')) : []
  it.each(files)('%s', (file) => check(join(large, file)))
})
