/**
 * What corosync, and the daemons beside the controller, make of a new membership: quorum, attributes and fencing of who is gone, and
 * what corosync's log says. What the controller makes of it stands in `members`. Source: spec E-2.2, E-2.6, E-3.2, E-3.4, E-9.1.
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { dropValues, forgetWrites, tellOwnValues } from './attributes.ts'
import { fencersLost } from './fencer-life.ts'
import { judgeQuorum, keepExpected, votesOf } from './quorum.ts'
import type { Membership } from './ring-state.ts'
import { log, type PacemakerState, tell } from './state.ts'

/** A ring was made: everything but the controller hears of it. */
export function membershipChanged(state: PacemakerState, context: DaemonContext, membership: Membership): void {
  const { joined, left } = membership
  const { corosync } = state.config
  state.cibLog = []
  const had = state.quorum.isQuorate
  const has = judgeQuorum(state.quorum, corosync, membership)
  keepExpected(state.quorum, corosync, context)
  for (const member of left)
    context.act({ kind: 'membership', member, status: 'dead', text: `${member} has left the ring` })
  for (const member of joined)
    if (member !== state.self)
      context.act({ kind: 'membership', member, status: 'active', text: `${member} is in the ring` })
  tellRing(state, context, membership)
  if (has !== had) {
    tellPrimary(context, has)
    context.act({ kind: 'believe', about: 'quorum', state: has ? 'acquired' : 'lost' })
  }
  if (left.length > 0 && corosync.quorum.lastManStanding)
    context.act({ kind: 'timer', name: 'last-man-standing', delay: corosync.quorum.window })
  for (const node of left) dropValues(state, context, node)
  fencersLost(state, context, left)
  if (joined.length > 0 && state.controller.isIn) {
    tell(state, context, 'cpg', true)
    tellOwnValues(state, context)
  }
  forgetWrites(state, context)
}

/** Source: spec E-2.6, E-3.2 (wait_for_all), E-3.4. */
function tellRing(state: PacemakerState, context: DaemonContext, membership: Membership): void {
  const { members, joined, left, leftCleanly, sequence } = membership
  const ids = (names: readonly NodeName[]): string => names.map((name) => ` ${idOf(state, name)}`).join('')
  const part = (word: string, names: readonly NodeName[]): string =>
    names.length === 0 ? '' : ` ${word}:${ids(names)}`
  const ring = `${idOf(state, members[0]!).toString(16)}.${sequence.toString(16)}`
  log(context, `A new membership (${ring}) was formed. Members${part('joined', joined)}${part('left', left)}`)
  const failed = left.filter((node) => !leftCleanly.includes(node))
  if (failed.length > 0) log(context, `Failed to receive the leave message.${part('failed', failed)}`)
  const { isWaiting, expected } = state.quorum
  const votes = `Current votes: ${votesOf(state.config.corosync, members)} expected_votes: ${expected}`
  if (isWaiting) log(context, `Waiting for all cluster members. ${votes}`)
  log(context, `Members[${members.length}]:${ids(members)}`)
}

/** Source: spec E-3.4. */
export function tellPrimary(context: DaemonContext, isPrimary: boolean): void {
  log(
    context,
    isPrimary
      ? 'This node is within the primary component and will provide service.'
      : 'This node is within the non-primary component and will NOT provide any services.',
    isPrimary ? 'info' : 'warning',
  )
}

function idOf({ config }: PacemakerState, name: NodeName): number {
  return config.corosync.nodes.find((node) => node.name === name)?.id ?? 0
}
