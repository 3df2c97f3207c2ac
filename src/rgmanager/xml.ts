/**
 * Strict XML to a tree of elements with line and column. Text, comments and processing instructions are skipped; a document type
 * declaration is refused (entity bombs), as are trees deeper than DEPTH_MAX. Never throws: a bad file ends in one problem.
 */
import { SaxesParser } from 'saxes'
import type { Problem, Reading } from '../model/problem.ts'

const DEPTH_MAX = 200
const CHUNK = 65_536

/** One element; `line` and `column` are those of its `<`, counted from 1. */
export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  readonly line: number
  readonly column: number
}

interface Open extends Element {
  readonly children: Open[]
}

/** Parses `text`; the value is undefined where it is not one well-formed document. */
export function parseXml(text: string, file: string): Reading<Element> {
  const problems: Problem[] = []
  const parser = new SaxesParser({ position: true })
  const stack: Open[] = []
  let root: Open | undefined
  let place = { line: 0, column: 0 }
  const fail = (what: string, advice: string): void => {
    if (problems.length === 0)
      problems.push({ severity: 'error', file, line: parser.line, column: parser.columnIndex + 1, what, advice })
  }
  if (text.trim() === '')
    return {
      value: undefined,
      problems: [
        { severity: 'error', file, line: 0, column: 0, what: 'the file is empty', advice: 'give a cluster.conf' },
      ],
    }
  parser.on('error', (error) => fail(error.message.replace(/^[^ ]*\d+:\d+: /, ''), 'mend the XML'))
  parser.on('doctype', () => fail('a document type declaration is not accepted', 'remove the DOCTYPE'))
  parser.on('opentagstart', (tag) => {
    // The parser has read one character beyond the name; where that is a line's end, the tag began on the line before.
    const start = parser.position - tag.name.length - 2
    const line = text[parser.position - 1] === '\n' ? parser.line - 1 : parser.line
    place = { line, column: start - text.lastIndexOf('\n', start) }
  })
  parser.on('opentag', (tag) => {
    const element: Open = {
      name: tag.name,
      attributes: new Map(Object.entries(tag.attributes)),
      children: [],
      ...place,
    }
    const parent = stack.at(-1)
    if (parent === undefined) root ??= element
    else parent.children.push(element)
    stack.push(element)
    if (DEPTH_MAX < stack.length)
      fail(`elements are nested more than ${DEPTH_MAX} deep`, 'a cluster.conf is never that deep')
  })
  parser.on('closetag', () => void stack.pop())
  for (let at = 0; at < text.length && problems.length === 0; at += CHUNK) parser.write(text.slice(at, at + CHUNK))
  if (problems.length === 0) parser.close()
  return { value: problems.length === 0 ? root : undefined, problems }
}

/** The first child of that name. */
export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name)
}

/** Every child of that name, in order. */
export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? []
}
