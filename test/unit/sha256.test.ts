/** SHA-256, Node's own and the one in JavaScript: the same function, by the standard's examples and on texts of every width. */
import { describe, expect, it } from 'vitest'
import { createSha256 as createNative } from '../../src/host/sha256.node.ts'
import { createSha256 as createPlain } from '../../src/host/sha256.ts'

const IMPLEMENTATIONS = [
  ['plain', createPlain],
  ['of Node', createNative],
] as const

describe.each(IMPLEMENTATIONS)('SHA-256 %s', (_, create) => {
  // Examples of FIPS 180-2, appendix B.
  it.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('gives what the standard prints for text %#', (text, expected) => {
    const hash = create()
    hash.update(text)
    expect(hash.digest()).toBe(expected)
  })

  it('takes a text in pieces', () => {
    const hash = create()
    for (const letter of 'abc') hash.update(letter)
    expect(hash.digest()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

it('is one function, whoever computes it: letters of one to four bytes, and halves of pairs', () => {
  for (const text of ['', 'Quorum', 'é', '—', '🙂', '\ud83d', 'a\ud83dx', 'é🙂'.repeat(70_000)]) {
    const plain = createPlain()
    const native = createNative()
    plain.update(text)
    native.update(text)
    expect(native.digest()).toBe(plain.digest())
  }
})
