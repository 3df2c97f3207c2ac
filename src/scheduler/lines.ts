/**
 * The lines that `-s` and `-U` show, taken down at the moment of computation: their order is the order of events.
 *
 * Reads   Resource.scores, needs; WorkNode.capacity
 * Writes  Worksheet.lines
 * Runs    within assignment
 * Source  spec B-21, B-0.12
 */
import { hashOrder } from './hash-order.ts'
import { because, note } from './table.ts'
import { ABSENT, type Resource, type Values, type WorkNode, type Worksheet } from './worksheet.ts'

/** The scores of a resource and of all below it; orphans show none. Source: spec B-21.1 to B-21.3. */
export function showScores(sheet: Worksheet, resource: Resource, where: string): void {
  const { lines, wantScores, nodes } = sheet
  if (sheet.contributions !== undefined) noteShown(sheet, resource, where)
  if (lines === undefined || !wantScores || resource.from.orphan) return
  for (const index of sheet.nodeOrder) {
    const score = resource.scores[index]!
    if (score !== ABSENT) lines.push({ kind: 'score', where, resource: resource.id, node: nodes[index]!.name, score })
  }
  for (const child of resource.children) showScores(sheet, child, where)
}

function noteShown(sheet: Worksheet, resource: Resource, where: string): void {
  for (const index of sheet.nodeOrder) {
    const score = resource.scores[index]!
    if (score !== ABSENT) note(sheet, resource, index, score, 'shown', because(where))
  }
}

/** One instance's promotion score. Source: spec B-21.5. */
export function showPromotion(sheet: Worksheet, resource: Resource, node: number): void {
  note(sheet, resource, node, resource.sortIndex, 'shown', because('promotion score'), 'promotion')
  if (sheet.lines === undefined || !sheet.wantScores) return
  const name = sheet.nodes[node]?.name ?? 'none'
  sheet.lines.push({ kind: 'promotion', resource: resource.id, node: name, score: resource.sortIndex })
}

/** What every node has. Source: spec B-21.6. */
export function showCapacities(sheet: Worksheet, when: 'Original' | 'Remaining'): void {
  if (sheet.lines === undefined || !sheet.wantUtilization) return
  for (const index of sheet.nodeOrder) {
    const { name, capacity } = sheet.nodes[index]!
    sheet.lines.push({ kind: 'capacity', when, node: name, values: inHashOrder(capacity) })
  }
}

/** What one assignment takes. Source: spec B-21.7. */
export function showUtilization(sheet: Worksheet, resource: Resource, node: WorkNode): void {
  if (sheet.lines === undefined || !sheet.wantUtilization) return
  const { id, needs } = resource
  sheet.lines.push({ kind: 'utilization', resource: id, node: node.name, values: inHashOrder(needs) })
}

function inHashOrder(amounts: ReadonlyMap<string, number>): Values {
  return hashOrder([...amounts.keys()]).map((name) => [name, amounts.get(name)!] as const)
}
