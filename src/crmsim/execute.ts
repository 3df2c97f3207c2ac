/**
 * Executes a transition graph as crm_simulate does: every action ends at once as the scheduler expects, or as `fail` says, and
 * what it did is written into the CIB.
 *
 * Source: spec D-7, D-9.
 */
import type { Cib } from '../cib/read.ts'
import type { ClusterState } from '../cib/state.ts'
import { isSameText, scanInteger } from '../cib/values.ts'
import type { Graph, GraphAction, GraphResource } from '../scheduler/graph.ts'
import { CibEdit, membership } from './edit.ts'
import type { NodeStateEdit } from './edit-node.ts'
import { ambiguity } from './inject.ts'
import { DigestMaker, injectFailure, recordResult } from './op-record.ts'
import { runPasses, type TransitionEnd } from './passes.ts'
import type { TransitionItem } from './result.ts'

/** What an execution needs. */
export interface ExecutionInput {
  readonly graph: Graph
  /** The CIB that was scheduled; it stays as it is. */
  readonly cib: Cib
  /** Its state. */
  readonly state: Pick<ClusterState, 'resources' | 'resourceById'>
  /** Operations that are to fail, in the words of `-F`. Source: spec D-7.8. */
  readonly fail: readonly string[]
  /** Nodes that the configuration does not name are added to it: so it is once `-u` was used (`makesNodes`). */
  readonly makesNodes: boolean
  /** Wall clock in epoch seconds. */
  readonly now: number
}

/** What an execution did. */
export interface Execution {
  readonly items: readonly TransitionItem[]
  readonly end: TransitionEnd
  /** The CIB afterwards. */
  readonly cib: Cib
  /** Complaints about `fail`, for standard error. */
  readonly errors: readonly string[]
  /** Why it was broken off, if so: the original ends here (exit code 70). */
  readonly fatal: string | undefined
}

/** Executes a graph. O((n + inputs) log n) for n actions. */
export function executeTransition(input: ExecutionInput): Execution {
  const transition = new Transition(input)
  const end = runPasses(input.graph, (action) => transition.perform(action))
  const { items, errors, fatal } = transition
  return { items, end, cib: transition.edit.toCib(), errors, fatal }
}

/** One transition in execution. */
class Transition {
  readonly items: TransitionItem[] = []
  readonly errors: string[] = []
  readonly edit: CibEdit
  fatal: string | undefined
  readonly #input: ExecutionInput
  readonly #digests = new DigestMaker()
  readonly #historyNames: ReadonlySet<string>

  constructor(input: ExecutionInput) {
    this.#input = input
    this.edit = new CibEdit(input.cib)
    this.#historyNames = new Set(input.state.resources.flatMap(({ historyName }) => historyName ?? []))
  }

  /** Carries out one action and says whether it succeeded. */
  perform(action: GraphAction): boolean {
    if (this.fatal !== undefined || this.#isAmbiguous(action)) return false
    switch (action.element) {
      case 'pseudo_event':
        this.items.push({ kind: 'pseudo', task: action.operationKey, node: action.node })
        return true
      case 'crm_event':
        if (isSameText(action.operation, 'stonith')) this.#fence(action)
        else this.#clusterAction(action)
        return true
      case 'rsc_op':
        // What no primitive does cannot be done: it ends the transition (found by members-that-are-not-taken).
        if (action.resource !== undefined && action.resource.element !== 'primitive') return false
        return action.resource === undefined || this.#operate(action, action.resource)
    }
  }

  /** True, and the end, where an action would change one of several states of a node. */
  #isAmbiguous({ element, operation, node }: GraphAction): boolean {
    const isOfStatus = element === 'rsc_op' || (element === 'crm_event' && isSameText(operation, 'stonith'))
    if (!isOfStatus || node === undefined || !this.edit.isAmbiguous(node)) return false
    this.fatal = ambiguity(node)
    return true
  }

  /** Source: spec D-7.6, D-9.5. */
  #clusterAction({ operation, node, resource }: GraphAction): void {
    this.items.push({ kind: 'cluster', task: operation, node: node ?? '', id: resource?.id })
  }

  /** Source: spec D-9.4. */
  #fence(action: GraphAction): void {
    // A recurring operation named stonith has none (found by operation-named-stonith).
    const operation = attributeOf(action, 'CRM_meta_stonith_action') ?? '(null)'
    const target = action.node ?? ''
    this.items.push({ kind: 'fencing', target, operation })
    if (isSameText(operation, 'on')) return
    const state = this.#stateOf(action.nodeId ?? target, target)
    const isChanged = state.merge(membership('false', 'offline', 'down', 'simulate_fencing_action'))
    this.edit.countUpdate((isChanged ? 1 : 0) + state.forget())
  }

  /** Source: spec D-7.6 to D-7.8, D-9.1. */
  #operate(action: GraphAction, resource: GraphResource): boolean {
    const { operation, intervalMs, node = '' } = action
    if (operation === 'probe_again') return true
    const name = this.#nameOf(resource)
    const hasNoHistory = operation === 'delete' || operation === 'meta-data'
    this.items.push({ kind: 'resource', resource: name, operation, node, intervalMs: hasNoHistory ? 0 : intervalMs })
    if (hasNoHistory) return true
    const id = action.routerNode === undefined ? (action.nodeId ?? node) : node
    const state = this.#stateOf(id, node)
    const history = state.findHistory([name, resource.id]) ?? state.addHistory(resource.id, agentOf(resource))
    const expectedRc = scanInteger(attributeOf(action, 'CRM_meta_op_target_rc')) ?? 0
    const failure = this.#failureOf(action, name, resource.id)
    if (failure !== undefined) {
      this.items.push({ kind: 'pretended', action: action.id, rc: failure.rc })
      const { now } = this.#input
      this.items.push(...injectFailure(state, { name: failure.name, task: operation, intervalMs, rc: failure.rc, now }))
    }
    recordResult(history, resource.id, {
      task: operation,
      intervalMs,
      expectedRc,
      rc: failure?.rc ?? expectedRc,
      exitReason: 'User-injected result',
      now: this.#input.now,
      digest: this.#digests.digestOf(action.attributes, action.params),
      migration: migrationOf(action),
      notification: notificationOf(action),
    })
    this.edit.countUpdate()
    return failure === undefined
  }

  #stateOf(id: string, uname: string): NodeStateEdit {
    if (this.#input.makesNodes) this.edit.addNode(uname)
    return this.edit.nodeState({ id, uname })
  }

  /** The name under which an action's resource is shown. Source: spec D-7.6. */
  #nameOf({ id, longId }: GraphResource): string {
    const isKnown = (name: string): boolean => this.#input.state.resourceById.has(name) || this.#historyNames.has(name)
    return longId !== undefined && !isKnown(id) && isKnown(longId) ? longId : id
  }

  /** The first wish of `fail` that names this action, and the name it used. Source: spec D-7.8. */
  #failureOf({ operation, intervalMs, node = '' }: GraphAction, name: string, id: string): Failure | undefined {
    if (this.#input.fail.length === 0) return undefined
    const names = id === name ? [name] : [name, id]
    const starts = names.map((used) => `${used}_${operation}_${intervalMs}@${node}=`)
    for (const spec of this.#input.fail) {
      const at = starts.findIndex((start) => isSameText(start, spec.slice(0, start.length)))
      if (at < 0) continue
      const rc = scanInteger(spec.slice(starts[at]!.length))
      if (rc !== undefined) return { name: names[at]!, rc }
      this.errors.push(`Invalid failed operation '${spec}' (result code must be integer)`)
    }
    return undefined
  }
}

interface Failure {
  readonly name: string
  readonly rc: number
}

function attributeOf({ attributes }: GraphAction, name: string): string | undefined {
  return attributes.find(([key]) => key === name)?.[1]
}

function agentOf(resource: GraphResource): readonly (readonly [string, string])[] {
  return (['class', 'provider', 'type'] as const).flatMap((name) => {
    const value = resource[name]
    return value === undefined ? [] : [[name, value] as const]
  })
}

function migrationOf(action: GraphAction): { readonly source: string; readonly target: string } | undefined {
  const source = attributeOf(action, 'CRM_meta_migrate_source')
  const target = attributeOf(action, 'CRM_meta_migrate_target')
  return source === undefined || target === undefined ? undefined : { source, target }
}

function notificationOf(action: GraphAction): { readonly type: string; readonly operation: string } | undefined {
  const type = attributeOf(action, 'CRM_meta_notify_type')
  const operation = attributeOf(action, 'CRM_meta_notify_operation')
  return type === undefined || operation === undefined ? undefined : { type, operation }
}
