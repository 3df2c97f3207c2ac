/**
 * Everything that one Heartbeat daemon knows: plain data, changed in place by the verbs of this room. Source: spec heartbeat 2 and 3.
 */
import type { Millis } from '../kernel/time.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageBody } from '../manager/observation.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { HeartbeatConfig, ResourceGroup } from './config.ts'

/** What a node claims to hold, seen from itself: a claim, not an observation (spec 3). */
export interface Holdings {
  local: boolean
  foreign: boolean
}

/** A member's status as this node sees it (spec 2). */
export interface Member {
  readonly name: string
  status: 'active' | 'dead' | 'init' | 'ping' | 'up'
  generation: number
  /** Highest number of a control message taken from it. */
  heard: number
  lastHeard: Millis
  /** True once anything was heard from it since this daemon's start. */
  everHeard: boolean
  /** The silence after which it says that it is dead. */
  deadtime: Millis
}

/** States of a node's resource work (spec 3). */
export type Phase = 'bothstarting' | 'init' | 'received' | 'shutdown' | 'stable' | 'starting'

export type StandbyType = 'all' | 'foreign' | 'local'

/** Where the standby protocol stands (spec 9). */
export type Standby = 'asked' | 'giving' | 'none' | 'other-going' | 'taking' | 'waiting-for-other'

/** One step of resource work; a list of them is a child process of the real thing. */
export type Step =
  | { readonly kind: 'acquire'; readonly group: string }
  | { readonly kind: 'status-then-start'; readonly group: string; readonly resource: ResourceId }
  | { readonly kind: 'start'; readonly group: string; readonly resource: ResourceId }
  | { readonly kind: 'release'; readonly group: string }
  | { readonly kind: 'stop'; readonly group: string; readonly resource: ResourceId; readonly tries: number }
  | { readonly kind: 'pause'; readonly group: string; readonly resource: ResourceId; readonly tries: number }
  | { readonly kind: 'status-after-stop'; readonly group: string; readonly resource: ResourceId }
  | { readonly kind: 'reboot'; readonly resource: ResourceId }
  | { readonly kind: 'check-idle'; readonly group: string }
  | { readonly kind: 'check-key'; readonly group: string }
  | { readonly kind: 'check-own'; readonly group: string }
  | { readonly kind: 'answer-request'; readonly group: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'end'; readonly what: End }

/** What follows a piece of work. */
export type End =
  | 'began'
  | 'died-and-taken'
  | 'healed'
  | 'local-taken'
  | 'restart'
  | 'shutdown'
  | 'standby-given'
  | 'standby-taken'
  | 'taken'

/** One line of work: steps in order, one agent call at a time. */
export interface Lane {
  readonly name: 'check' | 'main'
  steps: Step[]
  /** The call or pause that the first step waits for. */
  waiting: number | 'pause' | undefined
}

/** A control message that was sent, kept so that a peer that lost it can ask again. */
export interface SentMessage {
  readonly number: number
  readonly body: MessageBody
}

export interface HeartbeatState {
  readonly config: HeartbeatConfig
  readonly self: NodeName
  readonly peer: NodeName
  generation: number
  phase: Phase
  /** True once every configured member has been heard or is dead. */
  communicationUp: boolean
  /** True from the end of the checks at start until the daemon ends. */
  beating: boolean
  lastBeat: Millis
  readonly members: Map<string, Member>
  readonly sent: SentMessage[]
  sentNumber: number
  readonly holds: Holdings
  readonly otherHolds: Holdings
  otherStable: boolean
  /** The peer said that it shut down in order. */
  otherShutDown: boolean
  standby: Standby
  standbyType: StandbyType
  /** A takeover from a dead or stopped node arms it (spec 7). */
  failbackArmed: boolean
  fencing: number | undefined
  healing: boolean
  shutdownWanted: boolean
  /** After a clean stop that is one half of a restart: how long until the daemon starts again. */
  restartAfter: Millis | undefined
  readonly lanes: { readonly main: Lane; readonly check: Lane }
  ticket: number
  /** Resources with a call under way: calls on one never overlap. */
  readonly busy: Set<ResourceId>
  /** 1.2 era: a stop failed for good in the group being given up; the node reboots at its end. */
  rebootAfterGroup: boolean
  ipfailAlive: boolean
  /** ipfail has decided to give up and waits. */
  giveUpPending: StandbyType | undefined
}

/** A daemon that has not been told anything. */
export function createState(config: HeartbeatConfig, self: NodeName): HeartbeatState {
  const peer = config.cf.nodes.find((node) => node !== self) ?? self
  const names = [...config.cf.nodes.filter((node) => node !== self), ...config.cf.pings.map((ping) => ping.name)]
  return {
    config,
    self,
    peer,
    generation: 0,
    phase: 'init',
    communicationUp: false,
    beating: false,
    lastBeat: 0,
    members: new Map(names.map((name) => [name, createMember(name, config)])),
    sent: [],
    sentNumber: 0,
    holds: { local: false, foreign: false },
    otherHolds: { local: false, foreign: false },
    otherStable: false,
    otherShutDown: false,
    standby: 'none',
    standbyType: 'all',
    failbackArmed: false,
    fencing: undefined,
    healing: false,
    shutdownWanted: false,
    restartAfter: undefined,
    lanes: {
      main: { name: 'main', steps: [], waiting: undefined },
      check: { name: 'check', steps: [], waiting: undefined },
    },
    ticket: 0,
    busy: new Set(),
    rebootAfterGroup: false,
    ipfailAlive: config.cf.ipfail,
    giveUpPending: undefined,
  }
}

function createMember(name: string, { cf }: HeartbeatConfig): Member {
  const isPing = cf.pings.some((ping) => ping.name === name)
  return {
    name,
    status: 'init',
    generation: 0,
    heard: 0,
    lastHeard: 0,
    everHeard: false,
    deadtime: isPing ? cf.deadping : cf.deadtime,
  }
}

/** The peer as a member. */
export function peerOf(state: HeartbeatState): Member {
  return state.members.get(state.peer)!
}

/** The groups whose line begins with `owner`, in file order; `all` gives every one. */
export function groupsOf(state: HeartbeatState, whose: 'all' | 'foreign' | 'local'): readonly ResourceGroup[] {
  return state.config.groups.filter((group) => whose === 'all' || (group.owner === state.self) === (whose === 'local'))
}

/** The group of a key. */
export function groupOf(state: HeartbeatState, key: string): ResourceGroup {
  return state.config.groups.find((group) => group.key === key)!
}

/** Moves the resource work to another phase and tells the trace. */
export function enterPhase(state: HeartbeatState, context: DaemonContext, phase: Phase, event: string): void {
  if (state.phase === phase) return
  context.act({ kind: 'machine', machine: 'resource work', from: state.phase, to: phase, event })
  state.phase = phase
}

/** Changes this node's claim and tells the trace. */
export function claim(state: HeartbeatState, context: DaemonContext, holdings: Partial<Holdings>): void {
  const before = holdingsText(state.holds)
  if (holdings.local !== undefined) state.holds.local = holdings.local
  if (holdings.foreign !== undefined) state.holds.foreign = holdings.foreign
  if (holdingsText(state.holds) !== before)
    context.act({ kind: 'believe', about: 'I hold', state: holdingsText(state.holds) })
}

/** `none`, `local`, `foreign` or `all`. */
export function holdingsText({ local, foreign }: Holdings): string {
  if (local && foreign) return 'all'
  if (local) return 'local'
  return foreign ? 'foreign' : 'none'
}
