/**
 * A service of RGManager's as its tree, at any record of a trace: when each resource was checked at each depth and when the next check is
 * due, what the last result said, which restarts count, and how the service's record moved. A reading of a trace; it decides nothing.
 * Source: spec rgmanager 4, 6, 8, 10.
 */
import { countUpTo } from '../kernel/search.ts'
import type { Millis } from '../kernel/time.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { DecisionRecord, MachineRecord, OperationRecord, Trace } from '../trace/record.ts'

/** One resource where it stands in the tree; index 0 is the service itself. In document order, parents first. */
export interface TreeResource {
  readonly index: number
  readonly id: ResourceId
  readonly type: string
  readonly name: string
  readonly parent: number | undefined
  /** How deep it is nested: 0 for the service. */
  readonly nesting: number
  /** Its place in the order of starts and of stops, from 1. */
  readonly starts: number
  readonly stops: number
  readonly statuses: readonly { readonly depth: number; readonly interval: Millis }[]
  readonly independent: 'independent' | 'no' | 'non-critical'
  /** 0: does not count. */
  readonly maxRestarts: number
  /** 0: forever. */
  readonly restartExpire: Millis
  readonly maxFailures: number
  readonly failureExpire: Millis
}

/** A service as one version of cluster.conf has it. */
export interface ServiceTree {
  readonly id: ResourceId
  /** `config_version`. */
  readonly version: number
  readonly recovery: string
  readonly domain: string
  readonly maxRestarts: number
  readonly restartExpire: Millis
  /** How often the daemon looks what is due. */
  readonly poll: Millis
  /** A deep check counts for the lesser depths too. */
  readonly depthClear: boolean
  readonly resources: readonly TreeResource[]
}

/** One status depth at an instant. */
export interface DepthClock {
  readonly depth: number
  readonly interval: Millis
  /** When it last ended, or the resource started; absent where it has not. */
  readonly last: Millis | undefined
  readonly rc: number | undefined
  /** The first instant at which a round checks it again; absent where nothing is checked. */
  readonly due: Millis | undefined
  readonly isRunning: boolean
}

/** What counts towards a limit, at an instant. */
export interface Counter {
  readonly used: readonly Millis[]
  readonly max: number
  /** 0: forever. */
  readonly window: Millis
}

/** What RGManager last heard of a resource. `lost`: from a node that has gone since. */
export interface Heard {
  readonly word: 'failed' | 'started' | 'stopped' | 'stopped for good' | 'unknown'
  readonly node: NodeName
  readonly at: Millis
  readonly text: string
}

interface Note<Value> {
  readonly seq: number
  readonly value: Value
}

interface Check {
  readonly at: Millis
  readonly rc: number | undefined
  readonly is: 'begin' | 'end' | 'stop'
}

/** Built in one pass over a trace; each question costs O(log records of its kind). */
export class ServiceHistory {
  readonly #checks = new Map<string, Note<Check>[]>()
  readonly #heard = new Map<ResourceId, Note<Heard>[]>()
  readonly #restarts = new Map<ResourceId, Note<readonly Millis[]>[]>()
  readonly #moves: MachineRecord[] = []
  readonly #tree: ServiceTree

  constructor(trace: Trace, tree: ServiceTree) {
    this.#tree = tree
    const byId = new Map(tree.resources.map((resource) => [resource.id, resource]))
    const depths = new Map<string, number>()
    for (const record of trace.records) {
      if (record.kind === 'operation') this.#called(record, byId.get(record.resource), depths)
      else if (record.kind === 'decision') this.#decided(record)
      else if (record.kind === 'log') this.#logged(record.seq, record.at, record.text)
      else if (record.kind === 'machine' && record.machine === tree.id) this.#moves.push(record)
    }
  }

  /** The clocks of a resource; they stand still while it is not started. */
  clocksOf({ id, statuses }: TreeResource, seq: number): readonly DepthClock[] {
    return statuses.map(({ depth, interval }) => {
      const notes = this.#checks.get(`${id} ${depth}`) ?? []
      const count = countUpTo(notes, seq, (note) => note.seq)
      const now = notes[count - 1]?.value
      const ended = now?.is === 'begin' ? notes[count - 2]?.value : now
      const isRunning = now?.is === 'begin'
      const isGone = now === undefined || now.is === 'stop'
      return {
        depth,
        interval,
        last: ended?.at,
        rc: ended?.rc,
        due: isGone || isRunning || ended === undefined ? undefined : ended.at + Math.max(1000, interval),
        isRunning,
      }
    })
  }

  /** What was last heard of a resource. */
  heardOf(id: ResourceId, seq: number): Heard | undefined {
    return last(this.#heard.get(id), seq)
  }

  /** Restarts of the service that count at an instant. */
  restartsOf(seq: number, at: Millis): Counter {
    const { id, maxRestarts, restartExpire } = this.#tree
    return this.#counter(`restarts ${id}`, { seq, at, max: maxRestarts, window: restartExpire })
  }

  /** Restarts in place of an independent part that count at an instant. */
  partRestartsOf({ id, maxRestarts, restartExpire }: TreeResource, seq: number, at: Millis): Counter {
    return this.#counter(`restarts ${id}`, { seq, at, max: maxRestarts, window: restartExpire })
  }

  /** Tolerated failures that count at an instant. */
  failuresOf({ id, maxFailures, failureExpire }: TreeResource, seq: number, at: Millis): Counter {
    return this.#counter(`failures ${id}`, { seq, at, max: maxFailures, window: failureExpire })
  }

  /** The moves of the service's machine up to a record, the last one last. */
  movesUpTo(seq: number): readonly MachineRecord[] {
    return this.#moves.slice(
      0,
      countUpTo(this.#moves, seq, (move) => move.seq),
    )
  }

  #counter(key: string, { seq, at, max, window }: Omit<Counter, 'used'> & { seq: number; at: Millis }): Counter {
    const all = last(this.#restarts.get(key), seq) ?? []
    return { used: all.filter((instant) => window <= 0 || at - instant < window), max, window }
  }

  #called(record: OperationRecord, resource: TreeResource | undefined, depths: Map<string, number>): void {
    if (resource === undefined) return
    const ticket = `${record.node} ${record.ticket}`
    const { seq, at, node, operation, phase, rc } = record
    if (operation === 'status') {
      if (phase === 'begin') depths.set(ticket, depthOf(record))
      const depth = depths.get(ticket) ?? 0
      this.#check(resource, depth, { seq, value: { at, rc, is: phase } })
      if (phase === 'end') {
        if (this.#tree.depthClear)
          for (const lesser of resource.statuses)
            if (lesser.depth < depth) this.#check(resource, lesser.depth, { seq, value: { at, rc, is: 'end' } })
        this.#hear(record, resource.id, { node, at, ...saidOfStatus(record, depth) })
      }
      return
    }
    if (phase === 'begin' || (operation !== 'start' && operation !== 'stop' && operation !== 'recover')) return
    const isFine = record.status === 'done' && rc === 0
    const starts = operation !== 'stop'
    for (const { depth } of resource.statuses)
      this.#check(resource, depth, { seq, value: { at, rc: undefined, is: starts && isFine ? 'end' : 'stop' } })
    this.#hear(record, resource.id, {
      node,
      at,
      word: isFine ? (starts ? 'started' : 'stopped') : 'failed',
      text: `${operation} ${isFine ? 'succeeded' : failureText(record)}`,
    })
  }

  #decided({ seq, at, decision, about, node }: DecisionRecord): void {
    if (decision === 'reload') return this.#clear(seq)
    const [service, failed, part] = about
    if (service !== this.#tree.id) return
    switch (decision) {
      case 'restart':
        return 0 < this.#tree.maxRestarts ? this.#count(`restarts ${service}`, seq, at) : undefined
      case 'disable':
      case 'relocate-after-failure':
        return note(this.#restarts, `restarts ${service}`, { seq, value: [] })
      case 'restart-subtree':
        this.#spend(seq, failed, part)
        return this.#count(`restarts ${part ?? failed}`, seq, at)
      case 'status-failed':
        return this.#spend(seq, failed, undefined)
      case 'disable-subtree':
        this.#spend(seq, failed, part)
        note(this.#restarts, `restarts ${part ?? failed}`, { seq, value: [] })
        for (const { id } of this.#below(part ?? failed))
          note(this.#heard, id, {
            seq,
            value: { word: 'stopped for good', node, at, text: 'the service goes on without it' },
          })
        return
    }
  }

  #logged(seq: number, at: Millis, text: string): void {
    const id = /^(\S+): this failure is tolerated/.exec(text)?.[1]
    if (id !== undefined) this.#count(`failures ${id}`, seq, at)
  }

  /** Parts between what failed and what pays for it had used up theirs: they begin anew (spec 8). */
  #spend(seq: number, failed: string | undefined, part: string | undefined): void {
    const { resources } = this.#tree
    let at = resources.find(({ id }) => id === failed)
    while (at !== undefined && at.id !== part) {
      if (at.independent !== 'no') note(this.#restarts, `restarts ${at.id}`, { seq, value: [] })
      const { parent } = at
      at = resources.find(({ index }) => index === parent)
    }
  }

  #below(root: string | undefined): readonly TreeResource[] {
    const found = new Set<number>()
    for (const { index, id, parent } of this.#tree.resources)
      if (id === root || (parent !== undefined && found.has(parent))) found.add(index)
    return this.#tree.resources.filter(({ index }) => found.has(index))
  }

  #clear(seq: number): void {
    for (const key of this.#restarts.keys()) note(this.#restarts, key, { seq, value: [] })
  }

  #count(key: string, seq: number, at: Millis): void {
    note(this.#restarts, key, { seq, value: [...(this.#restarts.get(key)?.at(-1)?.value ?? []), at] })
  }

  #check({ id }: TreeResource, depth: number, entry: Note<Check>): void {
    note(this.#checks, `${id} ${depth}`, entry)
  }

  /** What a part that was given up says when it stops changes nothing. */
  #hear({ seq, operation }: OperationRecord, id: ResourceId, value: Heard): void {
    const isGivenUp = this.#heard.get(id)?.at(-1)?.value.word === 'stopped for good'
    if (!isGivenUp || operation === 'start') note(this.#heard, id, { seq, value })
  }
}

function depthOf({ environment }: OperationRecord): number {
  return Number(environment?.find(({ name }) => name === 'OCF_CHECK_LEVEL')?.value ?? 0)
}

function saidOfStatus(record: OperationRecord, depth: number): Pick<Heard, 'text' | 'word'> {
  const isFine = record.status === 'done' && record.rc === 0
  const text = `status at depth ${depth} ${isFine ? 'found it well' : failureText(record)}`
  return { word: isFine ? 'started' : 'failed', text }
}

function failureText({ status, rc }: OperationRecord): string {
  return status === 'done' ? `returned ${rc}` : status === 'timed-out' ? 'timed out' : `was ${status}`
}

function note<Value>(notes: Map<string, Note<Value>[]>, key: string, entry: Note<Value>): void {
  const list = notes.get(key)
  if (list === undefined) notes.set(key, [entry])
  else list.push(entry)
}

function last<Value>(notes: readonly Note<Value>[] | undefined, seq: number): Value | undefined {
  return notes?.[countUpTo(notes, seq, (entry) => entry.seq) - 1]?.value
}
