/**
 * What administrators' tools write into a CIB: options, node attributes, parameters and meta-attributes of resources, constraints by
 * `move` and `ban`. Each is told as edits of the document that it is given, which stays as it is. Source: spec E-10.
 */
import type { CibEdit, Configuration, PrimitiveConfig, ResourceConfig } from '../cib/configuration.ts'
import { dateFields, parseDate } from '../cib/dates.ts'
import { firstDifference } from '../cib/difference.ts'
import { appendChild, childrenNamed, findChild, toElement, walk, type XmlElement } from '../cib/xml.ts'

/** A change as a function of the document as it is. */
export type EditMaker = (tree: XmlElement) => readonly CibEdit[]

type Attributes = readonly (readonly [string, string])[]

/** Sets a cluster property; undefined deletes it. */
export function propertyEdits(name: string, value: string | undefined): EditMaker {
  return (tree) => {
    const section = findChild(findChild(tree, 'configuration'), 'crm_config') ?? toElement('crm_config')
    return pairEdits(section, { tag: 'cluster_property_set', setId: 'cib-bootstrap-options', name, value })
  }
}

/** Sets a permanent attribute of a node; undefined deletes it. A node that is not listed yet comes into the list, as what it is. */
export function nodeAttributeEdits(
  node: { readonly id: string; readonly name: string; readonly isRemote?: boolean },
  name: string,
  value: string | undefined,
): EditMaker {
  return (tree) => {
    const nodes = findChild(findChild(tree, 'configuration'), 'nodes')
    const known = childrenNamed(nodes, 'node').find(({ attributes }) => attributes.get('id') === node.id)
    const element =
      known ??
      make('node', [
        ['id', node.id],
        ...(node.isRemote === true ? [['type', 'remote'] as const] : []),
        ['uname', node.name],
      ])
    const edits = pairEdits(element, { tag: 'instance_attributes', setId: `nodes-${node.id}`, name, value })
    return known !== undefined || edits.length === 0 ? edits : [{ operation: 'create', element }, ...edits]
  }
}

/** Sets a meta-attribute or a parameter of a resource, whatever its kind; undefined deletes it. */
export function resourceEdits(
  id: string,
  kind: 'instance' | 'meta',
  name: string,
  value: string | undefined,
): EditMaker {
  return (tree) => {
    const resources = findChild(findChild(tree, 'configuration'), 'resources')
    const found: XmlElement[] = []
    if (resources !== undefined)
      walk(resources, (element) => {
        if (RESOURCES.has(element.name) && element.attributes.get('id') === id) found.push(element)
      })
    const [resource] = found
    const tag = `${kind}_attributes`
    return resource === undefined ? [] : pairEdits(resource, { tag, setId: `${id}-${tag}`, name, value })
  }
}

const RESOURCES = new Set(['primitive', 'group', 'clone', 'master', 'bundle', 'template'])

/** A constraint of the tools' own kind. */
export interface CliConstraint {
  readonly resource: string
  readonly node: string
  readonly isBan: boolean
  readonly role: string
  /** The last second for which it holds; undefined: until it is cleared. */
  readonly until: number | undefined
}

/**
 * `move` and `ban`. A move first takes away what both left for the resource on its node, and the move before; a ban nothing but an older
 * ban of that node, and is no change where it is there already. Found by: probe crm_resource 2.1.5 (--move, --ban, --move on one node).
 */
export function locationEdits({ resource, node, isBan, role, until }: CliConstraint): EditMaker {
  const id = `cli-${isBan ? 'ban' : 'prefer'}-${resource}${isBan ? `-on-${node}` : ''}`
  const score = isBan ? '-INFINITY' : 'INFINITY'
  const base: Attributes = [
    ['id', id],
    ['rsc', resource],
    ['role', role],
  ]
  const element =
    until === undefined
      ? make('rsc_location', [...base, ['node', node], ['score', score]])
      : make('rsc_location', base, [
          make(
            'rule',
            [
              ['id', `${id}-rule`],
              ['score', score],
              ['boolean-op', 'and'],
            ],
            [
              make('expression', [
                ['id', `${id}-expr`],
                ['attribute', '#uname'],
                ['operation', 'eq'],
                ['value', node],
              ]),
              make('date_expression', [
                ['id', `${id}-lifetime`],
                ['operation', 'lt'],
                ['end', dateText(until)],
              ]),
            ],
          ),
        ])
  return (tree) => {
    const isOwn = (entry: XmlElement): boolean => entry.attributes.get('id') === id
    const old = constraintsOf(tree).filter((entry) => isOwn(entry) || (!isBan && isCli(entry, resource, node)))
    if (isBan && old[0] !== undefined && firstDifference(old[0], element) === undefined) return []
    const inOrder = [...old.filter(isOwn), ...old.filter((entry) => !isOwn(entry))]
    return [...inOrder.map(deletion), { operation: 'create', element }]
  }
}

/**
 * What `clear` takes away: what `move` and `ban` left for a resource, of one node only, or only where its time is over. Without that, node
 * by node, a ban before a move. Found by: probe crm_resource 2.1.5 (--clear of bans and a move, nodes listed in another order).
 */
export function clearEdits(wanted: {
  readonly resource: string | undefined
  readonly node: string | undefined
  /** The present second, where only what has expired is to go. */
  readonly expiredAt?: number | undefined
}): EditMaker {
  const { resource, node, expiredAt } = wanted
  return (tree) => {
    const found = constraintsOf(tree).filter((entry) => isCli(entry, resource, node))
    if (expiredAt !== undefined) return found.filter((entry) => hasExpired(entry, expiredAt)).map(deletion)
    return [...found].sort((a, b) => compareText(nodeOf(a), nodeOf(b)) || compareText(idOf(a), idOf(b))).map(deletion)
  }
}

function compareText(left = '', right = ''): number {
  return left < right ? -1 : left === right ? 0 : 1
}

function idOf({ attributes }: XmlElement): string | undefined {
  return attributes.get('id')
}

function constraintsOf(tree: XmlElement): readonly XmlElement[] {
  return childrenNamed(findChild(findChild(tree, 'configuration'), 'constraints'), 'rsc_location')
}

function deletion(element: XmlElement): CibEdit {
  return { operation: 'delete', element: make('rsc_location', [['id', element.attributes.get('id') ?? '']]) }
}

function isCli(constraint: XmlElement, resource: string | undefined, node: string | undefined): boolean {
  const { attributes } = constraint
  return (
    /^cli-(prefer|ban|standby)-/.test(attributes.get('id') ?? '') &&
    (resource === undefined || attributes.get('rsc') === resource) &&
    (node === undefined || nodeOf(constraint) === node)
  )
}

/** The node that a constraint names, itself or in its rule. */
function nodeOf(constraint: XmlElement): string | undefined {
  const rule = findChild(constraint, 'rule')
  return constraint.attributes.get('node') ?? findChild(rule, 'expression')?.attributes.get('value')
}

function hasExpired(constraint: XmlElement, now: number): boolean {
  const end = findChild(findChild(constraint, 'rule'), 'date_expression')?.attributes.get('end')
  const until = end === undefined ? undefined : parseDate(end, now)
  return until !== undefined && until <= now
}

/** An instant as the tools write it, in UTC. */
function dateText(instant: number): string {
  const fields = dateFields(instant)
  const two = (name: string): string => String(fields.get(name) ?? 0).padStart(2, '0')
  const date = `${fields.get('years')}-${two('months')}-${two('monthdays')}`
  return `${date} ${two('hours')}:${two('minutes')}:${two('seconds')}Z`
}

/** Where a name stands already it gets the new value there; else it comes into the first set. */
function pairEdits(
  owner: XmlElement,
  wanted: {
    readonly tag: string
    readonly setId: string
    readonly name: string
    readonly value: string | undefined
  },
): readonly CibEdit[] {
  const { tag, setId, name, value } = wanted
  const sets = childrenNamed(owner, tag).filter(({ attributes }) => attributes.has('id'))
  const known = sets.flatMap((set) =>
    childrenNamed(set, 'nvpair').filter(({ attributes }) => attributes.get('name') === name && attributes.has('id')),
  )
  if (value === undefined)
    return known.map(({ attributes }) => ({
      operation: 'delete',
      element: make('nvpair', [['id', attributes.get('id')!]]),
    }))
  const id = known[0]?.attributes.get('id')
  if (id !== undefined)
    return [
      {
        operation: 'modify',
        element: make('nvpair', [
          ['id', id],
          ['value', value],
        ]),
      },
    ]
  const first = sets[0]?.attributes.get('id') ?? setId
  const pair = make('nvpair', [
    ['id', `${first}-${name}`],
    ['name', name],
    ['value', value],
  ])
  const set = make(tag, [['id', first]], [pair])
  if (sets.length > 0) return [{ operation: 'modify', element: set }]
  const ownerId = owner.attributes.get('id')
  return [{ operation: 'modify', element: make(owner.name, ownerId === undefined ? [] : [['id', ownerId]], [set]) }]
}

function make(name: string, attributes: Attributes, children: readonly XmlElement[] = []): XmlElement {
  const element = toElement(name, attributes)
  for (const child of children) appendChild(element, child)
  return element
}

/** The primitives of a resource of any kind, or of all resources. */
export function primitivesUnder(configuration: Configuration, id: string | undefined): readonly PrimitiveConfig[] {
  return configuration.resources.flatMap((resource) => below(resource, id === undefined || resource.id === id, id))
}

function below(resource: ResourceConfig, isWanted: boolean, id: string | undefined): readonly PrimitiveConfig[] {
  const wanted = isWanted || resource.id === id
  switch (resource.kind) {
    case 'primitive':
      return wanted ? [resource] : []
    case 'group':
      return resource.members.filter((member) => wanted || member.id === id)
    case 'clone':
    case 'bundle':
      return resource.child === undefined ? [] : below(resource.child, wanted, id)
  }
}
