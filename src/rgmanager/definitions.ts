/**
 * Definitions of resources out of elements: what is checked, what is dropped, and how `<action>` changes an agent's own actions.
 * What the real daemon only logs is a warning here: the run goes on as that daemon would. Source: spec rgmanager 2 and 5.
 */
import type { Problem } from '../model/problem.ts'
import { type ActionRule, expandTime, primaryOf, type ResourceRule, ruleOf } from './rules.ts'
import { childrenOf, type Element } from './xml.ts'

/** One definition; nodes of the tree refer to it. */
export interface Definition {
  readonly rule: ResourceRule
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly actions: readonly ActionRule[]
  /** Inline definitions cannot be referred to. */
  readonly inline: boolean
  readonly element: Element
}

/** All definitions of one file, and what is wrong with the rest. */
export interface Definitions {
  readonly file: string
  readonly all: Definition[]
  readonly problems: Problem[]
}

/** Notes that something is not as its author may think. */
export function warn({ file, problems }: Definitions, { line, column }: Element, what: string, advice: string): void {
  problems.push({ severity: 'warning', file, line, column, what, advice })
}

/** Reads the shared definitions of `<resources>`; the first that fails hides all later ones of its type (spec 2). */
export function readShared(definitions: Definitions, resources: Element | undefined): void {
  const types = new Set(resources?.children.map((child) => child.name))
  for (const type of types) {
    const rule = ruleOf(type)
    if (rule === undefined) {
      const [first] = childrenOf(resources, type)
      warn(definitions, first!, `there is no resource type "${type}": it is ignored`, 'see the list of stock agents')
    } else loadAll(definitions, rule, childrenOf(resources, type))
  }
}

function loadAll(definitions: Definitions, rule: ResourceRule, elements: readonly Element[]): void {
  for (const [index, element] of elements.entries()) {
    if (define(definitions, rule, element, false) !== 'incomplete') continue
    hideRest(definitions, elements.slice(index + 1))
    return
  }
}

/** Tells of siblings that the loader never reaches behind one that fails. */
export function hideRest(definitions: Definitions, rest: readonly Element[]): void {
  for (const hidden of rest)
    warn(
      definitions,
      hidden,
      `this ${hidden.name} is hidden by the incomplete one before it`,
      'complete or remove that one',
    )
}

/** Adds a definition; `incomplete` where it lacks what is required, undefined where it collides with an earlier one. */
export function define(
  definitions: Definitions,
  rule: ResourceRule,
  element: Element,
  inline: boolean,
): Definition | 'incomplete' | undefined {
  const primary = primaryOf(rule)
  for (const { name, flags } of rule.parameters)
    if ((flags.includes('required') || flags.includes('primary')) && !element.attributes.has(name)) {
      warn(definitions, element, `this ${rule.type} has no \`${name}\`: it is not loaded`, `give it ${name}="…"`)
      return 'incomplete'
    }
  const attributes = ownAttributes(element)
  const definition: Definition = {
    rule,
    name: attributes.get(primary)!,
    attributes,
    actions: effectiveActions(definitions, rule, element),
    inline,
    element,
  }
  const rival = collision(definitions, definition)
  if (rival !== undefined) {
    const [other, parameter] = rival
    warn(
      definitions,
      element,
      `this ${rule.type} has the same \`${parameter}\` as the one in line ${other.element.line}: it is dropped`,
      'a shared resource is defined once in <resources> and used by ref="…"',
    )
    return undefined
  }
  definitions.all.push(definition)
  return definition
}

/** The shared definition that `ref` names. */
export function findDefinition({ all }: Definitions, type: string, name: string): Definition | undefined {
  return all.find((entry) => entry.rule.type === type && entry.name === name)
}

function collision({ all }: Definitions, made: Definition): readonly [Definition, string] | undefined {
  for (const other of all) {
    if (other.rule.type !== made.rule.type) continue
    for (const { name, flags } of made.rule.parameters) {
      if (!flags.includes('unique') && !flags.includes('primary')) continue
      if (made.attributes.has(name) && made.attributes.get(name) === other.attributes.get(name)) return [other, name]
    }
  }
  return undefined
}

function ownAttributes(element: Element): ReadonlyMap<string, string> {
  return new Map([...element.attributes].filter(([name]) => name !== 'ref' && !name.startsWith('__')))
}

/** The agent's own actions with the element's `<action>` children laid over them (spec 5). */
function effectiveActions(definitions: Definitions, rule: ResourceRule, element: Element): readonly ActionRule[] {
  const made: ActionRule[] = rule.actions.map((action) => ({ ...action }))
  for (const override of childrenOf(element, 'action')) {
    const name = override.attributes.get('name')
    if (name === undefined) {
      warn(definitions, override, 'this action has no name: it is ignored', 'write name="status"')
      continue
    }
    applyOverride(definitions, made, override, name)
  }
  return made
}

function applyOverride(definitions: Definitions, made: ActionRule[], override: Element, name: string): void {
  const depthText = override.attributes.get('depth')
  const every = depthText === undefined || depthText === '*'
  const depth = every ? undefined : expandTime(depthText)
  const timeout = timeOf(override, 'timeout')
  const interval = timeOf(override, 'interval')
  let met = false
  for (const [index, action] of made.entries()) {
    if (action.name !== name || (depth !== undefined && action.depth !== depth)) continue
    met = true
    made[index] = {
      ...action,
      timeout: timeout ?? action.timeout,
      // An interval of 0 means that this depth is never checked.
      interval: interval === undefined ? action.interval : interval === 0 ? undefined : interval,
    }
  }
  if (met) return
  if (depth !== undefined && timeout !== undefined && interval !== undefined)
    made.push({ name, depth, timeout, interval: interval === 0 ? undefined : interval })
  else
    warn(
      definitions,
      override,
      `there is no action ${name}${depth === undefined ? '' : ` of depth ${depth}`} to change: this is ignored`,
      'a new action needs depth, timeout and interval',
    )
}

function timeOf(element: Element, name: string): number | undefined {
  const text = element.attributes.get(name)
  return text === undefined ? undefined : expandTime(text)
}
