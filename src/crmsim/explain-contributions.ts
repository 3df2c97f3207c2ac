/**
 * One contribution to a score in words: what it is, from which setting, and where that stands.
 *
 * What the scheduler notes is short; here it is looked up again in the CIB. Changes nothing.
 * Source: spec B-2 to B-8, B-11 to B-16.
 */
import type { ScoreChange } from '../cib/state.ts'
import { isTrue } from '../cib/values.ts'
import type { Origin } from '../scheduler/action.ts'
import { assignedNode, leavesOf } from '../scheduler/nodes.ts'
import { BUNDLE, type Contribution, type Resource, type Worksheet } from '../scheduler/worksheet.ts'
import { attributeSource, metaSource, optionSource, type Remark, remark } from './explain-sources.ts'
import { resultAt, unavailability } from './explain-words.ts'

/** What a contribution is, for a reader. */
export function contributionRemark(sheet: Worksheet, contribution: Contribution): Remark {
  const { what, origin } = contribution
  const resource = sheet.resources[contribution.resource]!
  const node = sheet.nodes[contribution.node]!
  switch (what) {
    case 'location':
      return remark(`location ${origin.id}`, origin)
    case 'node health':
      return remark(`health of the node (node-health-strategy=${origin.id})`, origin)
    case 'base score':
      return remark('base score of the node', origin)
    case 'node not available':
      return unavailability(sheet, node)[0] ?? remark('the node was not available', origin)
    case 'resource-stickiness': {
      const source = metaSource(sheet.state, resource.from, what)
      return remark(`it is there: ${source?.text ?? what}`, source?.origin)
    }
    case 'migration-threshold reached':
      return thresholdRemark(sheet, resource, contribution.node)
    case 'target-role=Stopped':
      return targetRemark(sheet, resource)
    case 'clone-max reached':
      return parentRemark(sheet, resource, what, 'clone-max')
    case 'promotion score':
    case 'no promotion score':
      return promotionRemark(sheet, resource, contribution.node, what)
    case 'not enough capacity':
      return capacityRemark(resource)
    default:
      return noted(sheet, contribution) ?? remark(readable(sheet, resource, contribution), origin)
  }
}

/** Relations to other resources, and what else names something. */
function readable(sheet: Worksheet, resource: Resource, { what, origin }: Contribution): string {
  const primary = /^colocation with (.*)$/.exec(what)?.[1]
  if (primary !== undefined) return colocationText(sheet, resource, primary, origin.id)
  const dependent = /^(.*) is colocated with it$/.exec(what)?.[1] ?? /^colocation of (.*)$/.exec(what)?.[1]
  if (dependent !== undefined) return `the preference of ${dependent}${byText(sheet, origin.id)}`
  const ticket = /^(no ticket|ticket in standby|loss of ticket|ticket) (.*)$/.exec(what)
  if (ticket !== null) return `ticket ${ticket[2]} ${TICKETS.get(ticket[1]!)}`
  const banned = /^(.*) is banned here$/.exec(what)?.[1]
  if (banned !== undefined) return `${banned} may not run there`
  const full = sheet.resources.find(({ id }) => what === `${id} has its instances here`)
  if (full === undefined) return what
  const limit = full.variant === BUNDLE ? 'replicas-per-host' : 'clone-node-max'
  const source = full.variant === BUNDLE ? undefined : metaSource(sheet.state, full.from, limit)
  const most = full.from.bundle?.replicasPerHost ?? full.from.clone?.nodeMax
  return `${full.id} has its instances there already (${source?.text ?? `${limit}=${most}`})`
}

/** Colocation with `primary`, by the constraint `id` or by nature: then `id` is a resource. */
function colocationText(sheet: Worksheet, resource: Resource, primary: string, id: string): string {
  const found = sheet.resources.find((other) => other.id === primary)
  const node = found === undefined ? undefined : sheet.nodes[assignedNode(found)]
  const place = node === undefined ? primary : `${primary} on ${node.name}`
  if (!isResource(sheet, id)) return `colocation ${id} with ${place}`
  if (id === resource.id) return `stays with its container ${place}`
  return id === '' ? `stays with ${place}` : `stays with ${place}, before it in ${id}`
}

function byText(sheet: Worksheet, id: string): string {
  return isResource(sheet, id) ? ', which stays with it' : ` (colocation ${id})`
}

const TICKETS = new Map([
  ['no ticket', 'is not granted'],
  ['ticket in standby', 'is in standby'],
  ['loss of ticket', 'was lost'],
  ['ticket', 'does not allow promotion'],
])

function isResource({ resources }: Worksheet, id: string): boolean {
  return id === '' || resources.some((resource) => resource.id === id)
}

function thresholdRemark({ state, nodes }: Worksheet, resource: Resource, node: number): Remark {
  const { from, attributes } = nodes[node]!
  for (const leaf of leavesOf(resource)) {
    const names = [leaf, ...leaf.fillers].flatMap(({ from: { xmlId, id, historyName = id } }) => [
      xmlId,
      id,
      historyName,
    ])
    const isCount = (key: string): boolean =>
      names.some((name) => new RegExp(`^fail-count-${escaped(name)}(:\\d+)?(#|$)`).test(key))
    const name = [...attributes.keys()].find(isCount)
    if (name === undefined) continue
    const threshold = metaSource(state, leaf.from, 'migration-threshold')
    const count = attributeSource(state, from, name)
    const text = `failed there too often: ${count?.text ?? name}, ${threshold?.text ?? 'migration-threshold'}`
    return remark(text, count?.origin ?? threshold?.origin)
  }
  return remark('failed there too often')
}

function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Why a resource shall be stopped: its target-role, or what else says so. */
export function targetRemark(sheet: Worksheet, resource: Resource): Remark {
  const source = metaSource(sheet.state, resource.from, 'target-role')
  if (source !== undefined && /=(stopped|unpromoted|slave)\b/i.test(source.text)) return source
  const failure = sheet.state.failures.findLast(({ resource: index }) => index === resource.index)
  if (failure !== undefined) {
    const { text, origin } = resultAt(sheet, failure, failure.reason ?? 'it failed')
    return { text: `shall be stopped (on-fail=${failure.response}): ${text}`, origin }
  }
  const node = sheet.nodes[resource.remoteNode]
  if (node?.shutdown) return remark(`the node ${node.name} is shutting down`, node.from)
  return remark('shall be stopped')
}

function parentRemark(sheet: Worksheet, { parent, from }: Resource, what: string, name: string): Remark {
  const source = metaSource(sheet.state, parent?.from ?? from, name)
  return source === undefined ? remark(what) : remark(`${source.text} instances are placed already`, source.origin)
}

/** The attribute that holds an instance's promotion score on a node. Source: spec B-16.1. */
function promotionRemark({ state, nodes }: Worksheet, resource: Resource, node: number, what: string): Remark {
  const { from } = nodes[node]!
  const { historyName, xmlId, id } = resource.from
  for (const name of [historyName, id, xmlId]) {
    const source = name === undefined ? undefined : attributeSource(state, from, `master-${name}`)
    const text =
      what === 'promotion score' ? 'promotion score: ' : 'the instance is not known there, so that does not count: '
    if (source !== undefined) return remark(`${text}${source.text}`, source.origin)
  }
  return remark(what === 'promotion score' ? what : 'no promotion score is set there (no attribute master-…)')
}

function capacityRemark({ needs }: Resource): Remark {
  const list = [...needs].map(([name, amount]) => `${name}=${amount}`).join(', ')
  return remark(`the node has not enough free capacity for it (it needs ${list}) and what goes with it`)
}

/** What was noted while the status was read. */
function noted(sheet: Worksheet, { what, origin, resource }: Contribution): Remark | undefined {
  const found = (before: string): Remark => {
    const { text, origin: at } = resultAt(sheet, origin, 'see its history there')
    return { text: `${before}: ${text}`, origin: at }
  }
  const { from } = sheet.resources[resource]!
  // The names are those of the state; every one of them must have words here.
  switch (what as ScoreChange['reason']) {
    case 'unmanaged where active':
      return remark('not managed, so it stays where it is', unmanagedRemark(sheet, sheet.resources[resource]!).origin)
    case 'failed stop':
      return resultAt(sheet, origin, 'its stop failed there')
    case 'on-fail=migrate':
      return found('it failed there and shall go elsewhere')
    case 'on-fail=stop':
    case 'fail role Stopped':
      return found('it failed and shall stay stopped')
    case 'not installed':
      return found('it cannot run there')
    case 'hard error':
      return found('an error that would come again on this node')
    case 'fatal error':
      return found('an error that would come again on every node')
    case 'failed probe':
      return found('it cannot run there')
    case 'multiple-active=stop_only':
      return metaSource(sheet.state, from, 'multiple-active')
    case 'orphan':
      return orphanRemark(sheet, sheet.resources[resource]!, origin)
    case 'bundle node':
      return remark('the node inside the container', origin)
    case 'base score':
      return remark('base score of the node', origin)
    default:
      return undefined
  }
}

function orphanRemark({ state }: Worksheet, { top, from }: Resource, origin: Origin): Remark {
  const { clone } = top.from
  if (clone === undefined) return remark('it is not in the configuration any more', origin.line === 0 ? from : origin)
  const source = metaSource(state, top.from, 'clone-max')
  return remark(`${top.id} shall have ${clone.max} instances, and this is one more`, source?.origin)
}

/** Why a resource is not managed. */
export function unmanagedRemark(sheet: Worksheet, resource: Resource): Remark {
  const { state } = sheet
  if (resource.blocked) {
    const failure = state.failures.findLast(
      ({ resource: index, response }) => index === resource.index && response === 'block',
    )
    if (failure !== undefined) {
      const { text, origin } = resultAt(sheet, failure, 'it failed')
      return { text: `blocked (on-fail=block): ${text}`, origin }
    }
    const multiple = metaSource(state, resource.from, 'multiple-active')
    if (resource.from.multipleActive === 'block' && multiple !== undefined) return multiple
    const lost = resource.tickets.find(({ lossPolicy }) => lossPolicy === 'freeze')
    if (lost !== undefined) return remark(`the ticket ${lost.ticket} was lost (loss-policy=freeze)`, lost.origin)
  }
  const { meta } = resource.from
  for (const [name, isSwitched] of [
    ['maintenance', isTrue(meta.get('maintenance'))],
    ['is-managed', meta.has('is-managed') && !isTrue(meta.get('is-managed'))],
  ] as const) {
    const source = isSwitched ? metaSource(state, resource.from, name) : undefined
    if (source !== undefined) return source
  }
  if (state.options.maintenanceMode) return optionSource(state, 'maintenance-mode', 'false')
  const node = sheet.nodes.find(({ index, maintenance }) => maintenance && resource.runningOn.includes(index))
  if (node !== undefined) {
    const { text, origin } = unavailability(sheet, node).at(-1)!
    return { text: `${node.name} is ${text}`, origin }
  }
  if (resource.from.orphan) return optionSource(state, 'stop-orphan-resources', 'true')
  return state.options.fencing && !state.fencingDevice
    ? remark(
        'stonith-enabled is true but there is no fence device',
        optionSource(state, 'stonith-enabled', 'true').origin,
      )
    : remark('not managed')
}

/** Without quorum. */
export function quorumRemark({ state }: Worksheet): Remark {
  const { text, origin } = optionSource(state, 'no-quorum-policy', 'stop')
  return { text: `the partition has no quorum (have-quorum=${state.configuration.root.haveQuorum}), ${text}`, origin }
}
