/**
 * The indented lists in which the reference tool prints: headers, items with a star, empty lines; or, plain, the bare items.
 *
 * Source: spec D-2.1.
 */

/** How an outline is printed. */
export interface OutlineOptions {
  /** Neither headers nor bullets nor labels. */
  readonly isPlain?: boolean
}

/** Lines under construction. */
export class Outline {
  readonly lines: string[] = []
  readonly #isPlain: boolean
  #depth = 0

  constructor({ isPlain = false }: OutlineOptions = {}) {
    this.#isPlain = isPlain
  }

  /** Prints a header at the present depth and goes one deeper. */
  open(title: string): void {
    if (!this.#isPlain) this.lines.push(`${'  '.repeat(this.#depth)}${this.#depth > 0 ? '* ' : ''}${title}:`)
    this.#depth++
  }

  close(): void {
    this.#depth--
  }

  item(text: string): void {
    this.lines.push(this.#isPlain ? text : `${'  '.repeat(this.#depth)}* ${text}`)
  }

  /** An item whose label is lost in plain lists. */
  labelled(label: string, text: string): void {
    this.item(this.#isPlain ? text : `${label}: ${text}`)
  }

  /** An empty line. */
  space(): void {
    this.lines.push('')
  }
}

/** Prints a section after an empty line; neither where `print` prints nothing. */
export function printSection(outline: Outline, title: string, print: () => void): void {
  const before = outline.lines.length
  outline.space()
  outline.open(title)
  const empty = outline.lines.length
  print()
  outline.close()
  if (outline.lines.length === empty) outline.lines.length = before
}
