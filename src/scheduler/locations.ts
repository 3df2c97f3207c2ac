/**
 * Location constraints and node health: which nodes a constraint names with which scores, and their effect on node tables.
 *
 * Reads   configuration.constraints (location), node attributes, the time
 * Writes  Worksheet.locations, Resource.locations, exclusiveDiscovery; with applyLocations: Resource.scores, discovery
 * Runs    unpacking before criteria; applyLocations after shutdown locks, before stickiness
 * Source  spec B-4, B-5.2, B-5.3
 */
import type { LocationConfig, ResourceSet, Rule } from '../cib/configuration.ts'
import { addScores, INFINITY, PROMOTED, type Role, STARTED, STOPPED, toRole } from '../cib/role.ts'
import { passesRule } from '../cib/rules.ts'
import { isSameText, isTrue, toScore } from '../cib/values.ts'
import type { Origin } from './action.ts'
import { nodeAttribute } from './attributes.ts'
import { contextOf, parametersOn } from './context.ts'
import { expandSets, findResource, findTagged } from './find.ts'
import { note, setScore } from './table.ts'
import {
  ABSENT,
  ALWAYS,
  BUNDLE,
  DISCOVERY_RANK,
  EXCLUSIVE,
  GROUP,
  type LocationEntry,
  NEVER,
  type Resource,
  type Worksheet,
} from './worksheet.ts'

/** Entries for the health of nodes. Source: spec B-5.2, B-5.3. */
export function unpackHealth(sheet: Worksheet): void {
  const { healthStrategy, healthBase, health } = sheet.options
  if (healthStrategy === 'none') return
  for (const index of sheet.nodeOrder) {
    const node = sheet.nodes[index]!
    let score = healthBase
    for (const [name, text] of node.attributes) {
      if (name.startsWith('#health')) score = addScores(score, toScore(text, health))
    }
    if (score === 0) continue
    for (const resource of sheet.tops) {
      if (score < 0 && isTrue(resource.from.meta.get('allow-unhealthy-nodes'))) continue
      const origin = { id: healthStrategy, line: node.from.line, column: node.from.column }
      addEntry(sheet, { resource, role: 0, nodes: [index], scores: [score], discovery: ALWAYS, origin })
    }
  }
}

/** One `rsc_location`. Source: spec B-4.3 to B-4.6. */
export function unpackLocation(sheet: Worksheet, config: LocationConfig): void {
  if (0 < config.sets.length) {
    unpackSets(sheet, config, expandSets(sheet, config.sets) ?? config.sets)
    return
  }
  if (config.rsc !== undefined) {
    const resource = findResource(sheet, config.rsc)
    const members = resource === undefined ? findTagged(sheet, config.rsc) : undefined
    if (resource !== undefined) unpackOne(sheet, config, { resource, score: config.score, role: config.role })
    else if (members !== undefined) unpackSets(sheet, config, [tagSet(config, members, config.role)])
  }
  if (config.rscPattern !== undefined) unpackPattern(sheet, config, config.rscPattern)
}

/** The set that a tag or template stands for. Source: spec B-4.4. */
export function tagSet(
  { id, line, column }: Origin,
  members: readonly string[],
  role: string | undefined,
): ResourceSet {
  const rest = { requireAll: undefined, ordering: undefined, action: undefined, score: undefined, kind: undefined }
  return { id, line, column, members, role, sequential: 'false', symmetrical: undefined, ...rest }
}

function unpackSets(sheet: Worksheet, config: LocationConfig, sets: readonly ResourceSet[]): void {
  for (const set of sets) {
    if (set.id === undefined) return
    for (const member of set.members) {
      const resource = findResource(sheet, member)
      if (resource === undefined) return
      unpackOne(sheet, config, { resource, score: set.score ?? config.score, role: set.role ?? config.role })
    }
  }
}

function unpackPattern(sheet: Worksheet, config: LocationConfig, pattern: string): void {
  const isInverted = pattern.startsWith('!')
  let expression: RegExp
  try {
    expression = new RegExp(isInverted ? pattern.slice(1) : pattern)
  } catch {
    return
  }
  for (const resource of sheet.tops) {
    const matches = expression.exec(resource.id)
    if ((matches === null) !== isInverted) continue
    const { score, role } = config
    unpackOne(sheet, config, { resource, score, role, matches: isInverted ? undefined : (matches ?? undefined) })
  }
}

interface Named {
  readonly resource: Resource
  readonly score: string | undefined
  readonly role: string | undefined
  readonly matches?: readonly (string | undefined)[] | undefined
}

/** Source: spec B-4.7, B-4.8, B-4.10. */
function unpackOne(sheet: Worksheet, config: LocationConfig, named: Named): void {
  const { resource, score, matches } = named
  const mode = config.resourceDiscovery?.toLowerCase()
  const discovery = mode === 'never' ? NEVER : mode === 'exclusive' ? EXCLUSIVE : ALWAYS
  const origin = { id: config.id, line: config.line, column: config.column }
  if (config.node !== undefined && score !== undefined) {
    const node =
      sheet.state.nodeByName.get(config.node.toLowerCase()) ?? sheet.state.nodeById.get(config.node.toLowerCase())
    if (node === undefined) return
    const asked = toRole(named.role ?? '')
    const role: Role = asked === PROMOTED || asked === STOPPED ? asked : 0
    addEntry(sheet, {
      resource,
      role,
      nodes: [node],
      scores: [toScore(score, sheet.options.health)],
      discovery,
      origin,
    })
    return
  }
  for (const rule of config.rules) {
    const role = ruleRole(rule)
    if (role === undefined) continue
    addEntry(sheet, { resource, role, ...passingNodes(sheet, rule, resource, matches), discovery, origin })
  }
}

function ruleRole({ role }: Rule): Role | undefined {
  if (role === undefined) return 0
  const asked = toRole(role)
  if (asked === 0) return undefined
  return asked === PROMOTED || asked === STOPPED || asked === STARTED ? asked : 0
}

/** Source: spec B-4.9. */
function passingNodes(
  sheet: Worksheet,
  rule: Rule,
  resource: Resource,
  matches: Named['matches'],
): Pick<LocationEntry, 'nodes' | 'scores'> {
  const { options } = sheet
  const isOr = isSameText(rule.booleanOp, 'or')
  const attribute = rule.scoreAttribute?.replace(/%([0-9])/g, (text, digit) =>
    matches === undefined ? text : (matches[Number(digit)] ?? ''),
  )
  const asksParameters = usesParameters(rule)
  const base = { ...contextOf(sheet), location: true, meta: resource.from.meta, matches }
  const fixed = rule.score === undefined ? 0 : toScore(rule.score, options.health)
  const nodes: number[] = []
  const scores: number[] = []
  for (const index of sheet.nodeOrder) {
    const node = sheet.nodes[index]!
    const { attributes } = node
    const parameters = asksParameters ? parametersOn(sheet, resource, index) : undefined
    if (!passesRule(rule, { ...base, attributes, parameters })) continue
    let score = fixed
    if (rule.score === undefined && attribute !== undefined) {
      const value = nodeAttribute(sheet, index, attribute, resource)
      score = value === undefined ? -INFINITY : toScore(value, options.health)
    }
    nodes.push(index)
    scores.push(isOr ? addScores(node.weight, score) : score)
  }
  return { nodes, scores }
}

function usesParameters(rule: Rule): boolean {
  return rule.children.some(
    (child) =>
      (child.kind === 'rule' && usesParameters(child)) || (child.kind === 'attribute' && child.valueSource === 'param'),
  )
}

/** Source: spec B-4.11, B-4.12. */
function addEntry(sheet: Worksheet, entry: LocationEntry): void {
  if (entry.discovery === EXCLUSIVE) entry.resource.exclusiveDiscovery = true
  sheet.locations.push(entry)
  entry.resource.locations.unshift(entry)
}

/** Adds every entry's scores, newest first. Source: spec B-8.2. */
export function applyLocations(sheet: Worksheet): void {
  for (let at = sheet.locations.length - 1; 0 <= at; at--) {
    const entry = sheet.locations[at]!
    applyEntry(sheet, entry, entry.resource, false)
  }
}

/** Source: spec B-4.13, B-4.14. */
function applyEntry(sheet: Worksheet, entry: LocationEntry, resource: Resource, isZero: boolean): void {
  if (resource.variant === BUNDLE) return applyToBundle(sheet, entry, resource)
  applyToTable(sheet, entry, resource, isZero)
  resource.children.forEach((child, at) => {
    const isLater = resource.variant === GROUP && resource.from.collocated && 0 < at
    applyEntry(sheet, entry, child, isZero || isLater)
  })
}

function applyToBundle(sheet: Worksheet, entry: LocationEntry, bundle: Resource): void {
  applyToTable(sheet, entry, bundle, false)
  for (const { container, ip } of bundle.from.bundle!.replicas) {
    if (0 <= container) applyEntry(sheet, entry, sheet.resources[container]!, false)
    if (0 <= ip) applyEntry(sheet, entry, sheet.resources[ip]!, false)
  }
  const clone = sheet.resources[bundle.from.bundle!.clone]
  if (clone !== undefined && entry.role === PROMOTED) {
    applyEntry(sheet, entry, clone, false)
    clone.locations.unshift(entry)
  }
}

function applyToTable(sheet: Worksheet, entry: LocationEntry, resource: Resource, isZero: boolean): void {
  if (entry.role !== 0 && entry.role !== resource.nextRole) return
  const why = {
    what: sheet.options.healthStrategy === entry.origin.id ? 'node health' : 'location',
    origin: entry.origin,
  }
  entry.nodes.forEach((node, at) => {
    const score = isZero ? 0 : entry.scores[at]!
    const old = resource.scores[node]!
    if (old === ABSENT) resource.discovery[node] = DISCOVERY_RANK[sheet.nodes[node]!.from.discovery]
    setScore(resource, node, old === ABSENT ? score : addScores(old, score))
    note(sheet, resource, node, score, old === ABSENT ? 'set' : 'add', why)
    if (resource.discovery[node]! < entry.discovery) {
      resource.discovery[node] = entry.discovery
      if (entry.discovery === EXCLUSIVE) resource.exclusiveDiscovery = true
    }
  })
}
