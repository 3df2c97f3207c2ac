/**
 * The dot file of a decision: every action that matters and what waits for what.
 *
 * Reads the worksheet as the graph left it; changes IN_GRAPH of what is drawn, as the reference does. Source: spec C-22, D-10.
 */
import { type Action, IN_GRAPH, LOAD, OPTIONAL, PSEUDO } from '../scheduler/action.ts'
import type { Worksheet } from '../scheduler/worksheet.ts'

/** What is drawn. */
export interface DotOptions {
  /** Also actions that need not be done (`-a`). */
  readonly all?: boolean
  /** Ids behind the names (`-V`). */
  readonly ids?: boolean
}

/** The whole file. */
export function dotText(sheet: Worksheet, options: DotOptions = {}): string {
  const lines = [' digraph "g" {']
  const newestFirst = [...sheet.actions].reverse()
  for (const action of newestFirst) {
    const style = styleOf(action, options.all === true)
    if (style === undefined) continue
    lines.push(`"${nameOf(sheet, action, options)}" [ ${style}]`)
    action.flags |= IN_GRAPH
  }
  for (const action of newestFirst) addEdges(sheet, action, options, lines)
  lines.push('}', '')
  return lines.join('\n')
}

function styleOf({ flags, resource }: Action, all: boolean): string | undefined {
  const font = (flags & PSEUDO) !== 0 ? 'orange' : 'black'
  if ((flags & IN_GRAPH) !== 0) return `style=bold color="green" fontcolor="${font}"`
  if (resource !== undefined && !resource.managed)
    return all ? 'style=dashed color="red" fontcolor="purple"' : undefined
  if ((flags & OPTIONAL) !== 0) return all ? `style=dashed color="blue" fontcolor="${font}"` : undefined
  return `style=dashed color="red" fontcolor="${font}"`
}

/** Source: spec C-22.3. */
function addEdges(sheet: Worksheet, action: Action, options: DotOptions, lines: string[]): void {
  const inputs = [...action.before].sort((left, right) => left.first.id - right.first.id)
  for (const { first, bits, inGraph } of inputs) {
    const isDrawn = (first.flags & action.flags & IN_GRAPH) !== 0 && bits !== LOAD
    if (!inGraph && (bits === 0 || !(isDrawn || options.all === true))) continue
    const style = inGraph ? 'bold' : 'dashed'
    lines.push(`"${nameOf(sheet, first, options)}" -> "${nameOf(sheet, action, options)}" [ style = ${style}]`)
  }
}

/** Source: spec C-22.4. */
function nameOf(sheet: Worksheet, action: Action, { ids }: DotOptions): string {
  const { resource, task, cancelledTask, intervalMs, key, flags, added, id } = action
  const node = sheet.nodes[action.node]?.name
  const host = node ?? ((flags & PSEUDO) !== 0 ? undefined : '<none>')
  const suffix = ids === true ? ` (${id})` : ''
  const prefix = cancelledTask === undefined ? '' : 'Cancel '
  const history = resource?.from.historyName
  if (history !== undefined) {
    const isNotice = task === 'notify' || task === 'notified'
    const name = isNotice
      ? `${history}_${added.get('notify_key_type')}_notify_${added.get('notify_key_operation')}_0`
      : `${history}_${cancelledTask ?? task}_${intervalMs}`
    return `${prefix}${name}${host === undefined ? '' : ` ${host}`}${suffix}`
  }
  // A recurring operation of that name has none (found by operation-named-stonith).
  if (task === 'stonith') return `${prefix}stonith '${added.get('stonith_action') ?? '(null)'}' ${host ?? ''}${suffix}`
  if (host === undefined) return `${key}${suffix}`
  return `${prefix}${resource === undefined ? task : key} ${host}${suffix}`
}
