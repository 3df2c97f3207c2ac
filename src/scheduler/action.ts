/**
 * Actions, the links between them, and orderings: the dependency graph while the scheduler still works on it.
 *
 * An action of a resource is found by its *tail*, the key without the resource's id (`start_0`, `monitor_10000`,
 * `confirmed-post_notify_running_0`); one without resource by its whole key. All lists here are in order of creation; where the
 * specification says "newest first", walk them from the end.
 *
 * Source: spec C-1.1 to C-1.3, C-2, C-12.1 to C-12.4.
 */
import type { OpConfig } from '../cib/configuration.ts'
import type { Resource } from './worksheet.ts'

/** Action flags, as bits. Source: spec C-1.2 (OPT, RUN, PSEUDO, SHOW, MIG, IMPLIED, DANGLE, ANY, RESCHED, ONDC, INGRAPH). */
export const OPTIONAL = 1
export const RUNNABLE = 2
export const PSEUDO = 4
export const SHOW = 8
export const MIGRATABLE = 16
export const IMPLIED = 32
export const DANGLE = 64
export const ANY = 128
export const RESCHEDULE = 256
export const ON_DC = 512
export const IN_GRAPH = 1024
/** The node may not be bound to the first asker: the action is meant to have none. Marks of walks, cleared by each walk. */
export const TRACK = 2048
export const DEDUPLICATED = 4096

/** Link types, as bits that may be combined. Source: spec C-1.3. */
export const ORDER = 1
export const UNLESS_MIGRATING = 2
export const FIRST_REQ = 4
export const THEN_REQ = 8
export const PROMOTED_FIRST_REQ = 16
export const FIRST_MIG = 32
export const NEEDS_RUN = 64
export const PSEUDO_NEEDS_RUN = 128
export const THEN_REQ_NODE = 256
export const PROBE_GATE = 512
export const RESTART = 1024
export const SERIALIZE = 2048
export const SAME_NODE = 4096
export const SHOW_FIRST = 8192
export const SHOW_THEN = 16384
export const ASYM = 32768
export const LOAD = 65536
export const ONE_OR_MORE = 131072
export const ANTI_COLOC = 262144
export const PRESERVE = 524288
export const THEN_CANCELS_FIRST = 1048576

/** What the cluster must have before the action may run. Source: spec C-4.8. */
export type Need = 'nothing' | 'quorum' | 'fencing'

/** Where something in the configuration or status comes from, for explanations: an id and its line, 0 where there is none. */
export interface Origin {
  readonly id: string
  readonly line: number
  readonly column: number
}

/** One action. */
export interface Action {
  /** From 1 in order of creation; 0 for actions that are not recorded. */
  readonly id: number
  readonly key: string
  readonly tail: string
  task: string
  /** The operation's name, for cancellations. */
  cancelledTask: string | undefined
  readonly intervalMs: number
  readonly resource: Resource | undefined
  /** Index of the node; −1: none. */
  node: number
  /** Bits of action flags. */
  flags: number
  /** The configured `op`, if there is one. */
  op: OpConfig | undefined
  need: Need
  reason: string | undefined
  /** What made the action required or unrunnable, for explanations: the causing action and the link's origin. */
  cause: Cause | undefined
  priority: number
  requiredBefore: number
  runnableBefore: number
  /** Meta values added: they never replace one that the operation's own meta has (record.ts, addMeta). Source: spec C-4.13. */
  added: ReadonlyMap<string, string>
  /** Meta values that replace the operation's own (record.ts, replaceMeta). */
  replaced: ReadonlyMap<string, string>
  /** Links that end here ("inputs"). */
  readonly before: Link[]
  /** Links that begin here ("followers"). */
  readonly after: Link[]
  /** For each follower the bits ever used, for the duplicate rule (spec C-12.4); made once there are many. */
  used: Map<Action, number> | undefined
}

/** Why an action is as it is: because of another action, by a link; or `decided`, by a rule that says `what` it saw and where. */
export interface Cause {
  readonly kind: 'required' | 'unrunnable' | 'unmigratable' | 'decided'
  readonly action: Action | undefined
  readonly origin: Origin | undefined
  readonly what?: string
}

/** The cause of what a rule decides from something in the configuration or the status. */
export function decided(what: string, id: string, { line, column }: Pick<Origin, 'line' | 'column'>): Cause {
  return { kind: 'decided', action: undefined, origin: { id, line, column }, what }
}

/** One link between two actions. The two ends are separate records; `bits` of the record in `before` may change. */
export interface Link {
  readonly first: Action
  readonly then: Action
  bits: number
  /** The input became a trigger in the graph. */
  inGraph: boolean
  readonly origin: Origin | undefined
}

/** One ordering, to be applied when all actions exist. Each side is a resource with a tail, or an action. */
export interface Ordering {
  readonly firstResource: Resource | undefined
  readonly firstTail: string
  readonly firstAction: Action | undefined
  readonly thenResource: Resource | undefined
  readonly thenTail: string
  readonly thenAction: Action | undefined
  readonly bits: number
  readonly origin: Origin | undefined
}

/** Links two actions; false where the duplicate rule refuses. Source: spec C-12.3, C-12.4. */
export function link(
  first: Action | undefined,
  then: Action | undefined,
  bits: number,
  origin: Origin | undefined = undefined,
): boolean {
  if (bits === 0 || first === undefined || then === undefined) return false
  const used = usedBits(first, then)
  if ((used & bits) !== 0) return false
  first.used?.set(then, used | bits)
  first.after.push({ first, then, bits, inGraph: false, origin })
  then.before.push({ first, then, bits, inGraph: false, origin })
  return true
}

const MANY = 12

/** The bits that links between two actions have used so far. Few followers are searched faster than a map is made. */
function usedBits(first: Action, then: Action): number {
  const { after } = first
  if (first.used === undefined && MANY <= after.length) {
    first.used = new Map()
    for (const record of after) first.used.set(record.then, (first.used.get(record.then) ?? 0) | record.bits)
  }
  if (first.used !== undefined) return first.used.get(then) ?? 0
  let bits = 0
  for (const record of after) if (record.then === then) bits |= record.bits
  return bits
}

/** The tail of an operation's key. */
export function tailOf(task: string, intervalMs: number): string {
  return `${task}_${intervalMs}`
}
