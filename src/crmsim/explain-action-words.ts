/**
 * Actions in words: `stop db on n1`, `fence n2`, `monitor db on n1 every 10 s`.
 *
 * Changes nothing. Source: spec C-2, C-13.10.
 */
import { type Action, OPTIONAL, RUNNABLE } from '../scheduler/action.ts'
import type { Worksheet } from '../scheduler/worksheet.ts'
import { secondsText } from './explain-words.ts'

/** One action for a reader. */
export function actionText({ nodes }: Worksheet, action: Action): string {
  const { resource, task, tail, key, node, intervalMs, cancelledTask, added } = action
  const on = 0 <= node ? ` on ${nodes[node]!.name}` : ''
  if (resource === undefined) return nodeActionText(action, nodes[node]?.name)
  const { id } = resource
  if (task === 'cancel') return `cancel the ${cancelledTask} every ${secondsText(intervalMs)} of ${id}${on}`
  if (0 < intervalMs) return `${task} ${id}${on} every ${secondsText(intervalMs)}`
  if (task === 'monitor') return `probe ${id}${on}`
  if (task === 'notify' || task === 'notified')
    return `tell the instances of ${id} (${added.get('notify_type')}-${added.get('notify_operation')})`
  if (task === 'delete' || task === 'lrm_delete') return `clean up the history of ${id}${on}`
  if (task === 'clear_failcount') return `clear the fail count of ${id}${on}`
  if (task === 'migrate_to') return `migrate ${id} away from ${nodes[node]?.name}`
  if (task === 'migrate_from') return `migrate ${id} to ${nodes[node]?.name}`
  if (task === 'reload-agent') return `reload ${id}${on}`
  const word = COMPLETIONS.get(task)
  if (word !== undefined) return `the ${word} of ${id}`
  return `${tail.startsWith(task) ? task : key} ${id}${on}`
}

const COMPLETIONS = new Map([
  ['running', 'start'],
  ['stopped', 'stop'],
  ['promoted', 'promotion'],
  ['demoted', 'demotion'],
])

function nodeActionText({ task, key, added }: Action, node = ''): string {
  if (task === 'do_shutdown') return `shut down ${node}`
  if (task === 'stonith') {
    const operation = added.get('stonith_action')
    return operation === 'on' ? `unfence ${node}` : `fence ${node} (${operation})`
  }
  if (key.startsWith('load_stopped')) return `make room on ${node}`
  const group = /^(?:clone-)?one-or-more:(.*)$/.exec(key)
  if (group !== null) return `enough of the first ones of ${group[1]}`
  return key.replaceAll('_', ' ')
}

/** Not optional. */
export function isNeeded({ flags }: Action): boolean {
  return (flags & OPTIONAL) === 0
}

/** May run. */
export function canRun({ flags }: Action): boolean {
  return (flags & RUNNABLE) !== 0
}
