/**
 * Explanations as plain data for programs: scores as numbers and as they are printed, places with their file.
 *
 * Changes nothing.
 */
import { scoreText } from '../cib/role.ts'
import type { Explanation, ResourceExplanation } from './explain.ts'
import type { ActionExplanation } from './explain-actions.ts'
import type { NodeExplanation } from './explain-node.ts'
import type { NodeScore, Term } from './explain-scores.ts'
import type { Remark } from './explain-sources.ts'

/** A JSON value. */
type Data = { readonly [name: string]: unknown }

/** The whole answer, for JSON.stringify. */
export function explanationData({ resource, primitives, node, nodes }: Explanation, file: string): Data {
  return {
    file,
    resource: resource === undefined ? null : { ...resource, scores: resource.scores.map(scoreData) },
    primitives: primitives.map(primitiveData),
    nodes: [...nodes, ...(node === undefined ? [] : [node])].map(nodeData),
  }
}

function remarkData({ text, origin: { id, line, column } }: Remark): Data {
  return { text, ...(id === '' ? {} : { id }), ...(line === 0 ? {} : { line, column }) }
}

function primitiveData({ verdict, notes, scores, promotion, actions, ...rest }: ResourceExplanation): Data {
  return {
    ...rest,
    node: rest.node ?? null,
    verdict: remarkData(verdict),
    notes: notes.map(remarkData),
    scores: scores.map(scoreData),
    promotion:
      promotion === undefined
        ? null
        : { ...promotion, terms: promotion.terms.map(termData), verdict: remarkData(promotion.verdict) },
    actions: actions.map(actionData),
  }
}

function scoreData({ node, score, terms, obstacles }: NodeScore): Data {
  return {
    node,
    score: score ?? null,
    shown: score === undefined ? null : scoreText(score),
    terms: terms.map(termData),
    obstacles: obstacles.map(remarkData),
  }
}

function termData({ noted, amount, how, counts, parts, ...told }: Term): Data {
  return {
    what: noted,
    amount,
    how,
    counts,
    ...remarkData(told),
    ...(parts.length === 0 ? {} : { parts: parts.map(termData) }),
  }
}

function actionData({ because, before, ...rest }: ActionExplanation): Data {
  return { ...rest, because: because.map(remarkData), before: before?.map(remarkData) ?? null }
}

function nodeData({ verdict, state, actions, ...rest }: NodeExplanation): Data {
  return { ...rest, verdict: remarkData(verdict), state: state.map(remarkData), actions: actions.map(actionData) }
}
