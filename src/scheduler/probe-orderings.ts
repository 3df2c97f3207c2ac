/**
 * Orderings that probes imply: whatever would be restarted because of what a probe may find waits for the probe.
 *
 * Reads   probes, links, orderings
 * Writes  links
 * Runs    after all orderings were applied, before propagation
 * Source  spec C-16
 */
import { isTrue } from '../cib/values.ts'
import {
  type Action,
  ANTI_COLOC,
  LOAD,
  link,
  ORDER,
  type Ordering,
  SAME_NODE,
  THEN_REQ,
  TRACK,
  UNLESS_MIGRATING,
} from './action.ts'
import { findPartner } from './interleave.ts'
import { leavesOf } from './nodes.ts'
import { actionsOf, isPseudo } from './record.ts'
import { CLONE, GROUP, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** Both passes. */
export function orderProbes(sheet: Worksheet): void {
  for (const top of sheet.tops) for (const leaf of leavesOf(top)) orderRestarts(sheet, leaf)
  for (const ordering of sheet.orderings) orderStop(ordering)
}

/** Source: spec C-16.1. */
function orderRestarts(sheet: Worksheet, resource: Resource): void {
  for (const probe of actionsOf(resource, 'monitor_0')) {
    for (let at = probe.after.length - 1; 0 <= at; at--) {
      const marked: Action[] = []
      walk(sheet, probe, probe.after[at]!.then, marked)
      for (const action of marked) action.flags &= ~TRACK
    }
  }
}

function walk(sheet: Worksheet, probe: Action, reached: Action, marked: Action[]): void {
  if ((reached.flags & TRACK) !== 0) return
  reached.flags |= TRACK
  marked.push(reached)
  const { resource } = reached
  if (resource?.variant === PRIMITIVE && resource !== probe.resource) linkRestart(probe, reached, resource)
  const partner = partnerOf(sheet, probe.resource!, resource)
  for (let at = reached.after.length - 1; 0 <= at; at--) {
    const { bits, then } = reached.after[at]!
    if ((bits & THEN_REQ) !== 0 || leadsInside(probe.resource!, resource, then, partner))
      walk(sheet, probe, then, marked)
  }
}

function linkRestart(probe: Action, { task }: Action, resource: Resource): void {
  const tail = task === 'start' ? 'stop_0' : task === 'promote' ? 'demote_0' : undefined
  if (tail === undefined) return
  const actions = actionsOf(resource, tail)
  for (let at = actions.length - 1; 0 <= at; at--) if (!isPseudo(actions[at]!)) link(probe, actions[at], ORDER)
}

/** For an interleaved clone or bundle its instance beside the probed resource, null where there is none. */
function partnerOf(sheet: Worksheet, probed: Resource, resource: Resource | undefined): Resource | null | undefined {
  if (resource === undefined || resource.variant < CLONE || !isTrue(resource.from.meta.get('interleave')))
    return undefined
  return findPartner(sheet, probed, resource, false) ?? null
}

function leadsInside(
  probed: Resource,
  resource: Resource | undefined,
  { resource: inner }: Action,
  partner: Resource | null | undefined,
): boolean {
  if (resource === undefined || resource.variant === PRIMITIVE || probed.parent === resource) return false
  if (inner === undefined || GROUP < inner.variant || inner.parent !== resource) return false
  return partner === undefined || inner === partner
}

/** Source: spec C-16.2. */
function orderStop({ firstResource, firstTail, thenResource, thenTail, thenAction, bits }: Ordering): void {
  const resource = thenResource ?? thenAction?.resource
  if (bits === 0 || firstResource === undefined || firstResource === resource || firstTail !== 'stop_0') return
  if (resource !== undefined && firstResource.container === resource && thenTail === 'stop_0') return
  const probes = actionsOf(firstResource, 'monitor_0')
  if (probes.length === 0) return
  const isSpecial = bits === ANTI_COLOC || bits === LOAD
  const used = isSpecial ? bits : ORDER | (bits & (UNLESS_MIGRATING | SAME_NODE))
  const thens = thenAction === undefined ? actionsOf(resource!, thenTail) : [thenAction]
  for (const probe of probes) for (const then of thens) if (isBehind(probe, then)) link(probe, then, used)
}

function isBehind(probe: Action, { task, key, node }: Action): boolean {
  if (task === 'stonith') return !(key.endsWith('-on') && node === probe.node)
  return task !== 'do_shutdown' || node === probe.node || node < 0 || probe.node < 0
}
