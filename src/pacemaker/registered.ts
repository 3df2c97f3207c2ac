/**
 * Where fence devices may be used: a node's fencer registers every device that location constraints do not keep from it, whether or not the
 * device's resource runs there or anywhere. Worked out when somebody asks: nothing is done for fencing where there is none.
 *
 * Differs: rules of constraints are judged at that moment, where a real fencer judges them when the configuration changes.
 * Source: spec E-8.3 (c), E-14 rule 11.
 */
import type { Configuration } from '../cib/configuration.ts'
import { STOPPED, toRole } from '../cib/role.ts'
import type { ClusterState } from '../cib/state.ts'
import { parametersOn } from '../scheduler/context.ts'
import { locateOnly } from '../scheduler/location-only.ts'
import { ABSENT, GROUP, type Resource } from '../scheduler/worksheet.ts'
import { type Device, identityOf, toDevices } from './devices.ts'

/** The devices that the fencer of `node` has, in the order of the configuration; of a clone's copies one. O(resources × nodes). */
export function registeredOn(state: ClusterState, node: string): readonly Device[] {
  if (!state.resources.some((resource) => resource.fenceDevice)) return []
  const index = state.nodes.findIndex(({ uname }) => uname === node)
  const sheet = locateOnly(state)
  const found = new Map<string, Device>()
  for (const resource of sheet.resources) {
    const { fenceDevice, orphan, xmlId, type } = resource.from
    if (!fenceDevice || orphan || found.has(xmlId) || isDisabled(resource) || !isAllowed(resource, index)) continue
    found.set(xmlId, { id: xmlId, agent: type ?? '', parameters: parametersOn(sheet, resource, index) })
  }
  return [...found.values()]
}

function isDisabled({ from }: Resource): boolean {
  return toRole(from.meta.get('target-role') ?? '') === STOPPED
}

function isAllowed(resource: Resource, node: number): boolean {
  const score = resource.scores[node] ?? ABSENT
  if (score === ABSENT || score < 0) return false
  const { parent } = resource
  return parent === undefined || parent.variant !== GROUP || isAllowed(parent, node)
}

/** A device that is another one now has not answered yet; one that is no more never will. */
export function forgetChanged(verified: Set<string>, before: Configuration, after: Configuration): void {
  if (verified.size === 0) return
  const old = new Map(toDevices(before).map((device) => [device.id, identityOf(device)]))
  const now = new Map(toDevices(after).map((device) => [device.id, identityOf(device)]))
  for (const id of [...verified]) if (old.get(id) !== now.get(id)) verified.delete(id)
}
