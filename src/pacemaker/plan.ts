/**
 * A transition graph as plain data, so that a run can be stopped and stored in the middle of it: the scheduler's own actions are views
 * of its worksheet, which nobody keeps. Source: spec C-21.
 */
import type { Graph, GraphAction, GraphResource } from '../scheduler/graph.ts'

/** One action. Pseudo-actions have neither resource nor attributes. */
export interface PlanAction
  extends Pick<
    GraphAction,
    | 'element'
    | 'id'
    | 'intervalMs'
    | 'maintenance'
    | 'node'
    | 'operation'
    | 'operationKey'
    | 'routerNode'
    | 'shutdownLock'
  > {
  readonly resource: GraphResource | undefined
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly params: readonly (readonly [name: string, value: string])[]
}

/** One step of a plan: an action, and the ids of those that must be done before it. */
export interface PlanStep {
  readonly priority: number
  readonly action: PlanAction
  readonly inputs: readonly number[]
}

/** A graph to carry out. */
export interface Plan {
  readonly header: readonly (readonly [name: string, value: string])[]
  readonly synapses: readonly PlanStep[]
}

/** Copies what an execution needs of a graph. */
export function toPlan({ header, synapses }: Graph): Plan {
  return {
    header,
    synapses: synapses.map(({ priority, action, inputs }) => ({
      priority,
      action: toPlanAction(action),
      inputs: inputs.map(({ id }) => id),
    })),
  }
}

function toPlanAction(action: GraphAction): PlanAction {
  const { element, id, intervalMs, maintenance, node, operation, operationKey, routerNode, shutdownLock } = action
  const isReal = element !== 'pseudo_event'
  return {
    element,
    id,
    intervalMs,
    maintenance,
    node,
    operation,
    operationKey,
    routerNode,
    shutdownLock,
    resource: isReal ? action.resource : undefined,
    attributes: isReal ? action.attributes : [],
    params: isReal ? action.params : [],
  }
}
