/**
 * Live migration of a primitive: whether it may, and the two actions that move it instead of a stop and a start.
 *
 * Reads   Resource.migratable, managed, failed, startPending; nodes
 * Writes  actions, their MIG flags, orderings
 * Runs    after the role actions and recurring operations of each primitive
 * Source  spec C-10
 */
import { FIRST_MIG, MIGRATABLE, ORDER, PSEUDO, PSEUDO_NEEDS_RUN } from './action.ts'
import { order } from './ordering.ts'
import { addMeta, setFlags } from './record.ts'
import { requestAction } from './request.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** The resource, which moves from `current` to where it is assigned, may migrate. Source: spec C-10.1. */
export function mayMigrate({ nodes }: Worksheet, resource: Resource, current: number): boolean {
  const { migratable, managed, failed, startPending, assigned } = resource
  return migratable && managed && !failed && !startPending && !nodes[current]!.unclean && !nodes[assigned]!.unclean
}

/** Creates the actions of a migration; `isPartial` goes on with one that had begun. Source: spec C-10.2 to C-10.4. */
export function createMigration(
  sheet: Worksheet,
  resource: Resource,
  { current, isPartial }: { readonly current: number; readonly isPartial: boolean },
): void {
  const request = (task: string, node: number) => requestAction(sheet, resource, { task, node, optional: true })
  const { assigned } = resource
  const start = request('start', assigned)
  const stop = request('stop', current)
  const to = isPartial ? undefined : request('migrate_to', current)
  const from = request('migrate_from', assigned)
  setFlags(start, MIGRATABLE | PSEUDO)
  setFlags(stop, MIGRATABLE)
  setFlags(from, MIGRATABLE)
  if (to === undefined) {
    from.need = start.need
    order(sheet, [resource, 'monitor_0'], [resource, 'migrate_from_0'], ORDER)
  } else {
    setFlags(to, MIGRATABLE)
    to.need = start.need
    order(sheet, [resource, 'monitor_0'], [resource, 'migrate_to_0'], ORDER)
    order(sheet, [resource, 'migrate_to_0'], [resource, 'migrate_from_0'], ORDER | FIRST_MIG)
    if (!resource.from.remoteConnection) addMeta(to, 'record-pending', 'true')
  }
  order(sheet, [resource, 'migrate_from_0'], [resource, 'stop_0'], ORDER | FIRST_MIG)
  order(sheet, [resource, 'migrate_from_0'], [resource, 'start_0'], ORDER | FIRST_MIG | PSEUDO_NEEDS_RUN)
  for (const action of [to, from]) {
    if (action === undefined) continue
    addMeta(action, 'migrate_source', sheet.nodes[current]!.name)
    addMeta(action, 'migrate_target', sheet.nodes[assigned]!.name)
  }
}
