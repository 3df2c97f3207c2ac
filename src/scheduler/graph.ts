/**
 * The transition graph as data: what the scheduler hands out, and what is written, drawn and executed.
 *
 * Synapses are in writing order. An input refers to an action by its id; the action may have no synapse of its own (spec C-21.5).
 * Source: spec C-21.
 */

/** The whole graph. */
export interface Graph {
  /** Attributes of the root element in order. */
  readonly header: readonly (readonly [name: string, value: string])[]
  readonly synapses: readonly Synapse[]
}

/** One action and what must be done before it. Its id is its place in the graph. */
export interface Synapse {
  /** 0 where none is written. */
  readonly priority: number
  readonly action: GraphAction
  /** In ascending order of action ids. */
  readonly inputs: readonly GraphAction[]
}

/** One action of the graph. */
export interface GraphAction {
  readonly id: number
  readonly element: 'rsc_op' | 'pseudo_event' | 'crm_event'
  /** Attributes of the element in the order of spec C-21.8, `id` included: what a trigger shows. */
  readonly head: readonly (readonly [name: string, value: string])[]
  readonly operation: string
  readonly operationKey: string
  readonly intervalMs: number
  /** Name and id of the node it runs on, and of the node that carries it there; undefined for pseudo-actions. */
  readonly node: string | undefined
  readonly nodeId: string | undefined
  readonly routerNode: string | undefined
  readonly shutdownLock: string | undefined
  /** The resource, for real actions of a resource. */
  readonly resource: GraphResource | undefined
  /** Content of `attributes`, sorted by name in byte order. May be worked out at the first reading. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  /** Names that begin with a digit become `param` children. */
  readonly params: readonly (readonly [name: string, value: string])[]
  /** Ids of nodes that go down with it; undefined: no `downed` element. */
  readonly downed: readonly string[] | undefined
  /** For `maintenance_nodes`: node id and whether it is in maintenance. */
  readonly maintenance: readonly (readonly [id: string, inMaintenance: boolean])[] | undefined
}

/** The resource element of an action. Source: spec C-21.14. */
export interface GraphResource {
  readonly element: string
  readonly id: string
  readonly longId: string | undefined
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
}
