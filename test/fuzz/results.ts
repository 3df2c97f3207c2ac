/** Results of operations as the status section records them, and the record of everything that ran on the nodes. */
import type { Draw } from './draw.ts'
import type { FuzzPrimitive } from './primitives.ts'
import { type Attributes, el, type Tree } from './tree.ts'

/** The instant at which random clusters are looked at (their `execution-date`). */
export const NOW = 1_700_000_000

/** One result. */
export interface Result {
  readonly operation: string
  readonly intervalMs?: number
  readonly rc: number
  /** 0 where it is not said; -1 pending, 1 cancelled, 2 timed out, 4 error. */
  readonly status?: number
  /** What the transition expected, 0 where it is not said. */
  readonly expected?: number
  /** Recorded as the last failure too. */
  readonly isFailure?: boolean
  readonly extra?: Attributes
}

type Agent = Pick<FuzzPrimitive, 'class' | 'provider' | 'type'>

/** What ran on every node, in the order in which it was recorded. */
export class Histories {
  readonly #draw: Draw
  readonly #nodes = new Map<string, Map<string, Tree[]>>()
  readonly #agents = new Map<string, Agent>()
  readonly #calls = new Map<string, number>()
  readonly #locks = new Map<string, number>()

  constructor(draw: Draw) {
    this.#draw = draw
  }

  /** Records results of a resource on a node. */
  add(
    node: { readonly id: string; readonly name: string },
    resource: string,
    agent: Agent,
    results: readonly Result[],
  ): void {
    const resources = this.#nodes.get(node.id) ?? new Map<string, Tree[]>()
    this.#nodes.set(node.id, resources)
    this.#agents.set(resource, agent)
    const ops = resources.get(resource) ?? []
    resources.set(resource, ops)
    for (const result of results) this.#record(ops, node, resource, result)
  }

  /** A shutdown lock: the resource waits for the node. */
  lock(node: string, resource: string, since: number): void {
    this.#locks.set(`${node} ${resource}`, since)
  }

  /** True where something is known of the resource on the node. */
  has(node: string, resource: string): boolean {
    return this.#nodes.get(node)?.has(resource) === true
  }

  /** The `lrm` element of a node; undefined where nothing ran there. */
  toLrm(node: string): Tree | undefined {
    const resources = this.#nodes.get(node)
    if (resources === undefined) return undefined
    const members = [...resources].map(([id, ops]) => {
      const agent = this.#agents.get(id)!
      const lock = this.#locks.get(`${node} ${id}`)
      return el(
        'lrm_resource',
        { id, class: agent.class, provider: agent.provider, type: agent.type, 'shutdown-lock': lock },
        ops,
      )
    })
    return el('lrm', { id: node }, el('lrm_resources', {}, members))
  }

  #record(ops: Tree[], node: { readonly id: string; readonly name: string }, resource: string, result: Result): void {
    const call = (this.#calls.get(node.id) ?? 0) + 1
    this.#calls.set(node.id, call)
    const { operation, intervalMs = 0 } = result
    const recurring = `${resource}_${operation}_${intervalMs}`
    const id = intervalMs === 0 ? `${resource}_last_0` : recurring
    const at = this.#draw.chance(70) ? NOW - 9000 + call * 10 : NOW - this.#draw.pick([10, 30, 300, 5000])
    const element = opElement(id, call, at, resource, node.name, result)
    const place = ops.findIndex(({ attributes }) => attributes.get('id') === id)
    if (place >= 0) ops.splice(place, 1)
    ops.push(element)
    if (result.isFailure !== true) return
    const failure = `${resource}_last_failure_0`
    const before = ops.findIndex(({ attributes }) => attributes.get('id') === failure)
    if (before >= 0) ops.splice(before, 1)
    ops.unshift(opElement(failure, call, at, resource, node.name, result))
  }
}

function opElement(id: string, call: number, at: number, resource: string, node: string, result: Result): Tree {
  const { operation, intervalMs = 0, rc, status = 0, expected = 0, extra = {} } = result
  const key = `${call}:${call}:${expected}:11111111-2222-3333-4444-555555555555`
  return el('lrm_rsc_op', {
    id,
    operation_key: `${resource}_${operation}_${intervalMs}`,
    operation,
    'crm-debug-origin': 'do_update_resource',
    crm_feature_set: '3.16.1',
    'transition-key': key,
    'transition-magic': `${status}:${rc};${key}`,
    on_node: node,
    'call-id': status === -1 ? -1 : call,
    'rc-code': rc,
    'op-status': status,
    interval: intervalMs,
    'last-rc-change': at,
    'exec-time': 10,
    'queue-time': 0,
    ...extra,
  })
}
