/**
 * The resource tree: services and virtual machines with what stands below them, references resolved, attributes inherited, quirks kept.
 * Source: spec rgmanager 2, 3, 5 and 8.
 */
import type { Parameter } from '../model/resource.ts'
import type { RecoveryPolicy, Service, TreeNode } from './config.ts'
import { type Definition, type Definitions, define, findDefinition, hideRest, warn } from './definitions.ts'
import { expandTime, type ResourceRule, ruleOf } from './rules.ts'
import { isOn } from './words.ts'
import { childrenOf, type Element } from './xml.ts'

/** A node while its tree is built: ids wait until it is known how often each definition stands in the tree. */
interface Draft {
  readonly definition: Definition
  readonly element: Element
  readonly parent: number | undefined
  readonly children: { readonly index: number; readonly position: number }[]
  readonly startLevel: number
  readonly stopLevel: number
  readonly attributes: ReadonlyMap<string, string>
}

interface Building {
  readonly definitions: Definitions
  readonly uses: Map<Definition, number>
}

/** Builds the trees of all roots below `<rm>`, in document order. */
export function buildServices(definitions: Definitions, rm: Element): readonly Service[] {
  const building: Building = { definitions, uses: new Map() }
  const drafts = rm.children.flatMap((element) => {
    if (element.name !== 'service' && element.name !== 'vm') return []
    const nodes: Draft[] = []
    addNode(building, nodes, element, undefined, 0)
    return nodes.length === 0 ? [] : [nodes]
  })
  return drafts.map((nodes) => toService(building, nodes))
}

/** Adds the node of `element` and all below it; false where the element is incomplete, so that the loader goes no further. */
function addNode(
  building: Building,
  nodes: Draft[],
  element: Element,
  parent: number | undefined,
  position: number,
): boolean {
  const rule = ruleOf(element.name)!
  const definition = definitionFor(building, rule, element)
  if (definition === 'incomplete') return false
  if (definition === undefined || !admit(building, definition, element)) return true
  const level = parent === undefined ? undefined : levelsIn(nodes[parent]!.definition.rule, rule.type)
  const index = nodes.length
  nodes.push({
    definition,
    element,
    parent,
    children: [],
    startLevel: level?.start ?? 0,
    stopLevel: level?.stop ?? 0,
    attributes: inherited(nodes, parent, definition),
  })
  if (parent !== undefined) nodes[parent]!.children.push({ index, position })
  addChildren(building, nodes, element, index)
  return true
}

/** First the types of the parent's table, each in document order, then all others in document order (spec 3). */
function addChildren(building: Building, nodes: Draft[], element: Element, parent: number): void {
  const table = nodes[parent]!.definition.rule.children
  for (const { type } of table) {
    const typed = childrenOf(element, type)
    for (const [at, child] of typed.entries()) {
      if (addNode(building, nodes, child, parent, element.children.indexOf(child))) continue
      hideRest(building.definitions, typed.slice(at + 1))
      break
    }
  }
  for (const [position, child] of element.children.entries()) {
    if (child.name === 'action' || table.some((entry) => entry.type === child.name)) continue
    if (ruleOf(child.name) !== undefined) addNode(building, nodes, child, parent, position)
    else
      warn(
        building.definitions,
        child,
        `there is no resource type "${child.name}": it is ignored`,
        'see the stock agents',
      )
  }
}

function definitionFor(
  { definitions }: Building,
  rule: ResourceRule,
  element: Element,
): Definition | 'incomplete' | undefined {
  const ref = element.attributes.get('ref')
  if (ref === undefined) return define(definitions, rule, element, true)
  const found = findDefinition(definitions, rule.type, ref)
  for (const action of childrenOf(element, 'action'))
    warn(definitions, action, 'an action below a reference is ignored', 'write it below the definition in <resources>')
  if (found === undefined)
    warn(
      definitions,
      element,
      `there is no ${rule.type} "${ref}": this reference is skipped`,
      'define it in <resources>',
    )
  else if (found.inline)
    warn(
      definitions,
      element,
      `${rule.type} "${ref}" is defined inline in line ${found.element.line}: this reference is skipped`,
      'move the definition to <resources>',
    )
  return found?.inline ? undefined : found
}

/** Counts a use of a definition; false beyond the limit of its type: the node is skipped with its children (spec 2). */
function admit({ definitions, uses }: Building, definition: Definition, element: Element): boolean {
  const used = uses.get(definition) ?? 0
  const { maxInstances, type } = definition.rule
  if (maxInstances !== undefined && maxInstances <= used) {
    warn(
      definitions,
      element,
      `${type} "${definition.name}" is used already and may stand ${maxInstances} time in the tree: it is skipped with all below it`,
      'use it in one service only',
    )
    return false
  }
  uses.set(definition, used + 1)
  return true
}

function levelsIn(parent: ResourceRule, type: string): { readonly start: number; readonly stop: number } | undefined {
  return parent.children.find((entry) => entry.type === type)
}

/** The definition's own attributes, then what its type inherits, then its defaults. */
function inherited(
  nodes: readonly Draft[],
  parent: number | undefined,
  definition: Definition,
): ReadonlyMap<string, string> {
  const found = new Map(definition.attributes)
  for (const { name, inherit, fallback } of definition.rule.parameters) {
    if (found.has(name)) continue
    const value = inherit === undefined ? undefined : fromAncestor(nodes, parent, inherit)
    if (value !== undefined) found.set(name, value)
    else if (fallback !== undefined) found.set(name, fallback)
  }
  return found
}

function fromAncestor(nodes: readonly Draft[], parent: number | undefined, inherit: string): string | undefined {
  const [type, attribute] = inherit.includes('%') ? inherit.split('%') : [undefined, inherit]
  for (let at = parent; at !== undefined; at = nodes[at]!.parent) {
    const { definition, attributes } = nodes[at]!
    if ((type === undefined || type === definition.rule.type) && attributes.has(attribute!))
      return attributes.get(attribute!)
  }
  return undefined
}

function toService(building: Building, drafts: readonly Draft[]): Service {
  const root = drafts[0]!
  const own = (name: string): string | undefined => root.definition.attributes.get(name)
  const id = `${root.definition.rule.type}:${root.definition.name}`
  const seen = new Map<Definition, number>()
  return {
    id,
    type: root.definition.rule.type,
    name: root.definition.name,
    nodes: drafts.map((draft, index) => toNode(building, draft, index, worldId(building, seen, draft, root))),
    domain: own('domain'),
    autostart: isOn(own('autostart') ?? '1'),
    exclusive: exclusiveOf(own('exclusive') ?? '0'),
    recovery: policyOf(own('recovery') ?? 'restart'),
    depend: own('depend'),
    dependMode: own('depend_mode') === 'soft' ? 'soft' : 'hard',
    maxRestarts: Number.parseInt(own('max_restarts') ?? '0', 10) || 0,
    restartExpire: 1000 * expandTime(own('restart_expire_time') ?? '0'),
    priority: Number.parseInt(own('priority') ?? '0', 10) || 0,
    line: root.element.line,
  }
}

/** What stands in the tree more than once is told apart by its service: each instance is a thing of its own on a node. */
function worldId({ uses }: Building, seen: Map<Definition, number>, { definition }: Draft, root: Draft): string {
  const id = `${definition.rule.type}:${definition.name}`
  if (uses.get(definition) === 1) return id
  const count = (seen.get(definition) ?? 0) + 1
  seen.set(definition, count)
  return `${id}@${root.definition.name}${count === 1 ? '' : `.${count}`}`
}

function toNode({ uses }: Building, draft: Draft, index: number, id: string): TreeNode {
  const special = (name: string): string | undefined => draft.element.attributes.get(name)
  const seconds = (name: string): number => 1000 * expandTime(special(name) ?? '0')
  const count = (name: string): number => Number.parseInt(special(name) ?? '0', 10) || 0
  const references = uses.get(draft.definition) ?? 1
  const attributes: readonly Parameter[] = [...draft.attributes].map(([name, value]) => ({ name, value }))
  return {
    index,
    id,
    type: draft.definition.rule.type,
    name: draft.definition.name,
    parent: draft.parent,
    children: [...draft.children].sort((a, b) => a.position - b.position).map((child) => child.index),
    startLevel: draft.startLevel,
    stopLevel: draft.stopLevel,
    actions: draft.definition.actions,
    independent: draft.parent === undefined ? 'no' : independence(special('__independent_subtree'), references),
    enforceTimeouts: isOn(special('__enforce_timeouts') ?? '0'),
    maxRestarts: count('__max_restarts'),
    restartExpire: seconds('__restart_expire_time'),
    maxFailures: count('__max_failures'),
    failureExpire: seconds('__failure_expire_time'),
    attributes,
    references,
  }
}

/** Non-critical is dropped where the resource is used more than once (spec 8). */
function independence(text: string | undefined, references: number): TreeNode['independent'] {
  if (text === undefined) return 'no'
  if (text === '2' || text === 'non-critical') return references === 1 ? 'non-critical' : 'independent'
  return isOn(text) ? 'independent' : 'no'
}

function exclusiveOf(text: string): number {
  return isOn(text) ? 1 : Number.parseInt(text, 10) || 0
}

/** Any word that is not known restarts (spec 10). */
function policyOf(text: string): RecoveryPolicy {
  if (text === 'disable' || text === 'relocate') return text
  return text.includes('disable') ? 'restart-disable' : 'restart'
}
