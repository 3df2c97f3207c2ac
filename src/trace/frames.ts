/**
 * The state of everything at any instant of a trace: what a viewer shows. Checkpoints stand every so many records, so that a step to any
 * place costs a bounded number of records.
 *
 * Frames share what is the same in them, so nobody may change one: the fold copies a map before its first change after a checkpoint.
 */
import { countUpTo } from '../kernel/search.ts'
import type { Millis } from '../kernel/time.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { NodeState } from '../model/node.ts'
import type { Trace, TraceRecord } from './record.ts'

/** One node at an instant. */
export interface NodeFrame {
  readonly name: NodeName
  state: NodeState
  since: Millis
  /** The daemon and its helpers: `running`, `hung`, `crashed`, `exited`; absent before the first start. */
  processes: ReadonlyMap<string, string>
  /** How this node sees each other member. */
  views: ReadonlyMap<string, string>
  /** What this node's manager believes of groups and of its own claims. */
  beliefs: ReadonlyMap<string, string>
  /** Its manager's own machines. */
  machines: ReadonlyMap<string, string>
}

/** One resource on one node. */
export interface ResourceFrame {
  readonly state: LifecycleState
  readonly since: Millis
  /** The event that led here, empty at the beginning. */
  readonly event: string
  readonly from: LifecycleState
  /** The operation under way, empty where none is. */
  readonly operation: string
}

/** Everything at an instant. */
export interface Frame {
  at: Millis
  /** The last record that counts. */
  seq: number
  /** The manager's main process: when it ends, what the node's manager believed is gone. */
  readonly daemon: string
  readonly nodes: Map<NodeName, NodeFrame>
  /** By node, then by resource. */
  readonly resources: Map<NodeName, ReadonlyMap<ResourceId, ResourceFrame>>
  /** Cut directions: `medium from to`. */
  readonly cutLinks: Set<string>
  /** Faults that last: text of each, by its first record. */
  readonly faults: Map<number, string>
  /** Of those the ones that took a node down, by its name: over when it is up again, whoever brought it back. */
  readonly downs: Map<NodeName, number>
  /** Fence devices: the last thing each did. */
  readonly devices: Map<string, string>
}

const CHECKPOINT_RECORDS = 500

/** Frames of one trace. Building costs one pass; a frame costs at most {@link CHECKPOINT_RECORDS} records and one copy. */
export class Frames {
  readonly #trace: Trace
  readonly #checkpoints: Frame[] = []

  constructor(trace: Trace) {
    this.#trace = trace
    const frame = firstFrame(trace)
    let own: Own = new Set()
    for (const [index, record] of trace.records.entries()) {
      if (index % CHECKPOINT_RECORDS === 0) {
        this.#checkpoints.push(copyFrame(frame))
        own = new Set()
      }
      applyRecord(frame, own, record)
    }
    if (trace.records.length === 0) this.#checkpoints.push(frame)
  }

  /** The frame after every record up to and with `seq`; 0 is the beginning. */
  atSeq(seq: number): Frame {
    const last = Math.min(seq, this.#trace.records.length)
    const checkpoint = Math.max(0, Math.floor((last - 1) / CHECKPOINT_RECORDS))
    const frame = copyFrame(this.#checkpoints[checkpoint]!)
    const own: Own = new Set()
    for (let index = checkpoint * CHECKPOINT_RECORDS; index < last; index++)
      applyRecord(frame, own, this.#trace.records[index]!)
    return frame
  }

  /** The frame after every record up to the instant. */
  at(instant: Millis): Frame {
    const frame = this.atSeq(lastSeqAt(this.#trace.records, instant))
    frame.at = instant
    return frame
  }
}

/** The number of the last record at or before an instant; 0 where there is none. O(log records). */
export function lastSeqAt(records: readonly TraceRecord[], instant: Millis): number {
  return countUpTo(records, instant, ({ at }) => at)
}

function firstFrame({ header }: Trace): Frame {
  const { nodes, resources, processes } = header.cluster
  return {
    at: 0,
    seq: 0,
    daemon: processes[0] ?? '',
    nodes: new Map(
      nodes.map((name) => [
        name,
        {
          name,
          state: 'off',
          since: 0,
          processes: new Map(),
          views: new Map(),
          beliefs: new Map(),
          machines: new Map(),
        },
      ]),
    ),
    resources: new Map(
      nodes.map((name) => [
        name,
        new Map(
          resources.map((spec) => [spec.id, { state: 'stopped', since: 0, event: '', from: 'stopped', operation: '' }]),
        ),
      ]),
    ),
    cutLinks: new Set(),
    faults: new Map(),
    downs: new Map(),
    devices: new Map(),
  }
}

/** The maps that only the frame being made has. */
type Own = Set<unknown>

/** The map itself where it may be changed, else a copy that may. */
function toOwn<K, V>(own: Own, map: ReadonlyMap<K, V>): Map<K, V> {
  // What is in `own` was made here as a Map.
  if (own.has(map)) return map as Map<K, V>
  const copy = new Map(map)
  own.add(copy)
  return copy
}

function applyRecord(frame: Frame, own: Own, record: TraceRecord): void {
  frame.at = record.at
  frame.seq = record.seq
  switch (record.kind) {
    case 'node': {
      const node = frame.nodes.get(record.node)!
      node.state = record.to
      node.since = record.at
      if (record.to === 'up') frame.faults.delete(frame.downs.get(record.node) ?? 0)
      if (record.to === 'off' || record.to === 'booting' || record.to === 'dead') forget(frame, own, node)
      return
    }
    case 'process': {
      const node = frame.nodes.get(record.node)!
      // What a daemon believes dies with it; a helper's end takes nothing away, and one that hangs believes on.
      if (record.process === frame.daemon && record.state !== 'hung' && node.processes.get(record.process) !== 'hung')
        forgetBeliefs(node)
      node.processes = toOwn(own, node.processes).set(record.process, record.state)
      return
    }
    case 'membership': {
      const node = frame.nodes.get(record.node)!
      node.views = toOwn(own, node.views).set(record.member, record.status)
      return
    }
    case 'belief': {
      const node = frame.nodes.get(record.node)!
      node.beliefs = toOwn(own, node.beliefs).set(record.about, record.state)
      return
    }
    case 'machine': {
      const node = frame.nodes.get(record.node)!
      node.machines = toOwn(own, node.machines).set(record.machine, record.to)
      return
    }
    case 'lifecycle': {
      const { operation } = frame.resources.get(record.node)!.get(record.resource)!
      const { to: state, at: since, event, from } = record
      setResource(frame, own, record, { state, since, event, from, operation })
      return
    }
    case 'operation': {
      const { state, since, event, from } = frame.resources.get(record.node)!.get(record.resource)!
      const operation = record.phase === 'begin' ? record.operation : ''
      setResource(frame, own, record, { state, since, event, from, operation })
      return
    }
    case 'link': {
      const key = `${record.medium} ${record.from} ${record.to}`
      if (record.up) frame.cutLinks.delete(key)
      else frame.cutLinks.add(key)
      return
    }
    case 'fault':
      if (record.phase === 'end') frame.faults.delete(record.cause)
      else if (record.lasting) {
        frame.faults.set(record.seq, record.text)
        const [target = ''] = record.targets
        if (record.fault.startsWith('node-') && record.targets.length === 1) frame.downs.set(target, record.seq)
      }
      return
    case 'fence':
      frame.devices.set(record.device, record.text)
      return
    case 'command':
    case 'decision':
    case 'log':
    case 'message':
    case 'storage':
      return
  }
}

function setResource(
  { resources }: Frame,
  own: Own,
  { node, resource }: { readonly node: NodeName; readonly resource: ResourceId },
  frame: ResourceFrame,
): void {
  resources.set(node, toOwn(own, resources.get(node)!).set(resource, frame))
}

const NOTHING: ReadonlyMap<string, string> = new Map()

function forgetBeliefs(node: NodeFrame): void {
  node.views = NOTHING
  node.beliefs = NOTHING
  node.machines = NOTHING
}

/** A node that is gone knows nothing and runs nothing. */
function forget(frame: Frame, own: Own, node: NodeFrame): void {
  node.processes = NOTHING
  forgetBeliefs(node)
  for (const [resource, { state, since, event, from }] of frame.resources.get(node.name)!)
    setResource(frame, own, { node: node.name, resource }, { state, since, event, from, operation: '' })
}

/** A frame of its own that shares every map of its nodes and resources. */
function copyFrame(frame: Frame): Frame {
  const { at, seq, daemon, nodes, resources, cutLinks, faults, downs, devices } = frame
  return {
    at,
    seq,
    daemon,
    nodes: new Map([...nodes].map(([name, node]) => [name, { ...node }])),
    resources: new Map(resources),
    cutLinks: new Set(cutLinks),
    faults: new Map(faults),
    downs: new Map(downs),
    devices: new Map(devices),
  }
}
