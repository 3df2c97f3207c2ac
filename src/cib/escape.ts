/** An attribute's value as Pacemaker 2.1.5 writes it, in files and in what it digests. Source: spec, C-21.18. */

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

/** The value between quotes. Escaping stops for good at the first character beyond ASCII, as in the original. */
export function escapeValue(value: string): string {
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
