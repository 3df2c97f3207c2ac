/**
 * A CIB's tree as the text that crm_simulate stores: two blanks a level, one element a line, no XML declaration.
 *
 * Attributes and children keep their order; text between elements was never kept. Source: spec D-1, C-21.18; layout and
 * comments as found by experiment with 2.1.5.
 */
import type { XmlElement } from '../cib/xml.ts'

/** An element with its comments, where reading kept them: how many children stand before → the texts there. */
export type Written = XmlElement & { readonly comments?: ReadonlyMap<number, readonly string[]> }

/** The whole file, with its last newline. O(size of the text). */
export function cibText(root: XmlElement): string {
  const lines: string[] = []
  writeElement(root, '', lines)
  lines.push('')
  return lines.join('\n')
}

function writeElement(element: Written, indent: string, lines: string[]): void {
  const { name, attributes, children, comments } = element
  let start = `${indent}<${name}`
  for (const [key, value] of attributes) start += ` ${key}="${escaped(value)}"`
  if (children.length === 0 && (comments === undefined || comments.size === 0)) {
    lines.push(`${start}/>`)
    return
  }
  lines.push(`${start}>`)
  const deeper = `${indent}  `
  for (let at = 0; at <= children.length; at++) {
    for (const text of comments?.get(at) ?? []) lines.push(`${deeper}<!--${text}-->`)
    const child = children[at]
    if (child !== undefined) writeElement(child, deeper, lines)
  }
  lines.push(`${indent}</${name}>`)
}

const SPECIAL = /[<>"'&\u0000-\u001f\u007f]/
const EACH_SPECIAL = /[<>"'&\u0000-\u001f\u007f]/g
const NAMED = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['&', '&amp;'],
])

/**
 * An attribute's value between quotes.
 *
 * Differs: the original turns a newline into a backslash and an n, a tab into four blanks, and stops escaping at the first
 * character beyond ASCII, which may leave a file that cannot be read. Here every value is read again as it was.
 */
function escaped(value: string): string {
  if (!SPECIAL.test(value)) return value
  return value.replaceAll(EACH_SPECIAL, (character) => NAMED.get(character) ?? `&#${character.charCodeAt(0)};`)
}
