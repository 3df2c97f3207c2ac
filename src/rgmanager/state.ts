/** Everything that one node's daemon knows: plain data, changed in place by the verbs of this room. Source: spec rgmanager 6, 9 and 14. */
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageBody } from '../manager/observation.ts'
import type { NodeName } from '../model/names.ts'
import type { RgConfig, RgmanagerConfig, Service } from './config.ts'
import type { Frame } from './frames.ts'

/** Where a daemon is in its life (spec 14). */
export type Phase =
  /** Listens for others. */
  | 'joining'
  /** Quorate or not, not yet in the fence domain, or the domain has victims. */
  | 'fence-domain'
  /** Stops everything that may run here. */
  | 'init-stop'
  | 'running'
  /** Quorum was lost: everything is being stopped, or is. */
  | 'no-quorum'
  /** A clean shutdown: no start any more. */
  | 'leaving'

/** Another node as the ring knows it. */
export interface Peer {
  readonly name: NodeName
  generation: number
  /** Its tokens arrive. */
  heard: boolean
  lastHeard: Millis
  /** It hears this node, as its own tokens say. */
  hearsMe: boolean
  member: boolean
  /** It was a member and was lost without goodbye: heard again with this generation it must begin anew. */
  lostGeneration: number
  /** Numbers of messages: last sent to it, last taken from it in order. */
  sentNumber: number
  taken: number
  readonly sent: { readonly number: number; readonly body: MessageBody }[]
  readonly early: Map<number, MessageBody>
  /** It has told its state since it joined. */
  greeted: boolean
  /** Its fence domain is formed. */
  formed: boolean
  /** Its rgmanager runs. */
  serving: boolean
}

/** A node that must be fenced before anything goes on. */
export interface Victim {
  readonly node: NodeName
  readonly why: 'failed' | 'startup'
}

/** The fencing under way, where this node is the domain's master. */
export interface Fencing {
  readonly node: NodeName
  method: number
  step: number
  ticket: number | undefined
  /** How often all methods failed. */
  rounds: number
}

export type ServiceState =
  | 'disabled'
  | 'failed'
  | 'migrating'
  | 'recoverable'
  | 'recovering'
  | 'started'
  | 'starting'
  | 'stopped'
  | 'stopping'

/** The record of a service, replicated on all nodes (spec 9). */
export interface ServiceRecord {
  readonly service: string
  readonly version: number
  readonly state: ServiceState
  readonly owner: NodeName | undefined
  readonly lastOwner: NodeName | undefined
  readonly restarts: number
  readonly since: Millis
  readonly frozen: boolean
  readonly partial: boolean
  readonly everStarted: boolean
}

/** The lock of one service, as its master keeps it. */
export interface Lock {
  holder: { readonly node: NodeName; readonly id: number } | undefined
  readonly waiting: { readonly node: NodeName; readonly id: number }[]
}

/** What this node knows of one resource of a tree since its last start. */
export interface NodeMemory {
  /** When each depth was last checked; absent: never. */
  readonly last: Map<number, Millis>
  /** The last result, which stands in for checks that are not due (spec 6.7). */
  cached: number
  /** Stopped for good as a non-critical part. */
  disabled: boolean
  /** Its last start found it not installed: a stop that says so too is no failure (spec 17). */
  notInstalled: boolean
  /** Instants of tolerated failures, and of restarts in place. */
  failures: Millis[]
  restarts: Millis[]
}

/** Something that a service's worker is asked to do. */
export type Request =
  | { readonly kind: 'central-start'; readonly reply: Reply }
  | { readonly kind: 'central-stop'; readonly reply: Reply; readonly mode: 'disable' | 'stop' }
  | { readonly kind: 'consider'; readonly why: string }
  | { readonly kind: 'plain-stop' }
  | { readonly kind: 'failback'; readonly node: NodeName }
  | { readonly kind: 'operator'; readonly op: OperatorOp; readonly target: NodeName | undefined; readonly reply: Reply }
  | { readonly kind: 'owner-lost'; readonly node: NodeName }
  /** Tells agents whose attributes changed in what they take while they run. */
  | { readonly kind: 'reconfig'; readonly order: readonly number[] }
  | { readonly kind: 'remote-start'; readonly reply: Reply; readonly why: readonly Why[] }
  | { readonly kind: 'receive'; readonly reply: Reply }
  | { readonly kind: 'status' }
  /** A stop of the whole tree whose result nobody looks at and which changes no record. */
  | { readonly kind: 'sweep' }
  /** Parts of the tree that a new configuration removes or changes, and those that it adds. */
  | { readonly kind: 'walk'; readonly op: 'start' | 'stop'; readonly order: readonly number[] }

/** Why something is asked for: told on both nodes. */
export interface Why {
  readonly text: string
  readonly source: string
}

export type OperatorOp =
  | 'convalesce'
  | 'disable'
  | 'enable'
  | 'enable-by-domain'
  | 'freeze'
  | 'migrate'
  | 'relocate'
  | 'restart'
  | 'stop'
  | 'unfreeze'

/** Whom to tell how it went. */
export interface Reply {
  readonly node: NodeName
  readonly id: number
}

export type Waiting =
  | { readonly kind: 'answer'; readonly id: number; readonly from: NodeName }
  | { readonly kind: 'call'; readonly ticket: number }
  /** An agent took too long and was killed: its failure counts a moment later. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'lock'; readonly id: number }
  | { readonly kind: 'pause' }

/** All operations of a service on this node are serial: one worker does them. */
export interface Worker {
  readonly service: string
  readonly queue: Request[]
  current: Request | undefined
  frames: Frame[]
  waiting: Waiting | undefined
  memory: NodeMemory[]
  /** Restarts in the window, known to the owner only (spec 10). */
  restarts: Millis[]
}

/** What a node writes on the quorum disk, and when it was read. */
export interface DiskBlock {
  readonly at: Millis
  readonly isFit: boolean
  readonly isMaster: boolean
  readonly generation: number
}

/** What this node's qdiskd knows. */
export interface DiskState {
  /** When the disk answered last; 0: never. */
  lastAccess: Millis
  /** Cycles in a row that worked. */
  written: number
  isFit: boolean
  /** Since when it has been fit, or not. */
  since: Millis
  isMaster: boolean
  /** The disk's votes count here. */
  counts: boolean
  readonly blocks: Map<NodeName, DiskBlock>
  readonly heuristics: { missed: number; isUp: boolean }[]
}

export interface RgState {
  readonly config: RgmanagerConfig
  readonly self: NodeName
  generation: number
  phase: Phase
  /** Which version of the resource section is loaded. */
  version: number
  readonly peers: Map<NodeName, Peer>
  lastBeat: Millis
  /** It has listened for others long enough to take itself for alone. */
  listened: boolean
  quorate: boolean
  /** Nodes that left in order: their votes are not expected. */
  readonly left: Set<NodeName>
  /** Another partition told this node to begin anew. */
  killed: boolean
  /** Present where there is a quorum disk. */
  readonly disk: DiskState | undefined
  domainFormed: boolean
  victims: Victim[]
  fencing: Fencing | undefined
  readonly records: Map<string, ServiceRecord>
  readonly locks: Map<string, Lock>
  /** Starts are locked cluster-wide by an operator. */
  startsLocked: boolean
  readonly workers: Map<string, Worker>
  /** The next number of tickets, lock requests and questions. */
  ticket: number
  statusCalls: number
  /** A clean shutdown stopped something: the daemon lingers. */
  stoppedSomething: boolean
  saidExiting: boolean
  reloading: Reloading | undefined
  /** The master of central processing (spec 16). */
  readonly central: Central
}

/** A new version of the resource section on its way in: first what goes stops, then what comes starts. */
export interface Reloading {
  readonly to: number
  phase: 'start' | 'stop'
  readonly starts: readonly {
    readonly service: string
    readonly order: readonly number[]
    readonly reconfig: readonly number[]
  }[]
}

/** The event master's work in central mode. */
export interface Central {
  master: NodeName | undefined
  readonly queue: CentralEvent[]
  current: CentralEvent | undefined
  steps: CentralStep[]
  /** How the last step of the present event ended: an operator is told. */
  outcome: { readonly text: string; readonly owner: NodeName | undefined }
  /** The question under way: whom it was put to, and for which step. */
  waiting: { readonly id: number; readonly node: NodeName; readonly step: CentralStep } | undefined
}

export type CentralEvent =
  | { readonly kind: 'node'; readonly node: NodeName; readonly up: boolean }
  | {
      readonly kind: 'operator'
      readonly service: string
      readonly op: OperatorOp
      readonly target: NodeName | undefined
      readonly reply: Reply
    }
  | { readonly kind: 'recover'; readonly service: string; readonly exceeded: boolean }
  | { readonly kind: 'service'; readonly service: string }

/** One step of the master's: what to have done where. */
export type CentralStep =
  | { readonly kind: 'start'; readonly service: string; readonly candidates: readonly NodeName[]; readonly why: string }
  | {
      readonly kind: 'stop'
      readonly service: string
      readonly mode: 'disable' | 'stop'
      readonly why: string
      /** The service that it makes room for. */
      readonly for?: string
    }
  | { readonly kind: 'evaluate'; readonly service: string }
  /** What an operator wants of the owner alone. */
  | {
      readonly kind: 'pass'
      readonly service: string
      readonly op: OperatorOp
      readonly target: NodeName | undefined
      readonly why: string
    }

/** A daemon that has not been told anything. */
export function createState(config: RgmanagerConfig, self: NodeName): RgState {
  return {
    config,
    self,
    generation: 0,
    phase: 'joining',
    version: 0,
    peers: new Map(config.nodes.filter(({ name }) => name !== self).map(({ name }) => [name, createPeer(name)])),
    lastBeat: 0,
    listened: false,
    quorate: false,
    left: new Set(),
    killed: false,
    disk: createDisk(config),
    domainFormed: false,
    victims: [],
    fencing: undefined,
    records: new Map(),
    locks: new Map(),
    startsLocked: false,
    workers: new Map(),
    ticket: 0,
    statusCalls: 0,
    stoppedSomething: false,
    saidExiting: false,
    reloading: undefined,
    central: {
      master: undefined,
      queue: [],
      current: undefined,
      steps: [],
      outcome: { text: 'ok', owner: undefined },
      waiting: undefined,
    },
  }
}

function createDisk({ quorumDisk }: RgmanagerConfig): DiskState | undefined {
  if (quorumDisk === undefined) return undefined
  return {
    lastAccess: 0,
    written: 0,
    isFit: false,
    since: 0,
    isMaster: false,
    counts: false,
    blocks: new Map(),
    heuristics: quorumDisk.heuristics.map(() => ({ missed: 0, isUp: false })),
  }
}

export function createPeer(name: NodeName): Peer {
  return {
    name,
    generation: 0,
    heard: false,
    lastHeard: 0,
    hearsMe: false,
    member: false,
    lostGeneration: 0,
    sentNumber: 0,
    taken: 0,
    sent: [],
    early: new Map(),
    greeted: false,
    formed: false,
    serving: false,
  }
}

/** The resource section that is loaded. */
export function rgOf(state: RgState): RgConfig {
  return state.config.versions[state.version]!
}

/** The service of an id; every worker's service exists. */
export function serviceOf(state: RgState, id: string): Service {
  return rgOf(state).services.find((service) => service.id === id)!
}

/** Members of the ring by ascending id, this node included. */
export function membersOf(state: RgState): readonly NodeName[] {
  const isMember = (name: NodeName): boolean => name === state.self || state.peers.get(name)?.member === true
  return sortedNodes(state).filter(isMember)
}

/** Members whose rgmanager runs: where services can be. */
export function onlineOf(state: RgState): readonly NodeName[] {
  const serves = (name: NodeName): boolean =>
    name === state.self ? state.phase === 'running' : state.peers.get(name)!.member && state.peers.get(name)!.serving
  return sortedNodes(state).filter(serves)
}

function sortedNodes({ config }: RgState): readonly NodeName[] {
  return [...config.nodes].sort((a, b) => a.id - b.id).map(({ name }) => name)
}

/** The record of a service; one that nobody has written yet is stopped and owned by none. */
export function recordOf(state: RgState, service: string): ServiceRecord {
  return state.records.get(service) ?? blankRecord(service)
}

/** What a record says before anybody has written it. */
export function blankRecord(service: string): ServiceRecord {
  return {
    service,
    version: 0,
    state: 'stopped',
    owner: undefined,
    lastOwner: undefined,
    restarts: 0,
    since: 0,
    frozen: false,
    partial: false,
    everStarted: false,
  }
}

/** True while a node may hold the service: it was told to start, or it has not said that it stopped. */
export function isActive({ state }: ServiceRecord): boolean {
  return state === 'starting' || state === 'started' || state === 'stopping' || state === 'migrating'
}

/** Moves the daemon to another phase of its life and tells the trace. */
export function enterPhase(state: RgState, context: DaemonContext, phase: Phase, event: string): void {
  if (state.phase === phase) return
  context.act({ kind: 'machine', machine: 'rgmanager', from: state.phase, to: phase, event })
  state.phase = phase
}
