/**
 * Reads XML strictly and tells of each element's start and end; texts, comments and processing instructions are checked and passed
 * over.
 *
 * Well-formedness is that of XML 1.0 without document types: there are no entities but the five and numbers, so nothing can
 * grow. Of our own, because a library that knows document types, namespaces and streams takes four times as long; the tests
 * hold it against saxes.
 *
 * Source: XML 1.0, fifth edition, sections 2 and 3.
 */

/** Told what the text holds, in order. */
export interface XmlHandler {
  /** `line` and `column` of the `<` count from 1; the map is the receiver's. Returns why to stop, if to stop. */
  readonly open: (name: string, attributes: Map<string, string>, line: number, column: number) => string | undefined
  readonly close: () => void
}

/** Why reading ended early, and where. */
export interface XmlFault {
  readonly what: string
  readonly line: number
  readonly column: number
}

/** Reads all of `text`, or up to its first fault, which is returned. */
export function scanXml(text: string, handler: XmlHandler): XmlFault | undefined {
  return new Scanner(text, handler).run()
}

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const BANG = 33
const DOUBLE_QUOTE = 34
const AMPERSAND = 38
const QUOTE = 39
const SLASH = 47
const LESS = 60
const EQUALS = 61
const GREATER = 62
const QUESTION = 63

const NAME_START =
  ':A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f' +
  '\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const NAME = new RegExp(`[${NAME_START}][-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040${NAME_START}]*`, 'uy')
/** A declaration's part, after blanks. */
function part(name: string, value: string): string {
  return `[ \\t\\r\\n]+${name}[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"${value}"|'${value}')`
}
const DECLARATION = new RegExp(
  `<\\?xml${part('version', '1\\.[0-9]+')}(?:${part('encoding', '[A-Za-z][-._A-Za-z0-9]*')})?` +
    `(?:${part('standalone', '(?:yes|no)')})?[ \\t\\r\\n]*\\?>`,
  'y',
)
/** What no XML text may hold, written out or as a number. */
const FORBIDDEN = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Thrown and caught in this file only: the shortest way out of a scan. */
class Fault extends Error {}

function isBlank(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === TAB || code === RETURN
}

/** True for what may stand within a name, as far as ASCII goes. */
function isNameCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 45 && code <= 58 && code !== 47) ||
    code === 95
  )
}

class Scanner {
  readonly #text: string
  readonly #handler: XmlHandler
  /** Names of the elements that are open. */
  readonly #open: string[] = []
  /** One text for each name, so that maps find their keys by identity. */
  readonly #names = new Map<string, string>()
  #at = 0
  #hasRoot = false
  #line = 1
  #lineStart = 0
  /** The next line break that is not counted yet. */
  #nextBreak = 0

  constructor(text: string, handler: XmlHandler) {
    this.#text = text
    this.#handler = handler
  }

  run(): XmlFault | undefined {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#lineStart = this.#at = 1
    this.#nextBreak = this.#findBreak(0)
    try {
      this.#document()
      return undefined
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      this.#countLines(this.#at)
      return { what: fault.message, line: this.#line, column: this.#at - this.#lineStart + 1 }
    }
  }

  #document(): void {
    const text = this.#text
    if (/^<\?xml[ \t\r\n]/.test(text.slice(this.#at, this.#at + 6))) this.#declaration()
    while (this.#at < text.length) {
      if (text.charCodeAt(this.#at) === LESS) this.#markup()
      else this.#characters()
    }
    const unclosed = this.#open.at(-1)
    if (unclosed !== undefined) this.#fail(`The text ends before <${unclosed}> is closed`)
    if (!this.#hasRoot) this.#fail('There is no element')
  }

  #declaration(): void {
    DECLARATION.lastIndex = this.#at
    if (!DECLARATION.test(this.#text)) this.#fail('The XML declaration is malformed')
    this.#at = DECLARATION.lastIndex
  }

  #markup(): void {
    const text = this.#text
    switch (text.charCodeAt(this.#at + 1)) {
      case SLASH:
        this.#endTag()
        return
      case QUESTION:
        this.#instruction()
        return
      case BANG:
        if (text.startsWith('--', this.#at + 2)) this.#comment()
        else if (text.startsWith('[CDATA[', this.#at + 2)) this.#characterData()
        else if (text.startsWith('DOCTYPE', this.#at + 2)) this.#fail('A document type declaration is not accepted')
        else this.#fail('This is no markup of XML')
        return
      default:
        this.#startTag()
    }
  }

  #startTag(): void {
    const start = this.#at
    this.#countLines(start)
    const line = this.#line
    this.#at++
    const name = this.#name()
    const attributes = new Map<string, string>()
    while (this.#attribute(attributes));
    const isEmpty = this.#text.charCodeAt(this.#at) === SLASH
    if (isEmpty) this.#at++
    this.#expect(GREATER, '>')
    if (this.#open.length === 0) {
      if (this.#hasRoot) this.#fail(`<${name}> stands beside the root element`)
      this.#hasRoot = true
    }
    const reason = this.#handler.open(name, attributes, line, start - this.#lineStart + 1)
    if (reason !== undefined) this.#fail(reason)
    if (isEmpty) this.#handler.close()
    else this.#open.push(name)
  }

  /** Reads one attribute; false at the tag's end. */
  #attribute(attributes: Map<string, string>): boolean {
    const before = this.#at
    this.#blanks()
    const code = this.#text.charCodeAt(this.#at)
    if (code === GREATER || code === SLASH) return false
    if (before === this.#at) this.#fail('A blank is missing')
    const name = this.#name()
    this.#blanks()
    this.#expect(EQUALS, '=')
    this.#blanks()
    if (attributes.has(name)) this.#fail(`The attribute ${name} stands there twice`)
    attributes.set(name, this.#value())
    return true
  }

  #value(): string {
    const text = this.#text
    const quote = text.charCodeAt(this.#at)
    if (quote !== DOUBLE_QUOTE && quote !== QUOTE) this.#fail('A quotation mark is missing')
    const start = ++this.#at
    let isPlain = true
    for (let code = text.charCodeAt(start); code !== quote; code = text.charCodeAt(++this.#at)) {
      if (code === LESS) this.#fail('A value must not hold <')
      // NaN, at the end of the text, is beyond both ends.
      if (code === AMPERSAND || !(code >= SPACE && code < 0xd800)) isPlain = false
      if (this.#at >= text.length) this.#fail('The text ends within a value')
    }
    const raw = text.slice(start, this.#at++)
    if (isPlain) return raw
    this.#check(raw)
    return this.#decode(raw.replaceAll(/\r\n?|[\t\n]/g, ' '))
  }

  #decode(raw: string): string {
    if (!raw.includes('&')) return raw
    return raw.replaceAll(/&(?:#([0-9]+);|#x([0-9A-Fa-f]+);|([a-z]+);)?/g, (whole, decimal, hexadecimal, name) => {
      const entity = name === undefined ? undefined : ENTITIES.get(name)
      if (entity !== undefined) return entity
      const code = Number.parseInt(decimal ?? hexadecimal ?? '', decimal === undefined ? 16 : 10)
      if (!(code > 0 && code <= 0x10ffff)) this.#fail(`${whole} stands for nothing`)
      const character = String.fromCodePoint(code)
      this.#check(character)
      return character
    })
  }

  #endTag(): void {
    const start = this.#at
    this.#at += 2
    const name = this.#name()
    this.#blanks()
    this.#expect(GREATER, '>')
    const open = this.#open.pop()
    if (open !== name) {
      this.#at = start
      this.#fail(open === undefined ? `</${name}> closes nothing` : `</${name}> stands where </${open}> should`)
    }
    this.#handler.close()
  }

  #characters(): void {
    const text = this.#text
    while (isBlank(text.charCodeAt(this.#at))) this.#at++
    if (this.#at >= text.length || text.charCodeAt(this.#at) === LESS) return
    if (this.#open.length === 0) this.#fail('There is text outside the root element')
    const next = text.indexOf('<', this.#at)
    const raw = text.slice(this.#at, next < 0 ? text.length : next)
    this.#check(raw)
    this.#decode(raw)
    if (raw.includes(']]>')) this.#fail('A text must not hold ]]>')
    this.#at += raw.length
  }

  #comment(): void {
    this.#at = this.#find('--', this.#at + 4, 'comment') + 2
    this.#expect(GREATER, '>')
  }

  #characterData(): void {
    if (this.#open.length === 0) this.#fail('There is text outside the root element')
    this.#at = this.#find(']]>', this.#at + 9, 'CDATA section') + 3
  }

  #instruction(): void {
    this.#at += 2
    const name = this.#name()
    if (name.toLowerCase() === 'xml') this.#fail('The XML declaration must come first')
    const isEnd = this.#text.startsWith('?>', this.#at)
    if (!isEnd && !isBlank(this.#text.charCodeAt(this.#at))) this.#fail('A blank is missing')
    this.#at = this.#find('?>', this.#at, 'processing instruction') + 2
  }

  /** Where `end` stands next; what is before it is checked. */
  #find(end: string, from: number, what: string): number {
    const found = this.#text.indexOf(end, from)
    if (found < 0) this.#fail(`The ${what} is not closed`)
    this.#check(this.#text.slice(from, found))
    return found
  }

  #name(): string {
    const text = this.#text
    const start = this.#at
    const first = text.charCodeAt(start)
    let at = start
    // Dashes, dots and digits come later only.
    if (first > 57) while (isNameCharacter(text.charCodeAt(at))) at++
    if (at === start || text.charCodeAt(at) >= 0x80) {
      NAME.lastIndex = start
      if (!NAME.test(text)) this.#fail('A name is missing')
      at = NAME.lastIndex
    }
    this.#at = at
    const name = text.slice(start, at)
    const known = this.#names.get(name)
    if (known === undefined) this.#names.set(name, name)
    return known ?? name
  }

  #blanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++
  }

  #expect(code: number, character: string): void {
    if (this.#text.charCodeAt(this.#at) !== code) this.#fail(`${character} is missing`)
    this.#at++
  }

  #check(raw: string): void {
    if (FORBIDDEN.test(raw)) this.#fail('There is a character that XML does not allow')
  }

  #fail(what: string): never {
    throw new Fault(what)
  }

  #countLines(until: number): void {
    for (; this.#nextBreak < until; this.#nextBreak = this.#findBreak(this.#lineStart)) {
      this.#line++
      this.#lineStart = this.#nextBreak + 1
    }
  }

  #findBreak(from: number): number {
    const found = this.#text.indexOf('\n', from)
    return found < 0 ? Number.POSITIVE_INFINITY : found
  }
}
