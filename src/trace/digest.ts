/**
 * The digest of a trace: SHA-256 over the header's and every record's line. Two runs are the same exactly when their digests are.
 * Which implementation hashes is settled where the program is built (`#sha256`): the answer is the same in a browser's worker and in Node.
 */
import { createSha256 } from '#sha256'
import type { TraceHeader, TraceRecord } from './record.ts'

/** Digest of any text, as lower-case hexadecimal. */
export function textDigest(text: string): string {
  const hash = createSha256()
  hash.update(text)
  return hash.digest()
}

/** Digest over header and records, as lower-case hexadecimal. O(size of the trace). */
export function traceDigest(header: TraceHeader, records: readonly TraceRecord[]): string {
  const hash = createSha256()
  hash.update(`${JSON.stringify(header)}\n`)
  // Lines are hashed in blocks: one call a line would cost more than the hashing itself.
  let block = ''
  for (const record of records) {
    block += `${JSON.stringify(record)}\n`
    if (BLOCK_CHARACTERS <= block.length) {
      hash.update(block)
      block = ''
    }
  }
  hash.update(block)
  return hash.digest()
}

const BLOCK_CHARACTERS = 65_536
