/**
 * What a run did, as XML: modifications, scores, planned actions, the executed transition.
 *
 * Source: spec D-12 (texts: D-6, D-7.6, D-8.1), probes of 2.1.5.
 */
import { roleText, STARTED, scoreText, UNPROMOTED } from '../cib/role.ts'
import type { ScoreLine, Values } from '../scheduler/worksheet.ts'
import type { InjectedAttribute, Modification, TransitionItem } from './result.ts'
import type { ResourceItem, SummaryItem } from './summary.ts'
import { type XmlNode, type XmlValue, xml } from './xml-text.ts'

/** `<modifications>`. Quorum and watchdog are its attributes. */
export function modificationsXml(items: readonly Modification[]): XmlNode {
  const given = (kind: 'quorum' | 'watchdog'): string | undefined =>
    items.flatMap((item) => (item.kind === kind ? [item.value] : []))[0]
  return xml('modifications', { quorum: given('quorum'), watchdog: given('watchdog') }, items.flatMap(modificationXml))
}

function modificationXml(item: Modification): readonly XmlNode[] {
  switch (item.kind) {
    case 'quorum':
    case 'watchdog':
      return []
    case 'node':
      return [xml('modify_node', { action: item.action, node: item.node })]
    case 'ticket':
      return [xml('modify_ticket', { action: item.action, ticket: item.ticket })]
    case 'operation':
      return [xml('inject_spec', { spec: item.spec })]
    case 'attribute':
      return [injectedXml(item)]
  }
}

function injectedXml({ name, value, path, node }: InjectedAttribute): XmlNode {
  return xml('inject_attr', { name, value, node_path: path, cib_node: node })
}

/** What scheduling showed: `<allocations>`, `<utilizations>` or both in one. */
export function scoresXml(
  lines: readonly ScoreLine[],
  wanted: { readonly scores: boolean; readonly utilization: boolean },
): XmlNode {
  const name = !wanted.utilization ? 'allocations' : wanted.scores ? 'allocations_utilizations' : 'utilizations'
  return xml(name, {}, lines.flatMap(scoreXml))
}

/** One line; lines that are no scores have no element. */
export function scoreXml(line: ScoreLine): readonly XmlNode[] {
  switch (line.kind) {
    case 'score': {
      const { where, node, score, resource: id } = line
      return [xml('node_weight', { function: where, node, score: scoreText(score), id })]
    }
    case 'promotion': {
      const { resource: id, score, node } = line
      return [xml('promotion_score', { id, score: scoreText(score), node: node === 'none' ? undefined : node })]
    }
    case 'capacity':
      return [xml('capacity', { node: line.node, comment: line.when }, valuesXml(line.values))]
    case 'utilization': {
      const { resource, node, values } = line
      return [xml('utilization', { resource, node, function: 'pcmk__finalize_assignment' }, valuesXml(values))]
    }
    case 'notice':
      return []
  }
}

function valuesXml(values: Values): readonly XmlNode[] {
  return values.map(([name, amount]) => ({ ...xml(name), text: String(amount) }))
}

/** `<actions>`: the summary. */
export function actionsXml(items: readonly SummaryItem[]): XmlNode {
  return xml(
    'actions',
    {},
    items.map((item) => {
      if (item.kind === 'resource') return plannedXml(item)
      const { task, node, reason } = item
      return xml('node_action', { task, node, reason })
    }),
  )
}

function plannedXml(item: ResourceItem): XmlNode {
  const { word, resource, reason, isBlocked } = item
  return xml('rsc_action', {
    action: word.toLowerCase(),
    resource,
    ...changeOf(item),
    reason,
    blocked: isBlocked ? true : undefined,
  })
}

/** From where and what to where and what; which of these are told follows the text's cases. Source: spec D-6.4. */
function changeOf({ origin, destination, role: from, nextRole: to }: ResourceItem): Readonly<Record<string, XmlValue>> {
  const needsRole = STARTED < from || UNPROMOTED < to
  const role = needsRole ? roleText(from) : undefined
  const next = needsRole ? roleText(to) : undefined
  if (origin === undefined) return needsRole ? { role, 'next-role': next, dest: destination } : { node: destination }
  if (destination === undefined) return { role, node: origin }
  const isSameHost = origin === destination
  if (from === to) return isSameHost ? { role, source: origin } : { source: origin, dest: destination, role }
  if (isSameHost) return { role: roleText(from), 'next-role': roleText(to), source: origin }
  return { role: roleText(from), source: origin, 'next-role': roleText(to), dest: destination }
}

/** `<transition>`: what was executed. */
export function transitionXml(items: readonly TransitionItem[]): XmlNode {
  return xml('transition', {}, items.flatMap(executedXml))
}

function executedXml(item: TransitionItem): readonly XmlNode[] {
  switch (item.kind) {
    case 'resource': {
      const { resource, operation: op, node, intervalMs } = item
      return [xml('rsc_action', { resource, op, node, interval: intervalMs === 0 ? undefined : intervalMs })]
    }
    case 'pseudo':
      return [xml('pseudo_action', { task: item.task, node: item.node })]
    case 'cluster':
      return [xml('cluster_action', { task: item.task, node: item.node, id: item.id })]
    case 'fencing':
      return [xml('fencing_action', { target: item.target, op: item.operation })]
    case 'pretended':
      return []
    case 'attribute':
      return [injectedXml(item)]
  }
}
