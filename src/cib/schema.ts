/**
 * Tells configurations that Pacemaker's schema refuses, by the mistakes that people make: elements that do not belong where they
 * stand, missing attributes, ids that are not unique, and references to nothing.
 *
 * Differs: no grammar. Unknown attributes and the values of most are not looked at, nor access lists and alerts; the status section
 * is free as it is in the original. What is refused here is refused there; some of what is refused there passes here.
 *
 * Source: spec, D-11.1 and probes of crm_simulate.
 */
import type { Problem } from '../model/problem.ts'
import { nearest, suggest } from '../model/suggest.ts'
import { findChild, walk, type XmlElement } from './xml.ts'

/** A mistake for which the reference tool ends with exit code 78. */
export interface SchemaProblem extends Problem {
  readonly kind: 'schema'
  /** The words of the reference tool, as they follow `file:line: `; without a place for the schema as a whole. */
  readonly reference: string
}

/** True for problems that are mistakes against the schema, not against XML. */
export function isSchemaProblem(problem: Problem): problem is SchemaProblem {
  return 'kind' in problem && problem.kind === 'schema'
}

const KNOWN_SCHEMA = /^pacemaker-(0\.6|0\.7|1\.[0123]|2\.([0-9]|10)|3\.[0-9]|next)$/

/** What the schema has against `tree`; nothing where it asks not to be validated. `claimed` is what it said before an upgrade. */
export function findSchemaProblems(
  tree: XmlElement,
  claimed: string | undefined,
  file: string,
): readonly SchemaProblem[] {
  if (claimed === undefined || claimed === 'none') return []
  const problems: SchemaProblem[] = []
  const report: Report = ({ line, column, name }, what, advice, reference) => {
    if (problems.length === PROBLEMS_MAX) return
    const words = `element ${name}: ${reference}`
    problems.push({ kind: 'schema', severity: 'error', file, line, column, what, advice, reference: words })
  }
  const isKnown = KNOWN_SCHEMA.test(claimed)
  if (!isKnown) {
    const what = `There is no schema "${claimed}"`
    report(
      tree,
      what,
      'set validate-with to pacemaker-3.9, or to none',
      `${INVALID}Invalid attribute validate-with for element cib`,
    )
  }
  checkElement(tree, undefined, report)
  checkIds(findChild(tree, 'configuration'), claimed, report)
  const isOld = !/^pacemaker-(3|next)/.test(claimed)
  if (problems.length > 0 && isOld) problems.push(upgradeProblem(tree, claimed, isKnown, file))
  return problems
}

type Report = (at: XmlElement, what: string, advice: string, reference: string) => void

/** More than that nobody reads. */
const PROBLEMS_MAX = 20
const INVALID = 'Relax-NG validity error : '

function upgradeProblem({ line, column }: XmlElement, claimed: string, isKnown: boolean, file: string): SchemaProblem {
  const reference =
    `Cannot upgrade configuration (claiming schema ${claimed}) to at least pacemaker-3.0 because it does not validate with any ` +
    `schema from ${isKnown ? claimed : 'unknown'} to pacemaker-3.9`
  const advice = 'mend the mistakes above'
  return { kind: 'schema', severity: 'error', file, line, column, what: reference, advice, reference }
}

/** What an element must have and may hold. */
interface ElementRule {
  readonly children: ReadonlySet<string>
  /** Attributes without which it means nothing; one of each list is enough. */
  readonly required: readonly (readonly string[])[]
}

function rule(children: string, required = ''): ElementRule {
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')
  return { children: new Set(words(children)), required: words(required).map((word) => word.split('|')) }
}

const SET = rule('nvpair rule', 'id|id-ref')
const LEAF = rule('meta_attributes instance_attributes utilization operations', 'id class|template type|template')
const CLONE = rule('meta_attributes instance_attributes primitive group', 'id')
const RELATION = rule('resource_set lifetime', 'id')
const CONTAINER = rule('', 'image')

/** Elements that are not here may hold anything. */
const RULES: ReadonlyMap<string, ElementRule> = new Map([
  ['cib', rule('configuration status', 'admin_epoch epoch num_updates')],
  [
    'configuration',
    rule('crm_config nodes resources domains constraints acls fencing-topology tags alerts rsc_defaults op_defaults'),
  ],
  ['crm_config', rule('cluster_property_set')],
  ['cluster_property_set', SET],
  ['rsc_defaults', rule('meta_attributes instance_attributes')],
  ['op_defaults', rule('meta_attributes instance_attributes')],
  ['nodes', rule('node')],
  ['node', rule('instance_attributes utilization', 'id uname')],
  ['meta_attributes', SET],
  ['instance_attributes', SET],
  ['utilization', SET],
  ['nvpair', rule('', 'id|id-ref name|id-ref')],
  ['rule', rule('rule expression date_expression rsc_expression op_expression', 'id|id-ref')],
  ['resources', rule('template primitive group clone master bundle')],
  ['template', rule('meta_attributes instance_attributes utilization operations', 'id class type')],
  ['primitive', LEAF],
  ['group', rule('meta_attributes instance_attributes primitive', 'id')],
  ['clone', CLONE],
  ['master', CLONE],
  ['bundle', rule('docker rkt podman network storage primitive meta_attributes', 'id')],
  ['docker', CONTAINER],
  ['podman', CONTAINER],
  ['rkt', CONTAINER],
  ['operations', rule('op')],
  ['op', rule('meta_attributes instance_attributes', 'id name interval')],
  ['constraints', rule('rsc_location rsc_colocation rsc_order rsc_ticket')],
  ['rsc_location', rule('rule resource_set lifetime', 'id')],
  ['rsc_colocation', RELATION],
  ['rsc_order', RELATION],
  ['rsc_ticket', rule('resource_set', 'id ticket')],
  ['resource_set', rule('resource_ref', 'id|id-ref')],
  ['resource_ref', rule('', 'id')],
  ['tags', rule('tag')],
  ['tag', rule('obj_ref', 'id')],
  ['obj_ref', rule('', 'id')],
])

const ORDER_ACTION = 'start promote demote stop'
const ROLE = 'Stopped Started Unpromoted Promoted Slave Master'
const SCORE = /^[+-]?([0-9]+|INFINITY)$/

/** What some attributes may say: one of several words, or a score. */
const VALUES: readonly (readonly [element: string, attribute: string, values: RegExp | string])[] = [
  ['cib', 'have-quorum', 'true false 1 0'],
  ['node', 'type', 'member ping remote'],
  ['primitive', 'class', 'ocf lsb heartbeat stonith upstart service systemd nagios'],
  ['op', 'role', ROLE],
  ['op', 'on-fail', 'ignore block demote stop restart standby fence restart-container'],
  ['rsc_order', 'kind', 'Optional Mandatory Serialize'],
  ['rsc_order', 'first-action', ORDER_ACTION],
  ['rsc_order', 'then-action', ORDER_ACTION],
  ['rsc_location', 'score', SCORE],
  ['rsc_location', 'role', ROLE],
  ['rsc_location', 'resource-discovery', 'always never exclusive'],
  ['rsc_colocation', 'score', SCORE],
  ['rsc_colocation', 'rsc-role', ROLE],
  ['rsc_colocation', 'with-rsc-role', ROLE],
  ['rsc_ticket', 'loss-policy', 'stop demote fence freeze'],
  ['rsc_ticket', 'rsc-role', ROLE],
]

const SECTIONS = ['crm_config', 'nodes', 'resources', 'constraints']

function checkElement(element: XmlElement, parent: ElementRule | undefined, report: Report): void {
  const { name, attributes } = element
  const allowed = RULES.get(name)
  if (parent !== undefined && !parent.children.has(name)) {
    const what = `<${name}> does not belong into <${element.parent?.name}>`
    report(element, what, 'remove it or move it', `${INVALID}Did not expect element ${name} there`)
    return
  }
  if (allowed === undefined) return
  for (const names of allowed.required) {
    if (names.some((option) => attributes.has(option))) continue
    const what = `<${name}> has no attribute ${names[0]}`
    report(element, what, 'add it', `${INVALID}Element ${name} failed to validate attributes`)
  }
  for (const [holder, attribute, values] of VALUES) {
    const value = holder === name ? attributes.get(attribute) : undefined
    if (value === undefined) continue
    const words = typeof values === 'string' ? values.split(' ') : []
    if (typeof values === 'string' ? words.includes(value) : values.test(value)) continue
    const what = `"${value}" is no value of ${attribute} of <${name}>`
    const advice = words.length === 0 ? 'write a whole number, INFINITY or -INFINITY' : suggest(value, words)
    report(element, what, advice, `${INVALID}Invalid attribute ${attribute} for element ${name}`)
  }
  checkContents(element, report)
  for (const child of element.children) checkElement(child, allowed, report)
}

/** What must be there for some elements to mean something. */
function checkContents(element: XmlElement, report: Report): void {
  const { name, attributes } = element
  const holds = (...names: readonly string[]): boolean => element.children.some((child) => names.includes(child.name))
  const has = (...names: readonly string[]): boolean => names.some((option) => attributes.has(option))
  const need = (isThere: boolean, what: string, first: string): void => {
    if (!isThere) report(element, what, 'add it', `${INVALID}Expecting an element ${first}, got nothing`)
  }
  switch (name) {
    case 'cib':
      need(holds('configuration'), '<cib> has no <configuration>', 'configuration')
      return
    case 'configuration':
      for (const section of SECTIONS) need(holds(section), `<configuration> has no <${section}>`, section)
      return
    case 'group':
      need(holds('primitive'), 'The group has no member', 'meta_attributes')
      return
    case 'clone':
    case 'master':
      need(holds('primitive', 'group'), 'The clone has nothing to clone', 'meta_attributes')
      return
    case 'bundle':
      need(holds('docker', 'rkt', 'podman'), 'The bundle has no <docker>, <podman> or <rkt>', 'meta_attributes')
      return
    case 'rsc_location':
      need(has('rsc', 'rsc-pattern') || holds('resource_set'), 'The constraint names no resource', 'resource_set')
      need(
        (has('node') && has('score')) || holds('rule', 'resource_set'),
        'The constraint names no node with a score, and has no rule',
        'rule',
      )
      return
    case 'rsc_colocation':
      need(
        (has('rsc') && has('with-rsc')) || holds('resource_set'),
        'The constraint does not name two resources',
        'resource_set',
      )
      return
    case 'rsc_order':
      need(
        (has('first') && has('then')) || holds('resource_set'),
        'The constraint does not name two resources',
        'resource_set',
      )
      return
    case 'rsc_ticket':
      need(has('rsc') || holds('resource_set'), 'The constraint names no resource', 'resource_set')
      return
    default:
  }
}

/** Elements whose `id` is no id of their own. */
const REFERENCES = new Set(['resource_ref', 'obj_ref'])
/** Schemas before 3.3 ask that what a tag names is there (found by probing). */
const KNOWS_TAGGED = /^pacemaker-([0-2]\.|3\.[0-2]$)/
const REFERRING = new Set(['rsc', 'with-rsc', 'first', 'then', 'template', 'id-ref'])

function checkIds(configuration: XmlElement | undefined, schema: string, report: Report): void {
  const checksTags = KNOWS_TAGGED.test(schema)
  const known = new Set<string>()
  const references: (readonly [element: XmlElement, attribute: string, id: string])[] = []
  const visit = (element: XmlElement): void => {
    const { name, attributes } = element
    const isReference = REFERENCES.has(name)
    for (const [attribute, value] of attributes) {
      if (attribute === 'id' && !isReference && name !== 'node') checkId(element, value, known, report)
      else if (name === 'obj_ref' && !checksTags) continue
      else if (isReference ? attribute === 'id' : REFERRING.has(attribute)) references.push([element, attribute, value])
    }
  }
  for (const section of configuration?.children ?? []) {
    if (section.name !== 'acls' && section.name !== 'alerts') walk(section, visit)
  }
  for (const [element, attribute, id] of references) {
    if (known.has(id)) continue
    const reference = `validity error : IDREF attribute ${attribute} references an unknown ID "${id}"`
    const near = nearest(id, [...known])
    const advice = near === undefined ? 'check its spelling' : `did you mean ${near}?`
    report(element, `There is no "${id}" to which ${attribute} could refer`, advice, reference)
  }
}

function checkId(element: XmlElement, id: string, known: Set<string>, report: Report): void {
  if (known.has(id)) report(element, `The id "${id}" is used twice`, 'choose another', `${INVALID}ID ${id} redefined`)
  known.add(id)
  if (/^[A-Za-z_][-.\w]*$/.test(id) || /^[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*$/u.test(id)) return
  const advice = 'begin with a letter, go on with letters, digits, dots, dashes and underscores'
  report(element, `"${id}" cannot be an id`, advice, `${INVALID}Type ID doesn't allow value '${id}'`)
}
