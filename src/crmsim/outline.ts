/**
 * The indented lists in which the reference tool prints: headers that appear only when something follows, items with a star.
 *
 * Source: spec D-2.1.
 */

/** Lines under construction. */
export class Outline {
  readonly lines: string[] = []
  #depth = 0

  /** Prints a header at the present depth and goes one deeper. */
  open(title: string): void {
    this.lines.push(`${'  '.repeat(this.#depth)}${this.#depth > 0 ? '* ' : ''}${title}:`)
    this.#depth++
  }

  close(): void {
    this.#depth--
  }

  item(text: string): void {
    this.lines.push(`${'  '.repeat(this.#depth)}* ${text}`)
  }

  /** An empty line. */
  space(): void {
    this.lines.push('')
  }
}
