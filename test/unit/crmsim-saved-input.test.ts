/** What `-I` saves besides the CIB: marks of what counts as failed, as they were seen in files of 2.1.5. */
import { describe, expect, it } from 'vitest'
import { type Cib, readCib } from '../../src/cib/read.ts'
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

/** The CIB of changed text. */
function withText(cib: Cib, change: (text: string) => string): Cib {
  return readCib(change(cibText(cib.tree)), 'test').value!
}

describe('the CIB that is saved before scheduling', () => {
  it('marks a failed operation with its node and resource', () => {
    expect(saved(nodeState(1, history('A', 'start', 1)))).toMatch(/id="A_last_0".* uname="n1" rsc-id="A"\/>/)
  })

  it('marks the failure that its own on-fail passes over with its node only, and no other of that resource', () => {
    const op = (id: string, attributes: string): string =>
      `<lrm_rsc_op id="A_${id}" ${attributes} on_node="n1" call-id="7" rc-code="1" op-status="0"/>`
    const records = [
      op('last_0', 'operation="start" operation_key="A_start_0" transition-key="1:1:0:x" interval="0"'),
      op('check_9000', 'operation="check" operation_key="A_check_9000" transition-key="1:1:0:x" interval="9000"'),
    ]
    const agent = 'id="A" class="ocf" provider="pacemaker" type="Dummy"'
    const lrm = `<lrm id="1"><lrm_resources><lrm_resource ${agent}>${records.join('')}</lrm_resource></lrm_resources></lrm>`
    const cib = withText(toCib(nodeState(1, lrm)), (text) =>
      text.replace('<op id="A-m"', '<op id="A-c" name="check" interval="9s" on-fail="ignore"/><op id="A-m"'),
    )
    const text = cibText(withFailureMarks(cib.tree, unpackCluster(cib, NOW)))
    expect(text).toMatch(/id="A_check_9000"[^>]* uname="n1"/)
    expect(text).toMatch(/id="A_last_0"[^>]* uname="n1" rsc-id="A"/)
    const ignored = withText(cib, (all) => all.replace('rc-code="1" op-status="0"/>', 'rc-code="1" op-status="1"/>'))
    expect(cibText(withFailureMarks(ignored.tree, unpackCluster(ignored, NOW)))).not.toMatch(
      /id="A_last_0"[^>]* uname=/,
    )
  })

  it('marks a probe that found nothing to run with its node only as long as it has not expired, also below a clone', () => {
    const at = (seconds: number): string => {
      const record = `<lrm_rsc_op id="c_last_0" operation="monitor" operation_key="c_monitor_0" on_node="n1" call-id="7"
        transition-key="1:1:7:x" rc-code="5" op-status="0" interval="0" last-rc-change="${NOW - seconds}"/>`
      const agent = 'id="c" class="ocf" provider="pacemaker" type="Dummy"'
      const lrm = `<lrm id="1"><lrm_resources><lrm_resource ${agent}>${record}</lrm_resource></lrm_resources></lrm>`
      const cib = withText(toCib(nodeState(1, lrm)), (text) =>
        text.replace(
          /<primitive id="c" ([^>]*)\/>/,
          '<primitive id="c" $1><meta_attributes id="cm"><nvpair id="cm1" name="failure-timeout" value="60s"/></meta_attributes></primitive>',
        ),
      )
      return cibText(withFailureMarks(cib.tree, unpackCluster(cib, NOW)))
    }
    expect(at(10)).toMatch(/id="c_last_0"[^>]* uname="n1"/)
    expect(at(100)).not.toMatch(/id="c_last_0"[^>]* uname="n1"/)
  })

  it('has no marks where nothing failed', () => {
    expect(saved(nodeState(1, history('A', 'start', 0)))).not.toContain('rsc-id')
  })
})
