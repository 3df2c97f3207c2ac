/**
 * The address with what is long in it packed: an edited scenario may hold a whole CIB. What is short (seed, instant, selection) stays
 * readable. Addresses of before, with everything plain, are read too.
 */
import { type LinkState, NOTHING, readLink, writeLink } from './link.ts'

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

/** What is long in a state, as a fragment says it; empty where nothing is. It changes with the scenario, not with the cursor. */
export function longOf({ text, against }: LinkState): string {
  return writeLink({ ...NOTHING, text, against }).slice(1)
}

/** What is long, packed where that is shorter: a part of a fragment. Costs milliseconds: for each text once. */
export async function packLong(long: string): Promise<string> {
  if (long === '') return ''
  const packed = `${PACKED}=${await pack(long)}`
  return packed.length < long.length ? packed : long
}

/** The fragment of a state, out of what is short in it and what {@link packLong} made of the rest. */
export function joinAddress(state: LinkState, long: string): string {
  const short = writeLink({ ...state, text: undefined, against: undefined })
  return long === '' ? short : `${short}${short === '#' ? '' : '&'}${long}`
}

/** The fragment of a state, packed where that is shorter. */
export async function writeAddress(state: LinkState): Promise<string> {
  return joinAddress(state, await packLong(longOf(state)))
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
