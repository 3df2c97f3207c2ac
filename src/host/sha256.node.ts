/** Node's own SHA-256, many times as fast as one in JavaScript: that one took a third of a run with a full trace. Stands in for `sha256.ts`. */
import { createHash } from 'node:crypto'
import type { Sha256 } from './sha256.ts'

/** Begins a digest. */
export function createSha256(): Sha256 {
  const hash = createHash('sha256')
  return {
    update: (text) => {
      hash.update(text, 'utf8')
    },
    digest: () => hash.digest('hex'),
  }
}
