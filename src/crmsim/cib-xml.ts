/**
 * Writing XML as Pacemaker 2.1.5 does: two blanks a level, one element a line, its own escapes.
 *
 * Source: spec C-21.18, A-19.1.
 */

const SPECIAL = /[<>"'&\u0000-\u001f\u007f-\uffff]/
const NAMED = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  ['&', '&amp;'],
  ['\t', '    '],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

/**
 * An attribute's value as it stands between quotes. Escaping stops for good at the first character beyond ASCII, as in the
 * original. Source: spec C-21.18.
 */
export function escapeAttribute(value: string): string {
  if (!SPECIAL.test(value)) return value
  let text = ''
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (0x80 <= code) return text + value.slice(at)
    const character = value[at]!
    const isControl = code < 0x20 || code === 0x7f
    text += NAMED.get(character) ?? (isControl ? `\\${code.toString(8).padStart(3, '0')}` : character)
  }
  return text
}
