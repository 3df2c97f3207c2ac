/**
 * The order in which the reference's hash tables are walked: it shows in utilization lines and breaks ties between nodes of
 * equal capacity. Pure. Source: spec B-0.12, D-14.1.
 */

/** Size of the table as a power of two → the modulus of home slots. */
const PRIMES: readonly number[] = [
  7, 7, 7, 7, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521,
]
const BITS_MIN = 3

/** The keys in the order of a walk, when they were put in in the order given and nothing was taken out. Without repeats. */
export function hashOrder(keys: readonly string[]): string[] {
  let bits = BITS_MIN
  let slots: (string | undefined)[] = new Array(8)
  let count = 0
  for (const key of keys) {
    const slot = freeSlot(key, bits, (at) => slots[at] !== undefined)
    slots[slot] = key
    count++
    if (1 << bits <= count + (count >> 4)) {
      const grown = bitsFor(Math.floor(1.333 * count))
      slots = regrow(slots, grown)
      bits = grown
    }
  }
  return slots.filter((key) => key !== undefined)
}

function bitsFor(count: number): number {
  let bits = 0
  for (let rest = count; rest > 0; rest >>= 1) bits++
  return Math.max(BITS_MIN, bits)
}

function hashOf(key: string): number {
  let hash = 0
  // Percent-encoding is the one way to the bytes of a text that every host has.
  for (const [part] of encodeURIComponent(key).matchAll(/%..|./g)) {
    const byte = part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)
    hash = (Math.imul(31, hash) + ((byte << 24) >> 24)) >>> 0
  }
  return Math.max(hash, 2)
}

/** The first slot that is not taken, on the path of a key. */
function freeSlot(key: string, bits: number, isTaken: (slot: number) => boolean): number {
  const mask = (1 << bits) - 1
  let slot = (Math.imul(11, hashOf(key)) >>> 0) % PRIMES[bits]!
  for (let step = 1; isTaken(slot); step++) slot = (slot + step) & mask
  return slot
}

/** Moves every key to its place in a larger table, in place: a key in the way is moved next. */
function regrow(slots: readonly (string | undefined)[], bits: number): (string | undefined)[] {
  const grown: (string | undefined)[] = [...slots]
  grown.length = 1 << bits
  const isPlaced = new Uint8Array(1 << bits)
  for (let at = 0; at < slots.length; at++) {
    if (isPlaced[at] === 1) continue
    let key = grown[at]
    grown[at] = undefined
    for (; key !== undefined; ) {
      const slot = freeSlot(key, bits, (candidate) => isPlaced[candidate] === 1)
      isPlaced[slot] = 1
      const next = grown[slot]
      grown[slot] = key
      key = next
    }
  }
  return grown
}
