/**
 * Elements of the simulator's XML output as data, and their text: two blanks a level, only ASCII.
 *
 * Source: spec D-12 and probes of 2.1.5. What is stored in CIBs looks otherwise: see cib-xml.ts.
 */

/** A value of an attribute; undefined leaves the attribute out. */
export type XmlValue = string | number | boolean | undefined

/** One element. */
export interface XmlNode {
  readonly name: string
  /** In order. */
  readonly attributes: Readonly<Record<string, XmlValue>>
  readonly children: readonly XmlNode[]
  /** Text instead of children. */
  readonly text?: string
}

/** Makes an element. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, XmlValue>> = {},
  children: readonly XmlNode[] = [],
): XmlNode {
  return { name, attributes, children }
}

/** The text of an element and all below it, with its last newline. */
export function xmlText(root: XmlNode): string {
  const lines: string[] = []
  writeNode(root, '', lines)
  lines.push('')
  return lines.join('\n')
}

function writeNode({ name, attributes, children, text }: XmlNode, indent: string, lines: string[]): void {
  let start = `${indent}<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) start += ` ${key}="${escaped(String(value))}"`
  }
  if (text !== undefined) lines.push(`${start}>${escaped(text)}</${name}>`)
  else if (children.length === 0) lines.push(`${start}/>`)
  else {
    lines.push(`${start}>`)
    for (const child of children) writeNode(child, `${indent}  `, lines)
    lines.push(`${indent}</${name}>`)
  }
}

const PLAIN = /^[ -!#-%'-;=?-~]*$/
const SPECIAL = /[^ -!#-%'-;=?-~]/gu
const NAMED = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['&', '&amp;'],
  ['\n', '&#10;'],
  ['\t', '&#9;'],
  ['\r', '&#13;'],
])

function escaped(value: string): string {
  if (PLAIN.test(value)) return value
  return value.replaceAll(
    SPECIAL,
    (found) => NAMED.get(found) ?? `&#x${found.codePointAt(0)!.toString(16).toUpperCase()};`,
  )
}
