/**
 * Injected events: what `-q -w -u -d -f -g -r -b -e -i` do to a CIB before it is scheduled, in the tool's fixed order.
 *
 * Prints nothing: items, complaints and the reason to give up are data. Where the original aborts on a failed assertion,
 * `fatal` says in words why, and what was done until then stays. Source: spec D-8.
 */
import type { Cib } from '../cib/read.ts'
import type { ClusterState, ResourceState } from '../cib/state.ts'
import { parseKey, scanInteger } from '../cib/values.ts'
import { CibEdit, membership } from './edit.ts'
import type { NodeStateEdit } from './edit-node.ts'
import { injectFailure, recordResult } from './op-record.ts'
import type { Modification, TicketAction } from './result.ts'

/** What is asked for; each list in command-line order. */
export interface Injections {
  readonly quorum?: string | undefined
  readonly watchdog?: string | undefined
  readonly nodesUp?: readonly string[]
  readonly nodesDown?: readonly string[]
  readonly nodesFailed?: readonly string[]
  readonly ticketsGranted?: readonly string[]
  readonly ticketsRevoked?: readonly string[]
  readonly ticketsStandby?: readonly string[]
  readonly ticketsActivated?: readonly string[]
  /** `${rsc}_${task}_${interval}@${node}=${rc}` each. */
  readonly operations?: readonly string[]
}

/** What injections need. */
export interface InjectionInput {
  readonly injections: Injections
  /** The CIB before; it stays as it is. */
  readonly cib: Cib
  /** Its state. */
  readonly state: Pick<ClusterState, 'resources' | 'resourceById' | 'nodes'>
  /** Wall clock in epoch seconds. */
  readonly now: number
}

/** What injections did. */
export interface InjectionResult {
  readonly items: readonly Modification[]
  /** Complaints for standard error; they end nothing. */
  readonly errors: readonly string[]
  /** Why no more was done. */
  readonly fatal: string | undefined
  /** The exit code of the original then: 134 where it aborts, 70 where it does not know which state is meant. */
  readonly fatalCode: number
  /** The CIB afterwards. */
  readonly cib: Cib
}

/** True where there is something to inject: a quorum alone does nothing. Source: spec D-8.1. */
export function hasInjections({ quorum: _quorum, watchdog, ...lists }: Injections): boolean {
  return watchdog !== undefined || Object.values(lists).some((list) => list.length > 0)
}

/** True where nodes that the configuration does not name are added to it, also by the transition that follows. */
export function makesNodes({ nodesUp }: Injections): boolean {
  return nodesUp !== undefined && nodesUp.length > 0
}

/** Applies injections. The caller asks `hasInjections` first, because the block has a header of its own. */
export function injectEvents(input: InjectionInput): InjectionResult {
  const work = new Injecting(input)
  let fatal: string | undefined
  for (const step of work.steps()) {
    fatal = step()
    if (fatal !== undefined) break
  }
  return { items: work.items, errors: work.errors, fatal, fatalCode: work.fatalCode, cib: work.edit.toCib() }
}

/** One step; it returns why nothing may follow, if so. */
type Step = () => string | undefined

/** What the schema accepts for `have-quorum`. */
const BOOLEANS = new Set(['true', 'false', '1', '0'])

/** The injections of one run at work. */
class Injecting {
  readonly items: Modification[] = []
  readonly errors: string[] = []
  readonly edit: CibEdit
  fatalCode = 134
  readonly #input: InjectionInput

  constructor(input: InjectionInput) {
    this.#input = input
    this.edit = new CibEdit(input.cib)
  }

  /** Every step in the order of the tool. Source: spec D-8.1. */
  steps(): readonly Step[] {
    const { injections } = this.#input
    const of = (list: readonly string[] | undefined, step: (value: string) => string | undefined): Step[] =>
      (list ?? []).map((value) => () => step(value))
    return [
      () => this.#options(),
      ...of(injections.nodesUp, (node) => this.#node(node, 'Online')),
      ...of(injections.nodesDown, (node) => this.#node(node, 'Offline')),
      ...of(injections.nodesFailed, (node) => this.#node(node, 'Failing')),
      ...of(injections.ticketsGranted, (ticket) => this.#ticket(ticket, 'Granting')),
      ...of(injections.ticketsRevoked, (ticket) => this.#ticket(ticket, 'Revoking')),
      ...of(injections.ticketsStandby, (ticket) => this.#ticket(ticket, 'Standby')),
      ...of(injections.ticketsActivated, (ticket) => this.#ticket(ticket, 'Activating')),
      ...of(injections.operations, (spec) => this.#operation(spec)),
    ]
  }

  /** Both are announced before either is applied. */
  #options(): string | undefined {
    const { quorum, watchdog } = this.#input.injections
    if (quorum !== undefined) this.items.push({ kind: 'quorum', value: quorum })
    if (watchdog !== undefined) this.items.push({ kind: 'watchdog', value: watchdog })
    if (quorum !== undefined) {
      if (!BOOLEANS.has(quorum) && !this.#isUnchecked()) {
        return `The quorum ${JSON.stringify(quorum)} is not valid: give true, false, 1 or 0`
      }
      if (this.edit.setQuorum(quorum)) this.edit.countUpdate()
    }
    if (watchdog !== undefined && this.edit.setOption('have-watchdog', watchdog)) this.edit.countEpoch()
    return undefined
  }

  #isUnchecked(): boolean {
    return this.#input.cib.configuration.root.validateWith === 'none'
  }

  #node(node: string, action: 'Online' | 'Offline' | 'Failing'): string | undefined {
    this.items.push({ kind: 'node', action, node })
    const state = this.#stateOf(node)
    if (typeof state === 'string') return state
    const isChanged = state.merge(MEMBERSHIPS[action])
    this.edit.countUpdate((isChanged ? 1 : 0) + (action === 'Offline' ? state.forget() : 0))
    return undefined
  }

  #ticket(ticket: string, action: TicketAction): undefined {
    this.items.push({ kind: 'ticket', action, ticket })
    if (this.edit.setTicket(ticket, [TICKETS[action]])) this.edit.countUpdate()
  }

  /** The state of the node of that name, made where there is none; or why there can be none. */
  #stateOf(uname: string): NodeStateEdit | string {
    if (makesNodes(this.#input.injections)) this.edit.addNode(uname)
    if (this.edit.isAmbiguous(uname)) {
      this.fatalCode = 70
      return ambiguity(uname)
    }
    const known = this.edit.findNodeState(uname)
    if (known !== undefined) return known
    const id = this.edit.findNodeId(uname) ?? this.#remoteId(uname)
    if (id === undefined) {
      return this.edit.stateWithoutId(uname) ?? `The CIB knows no node ${uname}; with -u for some node it would be made`
    }
    if (this.edit.hasStateOf(id)) return `The status has a node of the id ${id} with another name than ${uname}`
    return this.edit.nodeState({ id, uname })
  }

  /** The id of a remote or guest node that a configured resource brings along: its name. */
  #remoteId(uname: string): string | undefined {
    const { nodes, resources } = this.#input.state
    const node = nodes.find((other) => other.type === 'remote' && other.uname === uname)
    const connection = node === undefined ? undefined : resources[node.connection]
    return connection === undefined || connection.bundleIndex >= 0 ? undefined : uname
  }

  /** Source: spec D-8.3. */
  #operation(spec: string): string | undefined {
    this.items.push({ kind: 'operation', spec })
    const parsed = parseSpec(spec)
    if (typeof parsed === 'number') {
      this.errors.push(`Invalid operation spec: ${spec}.  Only found ${parsed} fields`)
      return undefined
    }
    const key = parseKey(parsed.key)
    const resource = this.#resourceOf(key?.resource)
    if (key === undefined || resource === undefined) {
      this.errors.push(`Invalid resource name: ${key?.resource ?? '(null)'}`)
      return undefined
    }
    const state = this.#stateOf(parsed.node)
    if (typeof state === 'string') return state
    const { task, intervalMs } = key
    const { now } = this.#input
    this.items.push(...injectFailure(state, { name: key.resource, task, intervalMs, rc: parsed.rc, now }))
    const fatal = refusalOf(key, resource, state)
    if (fatal !== undefined) return fatal
    const history = state.findHistory([key.resource]) ?? state.addHistory(key.resource, agentOf(resource))
    recordResult(history, key.resource, {
      task,
      intervalMs,
      expectedRc: 0,
      rc: parsed.rc,
      exitReason: 'Simulated action result',
      now,
      digest: undefined,
      migration: undefined,
      notification: undefined,
    })
    this.edit.countUpdate()
    return undefined
  }

  /** The resource of exactly that internal id, or that a history knows by that name. */
  #resourceOf(name: string | undefined): ResourceState | undefined {
    const { resources, resourceById } = this.#input.state
    if (name === undefined) return undefined
    const index = resourceById.get(name)
    return index === undefined ? resources.find(({ historyName }) => historyName === name) : resources[index]
  }
}

/** Says that it is not clear which state of a node is meant. */
export function ambiguity(uname: string): string {
  return `The status has several states of ${uname}, or one without an id`
}

const MEMBERSHIPS = {
  Online: membership('true', 'online', 'member', 'crm_simulate'),
  Offline: membership('false', 'offline', 'down', 'crm_simulate'),
  Failing: membership('false', 'online', 'member', 'crm_simulate'),
} as const

const TICKETS = {
  Granting: ['granted', 'true'],
  Revoking: ['granted', 'false'],
  Standby: ['standby', 'true'],
  Activating: ['standby', 'false'],
} as const

/** The parts of an operation spec, or how many could be read (−1: there is no text). Source: spec D-8.3. */
function parseSpec(spec: string): { readonly key: string; readonly node: string; readonly rc: number } | number {
  if (spec === '') return -1
  const match = /^([^@]+)(?:@([^=]+)(?:=(.*))?)?/s.exec(spec)
  if (match === null) return 0
  const [, key = '', node, tail] = match
  if (node === undefined) return 1
  const rc = scanInteger(tail)
  return rc === undefined ? 2 : { key, node, rc: rc | 0 }
}

/** Why the operation cannot stand in a history: what makes the original abort. */
function refusalOf(
  { resource: name, task }: { readonly resource: string; readonly task: string },
  resource: ResourceState,
  state: NodeStateEdit,
): string | undefined {
  if (resource.kind !== 'primitive' && state.findHistory([name]) === undefined) {
    return `Resource ${name} not found in the status section of ${state.id}.  Please supply the class and type to continue`
  }
  if (task === 'notify' || task === 'migrate_to' || task === 'migrate_from') {
    return `A ${task} of ${name} cannot be injected: its other side is not known`
  }
  return undefined
}

function agentOf(resource: ResourceState): readonly (readonly [string, string])[] {
  const { class: standard, provider, type } = resource
  const given = Object.entries({ class: standard, provider, type })
  return given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}
