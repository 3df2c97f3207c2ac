/**
 * The transition graph as the XML text that `-G` writes.
 *
 * Writes what it is given: the order of synapses, inputs and attributes is the scheduler's. Source: spec C-21.
 */
import { escapeValue } from '../cib/escape.ts'
import type { Graph, GraphAction, Synapse } from '../scheduler/graph.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

/** The whole file, with its last newline. O(size of the text). Source: spec C-21.1, C-21.2, C-21.18. */
export function graphText(graph: Graph): string {
  const root = startTag('transition_graph', graph.header)
  if (graph.synapses.length === 0) return `${root}/>\n`
  const lines = [`${root}>`]
  graph.synapses.forEach((synapse, id) => {
    writeSynapse(synapse, id, lines)
  })
  lines.push('</transition_graph>', '')
  return lines.join('\n')
}

function writeSynapse({ priority, action, inputs }: Synapse, id: number, lines: string[]): void {
  lines.push(`  <synapse id="${id}"${priority > 0 ? ` priority="${priority}"` : ''}>`)
  lines.push('    <action_set>')
  writeAction(action, lines)
  lines.push('    </action_set>')
  if (inputs.length === 0) lines.push('    <inputs/>')
  else {
    lines.push('    <inputs>')
    for (const input of inputs) {
      lines.push('      <trigger>', `        ${startTag(input.element, input.head)}/>`, '      </trigger>')
    }
    lines.push('    </inputs>')
  }
  lines.push('  </synapse>')
}

/** The full form of an action. Source: spec C-21.13. */
function writeAction(action: GraphAction, lines: string[]): void {
  const { element, head, shutdownLock, resource, attributes, params, downed, maintenance } = action
  const lock: Pairs = shutdownLock === undefined ? [] : [['shutdown-lock', shutdownLock]]
  lines.push(`      ${startTag(element, [...head, ...lock])}>`)
  if (resource !== undefined) {
    const names = [
      ['id', resource.id],
      ['long-id', resource.longId],
      ['class', resource.class],
      ['provider', resource.provider],
      ['type', resource.type],
    ] as const
    const given = names.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    lines.push(`        ${startTag(resource.element, given)}/>`)
  }
  writeList(startTag('attributes', attributes), 'attributes', params.map(paramTag), lines)
  if (downed !== undefined) {
    const nodes = downed.map((id) => startTag('node', [['id', id]]))
    writeList('<downed', 'downed', nodes, lines)
  }
  if (maintenance !== undefined) writeList('<maintenance', 'maintenance', maintenance.map(maintenanceTag), lines)
  lines.push(`      </${element}>`)
}

function paramTag([name, value]: readonly [string, string]): string {
  return startTag('param', [
    ['name', name],
    ['value', value],
  ])
}

function maintenanceTag([id, inMaintenance]: readonly [string, boolean]): string {
  return startTag('node', [
    ['id', id],
    ['node_in_maintenance', inMaintenance ? '1' : '0'],
  ])
}

/** An element below an action and its empty children, all of them start tags without their end. */
function writeList(start: string, name: string, children: readonly string[], lines: string[]): void {
  if (children.length === 0) {
    lines.push(`        ${start}/>`)
    return
  }
  lines.push(`        ${start}>`)
  for (const child of children) lines.push(`          ${child}/>`)
  lines.push(`        </${name}>`)
}

function startTag(name: string, attributes: Pairs): string {
  let text = `<${name}`
  for (const [key, value] of attributes) text += ` ${key}="${escapeValue(value)}"`
  return text
}
