/**
 * Strict XML to a small tree of elements with line and column, and the look-ups that reading a CIB needs.
 *
 * Text, comments and processing instructions are skipped. A document type declaration is refused (entity bombs), as are trees
 * deeper than DEPTH_MAX; both end in one problem, never in an exception. The tree does not leave src/cib but through
 * whoever changes a CIB after a simulated transition.
 *
 * Source: spec.
 */
import { SaxesParser } from 'saxes'
import type { Problem, Reading } from '../model/problem.ts'

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
  const problems: Problem[] = []
  const parser = new SaxesParser({ position: true })
  let root: XmlElement | undefined
  let current: XmlElement | undefined
  let depth = 0
  let place = { line: 0, column: 0 }
  const fail = (what: string, advice: string): void => {
    if (problems.length === 0) {
      const { line, columnIndex } = parser
      problems.push({ severity: 'error', file, line, column: columnIndex + 1, what, advice })
    }
  }
  if (text.trim() === '') {
    problems.push({
      severity: 'error',
      file,
      line: 0,
      column: 0,
      what: 'The input is empty',
      advice: 'give a CIB in XML',
    })
    return { value: undefined, problems }
  }
  parser.on('error', (error) => fail(error.message.replace(/^[^ ]*\d+:\d+: /, ''), 'mend the XML'))
  parser.on('doctype', () => fail('A document type declaration is not accepted', 'remove the DOCTYPE'))
  parser.on('opentagstart', (tag) => {
    // The parser has read one character beyond the name; where that is a line's end, the tag began on the line before.
    const start = parser.position - tag.name.length - 2
    const line = text[parser.position - 1] === '\n' ? parser.line - 1 : parser.line
    place = { line, column: start - text.lastIndexOf('\n', start) }
  })
  parser.on('opentag', (tag) => {
    const element: XmlElement = {
      name: tag.name,
      attributes: new Map(Object.entries(tag.attributes)),
      children: [],
      parent: undefined,
      ...place,
    }
    if (current === undefined) root ??= element
    else appendChild(current, element)
    current = element
    if (++depth > DEPTH_MAX) fail(`Elements are nested more than ${DEPTH_MAX} deep`, 'a CIB is never that deep')
  })
  parser.on('closetag', () => {
    current = current?.parent
    depth--
  })
  for (let at = 0; at < text.length && problems.length === 0; at += CHUNK) parser.write(text.slice(at, at + CHUNK))
  if (problems.length === 0) parser.close()
  return { value: problems.length === 0 ? root : undefined, problems }
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

/** Walks the document once and answers unique look-ups from then on. */
export function toIndex(root: XmlElement): XmlIndex {
  const byName = new Map<string, XmlElement[]>()
  const byId = new Map<string, XmlElement[]>()
  const stack: XmlElement[] = [root]
  const add = (map: Map<string, XmlElement[]>, key: string, element: XmlElement): void => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [element])
    else list.push(element)
  }
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    add(byName, element.name, element)
    const id = element.attributes.get('id')
    if (id !== undefined) add(byId, `${element.name} ${id}`, element)
    for (const child of element.children) stack.push(child)
  }
  const only = (list: XmlElement[] | undefined): XmlElement | undefined => (list?.length === 1 ? list[0] : undefined)
  return { unique: (name) => only(byName.get(name)), byId: (name, id) => only(byId.get(`${name} ${id}`)) }
}
