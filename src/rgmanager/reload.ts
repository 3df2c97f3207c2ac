/**
 * A new version of the resource section: what was removed stops, what changed stops and starts, what changed only in attributes that
 * the agents take while they run is told so, and new services are swept and then looked at. Source: spec rgmanager 14.
 */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import { type RgConfig, type Service, startOrder, stopOrder, type TreeNode } from './config.ts'
import { tellAll } from './ring.ts'
import { ruleOf } from './rules.ts'
import { type Reloading, type RgState, recordOf, rgOf } from './state.ts'
import { enqueue, isIdle, makeWorkers } from './worker.ts'

/** `cman_tool version -r`: every member loads the next version. */
export function loadNext(state: RgState, context: DaemonContext): void {
  const to = state.version + 1
  if (state.config.versions[to] === undefined)
    return log(context, 'warning', 'cman_tool: there is no newer cluster.conf; the scenario gives no further file')
  tellAll(state, context, 'config', to)
  reload(state, context, to)
}

/** Loads a version here. */
export function reload(state: RgState, context: DaemonContext, to: number): void {
  if (to <= state.version || state.reloading !== undefined) return
  if (state.phase !== 'running') {
    state.version = to
    return
  }
  const [before, after] = [rgOf(state), state.config.versions[to]!]
  decide(context, {
    decision: 'reload',
    about: after.services.map(({ id }) => id),
    text: `loads version ${after.version} of cluster.conf`,
    reasons: [{ text: 'an administrator has changed it', source: 'cman_tool version -r' }],
  })
  state.reloading = { to, phase: 'stop', starts: startsOf(state, before, after) }
  for (const service of before.services) stopOld(state, context, service, after)
  if ([...state.workers.values()].every(isIdle)) reloadIdle(state, context)
}

/** All workers are idle: goes on to the next part of the reload. */
export function reloadIdle(state: RgState, context: DaemonContext): void {
  const reloading = state.reloading!
  if (reloading.phase === 'start') {
    state.reloading = undefined
    for (const { id } of rgOf(state).services)
      enqueue(state, context, id, { kind: 'consider', why: 'new configuration' })
    return
  }
  const known = new Set(rgOf(state).services.map(({ id }) => id))
  reloading.phase = 'start'
  state.version = reloading.to
  const { services } = rgOf(state)
  for (const id of [...state.workers.keys()])
    if (!services.some((service) => service.id === id)) {
      state.workers.delete(id)
      state.records.delete(id)
    }
  makeWorkers(state, services)
  begin(state, context, reloading, known)
  if (state.reloading === reloading && [...state.workers.values()].every(isIdle)) reloadIdle(state, context)
}

function begin(state: RgState, context: DaemonContext, { starts }: Reloading, known: ReadonlySet<string>): void {
  // What is new is swept like at boot; a virtual machine is not (init_on_add, spec 2).
  for (const { id, type } of rgOf(state).services)
    if (!known.has(id) && ruleOf(type)!.initOnAdd) enqueue(state, context, id, { kind: 'sweep' })
  for (const { service, order, reconfig } of starts) {
    if (0 < order.length) enqueue(state, context, service, { kind: 'walk', op: 'start', order })
    if (0 < reconfig.length) enqueue(state, context, service, { kind: 'reconfig', order: reconfig })
  }
}

/** Stops what the new version takes away from a service that runs here. Removing a virtual machine leaves it running. */
function stopOld(state: RgState, context: DaemonContext, service: Service, after: RgConfig): void {
  const { owner, state: now } = recordOf(state, service.id)
  if (owner !== state.self || now !== 'started') return
  const next = after.services.find(({ id }) => id === service.id)
  if (next === undefined) {
    if (ruleOf(service.type)!.destroyOnDelete) enqueue(state, context, service.id, { kind: 'plain-stop' })
    return
  }
  const gone = below(service, (node) => changeOf(node, service, next) === 'restart')
  const order = stopOrder(service).filter((index) => gone.has(index))
  if (0 < order.length) enqueue(state, context, service.id, { kind: 'walk', op: 'stop', order })
}

function startsOf(state: RgState, before: RgConfig, after: RgConfig): Reloading['starts'] {
  return after.services.flatMap((service) => {
    const { owner, state: now } = recordOf(state, service.id)
    const old = before.services.find(({ id }) => id === service.id)
    if (old === undefined || owner !== state.self || now !== 'started') return []
    const fresh = below(service, (node) => changeOf(node, service, old) === 'restart')
    const order = startOrder(service)
    const isTold = (index: number): boolean =>
      !fresh.has(index) && changeOf(service.nodes[index]!, service, old) === 'reconfig'
    return [{ service: service.id, order: order.filter((index) => fresh.has(index)), reconfig: order.filter(isTold) }]
  })
}

/** The nodes for which `test` holds, with all below them. */
function below(service: Service, test: (node: TreeNode) => boolean): ReadonlySet<number> {
  const found = new Set<number>()
  for (const node of service.nodes)
    if (test(node)) for (const index of startOrder(service, node.index)) found.add(index)
  return found
}

/** What has become of a node in the other version of its service. */
function changeOf(node: TreeNode, service: Service, other: Service): 'reconfig' | 'restart' | 'same' {
  const twin = other.nodes.find(({ id }) => id === node.id)
  if (twin === undefined || parentId(node, service) !== parentId(twin, other)) return 'restart'
  const names = new Set([...node.attributes, ...twin.attributes].map(({ name }) => name))
  const differing = [...names].filter((name) => attributeOf(node, name) !== attributeOf(twin, name))
  if (differing.length === 0) return 'same'
  const soft = ruleOf(node.type)!
    .parameters.filter(({ flags }) => flags.includes('reconfig'))
    .map(({ name }) => name)
  return differing.every((name) => soft.includes(name)) ? 'reconfig' : 'restart'
}

function parentId({ parent }: TreeNode, service: Service): string | undefined {
  return parent === undefined ? undefined : service.nodes[parent]!.id
}

function attributeOf({ attributes }: TreeNode, name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value
}
