/**
 * Files that Pacemaker compressed (`pe-input-7.bz2`) as text. Loaded only where one is read: start-up must not wait for it.
 */
import bzip from 'seek-bzip'
import { LENGTH_MAX } from '../cib/limits.ts'

/**
 * Decompresses up to the length that a CIB may have: a bomb of a kilobyte can hold gigabytes. The package calls `Buffer()`, of
 * which Node would warn on standard error.
 */
export function decompress(bytes: Buffer): string {
  const sink = new Sink()
  const { noDeprecation = false } = process
  process.noDeprecation = true
  try {
    bzip.decode(bytes, sink)
  } finally {
    process.noDeprecation = noDeprecation
  }
  return sink.text
}

/** Where decompressed bytes go. */
class Sink {
  #buffer = Buffer.alloc(65_536)
  #size = 0

  /** Called by the decoder for every byte; throws beyond the limit. */
  writeByte(byte: number): void {
    if (this.#size === this.#buffer.length) this.#grow()
    this.#buffer[this.#size++] = byte
  }

  get text(): string {
    return this.#buffer.toString('utf8', 0, this.#size)
  }

  #grow(): void {
    if (LENGTH_MAX <= this.#size) throw new Error(`decompressed it has more than ${LENGTH_MAX} bytes`)
    this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2)
  }
}
