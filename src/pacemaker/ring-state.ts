/**
 * What one corosync knows: its ring, the token, messages on their way, links to nodes outside the ring. Plain data.
 * Source: spec E-2; the totem protocol (single ring ordering and membership).
 */
import type { NodeName } from '../model/names.ts'
import type { CibChange } from './change.ts'

/** A ring's name: the lowest member, and a number that rises. Source: spec E-2.6. */
export interface RingId {
  readonly rep: NodeName
  readonly sequence: number
}

/** A message in the ring's total order. Its body is never changed. */
export interface RingMessage {
  readonly from: NodeName
  readonly sequence: number
  readonly type: string
  readonly data: unknown
}

/** The token. Who holds it may send. */
export interface Token {
  readonly ring: RingId
  /** Rises with every hop: what is not higher than the last one seen is a repetition. */
  readonly hop: number
  /** The highest number given to a message. */
  readonly sequence: number
  /** Everybody has everything up to this. */
  readonly all: number
  /** Who lowered `all` last. */
  readonly lowered: NodeName | undefined
  /** Numbers that somebody lacks. */
  readonly wanted: readonly number[]
}

/** What a member brings to a new ring. */
export interface CommitEntry {
  readonly node: NodeName
  readonly old: RingId
  readonly messages: readonly RingMessage[]
  readonly quorate: boolean
}

/** The message that makes a ring: it goes round twice. */
export interface CommitToken {
  readonly ring: RingId
  readonly members: readonly NodeName[]
  readonly round: 1 | 2
  readonly entries: readonly CommitEntry[]
}

/** What a node says while members look for agreement. */
export interface JoinMessage {
  readonly from: NodeName
  readonly known: readonly NodeName[]
  readonly failed: readonly NodeName[]
  readonly ring: RingId
  /** The highest number of any ring that the sender has seen. */
  readonly highest: number
}

/** The link to a node outside the ring. */
export interface OuterLink {
  pongs: number
  lastPong: number
  /** This side holds the link to be up. */
  isUp: boolean
  /** The other side said so, too. */
  isUpThere: boolean
}

/** A new membership, as it is told to everybody on the node. */
export interface Membership {
  readonly members: readonly NodeName[]
  readonly joined: readonly NodeName[]
  readonly left: readonly NodeName[]
  /** Those of `left` that said goodbye. */
  readonly leftCleanly: readonly NodeName[]
  readonly sequence: number
  /** Some member comes from a partition that had quorum. */
  readonly wasQuorate: boolean
}

/** What waits to be told to the layers above, in order. */
export type RingNews =
  | { readonly kind: 'membership'; readonly membership: Membership }
  /** `change`: what a write of the CIB changed in this node's copy, once it has been applied there. */
  | { readonly kind: 'message'; readonly message: RingMessage; readonly change?: CibChange | undefined }
  /** To the controller alone: the ring's members and their quorum; who left the process group with the ring. */
  | { readonly kind: 'quorum'; readonly membership: Membership }
  | { readonly kind: 'group'; readonly left: readonly NodeName[] }

/** What a controller is told: of a membership by the ring and by its process group, each for itself (spec E-2.7). */
export type ControllerNews = Exclude<RingNews, { readonly kind: 'membership' }>

export interface RingState {
  phase: 'commit' | 'gather' | 'operational' | 'stopped'
  ring: RingId
  /** In ascending order of node ids. */
  members: readonly NodeName[]
  highest: number
  /** The token while this node holds it back. */
  held: Token | undefined
  /** When the token was seen last, or a new ring began to wait for it. */
  tokenAt: number
  /** It was said that the token is late. */
  isWarned: boolean
  /** The last hop seen. */
  hop: number
  /** The token as it was passed on, to repeat it where it is lost. */
  passed: Token | undefined
  /** `all` of the last visit: nobody will ask for what lies below. */
  stable: number
  /** A member has something to send: do not hold the token. */
  isWanted: boolean
  hasCalled: boolean
  /** The highest number at the last visit. */
  seen: number
  readonly waiting: { readonly type: string; readonly data: unknown }[]
  /** What was received and may be asked for, in the order in which it came: a list, for it is short and changes with every message. */
  readonly received: RingMessage[]
  delivered: number
  readonly known: Set<NodeName>
  readonly failed: Set<NodeName>
  readonly joins: Map<NodeName, string>
  commit: CommitToken | undefined
  readonly goodbyes: Set<NodeName>
  readonly links: Map<NodeName, OuterLink>
  isMerging: boolean
  readonly news: RingNews[]
}

/** A corosync that has not started. */
export function createRing(self: NodeName): RingState {
  return {
    phase: 'stopped',
    ring: { rep: self, sequence: 0 },
    members: [],
    highest: 0,
    held: undefined,
    tokenAt: 0,
    isWarned: false,
    hop: 0,
    passed: undefined,
    stable: 0,
    isWanted: false,
    hasCalled: false,
    seen: 0,
    waiting: [],
    received: [],
    delivered: 0,
    known: new Set(),
    failed: new Set(),
    joins: new Map(),
    commit: undefined,
    goodbyes: new Set(),
    links: new Map(),
    isMerging: false,
    news: [],
  }
}

/** The message with this number, where it is here. As a rule they came in order. */
export function messageOf({ received }: RingState, sequence: number): RingMessage | undefined {
  const first = received[0]
  if (first === undefined) return undefined
  const expected = received[sequence - first.sequence]
  return expected?.sequence === sequence ? expected : received.find((message) => message.sequence === sequence)
}
