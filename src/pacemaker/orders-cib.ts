/**
 * `cibadmin` as an order: elements to create, modify, replace or delete, or a whole CIB to replace. XML is read here, so that a mistake
 * is told with its line and column; whether it fits the configuration shows when it is applied. Source: cibadmin(8); spec E-10.
 */
import type { CibEdit } from '../cib/configuration.ts'
import { findExcess } from '../cib/limits.ts'
import { readCib } from '../cib/read.ts'
import { findChild, parseXml, type XmlElement } from '../cib/xml.ts'
import { type Problem, problemText } from '../model/problem.ts'
import { SECTIONS } from './edit-document.ts'

/** Changes of the configuration, in their order. */
export interface CibOrder {
  readonly kind: 'cib'
  readonly edits: readonly CibEdit[]
}

const OPERATIONS: ReadonlyMap<string, CibEdit['operation']> = new Map([
  ...(['create', 'delete', 'modify', 'replace'] as const).map((word) => [`--${word}`, word] as const),
  ['-C', 'create'],
  ['-D', 'delete'],
  ['-M', 'modify'],
  ['-R', 'replace'],
])

/** Reads the words behind `cibadmin`; everything behind `--xml-text` is XML. A text says what is wrong. */
export function readCibTool(words: readonly string[]): CibOrder | string {
  const textAt = words.findIndex((word) => word === '-X' || word === '--xml-text')
  const options = textAt < 0 ? words : words.slice(0, textAt)
  const operation = options.map((word) => OPERATIONS.get(word)).find((found) => found !== undefined)
  if (operation === undefined) return 'cibadmin: known are --create, --modify, --replace and --delete'
  if (textAt < 0) return 'cibadmin needs --xml-text XML here; a file is named in the timeline with `cib: FILE`'
  const section = optionOf(options, '-o', '--scope')
  if (section !== undefined && !SECTIONS.has(section))
    return `"${section}" is no section of a configuration: there are ${[...SECTIONS].join(', ')}`
  // A shell takes the quotes away.
  const text = words
    .slice(textAt + 1)
    .join(' ')
    .replace(/^\s*'([\s\S]*)'\s*$/, '$1')
  const name = optionOf(options, '-x', '--xml-file')
  const whole = wholeOf(text, name ?? 'the CIB')
  if (whole !== undefined) return typeof whole === 'string' ? whole : wholeOrder(whole, operation)
  const elements = elementsOf(text, name ?? 'the patch')
  if (typeof elements === 'string') return elements
  for (const element of elements) {
    const what = complaintOf(element)
    if (what !== undefined) return `${name ?? 'the patch'}:${element.line}:${element.column}: ${what}`
  }
  return { kind: 'cib', edits: elements.map((element) => ({ operation, element, section })) }
}

function optionOf(words: readonly string[], short: string, long: string): string | undefined {
  const at = words.findIndex((word) => word === short || word === long)
  return at < 0 ? undefined : words[at + 1]
}

/** The configuration of a text that is a whole CIB; undefined where it is not one. */
function wholeOf(text: string, file: string): XmlElement | string | undefined {
  if (!/^(<\?xml[^>]*\?>)?(\s|<!--[\s\S]*?-->)*<cib[\s>/]/.test(text)) return undefined
  const { value, problems } = readCib(text, file)
  if (value === undefined) return wordsOf(problems)
  return findChild(value.tree, 'configuration') ?? `${file}: the CIB has no configuration`
}

function wholeOrder(configuration: XmlElement, operation: CibEdit['operation']): CibOrder | string {
  if (operation !== 'replace') return 'a whole CIB can only replace the one there is: cibadmin --replace'
  return { kind: 'cib', edits: [{ operation, element: { ...configuration, parent: undefined } }] }
}

/** The elements of a patch, which may be several beside one another. */
function elementsOf(text: string, file: string): readonly XmlElement[] | string {
  const prefix = '<patch>'
  const body = text.replace(/^<\?xml[^>]*\?>/, '')
  const { value, problems } = parseXml(`${prefix}${body}</patch>`, file)
  const moved = problems.map((problem) =>
    problem.line === 1 ? { ...problem, column: Math.max(1, problem.column - prefix.length) } : problem,
  )
  if (value === undefined) return wordsOf(moved)
  const excess = findExcess(value, file)
  if (excess !== undefined) return wordsOf([excess])
  if (value.children.length === 0) return `${file}: there is no element in it`
  return value.children.map((child) => ({
    ...child,
    parent: undefined,
    column: child.line === 1 ? child.column - prefix.length : child.column,
  }))
}

function complaintOf({ name, attributes }: XmlElement): string | undefined {
  if (name === 'status' || name === 'node_state')
    return 'the status section is the cluster’s own: change the configuration'
  if (attributes.has('id') || SECTIONS.has(name)) return undefined
  return `<${name}> has no id: nothing tells which one is meant`
}

function wordsOf(problems: readonly Problem[]): string {
  const [first] = problems
  return first === undefined ? 'the XML cannot be read' : problemText(first)
}
