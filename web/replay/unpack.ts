/** Bytes of an opened file as text: as they are, or unpacked from gzip or bzip2 (as Pacemaker keeps `pe-input-7.bz2`). */

/** A file as the browser hands it over. */
export interface RawFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Its text under the name that it has unpacked. Throws where it cannot be unpacked, or would be beyond all measure. */
export async function unpack({ name, bytes }: RawFile): Promise<{ readonly name: string; readonly text: string }> {
  const decoder = new TextDecoder()
  if (name.endsWith('.gz')) {
    const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    return { name: name.slice(0, -3), text: await new Response(unzipped).text() }
  }
  if (!name.endsWith('.bz2')) return { name, text: decoder.decode(bytes) }
  provideBuffer()
  const { default: bzip } = await import('seek-bzip')
  const sink = new Sink()
  bzip.decode(bytes, sink)
  return { name: name.slice(0, -4), text: decoder.decode(sink.bytes) }
}

/** Where decompressed bytes go: a bomb of a kilobyte can hold gigabytes. */
/** As much as a CIB may have. */
const LENGTH_MAX = 100_000_000

class Sink {
  #buffer = new Uint8Array(65_536)
  #size = 0

  /** Called by the decoder for every byte. */
  writeByte(byte: number): void {
    if (this.#size === LENGTH_MAX) throw new Error(`unpacked it has more than ${LENGTH_MAX} bytes`)
    if (this.#size === this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#size)
      larger.set(this.#buffer)
      this.#buffer = larger
    }
    this.#buffer[this.#size++] = byte
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size)
  }
}

/** The decoder makes Buffers, which only Node has; of them it uses bytes and their hexadecimal form. */
function provideBuffer(): void {
  class Bytes extends Uint8Array {
    override toString(): string {
      return [...this].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    }
  }
  const world = globalThis as { Buffer?: unknown }
  world.Buffer ??= Bytes
}
