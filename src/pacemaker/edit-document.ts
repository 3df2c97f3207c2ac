/**
 * Changes of a CIB's configuration as XML, in the four ways of `cibadmin`: create, modify, replace and delete, each with an element that
 * names its target by tag and `id` (sections, and the configuration as a whole, by their tag). A configuration that may be changed carries
 * the text it was read from and every change since: so each change is made on the real elements, and lines stay those of the file.
 *
 *   create   the element comes into its section (or `section`); one of its id must not be there yet
 *   modify   attributes are laid over those that are there, children likewise by tag and id; new children are added
 *   replace  the element takes the place of the one of its tag and id
 *   delete   the element of that tag and id goes, with all below it
 *
 * What breaks the schema is refused as a whole. Source: cibadmin(8); spec E-10, A-2.2.
 *
 * Differs: `modify` and `delete` take no XPath. The status section cannot be changed.
 */
import type { CibDocument, CibEdit, Configuration } from '../cib/configuration.ts'
import { type Difference, firstDifference } from '../cib/difference.ts'
import { readTree } from '../cib/read.ts'
import { findSchemaProblems } from '../cib/schema.ts'
import { applyUpgrade } from '../cib/upgrade.ts'
import { appendChild, copyElement, findChild, parseXml, removeChild, walk, type XmlElement } from '../cib/xml.ts'

/** The document of a configuration as it is now. Cost: the text is read anew. */
export function openDocument({ text, edits }: CibDocument): XmlElement {
  const tree = parseXml(text, '').value
  if (tree === undefined) return { ...EMPTY, attributes: new Map(), children: [] }
  applyUpgrade(tree)
  for (const edit of edits) applyEdit(tree, edit)
  return tree
}

const EMPTY = { name: 'cib', parent: undefined, line: 0, column: 0 } as const

/** The configuration after `edits`: the same object where they change nothing; a text tells what Pacemaker has against them. */
export function editConfiguration(before: Configuration, edits: readonly CibEdit[]): Configuration | string {
  if (before.document === undefined) return 'this configuration was not read from a text'
  const outcome = outcomeOf(before.document, edits)
  if (typeof outcome === 'string') return outcome
  // What the DC writes at the root is no business of administrators'.
  return outcome === undefined ? before : { ...outcome.configuration, root: before.root }
}

/** What differs first once `edits` are made; undefined where they change nothing or are refused. */
export function differenceBy({ document }: Configuration, edits: readonly CibEdit[]): Difference | undefined {
  const outcome = document === undefined ? undefined : outcomeOf(document, edits)
  return typeof outcome === 'string' ? undefined : outcome?.difference
}

interface Made {
  readonly configuration: Configuration
  readonly difference: Difference | undefined
}

function outcomeOf(document: CibDocument, edits: readonly CibEdit[]): Made | string | undefined {
  const known = MADE.get(document)
  const outcome = known?.edits === edits ? known.outcome : make(document, edits)
  MADE.set(document, { edits, outcome })
  return outcome
}

/** What was made of a document last: the copies of one membership all make the same of a patch. Changes nothing but the time it takes. */
const MADE = new WeakMap<
  CibDocument,
  { readonly edits: readonly CibEdit[]; readonly outcome: Made | string | undefined }
>()

/** What edits make of a document; undefined: nothing else than it was. */
function make(document: CibDocument, edits: readonly CibEdit[]): Made | string | undefined {
  const tree = openDocument(document)
  const before = copyElement(tree)
  let hasChanged = false
  for (const edit of edits) {
    const outcome = applyEdit(tree, edit)
    if (typeof outcome === 'string') return outcome
    hasChanged ||= outcome
  }
  if (!hasChanged) return undefined
  const [problem] = findSchemaProblems(tree, tree.attributes.get('validate-with'), '')
  if (problem !== undefined) {
    const place = problem.line === 0 ? '' : ` in line ${problem.line}, column ${problem.column}`
    return `${problem.what}${place}: ${AGAINST_SCHEMA}${problem.advice === '' ? '' : ` (${problem.advice})`}`
  }
  const { configuration } = readTree(tree)
  return {
    configuration: { ...configuration, document: { text: document.text, edits: [...document.edits, ...edits] } },
    difference: firstDifference(before, tree),
  }
}

const AGAINST_SCHEMA = 'the update does not conform to the configured schema'

/** True for a refusal of the schema, which is wrong whatever was changed before. */
export function isAgainstSchema(refusal: string): boolean {
  return refusal.includes(AGAINST_SCHEMA)
}

/** Applies one edit and tells whether anything is different now; a text says why it cannot be. */
function applyEdit(tree: XmlElement, { operation, element, section }: CibEdit): boolean | string {
  const configuration = findChild(tree, 'configuration')
  if (configuration === undefined) return 'the CIB has no configuration'
  const target = findTarget(configuration, element)
  const shown = describe(element)
  if (operation === 'create') {
    if (target !== undefined) return `${shown} is there already`
    const name = section ?? SECTION_OF.get(element.name)
    if (name === undefined) return `${shown} belongs to no section by itself: name it with --scope`
    const parent = findChild(configuration, name) ?? appendChild(configuration, bare(name))
    appendChild(parent, copyElement(element))
    return true
  }
  if (target === undefined) {
    // A section that is not there yet is no mistake.
    if (operation !== 'delete' && SECTIONS.has(element.name)) {
      appendChild(configuration, copyElement(element))
      return true
    }
    return `there is no ${shown}`
  }
  if (operation === 'modify') return merge(target, element)
  if (operation === 'delete') removeChild(target)
  else swap(target, element)
  return true
}

function findTarget(configuration: XmlElement, { name, attributes }: XmlElement): XmlElement | undefined {
  const id = attributes.get('id')
  if (id === undefined) return name === 'configuration' ? configuration : findChild(configuration, name)
  let found: XmlElement | undefined
  walk(configuration, (element) => {
    if (found === undefined && element.name === name && element.attributes.get('id') === id) found = element
  })
  return found
}

function merge(target: XmlElement, change: XmlElement): boolean {
  let hasChanged = false
  for (const [name, value] of change.attributes) {
    hasChanged ||= target.attributes.get(name) !== value
    target.attributes.set(name, value)
  }
  for (const child of change.children) {
    const id = child.attributes.get('id')
    const own = target.children.find(({ name, attributes }) => name === child.name && attributes.get('id') === id)
    if (own !== undefined) hasChanged = merge(own, child) || hasChanged
    else {
      appendChild(target, copyElement(child))
      hasChanged = true
    }
  }
  return hasChanged
}

function swap(target: XmlElement, element: XmlElement): void {
  const { parent } = target
  const at = parent?.children.indexOf(target) ?? -1
  if (parent === undefined || at < 0) return
  const copy = copyElement(element)
  copy.parent = parent
  target.parent = undefined
  parent.children[at] = copy
}

function bare(name: string): XmlElement {
  return { name, attributes: new Map(), children: [], parent: undefined, line: 0, column: 0 }
}

/** `<primitive id="db">`, as people name an element. */
function describe({ name, attributes }: XmlElement): string {
  const id = attributes.get('id')
  return id === undefined ? `<${name}>` : `<${name} id="${id}">`
}

/** The sections of a configuration. */
export const SECTIONS: ReadonlySet<string> = new Set([
  ...['configuration', 'crm_config', 'nodes', 'resources', 'constraints', 'tags', 'rsc_defaults', 'op_defaults'],
  ...['fencing-topology', 'acls', 'alerts'],
])

const SECTION_OF: ReadonlyMap<string, string> = new Map([
  ['cluster_property_set', 'crm_config'],
  ['node', 'nodes'],
  ...['primitive', 'group', 'clone', 'master', 'bundle', 'template'].map((name) => [name, 'resources'] as const),
  ...['rsc_location', 'rsc_colocation', 'rsc_order', 'rsc_ticket'].map((name) => [name, 'constraints'] as const),
  ['tag', 'tags'],
  ['fencing-level', 'fencing-topology'],
  ['alert', 'alerts'],
])
