/** A CIB written as text: crm_simulate's layout, and nothing lost. */
import { describe, expect, it } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { parseXml } from '../../src/cib/xml.ts'
import { cibText, type Written } from '../../src/crmsim/cib-xml.ts'

const TEXT = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" admin_epoch="0" epoch="5" num_updates="2">
  <configuration>
    <crm_config/>
    <nodes>
      <node id="1" uname="n1"/>
    </nodes>
    <resources>
      <primitive id="A" class="ocf" provider="heartbeat" type="VirtualDomain">
        <meta_attributes id="m">
          <nvpair id="m1" name="remote-node" value="guest"/>
        </meta_attributes>
      </primitive>
    </resources>
    <constraints/>
  </configuration>
  <status/>
</cib>
`

describe('a CIB as text', () => {
  it('has one element a line, in its order, and no guests that nobody wrote', () => {
    const loose = TEXT.replaceAll(/\n */g, '').replace('<crm_config/>', '<crm_config>\n\n</crm_config>')
    const { value, problems } = readCib(`<?xml version="1.0"?>\n${loose}`, 'test')
    expect(problems).toEqual([])
    expect(value!.configuration.resources).toHaveLength(2)
    expect(cibText(value!.tree)).toBe(TEXT)
  })

  it('keeps every value', () => {
    const value = `<a> & "b" 'c' é & \n\t\r\u007f`
    const written = cibText({ ...parseXml('<a/>', 'test').value!, attributes: new Map([['x', value]]) })
    expect(written).toMatch(/^<a x="&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos; é &amp; &#10;&#9;&#13;&#127;"\/>\n$/)
    expect(parseXml(written, 'test').value!.attributes.get('x')).toBe(value)
  })

  it('writes comments where they stood', () => {
    const root = parseXml('<a><b/><c/></a>', 'test').value!
    const comments = new Map([
      [0, [' first ']],
      [2, [' two\nlines ', 'last']],
    ])
    const commented: Written = { ...root, comments }
    expect(cibText(commented)).toBe(
      '<a>\n  <!-- first -->\n  <b/>\n  <c/>\n  <!-- two\nlines -->\n  <!--last-->\n</a>\n',
    )
  })
})
