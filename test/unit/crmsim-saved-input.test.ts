/** What `-I` saves besides the CIB: marks of what counts as failed, as they were seen in files of 2.1.5. */
import { describe, expect, it } from 'vitest'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { cibText } from '../../src/crmsim/cib-xml.ts'
import { withFailureMarks } from '../../src/crmsim/saved-input.ts'
import { history, NOW, nodeState, toCib } from '../support/crmsim.ts'

function saved(content: string): string {
  const cib = toCib(content)
  const before = cibText(cib.tree)
  const text = cibText(withFailureMarks(cib.tree, unpackCluster(cib, NOW)))
  expect(cibText(cib.tree)).toBe(before)
  return text
}

describe('the CIB that is saved before scheduling', () => {
  it('marks a failed operation with its node and resource', () => {
    expect(saved(nodeState(1, history('A', 'start', 1)))).toMatch(/id="A_last_0".* uname="n1" rsc-id="A"\/>/)
  })

  it('has no marks where nothing failed', () => {
    expect(saved(nodeState(1, history('A', 'start', 0)))).not.toContain('rsc-id')
  })
})
