/**
 * A decision that goes no further than location constraints: what fencers ask the scheduler for, to know where devices may be used.
 *
 * Reads   the state
 * Writes  Resource.scores, of a worksheet of its own
 * Source  spec E-8.3 (c)
 */
import type { ClusterState } from '../cib/state.ts'
import { unpackConstraints } from './constraints.ts'
import { applyLocations } from './locations.ts'
import { toWorksheet } from './sheet.ts'
import type { Worksheet } from './worksheet.ts'

/** The worksheet with node tables as location constraints leave them. */
export function locateOnly(state: ClusterState): Worksheet {
  const sheet = toWorksheet(state)
  unpackConstraints(sheet)
  applyLocations(sheet)
  return sheet
}
