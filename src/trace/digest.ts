/**
 * The digest of a trace: SHA-256 over the header's and every record's line. Two runs are the same exactly when their digests are.
 * The hash comes from a library in plain JavaScript, because this must give the same answer in a browser's worker and in Node.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { TraceHeader, TraceRecord } from './record.ts'

/** Digest of any text, as lower-case hexadecimal. */
export function textDigest(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** Digest over header and records, as lower-case hexadecimal. O(size of the trace). */
export function traceDigest(header: TraceHeader, records: readonly TraceRecord[]): string {
  const hash = sha256.create()
  hash.update(utf8ToBytes(`${JSON.stringify(header)}\n`))
  // Lines are hashed in blocks: one call a line would cost more than the hashing itself.
  let block = ''
  for (const record of records) {
    block += `${JSON.stringify(record)}\n`
    if (BLOCK_CHARACTERS <= block.length) {
      hash.update(utf8ToBytes(block))
      block = ''
    }
  }
  hash.update(utf8ToBytes(block))
  return bytesToHex(hash.digest())
}

const BLOCK_CHARACTERS = 65_536
