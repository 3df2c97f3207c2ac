/** Everything that one node's daemons know: corosync, the CIB's copy, attributes, executor, fencer, controller. Plain data. */
import type { DaemonContext } from '../manager/contract.ts'
import type { Observation } from '../manager/observation.ts'
import type { NodeName } from '../model/names.ts'
import type { PacemakerConfig } from './config.ts'
import type { DcState } from './dc-state.ts'
import { createExecutor, type ExecutorState } from './executor-state.ts'
import { createFencer, type FencerState } from './fencer-state.ts'
import { createScheduler, type SchedulerMemory } from './pe-files.ts'
import type { QnetdState } from './qnetd.ts'
import { createQuorum, type QuorumState } from './quorum.ts'
import { createQdevice, type QdeviceState } from './quorum-device.ts'
import { createRemoted, type RemotedState } from './remote-daemon.ts'
import type { RemoteSeat } from './remote-seat.ts'
import { multicast, type RingHand, toHand } from './ring.ts'
import { type ControllerNews, createRing, type RingState } from './ring-state.ts'
import type { CibCopy, CibSync, CibUpdate, LoggedUpdate, NodeKey } from './store.ts'
import type { LoadMode } from './throttle.ts'

/** The attribute daemon's memory. */
export interface AttributesState {
  /** Attribute name → node → value. */
  readonly values: Map<string, Map<NodeName, string>>
  /** Attribute name → how long a change waits before it is written. */
  readonly dampening: Map<string, number>
  /** Attribute name → the nodes whose values have changed since its write began that is under way. */
  readonly writing: Map<string, Set<NodeName>>
}

/** What every controller has, leader or not. */
export interface ControllerState {
  /** The state of its machine, `S_…`. */
  state: string
  /** Identifies this controller's life: results of another DC's graphs are told by it. */
  life: string
  startedAt: number
  /** Lower wins: what stands for CPU time in elections (spec E-4.4). */
  rank: number
  /** Active peers: nodes that are in the ring and whose controllers are in the process group. Source: spec E-2.7. */
  readonly peers: Set<NodeName>
  /** Nodes whose controllers are in the process group, as far as it has told. */
  readonly group: Set<NodeName>
  /** Whether this one is. */
  isIn: boolean
  dc: NodeName | undefined
  hasQuorum: boolean
  everQuorate: boolean
  /** Who has voted, or said that it does not. */
  readonly votes: Set<NodeName>
  /** How often fencing of a node has failed since it last succeeded: every node counts, whoever leads next goes on from there. */
  readonly fenceFailures: Map<NodeName, number>
  lostAt: number | undefined
  /** The DC that was lost last. */
  lostDc?: NodeName
  joinId: number
  shutdownWanted: boolean
  /** News that wait while the controller stands still (spec E-5.8), or behind what is late. */
  readonly held: ControllerNews[]
  /** What comes a little after its twin (spec E-2.7). */
  second: ControllerNews | undefined
  isAsleep: boolean
  /** The process has been stopped by a signal. */
  isFrozen: boolean
  /** What it has to do when it goes on: timers and results. */
  readonly late: Observation[]
  /** How busy this node is, once its controller has looked. */
  ownLoad: LoadMode | undefined
  /** How busy nodes have said they are; of a node that dies the last word is kept. */
  readonly loads: Map<NodeName, LoadMode>
}

export interface PacemakerState {
  readonly config: PacemakerConfig
  readonly self: NodeName
  /** In ascending order of ids. */
  readonly nodes: readonly NodeName[]
  readonly ring: RingState
  readonly quorum: QuorumState
  readonly qdevice: QdeviceState
  cib: CibCopy
  /** The last updates of this ring, for a synchronisation that was sent before them. */
  cibLog: LoggedUpdate[]
  readonly attributes: AttributesState
  readonly executor: ExecutorState
  readonly fencer: FencerState
  readonly controller: ControllerState
  readonly scheduler: SchedulerMemory
  /** Only while this node leads. */
  dc: DcState | undefined
  /** What an administrator's tool on this node waits for: `node-id resource`. */
  readonly forgets: Set<string>
  tickets: number
  /** Connections to remote nodes that are this controller's, by their node. */
  readonly seats: Map<NodeName, RemoteSeat>
  /** Only on a remote node: it is all that such a node has. */
  readonly remoted: RemotedState | undefined
  /** Only on the quorum server: it is all that such a host has. */
  readonly qnetd: QnetdState | undefined
}

/** Daemons that have not been told anything. */
export function createState(config: PacemakerConfig, self: NodeName): PacemakerState {
  return {
    config,
    self,
    nodes: config.corosync.nodes.map((node) => node.name),
    ring: createRing(self),
    quorum: createQuorum(config.corosync),
    qdevice: createQdevice(),
    cib: { configuration: config.configuration, status: config.status, version: config.version },
    cibLog: [],
    attributes: { values: new Map(), dampening: new Map(), writing: new Map() },
    executor: createExecutor(),
    fencer: createFencer(),
    controller: {
      state: 'S_STARTING',
      life: self,
      startedAt: 0,
      rank: 0,
      peers: new Set(),
      group: new Set(),
      isIn: false,
      dc: undefined,
      hasQuorum: false,
      everQuorate: false,
      votes: new Set(),
      fenceFailures: new Map(),
      lostAt: undefined,
      joinId: 0,
      shutdownWanted: false,
      held: [],
      second: undefined,
      isAsleep: false,
      isFrozen: false,
      late: [],
      ownLoad: undefined,
      loads: new Map(),
    },
    scheduler: createScheduler(),
    dc: undefined,
    forgets: new Set(),
    tickets: 0,
    seats: new Map(),
    qnetd: toQnetd(config, self),
    remoted: config.remotes.some((remote) => remote.node === self) ? createRemoted() : undefined,
  }
}

function toQnetd({ corosync }: PacemakerConfig, self: NodeName): QnetdState | undefined {
  const { device } = corosync.quorum
  return device?.host === self ? { device, nodes: corosync.nodes, clients: new Map() } : undefined
}

/** What the ring's verbs work with: made once for each life of a daemon, for the token comes round many times a second. */
export function ringHand(state: PacemakerState, context: DaemonContext): RingHand {
  const known = HANDS.get(context)
  if (known !== undefined) return known
  const { ring, self, nodes, config } = state
  const hand = toHand({ ring, self, nodes, timers: config.corosync.timers, context })
  HANDS.set(context, hand)
  return hand
}

/** A context is that of one life of one daemon, whose ring is one object for as long. */
const HANDS = new WeakMap<DaemonContext, RingHand>()

/** Sends something to every member, this node included. */
export function tell(state: PacemakerState, context: DaemonContext, type: string, data: unknown): void {
  multicast(ringHand(state, context), type, data)
}

/** Asks for a change of the CIB; it is made when the ring delivers it. */
export function updateCib(state: PacemakerState, context: DaemonContext, update: CibUpdate, event?: unknown): void {
  tell(state, context, 'cib', { update, ...(event === undefined ? {} : { event }) })
}

/** Sends this node's CIB to those whose own is another one. */
export function sendCib(state: PacemakerState, context: DaemonContext, to: readonly NodeName[]): void {
  const { cib: copy, ring } = state
  tell(state, context, 'cib-sync', { to, copy, ring: ring.ring.sequence, since: ring.delivered } satisfies CibSync)
}

/** A node by name, with the id that the CIB knows it by. */
export function keyOf({ cib, config }: PacemakerState, name: NodeName): NodeKey {
  const configured = cib.configuration.nodes.find((node) => node.uname === name)
  const ring = config.corosync.nodes.find((node) => node.name === name)
  return { id: configured?.id ?? String(ring?.id ?? name), name }
}

/** A node's name by its id in the CIB. */
export function nameOf({ cib, config }: PacemakerState, id: string): NodeName | undefined {
  const configured = cib.configuration.nodes.find((node) => node.id === id)?.uname
  const member = configured ?? config.corosync.nodes.find((node) => String(node.id) === id)?.name
  return member ?? config.remotes.find((remote) => remote.node === id)?.node
}

/** True for a remote node or a guest: no member of the ring. */
export function isRemote({ config }: PacemakerState, name: NodeName): boolean {
  return config.remotes.some((remote) => remote.node === name)
}

/** The node that the executor works for: this one, or a remote node behind it. */
export function servedBy({ executor, self }: PacemakerState): NodeName {
  return executor.node ?? self
}

/** The node's wall clock in epoch seconds. */
export function wallClock({ config }: PacemakerState, context: DaemonContext): number {
  return config.clockStart + Math.floor(context.clock / 1000)
}

/** The next number for a call or a fence request. */
export function nextTicket(state: PacemakerState): number {
  state.tickets += 1
  return state.tickets
}

/** Writes a log line. */
export function log(
  context: DaemonContext,
  text: string,
  level: 'critical' | 'error' | 'info' | 'warning' = 'info',
): void {
  context.act({ kind: 'log', level, text })
}
