/**
 * Operations of ocf:pacemaker:remote, which the controller carries out itself: start connects, monitor asks the other end whether it is
 * there, stop disconnects, a migration hands the connection over. What a remote node's coming and going means for the CIB stands here;
 * what follows from that is the scheduler's. Source: spec E-9.8.
 */
import type { RunCommand } from '../manager/command.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageBody } from '../manager/observation.ts'
import type { NodeName } from '../model/names.ts'
import type { OperationResult } from '../model/operation.ts'
import { setAttribute } from './attributes.ts'
import { opEnded, repeatOp } from './executor.ts'
import type { MaintenanceNews } from './initiate.ts'
import {
  authkeyOf,
  type Bundle,
  close,
  createChannel,
  type RemoteNews,
  refuse,
  repeat,
  say,
  take,
} from './remote-link.ts'
import { emptySeat, loseCalls, onSeat, type RemoteSeat, seatFor } from './remote-seat.ts'
import { isRemote, keyOf, log, type PacemakerState, tell, updateCib } from './state.ts'
import { nodeStatusOf, transientsOf } from './store.ts'

/** One try to connect, the pause before the next, and what must be left for it. */
const TRY = 10_000
const AGAIN = 1000
const LEAST = 3000
/** What a controller needs for what it does without asking anybody. */
const SOON = 5
const NOT_RUNNING = 7
const INVALID = 2

/** Keeps agents' calls of connections: there is no agent. Everything else passes. */
export function withConnections(state: PacemakerState, context: DaemonContext): DaemonContext {
  if (state.config.remotes.length === 0) return context
  const known = CONNECTED.get(context)
  if (known !== undefined) return known
  const { node, disk, draw, load } = context
  const connected: DaemonContext = {
    get now() {
      return context.now
    },
    get clock() {
      return context.clock
    },
    node,
    ...(disk === undefined ? {} : { disk }),
    act: (command) => {
      if (command.kind === 'run' && isRemote(state, command.resource)) begin(state, context, command)
      else context.act(command)
    },
    draw,
    load,
  }
  CONNECTED.set(context, connected)
  return connected
}

/** One for each life of a daemon, as contexts are. */
const CONNECTED = new WeakMap<DaemonContext, DaemonContext>()

function begin(state: PacemakerState, context: DaemonContext, command: RunCommand): void {
  const { resource: node, operation, ticket, timeout = 20_000 } = command
  const seat = seatFor(state, node)
  const startedAt = context.now
  seat.job = { ticket, operation, startedAt, deadline: startedAt + timeout, poke: seat.pokes + 1 }
  switch (operation) {
    case 'start':
    case 'migrate_from':
      seat.isMoving = false
      if (seat.isUp && seat.channel !== undefined) return endSoon(context, seat, 0)
      return connect(state, context, seat)
    case 'monitor':
      if (command.interval === undefined || command.interval === 0)
        return endSoon(context, seat, seat.isUp ? 0 : NOT_RUNNING)
      return poke(context, seat, timeout)
    case 'migrate_to':
      seat.isMoving = true
      return endSoon(context, seat, 0)
    case 'stop':
      return stop(state, context, seat, timeout)
    default:
      return endSoon(context, seat, 0)
  }
}

function connect(state: PacemakerState, context: DaemonContext, seat: RemoteSeat): void {
  if (seat.job === undefined) return
  const key = authkeyOf(context)
  if (key === '') return keyProblem(state, context, seat, 'no authentication key')
  seat.tries += 1
  seat.channel = createChannel(seat.node, `${state.controller.life} ${seat.tries}`)
  say(context, seat.channel, { kind: 'hello', key })
  const delay = Math.min(TRY, seat.job.deadline - context.now)
  context.act({ kind: 'timer', name: `remote-try ${seat.node}`, delay })
}

/** A key that is missing or another one will be so the next time, too: nothing is tried again. Source: spec E-9.8. */
function keyProblem(state: PacemakerState, context: DaemonContext, seat: RemoteSeat, what: string): void {
  context.act({ kind: 'cancel-timer', name: `remote-try ${seat.node}` })
  if (seat.channel !== undefined) close(context, seat.channel)
  seat.channel = undefined
  log(context, `Could not connect to Pacemaker Remote node ${seat.node}: ${what}`, 'error')
  end(state, context, seat, 'done', INVALID)
}

/** The try came to nothing: another one, as long as there is time for it. */
function connectAgain(context: DaemonContext, seat: RemoteSeat): void {
  if (seat.job === undefined) return
  if (seat.channel !== undefined) close(context, seat.channel)
  seat.channel = undefined
  context.act({ kind: 'cancel-timer', name: `remote-try ${seat.node}` })
  const left = seat.job.deadline - context.now
  if (left <= LEAST) context.act({ kind: 'timer', name: `remote-late ${seat.node}`, delay: Math.max(0, left) })
  else context.act({ kind: 'timer', name: `remote-again ${seat.node}`, delay: AGAIN })
}

function poke(context: DaemonContext, seat: RemoteSeat, timeout: number): void {
  if (!seat.isUp || seat.channel === undefined) return endSoon(context, seat, 1)
  seat.pokes += 1
  say(context, seat.channel, { kind: 'poke', number: seat.pokes })
  context.act({ kind: 'timer', name: `remote-late ${seat.node}`, delay: timeout })
}

/** A connection that another node is to take over is kept until that has happened, or half the time is over. */
function stop(state: PacemakerState, context: DaemonContext, seat: RemoteSeat, timeout: number): void {
  context.act({ kind: 'cancel-timer', name: `remote-late ${seat.node}` })
  if (seat.isMoving && seat.isUp)
    return context.act({ kind: 'timer', name: `remote-late ${seat.node}`, delay: Math.floor(timeout / 2) })
  if (!seat.isMoving) disconnect(state, context, seat)
  seat.isMoving = false
  endSoon(context, seat, 0)
}

function disconnect(state: PacemakerState, context: DaemonContext, seat: RemoteSeat): void {
  emptySeat(state, context, seat)
  seat.isUp = false
  if (seat.channel !== undefined) {
    say(context, seat.channel, { kind: 'bye' })
    close(context, seat.channel)
    context.act({ kind: 'believe', about: `connection to ${seat.node}`, state: 'down' })
  }
  seat.channel = undefined
  const node = keyOf(state, seat.node)
  updateCib(state, context, { kind: 'node', node, fields: { inCcm: 'false' } })
  dropAttributes(state, context, seat.node)
}

/** The remote node's attributes end with it. */
function dropAttributes(state: PacemakerState, context: DaemonContext, name: NodeName): void {
  const node = keyOf(state, name)
  tell(state, context, 'attributes-gone', name)
  if (0 < transientsOf(state.cib.status, node.id).size) updateCib(state, context, { kind: 'erase-attributes', node })
}

/** The other end has answered: nothing is known of that node any more, everything is probed. */
function integrate(state: PacemakerState, context: DaemonContext, seat: RemoteSeat): void {
  seat.isUp = true
  context.act({ kind: 'cancel-timer', name: `remote-try ${seat.node}` })
  context.act({ kind: 'believe', about: `connection to ${seat.node}`, state: 'up' })
  emptySeat(state, context, seat)
  const node = keyOf(state, seat.node)
  if (0 < (nodeStatusOf(state.cib.status, node.id)?.history.length ?? 0))
    updateCib(state, context, { kind: 'erase-history', node })
  dropAttributes(state, context, seat.node)
  updateCib(state, context, { kind: 'node', node, fields: { inCcm: 'true', nodeFenced: '0' } })
}

/** The connection is no more, and nobody here wanted that: its monitors fail at once. */
function lost(state: PacemakerState, context: DaemonContext, seat: RemoteSeat): void {
  const { job, node } = seat
  if (job?.operation === 'start' || job?.operation === 'migrate_from') return connectAgain(context, seat)
  if (seat.channel !== undefined) close(context, seat.channel)
  context.act({ kind: 'believe', about: `connection to ${node}`, state: seat.isMoving ? 'down' : 'lost' })
  if (seat.isMoving) emptySeat(state, context, seat)
  seat.isUp = false
  seat.channel = undefined
  if (seat.isMoving) {
    if (job?.operation !== 'stop') return
    seat.isMoving = false
    return end(state, context, seat, 'done', 0)
  }
  log(context, `Lost connection to Pacemaker Remote node ${node}`, 'error')
  loseCalls(state, context, seat)
  emptySeat(state, context, seat)
  if (job?.operation === 'monitor') end(state, context, seat, 'done', 1)
  else for (const key of state.executor.lanes.get(node)?.recurring.keys() ?? []) repeatOp(state, context, node, key)
}

/** The remote node behind a connection of this controller's hears that it is in maintenance, or no more. */
export function maintenanceTold(state: PacemakerState, context: DaemonContext, { node, isOn }: MaintenanceNews): void {
  const seat = state.seats.get(node)
  if (seat?.isUp === true && seat.channel !== undefined) say(context, seat.channel, { kind: 'maintenance', isOn })
}

function endSoon(context: DaemonContext, seat: RemoteSeat, rc: number): void {
  context.act({ kind: 'timer', name: `remote-done ${seat.node} ${rc}`, delay: SOON })
}

function end(
  state: PacemakerState,
  context: DaemonContext,
  seat: RemoteSeat,
  status: OperationResult['status'],
  rc: number,
): void {
  const { job } = seat
  if (job === undefined) return
  seat.job = undefined
  context.act({ kind: 'cancel-timer', name: `remote-late ${seat.node}` })
  const result: OperationResult = { status, rc, output: '', took: context.now - job.startedAt }
  opEnded(state, withConnections(state, context), job.ticket, result)
}

/** A timer of a connection is due. */
export function remoteTimer(
  state: PacemakerState,
  context: DaemonContext,
  word: string,
  node: NodeName,
  rest: string,
): void {
  const seat = state.seats.get(node)
  if (seat === undefined) return
  switch (word) {
    case 'remote-resend':
      return seat.channel === undefined ? undefined : repeat(context, seat.channel)
    case 'remote-try':
      return connectAgain(context, seat)
    case 'remote-again':
      return connect(state, context, seat)
    case 'remote-done':
      return end(state, context, seat, 'done', Number(rest))
    case 'remote-dead':
      return loseCalls(state, context, seat)
    case 'remote-late':
      if (seat.job?.operation !== 'stop') return end(state, context, seat, 'timed-out', 1)
      // Nobody has taken it over.
      disconnect(state, context, seat)
      seat.isMoving = false
      return end(state, context, seat, 'done', 0)
  }
}

/** A message from a remote node. */
export function heardRemote(state: PacemakerState, context: DaemonContext, from: NodeName, body: MessageBody): void {
  const seat = state.seats.get(from)
  if (body.type === 'remote-reset') {
    if (seat?.channel !== undefined && seat.channel.session === body.data) lost(state, context, seat)
    return
  }
  if (body.type === 'remote-rejected') {
    if (seat?.channel?.session === body.data && seat?.isUp === false)
      keyProblem(state, context, seat, 'the authentication keys differ, or there is none there')
    return
  }
  // Remote nodes run this same code: a message of this type is a bundle.
  const bundle = body.data as Bundle
  if (seat?.channel === undefined || seat.channel.session !== bundle.session) {
    if (bundle.items.length > 0) refuse(context, from, bundle.session)
    return
  }
  // The end that gives orders is told only news.
  for (const news of take(context, seat.channel, bundle) as readonly RemoteNews[]) told(state, context, seat, news)
}

function told(state: PacemakerState, context: DaemonContext, seat: RemoteSeat, news: RemoteNews): void {
  switch (news.kind) {
    case 'welcome':
      if (seat.isUp) return
      integrate(state, context, seat)
      return end(state, context, seat, 'done', 0)
    case 'poked':
      return seat.job?.operation === 'monitor' && seat.job.poke === news.number
        ? end(state, context, seat, 'done', 0)
        : undefined
    case 'result':
      return onSeat(state, context, seat, (there, line) => void opEnded(there, line, news.ticket, news.result))
    case 'attribute':
      return setAttribute(state, context, { node: seat.node, name: news.name, value: news.value })
    case 'shutdown':
      return tell(state, context, 'shutdown-request', seat.node)
  }
}
