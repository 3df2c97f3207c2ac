/** Gives the world's verbs their hands: time, chance and records of this run, and the way to its daemons. */

import { defaultTiming } from '../agents/stock.ts'
import { type Distribution, draw, fixed } from '../kernel/draw.ts'
import type { RecordDraft } from '../trace/record.ts'
import type { WorldContext } from '../world/context.ts'
import { crashDaemon, hangDaemon, loseDaemon, observe, resumeDaemon, seatOf, startDaemon, tell } from './daemons.ts'
import { handleEvent } from './dispatch.ts'
import type { Run } from './state.ts'

/** The context of `run`; reads `run` only when its functions are called, so it can be made before the run is whole. */
export function createContext(run: () => Run): WorldContext {
  const timings = new Map<string, Map<string, Distribution>>()
  return {
    now: () => run().loop.now,
    record: (draft) => record(run(), draft),
    get keepsRecords() {
      return run().writer.isKeeping
    },
    skipRecord: () => run().writer.skip(),
    because: (cause, act) => because(run(), cause, act),
    cause: () => run().state.cause,
    schedule: (delay, event) => void run().loop.schedule(run().loop.now + delay, event),
    draw: (component, purpose, distribution) =>
      distribution.kind === 'fixed' ? distribution.value : draw(distribution, run().streams.stream(component, purpose)),
    chance: (component, purpose) => run().streams.stream(component, purpose)(),
    stream: (component, purpose) => run().streams.stream(component, purpose),
    timing: (operation, subject) => {
      const known = timings.get(operation)?.get(subject)
      if (known !== undefined) return known
      const found = timingOf(run(), operation, subject)
      timings.set(operation, (timings.get(operation) ?? new Map<string, Distribution>()).set(subject, found))
      return found
    },
    get recordsRoutine() {
      return run().messages === 'all'
    },
    get processors() {
      return run().scenario.processors ?? Number.POSITIVE_INFINITY
    },
    get engines() {
      return run().engines
    },
    startDaemon: (node) => startDaemon(run(), node),
    loseDaemon: (node) => loseDaemon(run(), node),
    deliver: (packet) => {
      const { from, to, medium, body, routine } = packet
      const seat = seatOf(run(), to)
      if (seat === undefined && !run().state.world.nodes.has(to)) return false
      if (!routine || run().messages === 'all') {
        const { type } = body
        run().state.cause = record(run(), { kind: 'message', phase: 'delivered', from, to, medium, type, routine })
      }
      if (seat !== undefined) tell(run(), seat, packet)
      return true
    },
    callTells: (node, name, value) =>
      observe(run(), node, { kind: 'attribute', name, ...(value === undefined ? {} : { value }) }),
    agentDescribed: (node, ticket) => observe(run(), node, { kind: 'described', ticket }),
    routes: new Map(),
    callEnded: (node, call, result) =>
      observe(run(), node, {
        kind: 'result',
        ticket: call.ticket,
        resource: call.resource,
        operation: call.operation,
        result,
      }),
    fenceEnded: (node, answer) => observe(run(), node, { kind: 'fenced', ...answer }),
    deviceTold: (node, answer) => observe(run(), node, { kind: 'device-told', ...answer }),
    processChanged: (node, process, state) => changeProcess(run(), node, process, state),
    nodeResumed: (node) => {
      const held = run().state.heldEvents.get(node) ?? []
      run().state.heldEvents.delete(node)
      for (const event of held) handleEvent(run(), event)
    },
  }
}

/** Runs `act` with another record as the cause of what it does. */
export function because(run: Run, cause: number, act: () => void): void {
  const before = run.state.cause
  run.state.cause = cause
  act()
  run.state.cause = before
}

/** Appends a record caused by what is being handled. */
export function record(run: Run, draft: RecordDraft): number {
  const seq = run.writer.append(run.loop.now, run.state.cause, draft)
  noteBlow(run, draft, seq)
  return seq
}

function noteBlow({ state: { blows } }: Run, draft: RecordDraft, seq: number): void {
  if (draft.kind === 'node' && draft.to !== 'up' && draft.to !== 'booting') blows.set(draft.node, seq)
  else if (draft.kind === 'process' && draft.state !== 'running') blows.set(draft.node, seq)
  else if (draft.kind === 'link' && !draft.up) for (const end of [draft.from, draft.to]) blows.set(end, seq)
}

/** The scenario's own figure for the subject, then its figure for all, then what is usual for its agent. Later rules win. */
function timingOf({ scenario, state: { world } }: Run, operation: string, subject: string): Distribution {
  const rule =
    scenario.timings.findLast((entry) => entry.operation === operation && entry.subject === subject) ??
    scenario.timings.findLast((entry) => entry.operation === operation && entry.subject === '*')
  const agent = world.shape.resources.find(({ id }) => id === subject)?.agent
  return rule?.distribution ?? defaultTiming(operation, agent) ?? fixed(0)
}

function changeProcess(run: Run, node: string, process: string, state: 'crashed' | 'hung' | 'running'): void {
  if (process === run.state.world.shape.processes[0]) {
    if (state === 'crashed') crashDaemon(run, node)
    else if (state === 'hung') hangDaemon(run, node)
    else resumeDaemon(run, node)
    return
  }
  const truth = run.state.world.nodes.get(node)!
  const isKnown = truth.processes.has(process) || run.manager.processes?.includes(process) === true
  if (!isKnown || truth.processes.get(process) === state) return
  truth.processes.set(process, state)
  const seq = record(run, { kind: 'process', node, process, state })
  because(run, seq, () => observe(run, node, { kind: 'process', process, state }))
}
