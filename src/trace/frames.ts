/**
 * The state of everything at any instant of a trace: what a viewer shows. Checkpoints stand every so many records, so that a step to any
 * place costs a bounded number of records.
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
  readonly processes: Map<string, string>
  /** How this node sees each other member. */
  readonly views: Map<string, string>
  /** What this node's manager believes of groups and of its own claims. */
  readonly beliefs: Map<string, string>
  /** Its manager's own machines. */
  readonly machines: Map<string, string>
}

/** One resource on one node. */
export interface ResourceFrame {
  state: LifecycleState
  since: Millis
  /** The event that led here, empty at the beginning. */
  event: string
  from: LifecycleState
  /** The operation under way, empty where none is. */
  operation: string
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
  readonly resources: Map<NodeName, Map<ResourceId, ResourceFrame>>
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
    for (const [index, record] of trace.records.entries()) {
      if (index % CHECKPOINT_RECORDS === 0) this.#checkpoints.push(copyFrame(frame))
      applyRecord(frame, record)
    }
    if (trace.records.length === 0) this.#checkpoints.push(frame)
  }

  /** The frame after every record up to and with `seq`; 0 is the beginning. */
  atSeq(seq: number): Frame {
    const last = Math.min(seq, this.#trace.records.length)
    const checkpoint = Math.max(0, Math.floor((last - 1) / CHECKPOINT_RECORDS))
    const frame = copyFrame(this.#checkpoints[checkpoint]!)
    for (let index = checkpoint * CHECKPOINT_RECORDS; index < last; index++)
      applyRecord(frame, this.#trace.records[index]!)
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

function applyRecord(frame: Frame, record: TraceRecord): void {
  frame.at = record.at
  frame.seq = record.seq
  switch (record.kind) {
    case 'node': {
      const node = frame.nodes.get(record.node)!
      node.state = record.to
      node.since = record.at
      if (record.to === 'up') frame.faults.delete(frame.downs.get(record.node) ?? 0)
      if (record.to === 'off' || record.to === 'booting' || record.to === 'dead') forget(frame, node)
      return
    }
    case 'process': {
      const node = frame.nodes.get(record.node)!
      // What a daemon believes dies with it; a helper's end takes nothing away, and one that hangs believes on.
      if (record.process === frame.daemon && record.state !== 'hung' && node.processes.get(record.process) !== 'hung')
        for (const map of [node.views, node.beliefs, node.machines]) map.clear()
      node.processes.set(record.process, record.state)
      return
    }
    case 'membership':
      frame.nodes.get(record.node)!.views.set(record.member, record.status)
      return
    case 'belief':
      frame.nodes.get(record.node)!.beliefs.set(record.about, record.state)
      return
    case 'machine':
      frame.nodes.get(record.node)!.machines.set(record.machine, record.to)
      return
    case 'lifecycle': {
      const resource = frame.resources.get(record.node)!.get(record.resource)!
      Object.assign(resource, { state: record.to, since: record.at, event: record.event, from: record.from })
      return
    }
    case 'operation':
      frame.resources.get(record.node)!.get(record.resource)!.operation =
        record.phase === 'begin' ? record.operation : ''
      return
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

/** A node that is gone knows nothing and runs nothing. */
function forget(frame: Frame, node: NodeFrame): void {
  for (const map of [node.processes, node.views, node.beliefs, node.machines]) map.clear()
  for (const resource of frame.resources.get(node.name)!.values()) resource.operation = ''
}

function copyFrame(frame: Frame): Frame {
  const copyNode = (node: NodeFrame): NodeFrame => ({
    ...node,
    processes: new Map(node.processes),
    views: new Map(node.views),
    beliefs: new Map(node.beliefs),
    machines: new Map(node.machines),
  })
  const copyResources = (resources: ReadonlyMap<ResourceId, ResourceFrame>): Map<ResourceId, ResourceFrame> =>
    new Map([...resources].map(([id, resource]) => [id, { ...resource }]))
  return {
    at: frame.at,
    seq: frame.seq,
    daemon: frame.daemon,
    nodes: new Map([...frame.nodes].map(([name, node]) => [name, copyNode(node)])),
    resources: new Map([...frame.resources].map(([node, resources]) => [node, copyResources(resources)])),
    cutLinks: new Set(frame.cutLinks),
    faults: new Map(frame.faults),
    downs: new Map(frame.downs),
    devices: new Map(frame.devices),
  }
}
