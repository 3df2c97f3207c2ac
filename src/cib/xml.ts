/**
 * Strict XML to a small tree of elements with line and column, and the look-ups that reading a CIB needs.
 *
 * Text and processing instructions are skipped. A document type declaration is refused (entity bombs), as are trees
 * deeper than DEPTH_MAX; both end in one problem, never in an exception. The tree does not leave src/cib but through
 * whoever changes a CIB after a simulated transition.
 *
 * Source: spec.
 */
import { SaxesParser } from 'saxes'
import type { Reading } from '../model/problem.ts'

/** Deeper documents are refused. */
export const DEPTH_MAX = 1000
const CHUNK = 65_536

/** One element. Attributes keep document order; `line` and `column` are those of its `<`, counted from 1. */
export interface XmlElement {
  name: string
  readonly attributes: Map<string, string>
  readonly children: XmlElement[]
  parent: XmlElement | undefined
  readonly line: number
  readonly column: number
  /** Number of children before it → texts of comments; only who writes the CIB again wants them. */
  comments?: Map<number, string[]>
}

/** Makes an element that stands in no file. */
export function toElement(name: string, attributes: readonly (readonly [string, string])[] = []): XmlElement {
  return { name, attributes: new Map(attributes), children: [], parent: undefined, line: 0, column: 0 }
}

/** Appends `child` to `parent` and returns it. */
export function appendChild(parent: XmlElement, child: XmlElement): XmlElement {
  child.parent = parent
  parent.children.push(child)
  return child
}

/** Takes an element from its parent and returns it. */
export function removeChild(child: XmlElement): XmlElement {
  const siblings = child.parent?.children
  const at = siblings?.indexOf(child) ?? -1
  if (at >= 0) siblings!.splice(at, 1)
  child.parent = undefined
  return child
}

/** Copies an element and all below it. */
export function copyElement(element: XmlElement): XmlElement {
  const copy: XmlElement = { ...element, attributes: new Map(element.attributes), children: [], parent: undefined }
  for (const child of element.children) appendChild(copy, copyElement(child))
  return copy
}

/** Parses `text`; the value is undefined when it is not one well-formed document. */
export function parseXml(text: string, file: string): Reading<XmlElement> {
  const refuse = (what: string, advice: string, line = 0, column = 0): Reading<XmlElement> => ({
    value: undefined,
    problems: [{ severity: 'error', file, line, column, what, advice }],
  })
  if (/^\s*$/.test(text)) return refuse('The input is empty', 'give a CIB in XML')
  const parser = new SaxesParser({ position: true })
  let root: XmlElement | undefined
  let current: XmlElement | undefined
  // The parser closes what is open before it complains that this was not asked for.
  let closed: XmlElement | undefined
  let depth = 0
  let place = { line: 0, column: 0 }
  // Filled one by one: lists of entries cost a third of all reading.
  let attributes = new Map<string, string>()
  let fault: Fault | undefined
  const stop = (what: string): void => {
    fault ??= { what, line: parser.line, column: parser.columnIndex + 1 }
  }
  parser.on('error', (error) => stop(faultText(error.message.replace(/^[^ ]*\d+:\d+: /, ''), closed)))
  parser.on('doctype', () => stop('A document type declaration is not accepted'))
  parser.on('opentagstart', ({ name }) => {
    place = placeOf(parser, text, name.length)
  })
  parser.on('attribute', ({ name, value }) => attributes.set(name, value))
  parser.on('opentag', ({ name }) => {
    const { line, column } = place
    const element: XmlElement = { name, attributes, children: [], parent: current, line, column }
    attributes = new Map()
    if (current === undefined) root ??= element
    else current.children.push(element)
    current = element
    if (++depth > DEPTH_MAX) stop(`Elements are nested more than ${DEPTH_MAX} deep`)
  })
  parser.on('comment', (comment) => {
    if (current !== undefined) keepComment(current, comment)
  })
  parser.on('closetag', () => {
    closed = current
    current = current?.parent
    depth--
  })
  try {
    for (let at = 0; at < text.length && fault === undefined; at += CHUNK) parser.write(text.slice(at, at + CHUNK))
    if (fault === undefined) parser.close()
  } catch {
    // Half a character in a processing instruction is the one thing that it throws at.
    stop('There is half a character')
  }
  return fault === undefined
    ? { value: root, problems: [] }
    : refuse(fault.what, 'mend the XML', fault.line, fault.column)
}

/** What the parser says, of a tag that is closed out of turn with the one that was open. */
function faultText(text: string, closed: XmlElement | undefined): string {
  if (closed === undefined || !text.startsWith('unexpected close tag')) return text
  return `<${closed.name}> of line ${closed.line} is not closed before this`
}

function keepComment(element: XmlElement, comment: string): void {
  element.comments ??= new Map()
  const others = element.comments.get(element.children.length)
  if (others === undefined) element.comments.set(element.children.length, [comment])
  else others.push(comment)
}

interface Fault {
  readonly what: string
  readonly line: number
  readonly column: number
}

/** Where the tag began whose name the parser has just read, with one character beyond it. */
function placeOf(parser: SaxesParser, text: string, length: number): { line: number; column: number } {
  if (text[parser.position - 1] !== '\n') return { line: parser.line, column: parser.columnIndex - length - 1 }
  const start = parser.position - length - 2
  return { line: parser.line - 1, column: start - text.lastIndexOf('\n', start) }
}

/** The first child of that name. */
export function findChild(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

/** Every child of that name, in order. */
export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element === undefined ? [] : element.children.filter((child) => child.name === name)
}

/** Look-ups over a whole document that succeed only if exactly one element matches (spec ). */
export interface XmlIndex {
  /** The only element of that name. */
  readonly unique: (name: string) => XmlElement | undefined
  /** The only element of that name and id. */
  readonly byId: (name: string, id: string) => XmlElement | undefined
}

/** Walks the document once, and once more when an id is asked for, and answers unique look-ups from then on. */
export function toIndex(root: XmlElement): XmlIndex {
  const byName = new Map<string, XmlElement | undefined>()
  let byId: ReadonlyMap<string, readonly XmlElement[]> | undefined
  walk(root, (element) => {
    const { name } = element
    byName.set(name, byName.has(name) ? undefined : element)
  })
  return {
    unique: (name) => byName.get(name),
    byId: (name, id) => {
      byId ??= toIds(root)
      const found = byId.get(id)?.filter((element) => element.name === name)
      return found?.length === 1 ? found[0] : undefined
    },
  }
}

function toIds(root: XmlElement): ReadonlyMap<string, readonly XmlElement[]> {
  const byId = new Map<string, XmlElement[]>()
  walk(root, (element) => {
    const id = element.attributes.get('id')
    if (id === undefined) return
    const others = byId.get(id)
    if (others === undefined) byId.set(id, [element])
    else others.push(element)
  })
  return byId
}

/** Calls `visit` for an element and all below it, in document order. */
export function walk(element: XmlElement, visit: (element: XmlElement) => void): void {
  visit(element)
  for (const child of element.children) walk(child, visit)
}
