/**
 * SHA-256 in plain JavaScript, from a library: wherever there is no other that answers at once, as in a browser's worker. In Node the
 * package's import `#sha256` gives `sha256.node.ts` in place of this; both are one standard function.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** A digest in the making. */
export interface Sha256 {
  /** Takes more text, as UTF-8. */
  readonly update: (text: string) => void
  /** Ends it: lower-case hexadecimal. */
  readonly digest: () => string
}

/** Begins a digest. */
export function createSha256(): Sha256 {
  const hash = sha256.create()
  return {
    update: (text) => {
      hash.update(utf8ToBytes(text))
    },
    digest: () => bytesToHex(hash.digest()),
  }
}
