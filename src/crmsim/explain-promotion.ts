/**
 * Why an instance is promoted or not: its promotion score as terms, and what decided.
 *
 * Changes nothing. Source: spec B-16.4 to B-16.14.
 */
import { PROMOTED, scoreText } from '../cib/role.ts'
import { contributionsTo } from '../scheduler/contributions.ts'
import { assignedNode } from '../scheduler/nodes.ts'
import type { Contribution, PromotionVerdict, Resource, Worksheet } from '../scheduler/worksheet.ts'
import { CLONE } from '../scheduler/worksheet.ts'
import { quorumRemark, targetRemark } from './explain-contributions.ts'
import { type Term, toTerms } from './explain-scores.ts'
import { metaSource, type Remark, remark } from './explain-sources.ts'

/** The promotion of one instance. */
export interface Promotion {
  readonly instance: string
  readonly node: string
  readonly score: number
  readonly terms: readonly Term[]
  readonly verdict: Remark
}

/** The promotion of the instance that `leaf` is or belongs to; undefined where none was considered. */
export function promotionOf(sheet: Worksheet, leaf: Resource): Promotion | undefined {
  const clone = leaf.top
  if (clone.variant !== CLONE || !clone.from.promotable) return undefined
  const instance = clone.children.find((child) => child === leaf || child.children.includes(leaf))
  const verdict = instance === undefined ? undefined : sheet.verdicts?.get(instance.index)
  const node = instance === undefined ? -1 : assignedNode(instance)
  if (instance === undefined || verdict === undefined || node < 0) return undefined
  return {
    instance: instance.id,
    node: sheet.nodes[node]!.name,
    score: instance.sortIndex,
    terms: promotionTerms(sheet, instance, clone, node),
    verdict: verdictRemark(sheet, instance, clone, verdict),
  }
}

/** The score in the end is the clone's on that node, to which the instance's own priority was added. */
function promotionTerms(sheet: Worksheet, instance: Resource, clone: Resource, node: number): readonly Term[] {
  const all = sheet.contributions ?? []
  const own = contributionsTo(all, { resource: instance.index, node, scale: 'promotion' })
  const isMerged = own.some(({ what, how }) => how === 'set' && what === `score of ${clone.id}`)
  const parts = toTerms(
    sheet,
    own.filter(({ what }) => what !== `score of ${clone.id}`),
  )
  if (!isMerged) return parts
  const mark = all.findLastIndex(({ resource, what }) => resource === instance.index && what === `score of ${clone.id}`)
  const ofClone = contributionsTo(all, { resource: clone.index, node, mark })
  return toTerms(sheet, ofClone.filter(isInTime)).map((term) =>
    term.text === `promotion of ${instance.id}` ? { ...term, text: `priority of ${instance.id}`, parts } : term,
  )
}

function isInTime({ how }: Contribution): boolean {
  return how !== 'shown'
}

function verdictRemark(sheet: Worksheet, instance: Resource, clone: Resource, verdict: PromotionVerdict): Remark {
  const { id } = instance
  const at = sheet.nodes[assignedNode(instance)]!.name
  const no = (why: Remark): Remark => ({ text: `${id} on ${at} is not promoted: ${why.text}`, origin: why.origin })
  switch (verdict) {
    case 'promoted':
      return promoted(sheet, instance, clone, at)
    case 'negative score':
      return no(negative(sheet, instance, clone))
    case 'promoted-max reached':
      return no(reached(sheet, clone, 'promoted-max', rivalText(instance, clone)))
    case 'promoted-node-max reached':
      return no(reached(sheet, clone, 'promoted-node-max', 'no more on one node'))
    case 'not running':
      return no(remark('part of it has no node'))
    case 'unmanaged':
      return no(remark('it is not managed'))
    case 'node not available':
      return no(remark('its node is not available'))
    case 'clone not allowed there':
      return no(remark(`${clone.id} is not allowed there`))
    case 'quorum freeze':
      return no(quorumRemark(sheet))
  }
}

function promoted(sheet: Worksheet, instance: Resource, clone: Resource, at: string): Remark {
  const others = clone.children.filter((other) => other !== instance && 0 <= assignedNode(other))
  const [second] = others.filter((other) => sheet.verdicts?.get(other.index) !== 'promoted')
  const score = scoreText(instance.sortIndex)
  const text = `${instance.id} on ${at} ${instance.role === PROMOTED ? 'stays' : 'shall be'} promoted`
  if (second === undefined) return remark(`${text}: promotion score ${score}`)
  const where = sheet.nodes[assignedNode(second)]!.name
  const against = `promotion score ${score} against ${scoreText(second.sortIndex)} of ${second.id} on ${where}`
  const isTie = second.sortIndex === instance.sortIndex
  return remark(
    `${text}: ${against}${isTie ? '; equal scores: promoted ones and then the order of placing decide' : ''}`,
  )
}

function rivalText(instance: Resource, clone: Resource): string {
  const rivals = clone.children.filter(
    ({ nextRole, children }) => nextRole === PROMOTED || children[0]?.nextRole === PROMOTED,
  )
  const names = rivals.map(({ id, sortIndex }) => `${id} with ${scoreText(sortIndex)}`).join(', ')
  return `${names} against ${scoreText(instance.sortIndex)} here`
}

function reached({ state }: Worksheet, clone: Resource, name: string, why: string): Remark {
  const source = metaSource(state, clone.from, name)
  return remark(`${source?.text ?? `${name}=${clone.from.clone?.promotedMax} (the default)`}: ${why}`, source?.origin)
}

function negative(sheet: Worksheet, instance: Resource, clone: Resource): Remark {
  const terms = promotionTerms(sheet, instance, clone, assignedNode(instance))
  const flat = terms.flatMap((term) => [...term.parts, term])
  const bad = flat.findLast(({ amount, counts }) => counts && amount < 0)
  if (bad === undefined) return remark(`its promotion score is ${scoreText(instance.sortIndex)}`)
  if (bad.noted.endsWith('is what it shall be')) return targetRemark(sheet, instance)
  return { text: bad.text, origin: bad.origin }
}
