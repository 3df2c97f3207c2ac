/**
 * Implicit constraints: what follows from the resources themselves, without anybody having written it.
 *
 * Reads   resources, current nodes and roles
 * Writes  orderings, colocations, bans; the actions stonith-NODE-on and load_stopped_NODE
 * Runs    after node criteria, before changed configuration is looked at
 * Source  spec C-3.2 step 4, C-14.1 to C-14.6, B-7.13, B-7.14
 */
import { unpackImplicitBundle } from './implicit-bundle.ts'
import { unpackImplicitClone } from './implicit-clone.ts'
import { unpackImplicitGroup } from './implicit-group.ts'
import { unpackImplicitPrimitive } from './implicit-primitive.ts'
import { BUNDLE, CLONE, GROUP, PRIMITIVE, type Worksheet } from './worksheet.ts'

/** Unpacks the implicit constraints of every resource, in the order of the resource list. */
export function unpackImplicit(sheet: Worksheet): void {
  for (const resource of sheet.tops) {
    switch (resource.variant) {
      case PRIMITIVE:
        unpackImplicitPrimitive(sheet, resource)
        break
      case GROUP:
        unpackImplicitGroup(sheet, resource)
        break
      case CLONE:
        unpackImplicitClone(sheet, resource)
        break
      case BUNDLE:
        unpackImplicitBundle(sheet, resource)
    }
  }
}
