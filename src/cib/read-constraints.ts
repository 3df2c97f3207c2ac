/**
 * Reads the `constraints` section in the words of the file; the scheduler gives them their meaning.
 *
 * Constraints without id are dropped, unknown elements passed over. Source: spec B-1.3, B-4.1, B-4.5, A-2.6b.
 */
import type { Constraint, ResourceSet } from './configuration.ts'
import { followIdRef, readRules } from './read-sets.ts'
import { childrenNamed, findChild, type XmlElement, type XmlIndex } from './xml.ts'

/** Every constraint in document order. */
export function readConstraints(section: XmlElement | undefined, index: XmlIndex): readonly Constraint[] {
  const constraints: Constraint[] = []
  for (const element of section?.children ?? []) {
    const constraint = readConstraint(element, index)
    if (constraint !== undefined) constraints.push(constraint)
  }
  return constraints
}

function readConstraint(element: XmlElement, index: XmlIndex): Constraint | undefined {
  const { attributes, line, column } = element
  const id = attributes.get('id')
  if (id === undefined) return undefined
  const read = (name: string): string | undefined => attributes.get(name)
  const lifetime = findChild(element, 'lifetime')
  const base = {
    id,
    lifetime: lifetime === undefined ? undefined : readRules(lifetime, index),
    sets: childrenNamed(element, 'resource_set').flatMap((set) => readResourceSet(set, index)),
    rsc: read('rsc'),
    line,
    column,
  }
  switch (element.name) {
    case 'rsc_location':
      return {
        ...base,
        kind: 'location',
        rscPattern: read('rsc-pattern'),
        node: read('node'),
        score: read('score'),
        role: read('role'),
        resourceDiscovery: read('resource-discovery'),
        rules: readRules(element, index),
      }
    case 'rsc_colocation':
      return {
        ...base,
        kind: 'colocation',
        withRsc: read('with-rsc'),
        score: read('score'),
        rscRole: read('rsc-role'),
        withRscRole: read('with-rsc-role'),
        nodeAttribute: read('node-attribute'),
        influence: read('influence'),
        rscInstance: read('rsc-instance'),
        withRscInstance: read('with-rsc-instance'),
      }
    case 'rsc_order':
      return readOrder(base, read)
    case 'rsc_ticket':
      return {
        ...base,
        kind: 'ticket',
        ticket: read('ticket'),
        rscRole: read('rsc-role'),
        lossPolicy: read('loss-policy'),
      }
    default:
      return undefined
  }
}

function readOrder(
  base: { id: string; lifetime: Constraint['lifetime']; sets: readonly ResourceSet[]; line: number; column: number },
  read: (name: string) => string | undefined,
): Constraint {
  const { id, lifetime, sets, line, column } = base
  return {
    id,
    lifetime,
    sets,
    line,
    column,
    kind: 'order',
    firstResource: read('first'),
    thenResource: read('then'),
    firstAction: read('first-action'),
    thenAction: read('then-action'),
    firstInstance: read('first-instance'),
    thenInstance: read('then-instance'),
    orderKind: read('kind'),
    score: read('score'),
    symmetrical: read('symmetrical'),
    requireAll: read('require-all'),
  }
}

function readResourceSet(element: XmlElement, index: XmlIndex): ResourceSet[] {
  const set = followIdRef(element, index)
  if (set === undefined) return []
  const { attributes, line, column } = set
  const read = (name: string): string | undefined => attributes.get(name)
  return [
    {
      id: read('id'),
      sequential: read('sequential'),
      symmetrical: read('symmetrical'),
      requireAll: read('require-all'),
      ordering: read('ordering'),
      action: read('action'),
      role: read('role'),
      score: read('score'),
      kind: read('kind'),
      members: childrenNamed(set, 'resource_ref').flatMap((reference) => reference.attributes.get('id') ?? []),
      line,
      column,
    },
  ]
}
