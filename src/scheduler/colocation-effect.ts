/**
 * What one colocation touches of its dependent: its place, its role, or nothing. Changes nothing.
 *
 * Source: spec B-12.3, B-19.10.
 */
import { UNPROMOTED } from '../cib/role.ts'
import type { Colocation, Resource } from './worksheet.ts'

/** What a colocation touches. */
export type Effect = 'none' | 'role' | 'location'

/** The effect now that the primary is placed, or not. Source: spec B-12.3. */
export function effectOf(colocation: Colocation, dependent: Resource, primary: Resource): Effect {
  if (primary.isProvisional) return 'none'
  const { dependentRole } = colocation
  const isInstance = dependent.parent !== undefined && dependent.top.from.promotable
  if (UNPROMOTED <= dependentRole && isInstance && !dependent.isProvisional) return 'role'
  return dependent.isProvisional ? matchRoles(colocation, dependent, primary) : 'none'
}

/** The effect as it would be, whatever is already assigned. Source: spec B-19.10. */
export function previewEffect(colocation: Colocation, dependent: Resource, primary: Resource): Effect {
  const isInstance = dependent.parent !== undefined && dependent.top.from.promotable
  if (UNPROMOTED <= colocation.dependentRole && isInstance && !dependent.isProvisional) return 'role'
  return matchRoles(colocation, dependent, primary)
}

function matchRoles({ score, dependentRole, primaryRole }: Colocation, dependent: Resource, primary: Resource): Effect {
  if (0 < score) {
    if (dependentRole !== 0 && dependentRole !== dependent.nextRole) return 'none'
    return primaryRole !== 0 && primaryRole !== primary.nextRole ? 'none' : 'location'
  }
  if (dependentRole !== 0 && dependentRole === dependent.nextRole) return 'none'
  return primaryRole !== 0 && primaryRole === primary.nextRole ? 'none' : 'location'
}
