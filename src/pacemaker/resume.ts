/**
 * Going on from a recorded state: who is up, what runs where, and daemons that have stood for a while. Source: issue 5, item 4; spec A-12.
 */

import type { Configuration, OpConfig } from '../cib/configuration.ts'
import { PROMOTED } from '../cib/role.ts'
import type { ResourceState } from '../cib/state.ts'
import type { HistoryOp, ResourceHistory } from '../cib/status.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { isTrue, scanInteger, timeoutMs } from '../cib/values.ts'
import type { Beginning, DaemonContext } from '../manager/contract.ts'
import type { PacemakerConfig } from './config.ts'
import { worldId } from './config.ts'
import { createDc } from './dc-state.ts'
import { primitivesOf } from './devices.ts'
import { rankAt } from './election.ts'
import { resumeRecurring } from './executor.ts'
import { agentKey } from './executor-state.ts'
import { keepSequence } from './gather.ts'
import { startRecheck } from './machine.ts'
import { calculate, hasWork } from './policy.ts'
import { judgeQuorum } from './quorum.ts'
import { type RemotedState, resumeRemoted } from './remote-daemon.ts'
import { createChannel } from './remote-link.ts'
import { onSeat, seatFor } from './remote-seat.ts'
import { beginToken, expectToken } from './ring.ts'
import { keyOf, type PacemakerState, ringHand, servedBy } from './state.ts'
import { nodeStatusOf, transientsOf } from './store.ts'
import { LOOK_AGAIN } from './throttle.ts'

/** What the status section says to be so, or undefined where it says nothing. */
export function beginningOf(config: PacemakerConfig): Beginning | undefined {
  const nodes = membersOf(config)
  if (nodes.length === 0) return undefined
  const state = unpackCluster({ configuration: config.configuration, status: config.status }, config.clockStart)
  const remotes = config.remotes.flatMap(({ node }) => {
    const found = state.nodes.find(({ uname }) => uname === node)
    return found?.online === true ? [node] : []
  })
  const up = [...nodes, ...remotes]
  // What a status tells of a node that is off is over.
  const services = state.resources.flatMap((resource) =>
    resource.kind !== 'primitive'
      ? []
      : resource.runningOn
          .map((index) => state.nodes[index]!.uname)
          .filter((node) => up.includes(node))
          .map((node) => ({
            node,
            resource: worldId(resource),
            state: resource.role === PROMOTED ? ('promoted' as const) : ('started' as const),
          })),
  )
  return { nodes: up, services }
}

/** Members of the recorded ring whose controllers were there, in ascending order of ids. */
export function membersOf({ corosync, status }: Pick<PacemakerConfig, 'corosync' | 'status'>): readonly string[] {
  return corosync.nodes
    .map((node) => node.name)
    .filter((name) => {
      const state = status.nodeStates.find((entry) => entry.uname === name)
      return state?.crmd === 'online' && isTrue(state.inCcm)
    })
}

/** No status tells the ring's number: it is that of nodes that formed rings of their own and then one of all. Source: spec E-2.6. */
const RESUMED = 9

/** Puts one node's daemons where they were. */
export function resume(state: PacemakerState, context: DaemonContext): void {
  const { config, ring, self, controller, quorum } = state
  const members = membersOf(config)
  ring.phase = 'operational'
  ring.members = members
  ring.ring = { rep: members[0]!, sequence: RESUMED }
  ring.highest = RESUMED
  for (const node of state.nodes)
    if (!members.includes(node)) ring.links.set(node, { pongs: 0, lastPong: 0, isUp: false, isUpThere: false })
  const hand = ringHand(state, context)
  keepSequence(hand)
  if (ring.links.size > 0) context.act({ kind: 'timer', name: 'ring ping', delay: config.corosync.timers.pingInterval })
  if (members.length > 1) expectToken(hand)
  if (members[0] === self) beginToken(hand)
  const membership = { members, joined: members, left: [], leftCleanly: [], sequence: RESUMED, wasQuorate: true }
  judgeQuorum(quorum, config.corosync, membership)
  // Votes are not recorded, but whether they were enough is: until the ring changes.
  const { haveQuorum, noQuorumPanic } = config.configuration.root
  if (haveQuorum !== undefined) quorum.isQuorate = isTrue(haveQuorum)
  controller.isIn = true
  controller.hasQuorum = quorum.isQuorate
  controller.everQuorate = quorum.isQuorate || isTrue(noQuorumPanic)
  for (const member of members) {
    controller.peers.add(member)
    controller.loads.set(member, 'negligible')
    controller.group.add(member)
  }
  controller.ownLoad = 'negligible'
  context.act({ kind: 'timer', name: 'calm', delay: LOOK_AGAIN })
  controller.dc = config.dc
  controller.rank = rankAt(state, 0) - (config.dc === self ? 500 : 0)
  controller.state = config.dc === self ? 'S_IDLE' : 'S_NOT_DC'
  context.act({ kind: 'machine', machine: 'controller', from: 'S_STARTING', to: controller.state, event: 'resume' })
  if (config.dc === self) lead(state, members)
  resumeAttributes(state)
  resumeExecutor(state, context)
  resumeSeats(state, context)
  tellResumed(state, context, members)
  if (state.dc === undefined) return
  // The state may be that of a DC about to decide (a pe-input), or of a cluster at rest, where nothing is to be done.
  if (hasWork(state, context)) calculate(state, context)
  else startRecheck(state, context)
}

/** For whoever reads the trace: what this node holds to be true, though nothing of it happened in this run. */
function tellResumed(
  { self, config, quorum, attributes }: PacemakerState,
  { act }: DaemonContext,
  members: readonly string[],
): void {
  for (const member of members)
    if (member !== self) act({ kind: 'membership', member, status: 'active', text: `${member} is in the ring` })
  if (quorum.isQuorate) act({ kind: 'believe', about: 'quorum', state: 'acquired' })
  if (config.dc !== undefined) act({ kind: 'believe', about: 'DC', state: config.dc })
  for (const [name, values] of attributes.values)
    for (const [node, value] of values) act({ kind: 'believe', about: `attribute ${name} of ${node}`, state: value })
  for (const { node, resource, state } of beginningOf(config)?.services ?? [])
    if (node === self) act({ kind: 'believe', about: `role of ${resource}`, state })
}

function lead(state: PacemakerState, members: readonly string[]): void {
  const dc = createDc()
  state.dc = dc
  for (const member of members) dc.phases.set(member, 'confirmed')
  const last = lastTransition(state.cib.status.nodeStates.flatMap((node) => node.history))
  dc.lastNumber = last.number
  // Its own earlier results must be told from another DC's: it goes on under the name that they carry.
  if (last.life !== undefined) state.controller.life = last.life
  state.scheduler.next = dc.lastNumber + 1
}

/** The highest transition of a recorded history, and the life of the DC that it belongs to. */
function lastTransition(history: readonly ResourceHistory[]): {
  readonly number: number
  readonly life: string | undefined
} {
  let number = 0
  let life: string | undefined
  for (const { ops } of history)
    for (const { transitionKey } of ops) {
      const [, transition, , dc] = transitionKey?.split(':') ?? []
      const found = scanInteger(transition) ?? -1
      if (dc === undefined || found < number) continue
      number = found
      life = dc
    }
  return { number, life }
}

function resumeAttributes(state: PacemakerState): void {
  for (const node of state.nodes)
    for (const [name, value] of transientsOf(state.cib.status, keyOf(state, node).id)) {
      const known = state.attributes.values.get(name) ?? new Map<string, string>()
      known.set(node, value)
      state.attributes.values.set(name, known)
    }
}

/** Recurring operations go on in the rhythm that their first run began: period is interval plus run time (spec E-7.2). */
function resumeExecutor(state: PacemakerState, context: DaemonContext): void {
  const { executor, config } = state
  const history = nodeStatusOf(state.cib.status, keyOf(state, servedBy(state)).id)?.history ?? []
  executor.history = history
  const { resources } = unpackCluster({ configuration: config.configuration, status: config.status }, config.clockStart)
  for (const { id, class: agentClass, provider, type, ops } of history) {
    executor.described.add(agentKey({ class: agentClass, provider, type }))
    const last = ops.find((op) => op.id === `${id}_last_0`)
    if (
      id !== undefined &&
      (agentClass === 'stonith' || agentClass === 'nagios') &&
      last?.rc === 0 &&
      last.operation !== 'stop'
    ) {
      executor.devices.add(id)
      if (agentClass === 'stonith') state.fencer.verified.add(id)
    }
  }
  for (const entry of history)
    for (const op of entry.ops) {
      executor.calls = Math.max(executor.calls, op.callId)
      if (recurs(entry, op)) resumeOp(state, context, { entry, op, service: serviceOf(resources, entry.id) })
    }
}

/** True for the record of an operation that still recurs: a change of the resource ends those before it. Source: spec E-7.1 item 2, E-7.2. */
function recurs({ ops }: ResourceHistory, { id, intervalMs, operation, status, callId }: HistoryOp): boolean {
  if (intervalMs === 0 || operation === undefined || status !== 0 || id?.endsWith('_last_failure_0') !== false)
    return false
  return !ops.some((other) => other.intervalMs === 0 && CHANGES.has(other.operation ?? '') && callId < other.callId)
}

const CHANGES = new Set(['demote', 'migrate_from', 'migrate_to', 'promote', 'start', 'stop'])

/** Connections to remote nodes stand, and what recurs behind them goes on. */
function resumeSeats(state: PacemakerState, context: DaemonContext): void {
  for (const { node } of state.config.remotes) {
    if (hostOf(state.config, node) !== state.self) continue
    const seat = seatFor(state, node)
    seat.isUp = true
    seat.channel = createChannel(node, sessionOf(node))
    onSeat(state, context, seat, (there, line) => resumeExecutor(there, line))
  }
}

/** A remote node: who is connected, and what it holds to be true. */
export function resumeBehind({ config, self }: PacemakerState, remoted: RemotedState, { act }: DaemonContext): void {
  const host = hostOf(config, self)
  if (host !== undefined) resumeRemoted(remoted, host, sessionOf(self))
  for (const { node, resource, state } of beginningOf(config)?.services ?? [])
    if (node === self) act({ kind: 'believe', about: `role of ${resource}`, state })
}

/** The node that holds the connection, as the status section says. */
function hostOf({ configuration, status, clockStart }: PacemakerConfig, remote: string): string | undefined {
  const { nodes, resources } = unpackCluster({ configuration, status }, clockStart)
  const node = nodes.find(({ uname }) => uname === remote)
  const [host] = node?.online === true ? (resources[node.connection]?.runningOn ?? []) : []
  return host === undefined ? undefined : nodes[host]?.uname
}

function sessionOf(remote: string): string {
  return `resumed ${remote}`
}

/** The world's name for what a history tells of, which may be an instance (`db:0`) that is anonymous. */
function serviceOf(resources: readonly ResourceState[], id: string | undefined): string | undefined {
  const base = id?.replace(/:\d+$/, '')
  const found =
    resources.find((entry) => entry.id === id) ?? resources.find(({ xmlId }) => xmlId === id || xmlId === base)
  return found === undefined ? undefined : worldId(found)
}

function resumeOp(
  state: PacemakerState,
  context: DaemonContext,
  recorded: { readonly entry: ResourceHistory; readonly op: HistoryOp; readonly service: string | undefined },
): void {
  const { entry, op, service } = recorded
  const { id, class: agentClass, provider, type, ops } = entry
  const now = state.config.clockStart
  if (id === undefined || service === undefined || op.operation === undefined) return
  const expectedRc = scanInteger(op.transitionKey?.split(':')[2]) ?? 0
  const configured = findOp(state.cib.configuration, id, op.operation, op.intervalMs)
  const request = {
    agent: { id, class: agentClass, provider, type },
    service,
    operation: op.operation,
    intervalMs: op.intervalMs,
    timeoutMs: timeoutMs(attributeOf(configured, 'timeout')),
    startDelayMs: 0,
    expectedRc,
    origin: undefined,
    onFail: attributeOf(configured, 'on-fail'),
    digest: op.opDigest,
    parameters: [],
    migration: undefined,
    environment: undefined,
  }
  const beganAt = beginOf(op, ops, now)
  const period = op.intervalMs + (scanInteger(op.execTime) ?? 0)
  const elapsed = Math.max(0, (now - beganAt) * 1000)
  const recurring = { request, call: op.callId, lastRc: op.rc, lastStatus: op.status, since: op.lastRcChange ?? now }
  resumeRecurring(state, context, recurring, period - (elapsed % period))
}

/** When it ran first: with its last change of result, or, where that is unknown, after what made the resource what it is. */
function beginOf(op: HistoryOp, ops: readonly HistoryOp[], now: number): number {
  if (op.lastRcChange !== undefined && op.lastRcChange < now) return op.lastRcChange
  const last = ops.find((other) => other.id?.endsWith('_last_0'))
  return Math.min(now, last?.lastRcChange ?? now)
}

function attributeOf(op: OpConfig | undefined, name: string): string | undefined {
  const own = op?.attributes.find(([key]) => key === name)?.[1]
  return own ?? op?.meta.flatMap((set) => set.pairs).find((pair) => pair.name === name)?.value
}

function findOp({ resources }: Configuration, id: string, operation: string, intervalMs: number): OpConfig | undefined {
  const primitive = resources.flatMap(primitivesOf).find((entry) => entry.id === id.replace(/:\d+$/, ''))
  return primitive?.ops.find((op) => op.name === operation && op.intervalMs === intervalMs)
}
