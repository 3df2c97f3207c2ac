/**
 * User constraints, in document order, each given its meaning by its own file.
 *
 * Reads   configuration.constraints
 * Writes  locations, colocations, orderings, tickets and what these do at once
 * Runs    after node health, before node criteria
 * Source  spec B-1.1, B-1.3
 */
import { passesAny } from '../cib/rules.ts'
import { contextOf } from './context.ts'
import { unpackLocation } from './locations.ts'
import { unpackTicket } from './tickets.ts'
import { unpackColocation } from './unpack-colocations.ts'
import { unpackOrder } from './user-orders.ts'
import type { Worksheet } from './worksheet.ts'

/** Unpacks every constraint whose lifetime is now. */
export function unpackConstraints(sheet: Worksheet): void {
  const context = contextOf(sheet)
  for (const constraint of sheet.state.configuration.constraints) {
    if (constraint.lifetime !== undefined && !passesAny(constraint.lifetime, context)) continue
    switch (constraint.kind) {
      case 'location':
        unpackLocation(sheet, constraint)
        break
      case 'colocation':
        unpackColocation(sheet, constraint)
        break
      case 'order':
        unpackOrder(sheet, constraint)
        break
      case 'ticket':
        unpackTicket(sheet, constraint)
    }
  }
}
