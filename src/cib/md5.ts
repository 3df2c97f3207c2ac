/**
 * MD5 of a text in UTF-8, for the digests of operation parameters that a CIB records. Nothing here is meant to be secure.
 *
 * Of our own, because the host's is not in the browser and @noble/hashes is two times slower on texts of this size.
 *
 * Source: RFC 1321; spec.
 */

/** The first 32 bits of |sin(1)| … |sin(64)| after the point; a table, because engines may differ in the last bit. */
// biome-ignore format: eight a line
const SINES = Int32Array.of(
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
)

/** How far each of a round's four kinds of step rotates. */
const SHIFTS = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21)

const HEX = '0123456789abcdef'

/** The digest in 32 small hexadecimal digits. O(length). */
export function md5(text: string): string {
  const words = toPaddedWords(text)
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  for (let block = 0; block < words.length; block += 16) addBlock(state, words, block)
  let digits = ''
  for (const word of state) {
    for (let shift = 0; shift < 32; shift += 8)
      digits += HEX[(word >>> (shift + 4)) & 15]! + HEX[(word >>> shift) & 15]!
  }
  return digits
}

/** The text's bytes, a one bit, zeros, and the number of bits, as little-endian words in blocks of 16. */
function toPaddedWords(text: string): Int32Array {
  const bytes = toBytes(text)
  const { length } = bytes
  const words = new Int32Array(((length + 8) >> 6) * 16 + 16)
  for (let at = 0; at < length; at++) words[at >> 2]! |= bytes[at]! << ((at & 3) << 3)
  words[length >> 2]! |= 0x80 << ((length & 3) << 3)
  words[words.length - 2] = length * 8
  words[words.length - 1] = Math.floor(length / 0x2000_0000)
  return words
}

/** The text in UTF-8. */
function toBytes(text: string): Uint8Array {
  // No character takes more than three bytes for each of its code units.
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at)!
    if (code < 0x80) bytes[length++] = code
    else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6)
      bytes[length++] = 0x80 | (code & 63)
    } else {
      if (code < 0x10000) bytes[length++] = 0xe0 | (code >> 12)
      else {
        at++
        bytes[length++] = 0xf0 | (code >> 18)
        bytes[length++] = 0x80 | ((code >> 12) & 63)
      }
      bytes[length++] = 0x80 | ((code >> 6) & 63)
      bytes[length++] = 0x80 | (code & 63)
    }
  }
  return bytes.subarray(0, length)
}

/** Mixes the block of 16 words at `block` into `state`. */
function addBlock(state: Int32Array, words: Int32Array, block: number): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    let mixed: number
    let word: number
    if (round === 0) {
      mixed = d ^ (b & (c ^ d))
      word = step
    } else if (round === 1) {
      mixed = c ^ (d & (b ^ c))
      word = (5 * step + 1) & 15
    } else if (round === 2) {
      mixed = b ^ c ^ d
      word = (3 * step + 5) & 15
    } else {
      mixed = c ^ (b | ~d)
      word = (7 * step) & 15
    }
    // Cut to 32 bits after each addition: only then does an engine add integers.
    const sum = (((a + mixed) | 0) + ((SINES[step]! + words[block + word]!) | 0)) | 0
    const shift = SHIFTS[(round << 2) | (step & 3)]!
    a = d
    d = c
    c = b
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
}
