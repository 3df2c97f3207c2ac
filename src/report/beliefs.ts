/**
 * What a Pacemaker cluster holds to be true, at any record of a trace: the role of each resource on each node by the last result that
 * was heard of, and which nodes are UNCLEAN. The truth is in frames; where the two part, every interesting failure lives.
 */
import { countUpTo } from '../kernel/search.ts'
import type { NodeName, ResourceId } from '../model/names.ts'
import type { Trace } from '../trace/record.ts'

/** A role as results tell it. `failed`: the last result was none that anybody wanted. */
export type BelievedRole = 'failed' | 'promoted' | 'started' | 'stopped'

interface Change<Value> {
  readonly seq: number
  readonly value: Value
}

const RESULT = /^(\S+) (\w+)\/\d+$/

/** Built in one pass over a trace; each question costs O(log changes). */
export class Beliefs {
  readonly #roles = new Map<string, Change<BelievedRole>[]>()
  readonly #unclean = new Map<NodeName, Change<boolean>[]>()

  constructor(trace: Trace) {
    const main = trace.header.cluster.processes[0]
    for (const record of trace.records) {
      if (record.kind === 'belief') this.#heard(record.seq, record.node, record.about, record.state)
      else if (record.kind === 'decision' && record.text.startsWith('Actions: Fence'))
        for (const node of record.about) note(this.#unclean, node, { seq: record.seq, value: true })
      else if (record.kind === 'process' && record.process === main && record.state === 'running')
        this.#forget(record.seq, record.node)
    }
  }

  /** What the cluster holds `resource` to be on `node`. */
  roleOf(node: NodeName, resource: ResourceId, seq: number): BelievedRole {
    return last(this.#roles.get(keyOf(node, resource)), seq) ?? 'stopped'
  }

  /** True from the decision to fence a node until it is fenced or comes back by itself. */
  isUnclean(node: NodeName, seq: number): boolean {
    return last(this.#unclean.get(node), seq) ?? false
  }

  #heard(seq: number, node: NodeName, about: string, state: string): void {
    const fenced = /^fencing of (\S+)$/.exec(about)?.[1]
    if (fenced !== undefined && state.endsWith('succeeded')) return this.#forget(seq, fenced)
    const resumed = /^role of (\S+)$/.exec(about)?.[1]
    if (resumed !== undefined)
      note(this.#roles, keyOf(node, resumed), { seq, value: state === 'promoted' ? 'promoted' : 'started' })
    const rc = /^rc=(\d+)$/.exec(state)?.[1]
    const [, resource, operation] = (rc === undefined ? undefined : RESULT.exec(about)) ?? []
    const role = resource === undefined ? undefined : roleAfter(operation ?? '', Number(rc))
    if (role !== undefined) note(this.#roles, keyOf(node, resource ?? ''), { seq, value: role })
  }

  /** A node that is fenced, or begins anew, runs nothing. */
  #forget(seq: number, node: NodeName): void {
    note(this.#unclean, node, { seq, value: false })
    for (const [key, changes] of this.#roles)
      if (key.startsWith(`${node}\u0000`)) changes.push({ seq, value: 'stopped' })
  }
}

/** Undefined where an operation says nothing of the role. */
function roleAfter(operation: string, rc: number): BelievedRole | undefined {
  if (operation === 'notify' || operation === 'cancel') return undefined
  if (rc === 8) return 'promoted'
  if (rc === 7) return 'stopped'
  if (rc !== 0) return 'failed'
  switch (operation) {
    case 'promote':
      return 'promoted'
    case 'migrate_to':
    case 'stop':
      return 'stopped'
    case 'demote':
    case 'migrate_from':
    case 'monitor':
    case 'start':
      return 'started'
    default:
      return undefined
  }
}

function keyOf(node: NodeName, resource: ResourceId): string {
  return `${node}\u0000${resource}`
}

function note<Value>(changes: Map<string, Change<Value>[]>, key: string, change: Change<Value>): void {
  const list = changes.get(key)
  if (list === undefined) changes.set(key, [change])
  else list.push(change)
}

function last<Value>(changes: readonly Change<Value>[] | undefined, seq: number): Value | undefined {
  if (changes === undefined) return undefined
  return changes[countUpTo(changes, seq, ({ seq }) => seq) - 1]?.value
}
