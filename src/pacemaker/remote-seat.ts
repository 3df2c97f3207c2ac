/**
 * Connections that this node's controller holds, and the executor's work for the nodes behind them: the same verbs as for this node, with
 * a memory of the remote node's own, and with agents that are called through the connection.
 *
 * Differs: recurring operations are timed here, not on the remote node; who hears of them is the same. Source: spec E-9.8, E-6.4.
 */
import type { Command } from '../manager/command.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import { cancelAll } from './executor.ts'
import { createExecutor, type ExecutorState, freeLane } from './executor-state.ts'
import { reportResult } from './history.ts'
import { type Channel, close, say } from './remote-link.ts'
import type { PacemakerState } from './state.ts'

/** An operation of the connection itself that is under way. */
export interface ConnectionJob {
  readonly ticket: number
  readonly operation: string
  readonly startedAt: number
  readonly deadline: number
  /** The number of the question that a monitor waits for. */
  readonly poke: number
}

/** One remote node, as the controller that is to hold its connection sees it. */
export interface RemoteSeat {
  readonly node: NodeName
  channel: Channel | undefined
  /** The other end has answered, and nothing says that it is gone. */
  isUp: boolean
  /** The connection is to be taken over by another node (migrate_to was done). */
  isMoving: boolean
  job: ConnectionJob | undefined
  pokes: number
  tries: number
  executor: ExecutorState
}

/** The seat of a remote node; it is made when it is first needed. */
export function seatFor(state: PacemakerState, node: NodeName): RemoteSeat {
  const known = state.seats.get(node)
  if (known !== undefined) return known
  const seat: RemoteSeat = {
    node,
    channel: undefined,
    isUp: false,
    isMoving: false,
    job: undefined,
    pokes: 0,
    tries: 0,
    executor: createExecutor(node),
  }
  state.seats.set(node, seat)
  return seat
}

/** Has `act` work for the remote node instead of this one. */
export function onSeat(
  state: PacemakerState,
  context: DaemonContext,
  seat: RemoteSeat,
  act: (state: PacemakerState, context: DaemonContext) => void,
): void {
  const there: PacemakerState = { ...state, executor: seat.executor }
  act(there, { ...context, act: (command) => actThere(context, seat, command) })
  state.tickets = there.tickets
}

/** Agents' calls go through the connection, timers get names of their own, the rest is done here. */
function actThere(context: DaemonContext, { node, channel, isUp }: RemoteSeat, command: Command): void {
  const line = isUp ? channel : undefined
  switch (command.kind) {
    case 'run': {
      const { describes: _, ...call } = command
      if (line !== undefined) return say(context, line, { kind: 'run', command: call })
      // Nobody is there to run it.
      return context.act({ kind: 'timer', name: `remote-dead ${node}`, delay: 5 })
    }
    case 'cancel':
      return line === undefined ? undefined : say(context, line, { kind: 'cancel', ticket: command.ticket })
    case 'believe':
      return line === undefined ? undefined : say(context, line, command)
    case 'timer':
    case 'cancel-timer':
      return context.act({ ...command, name: `at ${node} ${command.name}` })
    default:
      return context.act(command)
  }
}

/** A status and a code of their own say that a connection was lost in the middle. Source: spec. */
const NOT_CONNECTED = 8
const CONNECTION_DIED = 189

/** What was under way or waited on the remote node is reported as lost with the connection. */
export function loseCalls(state: PacemakerState, context: DaemonContext, seat: RemoteSeat): void {
  onSeat(state, context, seat, (there, line) => {
    for (const lane of there.executor.lanes.values()) {
      const jobs = [...(lane.running === undefined ? [] : [lane.running]), ...lane.queue.splice(0)]
      freeLane(there.executor, lane)
      for (const { request, call, startedAt, isCancelled } of jobs) {
        if (isCancelled || request.intervalMs > 0) continue
        const text = `Lost connection to Pacemaker Remote node ${seat.node}`
        reportResult(there, line, request, {
          call,
          rc: CONNECTION_DIED,
          status: NOT_CONNECTED,
          startedAt,
          took: context.now - startedAt,
          text,
        })
      }
    }
  })
}

/** Forgets everything of the remote node's executor. */
export function emptySeat(state: PacemakerState, context: DaemonContext, seat: RemoteSeat): void {
  onSeat(state, context, seat, cancelAll)
  seat.executor = createExecutor(seat.node)
}

/** The controller ends: so do its connections. */
export function dropSeats(state: PacemakerState, context: DaemonContext): void {
  for (const seat of state.seats.values()) {
    emptySeat(state, context, seat)
    if (seat.channel === undefined) continue
    say(context, seat.channel, { kind: 'bye' })
    close(context, seat.channel)
  }
  state.seats.clear()
}
