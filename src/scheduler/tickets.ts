/**
 * `rsc_ticket`: what a ticket that is not granted, or in standby, does to resources at once.
 *
 * Reads   state.tickets, roles and active nodes of leaves
 * Writes  Resource.scores, managed, blocked, tickets; nodes to be fenced
 * Runs    with the other constraints, in document order
 * Source  spec B-6
 */
import type { TicketConfig } from '../cib/configuration.ts'
import { PROMOTED, type Role, STARTED, toRole } from '../cib/role.ts'
import { decided } from './action.ts'
import { fenceNode } from './fencing.ts'
import { expandSets, findResource, findTagged } from './find.ts'
import { tagSet } from './locations.ts'
import { leavesOf } from './nodes.ts'
import { banEverywhere } from './table.ts'
import type { Resource, TicketConstraint, Worksheet } from './worksheet.ts'

/** One `rsc_ticket`. */
export function unpackTicket(sheet: Worksheet, config: TicketConfig): void {
  if (config.ticket === undefined) return
  if (0 < config.sets.length) {
    for (const set of expandSets(sheet, config.sets) ?? config.sets) {
      for (const member of set.members) {
        const resource = findResource(sheet, member)
        if (resource === undefined) return
        applyTicket(sheet, resource, toConstraint(sheet, config, set.role))
      }
    }
    return
  }
  const { rsc } = config
  if (rsc === undefined) return
  const resource = findResource(sheet, rsc)
  const members = resource === undefined ? findTagged(sheet, rsc) : undefined
  const ids = members === undefined ? [rsc] : tagSet(config, members, config.rscRole).members
  for (const id of ids) {
    const named = findResource(sheet, id)
    if (named === undefined) return
    applyTicket(sheet, named, toConstraint(sheet, config, config.rscRole))
  }
}

/** Source: spec B-6.1, B-6.2. */
function toConstraint(sheet: Worksheet, config: TicketConfig, roleText: string | undefined): TicketConstraint {
  const asked = toRole(roleText ?? '')
  const role: Role = asked === STARTED ? 0 : asked
  const { id, line, column } = config
  return {
    ticket: config.ticket!,
    role,
    lossPolicy: toPolicy(sheet, config.lossPolicy, role),
    origin: { id, line, column },
  }
}

function toPolicy(sheet: Worksheet, text: string | undefined, role: Role): TicketConstraint['lossPolicy'] {
  switch (text?.toLowerCase()) {
    case 'fence':
      return sheet.options.fencing ? 'fence' : 'stop'
    case 'freeze':
      return 'freeze'
    case 'demote':
      return 'demote'
    case 'stop':
      return 'stop'
    default:
      return role === PROMOTED ? 'demote' : 'stop'
  }
}

/** True where the ticket of the constraint is granted and not in standby. */
export function isTicketUsable(sheet: Worksheet, { ticket }: TicketConstraint): boolean {
  const state = sheet.state.tickets.get(ticket)
  return state?.granted === true && !state.standby
}

function applyTicket(sheet: Worksheet, resource: Resource, constraint: TicketConstraint): void {
  resource.tickets.push(constraint)
  if (isTicketUsable(sheet, constraint)) return
  for (const leaf of leavesOf(resource)) applyToLeaf(sheet, leaf, constraint)
}

/** Source: spec B-6.3. */
function applyToLeaf(sheet: Worksheet, leaf: Resource, constraint: TicketConstraint): void {
  const { role, lossPolicy, origin, ticket } = constraint
  const isGranted = sheet.state.tickets.get(ticket)?.granted === true
  const isLost = !isGranted && 0 < leaf.runningOn.length
  const ban = (what: string): void => banEverywhere(sheet, leaf, { what: `${what} ${ticket}`, origin })
  if (!isLost) {
    if (role !== PROMOTED || lossPolicy === 'stop') ban(isGranted ? 'ticket in standby' : 'no ticket')
    return
  }
  const cause = decided('deadman ticket was lost', origin.id, origin)
  const concerns = role === 0 || role === leaf.role
  switch (lossPolicy) {
    case 'stop':
      return ban('loss of ticket')
    case 'demote':
      if (role !== PROMOTED) ban('loss of ticket')
      return
    case 'fence':
      if (!concerns) return
      ban('loss of ticket')
      for (const node of leaf.runningOn) fenceNode(sheet, sheet.nodes[node]!, 'deadman ticket was lost', { cause })
      return
    case 'freeze':
      if (!concerns) return
      leaf.managed = false
      leaf.blocked = true
  }
}
