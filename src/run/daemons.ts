/**
 * The daemons of the cluster manager: starting, stopping and freezing them, telling them observations and carrying out what they ask
 * for. This is the only place where managers and world meet.
 */

import { draw } from '../kernel/draw.ts'
import type { Command, MembershipCommand, TimerCommand } from '../manager/command.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import type { NodeName } from '../model/names.ts'
import { loadOf } from '../world/busy.ts'
import { askDevice, cancelFence, requestFence } from '../world/fencing.ts'
import { send } from '../world/network.ts'
import { driveWatchdog, haltNode, resetNode } from '../world/node.ts'
import { beginCall, cancelCall } from '../world/service.ts'
import { because, record } from './context.ts'
import type { RunEvent, TimerEvent } from './events.ts'
import type { HeldObservation, Run, Seat, WaitingTimer } from './state.ts'

/** Starts the daemon of a node that is up. Does nothing where it runs. */
export function startDaemon(run: Run, name: NodeName, how: 'afresh' | 'resumed' = 'afresh'): void {
  const node = run.state.world.nodes.get(name)!
  if (node.state !== 'up' || node.daemon !== 'stopped') return
  node.daemon = 'running'
  node.daemonLife += 1
  node.generation += 1
  const ended = [...node.processes].filter(([, state]) => state !== 'running').map(([process]) => process)
  for (const process of node.processes.keys()) node.processes.set(process, 'running')
  run.state.daemons.set(name, run.manager.daemon(run.config, name))
  const seq = record(run, { kind: 'process', node: name, process: mainProcess(run, name), state: 'running' })
  for (const process of ended) record(run, { kind: 'process', node: name, process, state: 'running' })
  because(run, seq, () => {
    const resumed = how === 'resumed' ? ({ resumed: true } as const) : {}
    observe(run, name, { kind: 'boot', generation: node.generation, ...resumed })
  })
}

/** Drops everything of a daemon: state, timers, what it was to be told. Silent: whoever calls this has recorded why. */
export function loseDaemon(run: Run, name: NodeName): void {
  const node = run.state.world.nodes.get(name)!
  node.daemon = 'stopped'
  node.daemonLife += 1
  run.state.daemons.delete(name)
  run.state.heldObservations.delete(name)
  const timers = run.state.timers.get(name)
  for (const { handle } of timers?.values() ?? []) run.loop.disown(handle)
  run.state.timers.delete(name)
  run.seats.delete(name)
}

/**
 * The daemon is killed; its agents' calls end unheard. The other processes of its cluster manager cannot do without it and end by themselves.
 * Source: the lab's recording of a killed corosync (all within 0.1 s).
 */
export function crashDaemon(run: Run, name: NodeName): void {
  const node = run.state.world.nodes.get(name)!
  if (node.daemon === 'stopped') return
  const main = mainProcess(run, name)
  const seq = record(run, { kind: 'process', node: name, process: main, state: 'crashed' })
  because(run, seq, () => {
    for (const [process, state] of node.processes) {
      if (process === main || state === 'crashed') continue
      node.processes.set(process, 'crashed')
      record(run, { kind: 'process', node: name, process, state: 'exited' })
    }
    loseDaemon(run, name)
  })
}

/** The daemon stands still: what it would be told waits. */
export function hangDaemon(run: Run, name: NodeName): void {
  const node = run.state.world.nodes.get(name)!
  if (node.daemon !== 'running') return
  node.daemon = 'hung'
  record(run, { kind: 'process', node: name, process: mainProcess(run, name), state: 'hung' })
}

/** The daemon goes on and is told everything that happened meanwhile, in order. */
export function resumeDaemon(run: Run, name: NodeName): void {
  const node = run.state.world.nodes.get(name)!
  if (node.daemon !== 'hung') return
  node.daemon = 'running'
  record(run, { kind: 'process', node: name, process: mainProcess(run, name), state: 'running' })
  const held = run.state.heldObservations.get(name) ?? []
  run.state.heldObservations.delete(name)
  for (const { observation, cause, timer } of held) {
    because(run, cause, () => (timer === undefined ? observe(run, name, observation) : fireTimer(run, timer)))
  }
}

/** Tells a daemon something; a hung one is told later, a stopped one never. What is sent to a frozen node is lost: nobody reads its card. */
export function observe(run: Run, name: NodeName, observation: Observation): void {
  const seat = seatOf(run, name)
  if (seat !== undefined) tell(run, seat, observation)
}

/** Where the daemon of a node sits; undefined where none runs, or there is no such node. */
export function seatOf(run: Run, name: NodeName): Seat | undefined {
  return run.seats.get(name) ?? takeSeat(run, name)
}

/** What {@link observe} does, for whoever knows the seat. */
export function tell(run: Run, { daemon, node, context }: Seat, observation: Observation): void {
  if (node.state !== 'up') return
  if (node.daemon === 'hung') holdObservation(run, node.name, { observation, cause: run.state.cause })
  else run.manager.handle(daemon, observation, context)
}

/** One seat for a whole life: daemons are told things far more often than they start. Undefined where none runs. */
function takeSeat(run: Run, name: NodeName): Seat | undefined {
  const node = run.state.world.nodes.get(name)
  if (node === undefined || node.daemon === 'stopped') return undefined
  const timers = run.state.timers.get(name) ?? new Map<string, WaitingTimer>()
  run.state.timers.set(name, timers)
  const daemon = run.state.daemons.get(name)
  const life = node.daemonLife
  const component = `daemon ${name}`
  const context: DaemonContext = {
    get now() {
      return run.loop.now
    },
    get clock() {
      return run.loop.now + node.clockOffset
    },
    node: name,
    load: () => loadOf(node, run.loop.now),
    disk: node.disk,
    // A daemon that has just ended itself gets nothing more done.
    act: (command) => {
      if (node.daemonLife === life) carryOut(run, seat, command)
    },
    draw: (purpose, distribution) => draw(distribution, run.streams.stream(component, purpose)),
  }
  const seat: Seat = { name, node, daemon, timers, context }
  run.seats.set(name, seat)
  return seat
}

function carryOut(run: Run, { name, node, timers }: Seat, command: Command): void {
  const { world } = run.state
  switch (command.kind) {
    case 'timer':
      return setTimer(run, name, timers, command)
    case 'send':
      return send(world, run.context, name, command)
    case 'cancel-timer':
      return cancelTimer(run, timers, command.name)
    case 'run':
      return beginCall(world, run.context, node, command)
    case 'cancel':
      cancelCall(world, run.context, name, command.ticket)
      return cancelFence(world, run.context, name, command.ticket)
    case 'fence':
      return requestFence(world, run.context, command.device, {
        ticket: command.ticket,
        by: name,
        target: command.target,
        action: command.action,
      })
    case 'ask-device':
      return askDevice(world, run.context, command.device, {
        ticket: command.ticket,
        by: name,
        target: command.target,
        asks: command.question,
      })
    case 'watchdog':
      return driveWatchdog(world, run.context, name, command.action, command.timeout)
    case 'reboot':
      return resetNode(world, run.context, name, `${name} reboots itself: ${command.reason}`)
    case 'exit':
      return exit(run, name, command.restartAfter)
    case 'decide':
      run.state.cause = record(run, {
        kind: 'decision',
        node: name,
        decision: command.decision,
        about: command.about,
        text: command.text,
        reasons: command.reasons,
      })
      return
    case 'membership':
      return believeMember(run, name, command)
    case 'believe':
      record(run, { kind: 'belief', node: name, about: command.about, state: command.state })
      return
    case 'machine':
      record(run, {
        kind: 'machine',
        node: name,
        machine: command.machine,
        from: command.from,
        to: command.to,
        event: command.event,
      })
      return
    case 'respawn':
      return respawned(run, name, command.process)
    case 'log':
      record(run, { kind: 'log', node: name, level: command.level, text: command.text })
      return
  }
}

function respawned(run: Run, name: NodeName, process: string): void {
  const { processes } = run.state.world.nodes.get(name)!
  if (processes.get(process) !== 'crashed') return
  processes.set(process, 'running')
  record(run, { kind: 'process', node: name, process, state: 'running' })
}

/** What follows from a new view of a member has that view as its cause; a view of silence has what silenced the member. */
function believeMember(run: Run, name: NodeName, { member, status, text }: MembershipCommand): void {
  const blow = status === 'dead' ? run.state.blows.get(member) : undefined
  if (blow !== undefined) run.state.cause = blow
  run.state.cause = record(run, { kind: 'membership', node: name, member, status, text })
}

function exit(run: Run, name: NodeName, restartAfter: number | undefined): void {
  const node = run.state.world.nodes.get(name)!
  const seq = record(run, { kind: 'process', node: name, process: mainProcess(run, name), state: 'exited' })
  because(run, seq, () => {
    loseDaemon(run, name)
    if (node.afterExit !== 'nothing') haltNode(run.state.world, run.context, name)
    else if (restartAfter !== undefined)
      run.loop.schedule(run.loop.now + restartAfter, { kind: 'daemon-start', node: name, life: node.life, cause: seq })
  })
}

function setTimer(run: Run, node: NodeName, timers: Map<string, WaitingTimer>, { name, delay }: TimerCommand): void {
  const { state, loop } = run
  state.timersSet += 1
  let waiting = timers.get(name)
  if (waiting === undefined) {
    waiting = { id: NO_TIMER, handle: loop.own(), event: undefined }
    timers.set(name, waiting)
  }
  const id = state.timersSet
  waiting.id = id
  let { event } = waiting
  if (event === undefined) {
    event = { kind: 'timer', node, name, timer: id, cause: state.cause }
    waiting.event = event
  } else {
    event.timer = id
    event.cause = state.cause
  }
  loop.set(waiting.handle, loop.now + delay, event)
}

/** The id of a timer that does not run; those that do count from 1. */
const NO_TIMER = 0

/** A timer is due. What was cancelled or set anew is void, also where it waited for a frozen node or daemon meanwhile. */
export function fireTimer(run: Run, event: TimerEvent): void {
  const seat = seatOf(run, event.node)
  const waiting = seat?.timers.get(event.name)
  if (seat === undefined || waiting?.id !== event.timer) return
  const { node, timers } = seat
  if (node.state === 'hung' || node.daemon === 'hung') {
    waiting.event = undefined
    if (node.state === 'hung') holdEvent(run, event.node, event)
    else holdObservation(run, event.node, { observation: event, cause: event.cause, timer: event })
    return
  }
  rest(run, timers, event.name, waiting)
  tell(run, seat, event)
}

/** Puts an event of a frozen node aside until it goes on. */
export function holdEvent(run: Run, name: NodeName, event: RunEvent): void {
  const held = run.state.heldEvents.get(name) ?? []
  held.push(event)
  run.state.heldEvents.set(name, held)
}

function holdObservation(run: Run, name: NodeName, entry: HeldObservation): void {
  const held = run.state.heldObservations.get(name) ?? []
  held.push(entry)
  run.state.heldObservations.set(name, held)
}

function cancelTimer(run: Run, timers: Map<string, WaitingTimer>, timer: string): void {
  const waiting = timers.get(timer)
  if (waiting === undefined) return
  run.loop.cancel(waiting.handle)
  rest(run, timers, timer, waiting)
}

/** So many timers of a node keep their place where they do not run: most are set again at once, and maps grow by deleting. */
const RESTING_MAX = 200

function rest(run: Run, timers: Map<string, WaitingTimer>, timer: string, waiting: WaitingTimer): void {
  waiting.id = NO_TIMER
  if (timers.size <= RESTING_MAX) return
  run.loop.disown(waiting.handle)
  timers.delete(timer)
}

function mainProcess({ state: { world } }: Run, name: NodeName): string {
  return world.shape.remotes?.find((remote) => remote.node === name)?.process ?? world.shape.processes[0]!
}
