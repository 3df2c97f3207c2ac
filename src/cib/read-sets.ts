/**
 * Reads sets of name-value pairs and rules from the tree, following `id-ref`. Judges nothing: that needs an instant.
 *
 * Source: spec.
 */
import type { Expression, NvPair, NvSet, Rule } from './configuration.ts'
import type { XmlElement, XmlIndex } from './xml.ts'

/** The sets named `name` among the children of `element`, in document order; dangling references are skipped. */
export function readSets(element: XmlElement | undefined, name: string, index: XmlIndex): readonly NvSet[] {
  if (element === undefined) return []
  const sets: NvSet[] = []
  for (const child of element.children) {
    if (child.name !== name) continue
    const set = followIdRef(child, index)
    if (set !== undefined) sets.push(readSet(set, index))
  }
  return sets
}

/** The element itself, or the only one of its name and the id that its `id-ref` names. */
export function followIdRef(element: XmlElement, index: XmlIndex): XmlElement | undefined {
  const ref = element.attributes.get('id-ref')
  return ref === undefined ? element : index.byId(element.name, ref)
}

function readSet(set: XmlElement, index: XmlIndex): NvSet {
  const pairs: NvPair[] = []
  // Old files wrap the pairs in an `attributes` element (spec ).
  const holder = set.children.find((child) => child.name === 'attributes') ?? set
  for (const child of holder.children) {
    if (child.name !== 'nvpair') continue
    const ref = child.attributes.get('id-ref')
    const target = ref === undefined ? undefined : index.byId('nvpair', ref)
    const name = child.attributes.get('name') ?? target?.attributes.get('name')
    const value = child.attributes.get('value') ?? target?.attributes.get('value')
    if (name === undefined || value === undefined) continue
    pairs.push({ id: child.attributes.get('id'), name, value, line: child.line, column: child.column })
  }
  const { line, column } = set
  return {
    id: set.attributes.get('id'),
    score: set.attributes.get('score'),
    rules: readRules(set, index),
    pairs,
    line,
    column,
  }
}

/** The `rule` children of `element`. */
export function readRules(element: XmlElement, index: XmlIndex): readonly Rule[] {
  const rules: Rule[] = []
  for (const child of element.children) if (child.name === 'rule') rules.push(readRule(child, index, 0))
  return rules
}

function readRule(element: XmlElement, index: XmlIndex, depth: number): Rule {
  const rule = followIdRef(element, index) ?? element
  const { attributes, line, column } = rule
  const children: Expression[] = []
  if (depth < 100) {
    for (const child of rule.children) {
      const expression = child.name === 'rule' ? readRule(child, index, depth + 1) : readExpression(child)
      if (expression !== undefined) children.push(expression)
    }
  }
  return {
    kind: 'rule',
    id: attributes.get('id'),
    booleanOp: attributes.get('boolean-op'),
    role: attributes.get('role'),
    score: attributes.get('score'),
    scoreAttribute: attributes.get('score-attribute'),
    children,
    line,
    column,
  }
}

function readExpression(element: XmlElement): Expression | undefined {
  const { attributes, line, column } = element
  const id = attributes.get('id')
  const read = (name: string): string | undefined => attributes.get(name)
  switch (element.name) {
    case 'expression':
      return {
        kind: 'attribute',
        id,
        attribute: read('attribute'),
        operation: read('operation'),
        value: read('value'),
        valueSource: read('value-source'),
        type: read('type'),
        line,
        column,
      }
    case 'date_expression': {
      const duration = attributesOfChild(element, 'duration')
      const spec = attributesOfChild(element, 'date_spec')
      return {
        kind: 'date',
        id,
        operation: read('operation'),
        start: read('start'),
        end: read('end'),
        duration,
        spec,
        line,
        column,
      }
    }
    case 'rsc_expression':
      return {
        kind: 'resource',
        id,
        class: read('class'),
        provider: read('provider'),
        type: read('type'),
        line,
        column,
      }
    case 'op_expression':
      return { kind: 'operation', id, name: read('name'), interval: read('interval'), line, column }
    default:
      return undefined
  }
}

function attributesOfChild(element: XmlElement, name: string): readonly (readonly [string, string])[] | undefined {
  const child = element.children.find((other) => other.name === name)
  return child === undefined ? undefined : [...child.attributes].filter(([key]) => key !== 'id')
}
