/**
 * The address with what is long in it packed: an edited scenario may hold a whole CIB. What is short (seed, instant, selection) stays
 * readable. Addresses of before, with everything plain, are read too.
 */
import { type LinkState, readLink, writeLink } from './link.ts'

/** Names of what is long. */
const LONG = ['text', 'against'] as const
const PACKED = 'zip'

/** What an address holds. One that cannot be unpacked is read without its long parts. */
export async function readAddress(hash: string): Promise<LinkState> {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const packed = params.get(PACKED)
  if (packed !== null) {
    const long = await unpack(packed).catch(() => '')
    for (const [name, value] of new URLSearchParams(long)) params.set(name, value)
  }
  return readLink(params.toString())
}

/** The fragment of a state, packed where that is shorter. */
export async function writeAddress(state: LinkState): Promise<string> {
  const fragment = writeLink(state)
  const params = new URLSearchParams(fragment.slice(1))
  const long = new URLSearchParams()
  for (const name of LONG) {
    const value = params.get(name)
    if (value !== null) long.set(name, value)
    params.delete(name)
  }
  if (long.size === 0) return fragment
  params.set(PACKED, await pack(long.toString()))
  const short = `#${params.toString()}`
  return short.length < fragment.length ? short : fragment
}

async function pack(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'))
  // Arguments of one call are limited.
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

async function unpack(packed: string): Promise<string> {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw')))
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())
}
