/**
 * The score of one resource on every node, as terms that add up to it, and what keeps it away from a node.
 *
 * Scores are those at the moment of the choice. Changes nothing.
 * Source: spec B-0.3, B-10.
 */
import { INFINITY } from '../cib/role.ts'
import { contributionsTo, sumOf } from '../scheduler/contributions.ts'
import { isAvailable } from '../scheduler/nodes.ts'
import { ABSENT, type Contribution, PRIMITIVE, type Resource, type Worksheet } from '../scheduler/worksheet.ts'
import { contributionRemark } from './explain-contributions.ts'
import { optionSource, type Remark, remark } from './explain-sources.ts'
import { unavailability } from './explain-words.ts'

/** One term of a score. */
export interface Term extends Remark {
  readonly amount: number
  /** The scheduler's short word for it. */
  readonly noted: string
  /** What came before a term that sets the score does not count any more. */
  readonly how: 'add' | 'set'
  readonly counts: boolean
  /** What the term is made of, where it is a score of its own. */
  readonly parts: readonly Term[]
}

/** One node for one resource. */
export interface NodeScore {
  readonly index: number
  readonly node: string
  /** Undefined: the node is not in the resource's table. */
  readonly score: number | undefined
  readonly terms: readonly Term[]
  /** What keeps the resource away; empty where it may run here. */
  readonly obstacles: readonly Remark[]
}

/** Every node of the cluster: those that may run the resource by descending score, then the others. */
export function nodeScores(sheet: Worksheet, resource: Resource): readonly NodeScore[] {
  const found = sheet.nodeOrder.map((index) => nodeScore(sheet, resource, index))
  const rank = ({ index, score, obstacles }: NodeScore): number => {
    if (index === resource.assigned) return INFINITY + 1
    return 0 < obstacles.length || score === undefined ? -INFINITY - 1 : score
  }
  return [...found].sort((left, right) => rank(right) - rank(left))
}

function nodeScore(sheet: Worksheet, resource: Resource, index: number): NodeScore {
  const mark = resource.variant === PRIMITIVE ? sheet.choices?.get(resource.index)?.mark : shownAt(sheet, resource)
  const asked = { resource: resource.index, node: index, ...(mark === undefined ? {} : { mark }) }
  const list = contributionsTo(sheet.contributions ?? [], asked)
  const sum = sumOf(list)
  const score = sum === ABSENT ? undefined : sum
  const terms = toTerms(sheet, list)
  return {
    index,
    node: sheet.nodes[index]!.name,
    score,
    terms,
    obstacles: obstaclesOf(sheet, resource, index, terms, score),
  }
}

/** Collectives choose no node; what counts is what their scores were when their members were placed. Source: spec B-21.1. */
function shownAt({ contributions = [] }: Worksheet, { index }: Resource): number | undefined {
  const at = contributions.findIndex(({ resource, how }) => resource === index && how === 'shown')
  return at < 0 ? undefined : at
}

/** Contributions as terms: without what changes nothing, and without repeats of what is infinite. */
export function toTerms(sheet: Worksheet, list: readonly Contribution[]): readonly Term[] {
  const changes = list.filter(({ how }) => how !== 'shown')
  const last = changes.findLastIndex(({ how }) => how === 'set')
  const terms: Term[] = []
  for (const [at, contribution] of changes.entries()) {
    const { amount, how } = contribution
    const isFirst = terms.length === 0
    if (amount === 0 && (how === 'add' || isFirst)) continue
    const { text, origin } = contributionRemark(sheet, contribution)
    const isKnown = terms.some((term) => term.text === text && term.amount === amount && INFINITY <= Math.abs(amount))
    if (isKnown) continue
    const parts = partsOf(sheet, contribution)
    const noted = contribution.what
    terms.push({
      text,
      origin,
      noted,
      amount,
      how: how === 'set' && !isFirst ? 'set' : 'add',
      counts: last <= at,
      parts,
    })
  }
  return terms
}

/** Where the parent is banned, so are its instances: the parent's own score tells why. */
function partsOf(sheet: Worksheet, { resource, node, what }: Contribution): readonly Term[] {
  const parent = sheet.resources[resource]!.top
  if (what !== `${parent.id} is banned here`) return []
  return toTerms(sheet, contributionsTo(sheet.contributions ?? [], { resource: parent.index, node }))
}

function obstaclesOf(
  sheet: Worksheet,
  resource: Resource,
  index: number,
  terms: readonly Term[],
  score: number | undefined,
): readonly Remark[] {
  const node = sheet.nodes[index]!
  const choice = sheet.choices?.get(resource.index)
  const isUp = choice === undefined && resource.variant !== PRIMITIVE ? isAvailable(node) : true
  const wasAvailable = choice?.available[index] ?? isUp
  const found: Remark[] = wasAvailable ? [] : [...unavailability(sheet, node)]
  if (!wasAvailable && found.length === 0) found.push(remark('not available when it was placed'))
  if (score === undefined) found.push(absence(sheet))
  else if (score < 0) {
    const bans = terms.filter(({ counts, amount }) => counts && amount <= -INFINITY)
    const doubts = terms.filter(({ counts, amount }) => counts && amount < 0)
    // Whatever else the node is, the ban that says the same needs no second line.
    const own = (0 < bans.length ? bans : doubts).filter(
      ({ text }) => text !== 'node not available' || found.length === 0,
    )
    found.push(...own.map(({ text, origin }) => ({ text, origin })))
  }
  return found
}

function absence({ state }: Worksheet): Remark {
  if (state.options.symmetric) return remark('such a node is not for this resource')
  const { text, origin } = optionSource(state, 'symmetric-cluster', 'true')
  return { text: `${text}, and nothing allows the node`, origin }
}
