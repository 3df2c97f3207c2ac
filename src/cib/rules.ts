/**
 * Judges rules at an instant, in a context, and collects sets of pairs under them.
 *
 * The caller says what the rules may see: node attributes, resource, operation, role. Times at which a judgement will change are
 * noted through `noteRecheck`. Changes nothing else.
 *
 * Source: spec.
 */

import type { Clock } from './clock.ts'
import type { AttributeExpression, DateExpression, Expression, NvPair, NvSet, Rule } from './configuration.ts'
import { addDuration, dateFields, parseDate } from './dates.ts'
import { type Role, STARTED, STOPPED, toRole, UNKNOWN, UNPROMOTED } from './role.ts'
import type { HealthScores } from './state.ts'
import { compareVersions, isSameText, mergeSort, parseInterval, scanInteger, toScore } from './values.ts'

/** What rules see. Absent parts make the expressions that ask for them fail. Source: spec. */
export interface RuleContext {
  readonly clock: Clock
  readonly attributes?: ReadonlyMap<string, string> | undefined
  readonly role?: Role | undefined
  readonly resource?: Agent | undefined
  readonly operation?: { readonly name: string; readonly intervalMs: number } | undefined
  /** Location constraints only: submatches for %0 to %9, and where `value-source` looks. Source: spec. */
  readonly matches?: readonly (string | undefined)[] | undefined
  readonly parameters?: ReadonlyMap<string, string> | undefined
  readonly meta?: ReadonlyMap<string, string> | undefined
  readonly location?: boolean | undefined
  /** Told each epoch second at which a date expression's answer changes. */
  readonly noteRecheck?: ((at: number) => void) | undefined
}

/** A resource's agent, as `rsc_expression` compares it. */
export interface Agent {
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
}

/** No rules pass; of several one must. Source: spec. */
export function passesAny(rules: readonly Rule[], context: RuleContext): boolean {
  return rules.length === 0 || rules.some((rule) => passesRule(rule, context))
}

/** One rule; its children are judged in order, and no further than needed. Source: spec. */
export function passesRule(rule: Rule, context: RuleContext): boolean {
  const passes = (child: Expression): boolean => passesExpression(child, context)
  return isSameText(rule.booleanOp, 'or') ? rule.children.some(passes) : rule.children.every(passes)
}

function passesExpression(expression: Expression, context: RuleContext): boolean {
  switch (expression.kind) {
    case 'rule':
      return passesRule(expression, context)
    case 'date':
      return passesDate(expression, context)
    case 'attribute':
      return expression.attribute === '#role' ? passesRole(expression, context) : passesAttribute(expression, context)
    case 'resource': {
      const agent = context.resource
      if (agent === undefined || expression.provider !== agent.provider) return false
      if (expression.class !== undefined && expression.class !== agent.class) return false
      return expression.type === undefined || expression.type === agent.type
    }
    case 'operation': {
      const { operation } = context
      if (operation === undefined || expression.name !== operation.name) return false
      return expression.interval === undefined || parseInterval(expression.interval) === operation.intervalMs
    }
  }
}

function passesRole(expression: AttributeExpression, context: RuleContext): boolean {
  const role = context.role ?? UNKNOWN
  if (role === UNKNOWN) return false
  switch (expression.operation) {
    case 'defined':
      return role > STARTED
    case 'not_defined':
      return role === STOPPED || role === STARTED
    case 'eq':
      return role === toRole(expression.value ?? '')
    case 'ne':
      return role >= UNPROMOTED && role !== toRole(expression.value ?? '')
    default:
      return false
  }
}

/** Source: spec. */
function passesAttribute(expression: AttributeExpression, context: RuleContext): boolean {
  const { attributes, matches } = context
  if (attributes === undefined || expression.attribute === undefined) return false
  const name = expression.attribute.replace(/%([0-9])/g, (text, digit) =>
    matches === undefined ? text : (matches[Number(digit)] ?? ''),
  )
  const left = attributes.get(name)
  const operation = expression.operation?.toLowerCase()
  if (operation === 'defined') return left !== undefined
  if (operation === 'not_defined') return left === undefined
  const right = rightSide(expression, context)
  const isOrder = operation === 'lt' || operation === 'lte' || operation === 'gt' || operation === 'gte'
  if (isOrder && (left === undefined || right === undefined)) return false
  const order = compareValues(left, right, expression.type?.toLowerCase() ?? defaultType(isOrder, left, right))
  switch (operation) {
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
    default:
      return false
  }
}

function rightSide(expression: AttributeExpression, context: RuleContext): string | undefined {
  const { value, valueSource } = expression
  if (context.location !== true) return value
  if (value === undefined || value === '') return undefined
  if (valueSource === 'param') return context.parameters?.get(value)
  return valueSource === 'meta' ? context.meta?.get(value) : value
}

function defaultType(isOrder: boolean, left: string | undefined, right: string | undefined): string {
  if (!isOrder) return 'string'
  return left?.includes('.') || right?.includes('.') ? 'number' : 'integer'
}

function compareValues(left: string | undefined, right: string | undefined, type: string): number {
  if (left === undefined || right === undefined) return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1)
  const texts = (): number => compareTexts(left.toLowerCase(), right.toLowerCase())
  const numbers = (a: number | undefined, b: number | undefined): number =>
    a === undefined || b === undefined || Number.isNaN(a) || Number.isNaN(b) ? texts() : Math.sign(a - b)
  switch (type) {
    case 'string':
      return texts()
    case 'integer':
      return numbers(scanInteger(left), scanInteger(right))
    case 'number':
      return numbers(Number.parseFloat(left), Number.parseFloat(right))
    case 'version':
      return compareVersions(left, right)
    default:
      return 0
  }
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Source: spec. */
function passesDate(expression: DateExpression, context: RuleContext): boolean {
  const { now } = context.clock
  const start = expression.start === undefined ? undefined : parseDate(expression.start, now)
  let end = expression.end === undefined ? undefined : parseDate(expression.end, now)
  if (start !== undefined && expression.end === undefined && expression.duration !== undefined) {
    end = addDuration(start, new Map(expression.duration.map(([name, text]) => [name, scanInteger(text) ?? 0])))
  }
  const note = (at: number): void => context.noteRecheck?.(at)
  switch (expression.operation ?? 'in_range') {
    case 'in_range':
      if (start === undefined && end === undefined) return false
      if (start !== undefined && now < start) {
        note(start)
        return false
      }
      if (end === undefined) return true
      if (now <= end) note(end + 1)
      return now <= end
    case 'gt':
      if (start === undefined) return false
      if (now <= start) note(start + 1)
      return now > start
    case 'lt':
      if (end === undefined || now >= end) return false
      note(end)
      return true
    case 'date_spec':
      return expression.spec !== undefined && matchesSpec(expression.spec, now)
    default:
      return false
  }
}

/** Source: spec. */
function matchesSpec(spec: readonly (readonly [string, string])[], now: number): boolean {
  const fields = dateFields(now)
  return spec.every(([name, text]) => {
    const value = fields.get(name)
    const range = /^(\d+)?(-)?(\d+)?$/.exec(text)
    if (value === undefined || range === null || (range[1] === undefined && range[3] === undefined)) return true
    const low = Number(range[1] ?? 0)
    const high = range[2] === undefined ? low : Number(range[3] ?? Number.MAX_SAFE_INTEGER)
    return low <= value && value <= high
  })
}

/** How a look-up of sets treats what is there, and which set comes first in any case. */
export interface CollectOptions {
  readonly overwrite?: boolean
  /** Id of the set that is always first (spec ). */
  readonly first?: string
}

/**
 * Adds the pairs of all passing sets to `table`: highest score first, of equals the later in the document; `#default` deletes.
 * Source: spec.
 */
export function applySets(
  table: Map<string, string>,
  sets: readonly NvSet[],
  context: RuleContext & { readonly health: HealthScores },
  options: CollectOptions = {},
): void {
  for (const { name, value } of pairsInForce(sets, context, options)) {
    if (value.toLowerCase() === '#default') table.delete(name)
    else if (options.overwrite === true || !table.has(name)) table.set(name, value)
  }
}

/** The pairs of those sets whose rules hold, the weightiest set first. */
function pairsInForce(
  sets: readonly NvSet[],
  context: RuleContext & { readonly health: HealthScores },
  options: CollectOptions,
): readonly NvPair[] {
  if (sets.length === 0) return []
  if (sets.length === 1) return passesAny(sets[0]!.rules, context) ? sets[0]!.pairs : []
  const isFirst = (set: NvSet): boolean => options.first !== undefined && isSameText(set.id, options.first)
  const ordered = mergeSort([...sets].reverse(), (left, right) => {
    if (isFirst(left) !== isFirst(right)) return isFirst(left) ? -1 : 1
    return toScore(right.score, context.health) - toScore(left.score, context.health)
  })
  return ordered.filter((set) => passesAny(set.rules, context)).flatMap((set) => set.pairs)
}

/** The pair that `applySets`, called for one list of sets after the other, would take the value of `name` from. */
export function findPair(
  lists: readonly (readonly NvSet[])[],
  name: string,
  context: RuleContext & { readonly health: HealthScores },
  options: CollectOptions = {},
): NvPair | undefined {
  let found: NvPair | undefined
  for (const sets of lists) {
    for (const pair of pairsInForce(sets, context, options)) {
      if (pair.name !== name) continue
      if (pair.value.toLowerCase() === '#default') found = undefined
      else if (options.overwrite === true || found === undefined) found = pair
    }
  }
  return found
}
