/**
 * The assignment pass: every resource gets its node, connections of remote nodes first.
 *
 * Reads   everything the earlier passes left
 * Writes  assignments; the order of Worksheet.tops under a placement strategy; Worksheet.lines
 * Runs    after implicit constraints and the check of changed configuration
 * Source  spec B-9
 */
import { INFINITY } from '../cib/role.ts'
import { mergeSort } from '../cib/values.ts'
import { assign } from './assign.ts'
import { compareNodes } from './choose.ts'
import { showCapacities } from './lines.ts'
import { currentNode } from './nodes.ts'
import { mixPreferences } from './preferences.ts'
import { ABSENT, type Resource, type Scores, type Worksheet } from './worksheet.ts'

/** Assigns all resources. Source: spec B-9.2 to B-9.7. */
export function assignAll(sheet: Worksheet): void {
  if (sheet.options.placementStrategy !== 'default') sortForPlacement(sheet)
  showCapacities(sheet, 'Original')
  if (sheet.nodes.some(({ isRemote }) => isRemote)) {
    for (const top of sheet.tops) if (top.from.remoteConnection) assign(sheet, top, top.partialTarget)
  }
  // A connection waits for its turn in vain where its node's name is that of a cluster node and no other is remote (probed).
  for (const top of sheet.tops) if (!top.from.remoteConnection) assign(sheet, top, -1)
  showCapacities(sheet, 'Remaining')
}

/** Source: spec B-9.3. */
function sortForPlacement(sheet: Worksheet): void {
  const weights: Scores = Int32Array.from(sheet.nodes, ({ weight }) => weight)
  // A list, not a table: with balanced placement the order before the sort shows in the result.
  const nodes = mergeSort(sheet.nodeOrder, (left, right) =>
    compareNodes(sheet, { scores: weights, active: -1 }, left, right),
  )
  const tables = new Map<Resource, Scores>()
  const tableOf = (resource: Resource): Scores => {
    const known = tables.get(resource)
    if (known !== undefined) return known
    const none = new Int32Array(sheet.nodes.length).fill(ABSENT)
    const table =
      mixPreferences(sheet, resource, undefined, { factor: 1, attribute: undefined, isThisWith: true }) ?? none
    tables.set(resource, table)
    return table
  }
  const sorted = mergeSort(sheet.tops, (left, right) => {
    if (left.priority !== right.priority) return right.priority - left.priority
    const homes = homeScore(sheet, right, tableOf(right)) - homeScore(sheet, left, tableOf(left))
    if (homes !== 0) return homes
    for (const node of nodes) {
      const difference = scoreOn(tableOf(right), node) - scoreOn(tableOf(left), node)
      if (difference !== 0) return difference
    }
    return 0
  })
  sheet.tops.splice(0, sheet.tops.length, ...sorted)
}

function homeScore(sheet: Worksheet, resource: Resource, table: Scores): number {
  const home = currentNode(sheet, resource)
  return home < 0 ? -INFINITY : scoreOn(table, home)
}

function scoreOn(table: Scores, node: number): number {
  return table[node] === ABSENT ? -INFINITY : table[node]!
}
